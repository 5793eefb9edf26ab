import Git

/// A tree as a dictionary of files; `-> target` is a symbolic link.
struct TestTree {
    let files: [String: String]

    init(_ files: [String: String]) {
        self.files = files
    }

    var reader: TreeReader {
        TreeReader(
            entry: { entry($0) },
            bytes: { path in
                entry(path) == .file ? files[path].map { Array($0.utf8) } : nil
            },
            children: { directory in
                let prefix = directory.isEmpty ? "" : "\(directory)/"
                var found: [String: TreeEntry] = [:]
                for path in files.keys where path.hasPrefix(prefix) {
                    let name = String(path.dropFirst(prefix.count).prefix { $0 != "/" })
                    found[name] = entry(prefix + name)
                }
                return found
            }
        )
    }

    private func entry(_ path: String) -> TreeEntry? {
        if let text = files[path] {
            return text.hasPrefix("-> ") ? .link(String(text.dropFirst(3))) : .file
        }
        let isDirectory = path.isEmpty || files.keys.contains { $0.hasPrefix("\(path)/") }
        return isDirectory ? .directory : nil
    }

    func reach(_ path: String) -> KustomizeReach {
        KustomizeReach.of(path, in: reader)
    }
}
