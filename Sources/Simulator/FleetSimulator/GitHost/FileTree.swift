/// What stands at a path of a file tree.
enum FileKind: Sendable {
    case file
    case folder
}

/// The text of one file, with a name that changes when the text does.
struct FileContent: Sendable {
    /// The Git blob id, or any other string equal for equal texts; the key of parsed-file caches.
    let identity: String
    let text: String
}

/// Read access to the files that a build may use; paths are relative to its root.
protocol FileTree {
    /// File or folder; nil when nothing stands there. The root is a folder named by the empty path.
    func kind(of path: String) -> FileKind?
    /// The text of a file; nil for folders and for what does not exist.
    func content(of path: String) -> FileContent?
    /// Names directly inside a folder, sorted; empty for anything else.
    func entries(of path: String) -> [String]
}

/// Arithmetic on slash-separated relative paths.
enum FilePath {
    /// The path without `.`, `..`, leading `./` and doubled slashes; nil when it leaves the root.
    static func normal(_ path: String) -> String? {
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            guard part == ".." else {
                parts.append(part)
                continue
            }
            guard !parts.isEmpty else { return nil }
            parts.removeLast()
        }
        return parts.joined(separator: "/")
    }

    /// `path` as seen from the folder `base`; nil when it leaves the root.
    static func join(_ base: String, _ path: String) -> String? {
        normal(path.hasPrefix("/") ? path : "\(base)/\(path)")
    }

    /// The last part of a path.
    static func name(_ path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }
}
