/// What lies at a path of a tree.
package enum TreeEntry: Hashable, Sendable {
    case file, directory
    /// A symbolic link, with its target as written.
    case link(String)
    /// A submodule: its content is another repository's.
    case submodule
}

/// Reads one tree of a repository; paths have no leading `./` or `/`, the root is empty.
package struct TreeReader {
    /// Nil where the tree has nothing at the path; the root is a directory.
    package let entry: (_ path: String) -> TreeEntry?
    /// The bytes of a file; nil where there is none or it is too large to be a manifest.
    package let bytes: (_ path: String) -> [UInt8]?
    /// What lies directly in a directory, by name; empty where there is none.
    package let children: (_ directory: String) -> [String: TreeEntry]

    package init(
        entry: @escaping (_ path: String) -> TreeEntry?,
        bytes: @escaping (_ path: String) -> [UInt8]?,
        children: @escaping (_ directory: String) -> [String: TreeEntry]
    ) {
        self.entry = entry
        self.bytes = bytes
        self.children = children
    }
}

/// Paths inside a repository, as text.
package enum TreePath {
    /// A Flux path in the form of Git: `./apps/prod/` is `apps/prod`, `./` is empty.
    ///
    /// - Errors: steps above the root stay at the root, as Flux has it.
    package static func normalised(_ path: String) -> String {
        joined("", path) ?? joined(
            "",
            path.split(separator: "/").filter { $0 != ".." }.joined(separator: "/")
        ) ?? ""
    }

    /// The path that `reference` names when it is written in a file of `directory`; nil above the root.
    package static func joined(_ directory: String, _ reference: String) -> String? {
        var parts = directory.split(separator: "/")
        for part in reference.split(separator: "/") where part != "." {
            guard part == ".." else {
                parts.append(part)
                continue
            }
            guard parts.popLast() != nil else {
                return nil
            }
        }
        return parts.joined(separator: "/")
    }

    /// The directory that holds `path`; empty for the top level.
    package static func parent(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
    }
}
