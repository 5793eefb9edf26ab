import Git

/// An object whose manifest a change deletes, as far as the lines of the diff tell.
struct DeletedManifest: Hashable {
    let file: String
    let kind: String
    let name: String
    let namespace: String?

    /// The objects in all files that a change deletes.
    static func all(in diff: CommitDiff) -> [DeletedManifest] {
        diff.files.filter { $0.change == .deleted }.flatMap { file in
            let lines = file.hunks.flatMap(\.lines).filter { $0.origin == .removed }.map(\.text)
            return lines.split { $0.hasPrefix("---") }.compactMap {
                DeletedManifest(Array($0), file: file.path)
            }
        }
    }

    /// Reads kind, name and namespace off the lines of one document; nil where it has no kind or no name.
    ///
    /// Nothing but these three lines is looked at, so what else the document holds need not be valid YAML.
    private init?(_ lines: [String], file: String) {
        var kind: String?
        var name: String?
        var namespace: String?
        var isMetadata = false
        var indentation: Int?
        for line in lines {
            let depth = line.prefix { $0 == " " }.count
            let text = line.dropFirst(depth)
            guard !text.isEmpty, !text.hasPrefix("#") else {
                continue
            }
            if depth == 0 {
                isMetadata = text.hasPrefix("metadata:")
                indentation = nil
                kind = DeletedManifest.value(of: "kind", in: text) ?? kind
            } else if isMetadata {
                indentation = indentation ?? depth
                guard depth == indentation else {
                    continue
                }
                name = DeletedManifest.value(of: "name", in: text) ?? name
                namespace = DeletedManifest.value(of: "namespace", in: text) ?? namespace
            }
        }
        guard let kind, let name else {
            return nil
        }
        self.file = file
        self.kind = kind
        self.name = name
        self.namespace = namespace
    }

    private static func value(of key: String, in text: Substring) -> String? {
        guard text.hasPrefix("\(key):") else {
            return nil
        }
        let rest = text.dropFirst(key.count + 1).prefix { $0 != "#" }
        let bare = rest.filter { $0 != "\"" && $0 != "'" && $0 != " " }
        return bare.isEmpty ? nil : String(bare)
    }
}
