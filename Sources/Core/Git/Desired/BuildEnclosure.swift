import Text
import Yams

/// What kustomization files ask a build to read, looked at before any program sees them.
///
/// - Shape: a program may take any text for a path: the names of members count whatever their case, and newer ones are
///   added. So every text counts but those that are known to be none.
package struct BuildEnclosure {
    /// Why nothing may be built from the files, in one sentence; nil where no reference leads out of them.
    package private(set) var breach: String?
    /// True where all that the build reads lies among the files: nothing is fetched, and nothing decides while it is
    /// built what else is read.
    package private(set) var isClosed = true

    private let files: [String: [UInt8]]
    private let directories: Set<String>
    /// Nodes that may still be looked at: aliases make very many of a few.
    private var budget = 500_000

    /// Looks at all files of a build, by their path in the tree.
    package init(_ files: [String: [UInt8]]) {
        self.files = files
        var directories: Set<String> = [""]
        for path in files.keys {
            var parent = TreePath.parent(of: path)
            while directories.insert(parent).inserted {
                parent = TreePath.parent(of: parent)
            }
        }
        self.directories = directories
        for path in files.keys.sorted() where breach == nil {
            look(at: path, files[path] ?? [])
        }
    }

    private mutating func look(at path: String, _ bytes: [UInt8]) {
        let name = path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
        let isKustomization = KustomizationFile.names.contains(name)
        // The settings of kustomize's own plugins may stand in any file, and name files as well.
        guard isKustomization || ByteSearch("builtin").isIn(bytes) else {
            return
        }
        guard let nodes = Node.documents(String(decoding: bytes, as: UTF8.self)) else {
            // What is no kustomization file is the program's to refuse.
            if isKustomization {
                breach = "\(Sanitiser.line(path)) cannot be read, and nothing unread is handed to a program."
            }
            return
        }
        for node in nodes {
            guard isKustomization else {
                if BuildEnclosure.isPlugin(node) {
                    check(node, of: path, inGenerator: true)
                }
                continue
            }
            look(atKustomization: node, path)
        }
    }

    private mutating func look(atKustomization node: Node, _ path: String) {
        guard let mapping = node.mapping else {
            // A file with nothing in it, or nothing but comments.
            if node.scalar?.string.isEmpty != true {
                breach = "\(Sanitiser.line(path)) cannot be read, and nothing unread is handed to a program."
            }
            return
        }
        for (key, value) in mapping {
            check(key, of: path, inGenerator: false)
            let name = key.scalar?.string ?? ""
            isClosed = isClosed && BuildEnclosure.closed.contains(name)
            if ["resources", "bases", "components"].contains(name) {
                isClosed = isClosed && isThere(value, path)
            }
            let plain = BuildEnclosure.lowercased(name)
            if !BuildEnclosure.withoutPaths.contains(plain) {
                check(value, of: path, inGenerator: plain.contains("generator"))
            }
        }
    }

    /// Looks at every text below a node.
    private mutating func check(_ node: Node, of path: String, inGenerator: Bool) {
        budget -= 1
        guard breach == nil, budget > 0 else {
            breach = breach ?? "\(Sanitiser.line(path)) is larger than any kustomization."
            return
        }
        switch node {
        case .scalar(let scalar):
            guard BuildEnclosure.tags.contains(scalar.tag.description) else {
                breach = "\(Sanitiser.line(path)) uses a YAML tag that can hide what it refers to."
                return
            }
            if BuildEnclosure.leadsOut(scalar.string, of: TreePath.parent(of: path), inGenerator: inGenerator)
            {
                breach =
                    "\(Sanitiser.line(path)) refers to \(Sanitiser.line(scalar.string, limit: 120)), outside the "
                    + "repository: nothing is built that would read files of this machine."
            } else if scalar.string.contains("builtin") {
                // Plugins may be set up in place, one in another.
                budget -= scalar.string.utf8.count / 16
                for inner in Node.documents(scalar.string) ?? [] where BuildEnclosure.isPlugin(inner) {
                    check(inner, of: path, inGenerator: true)
                }
            }
        case .sequence(let sequence):
            for item in sequence {
                check(item, of: path, inGenerator: inGenerator)
            }
        case .mapping(let mapping):
            for (key, value) in mapping {
                check(key, of: path, inGenerator: inGenerator)
                if !BuildEnclosure.values.contains(BuildEnclosure.lowercased(key.scalar?.string ?? "")) {
                    check(value, of: path, inGenerator: inGenerator)
                }
            }
        case .alias:
            breach = "\(Sanitiser.line(path)) cannot be read, and nothing unread is handed to a program."
        }
    }

    /// True where each entry of a list names a file or directory of the build.
    private func isThere(_ list: Node, _ path: String) -> Bool {
        guard let items = list.sequence else {
            return ["", "~", "null"].contains(list.scalar?.string)
        }
        return items.allSatisfy { item in
            // What looks like an address is fetched, though a directory of that name be there.
            guard let text = item.scalar?.string, !BuildEnclosure.mayBeAddress(text),
                let place = TreePath.joined(TreePath.parent(of: path), text)
            else {
                return false
            }
            return files[place] != nil || directories.contains(place)
        }
    }

    /// Whether a text, taken for a path in a file of `directory`, names anything outside the tree.
    private static func leadsOut(_ text: String, of directory: String, inGenerator: Bool) -> Bool {
        var candidates = [text[...]]
        if inGenerator {
            // `key=path`
            candidates += text.indices.filter { text[$0] == "=" }.prefix(8).map {
                text[text.index(after: $0)...]
            }
        }
        let address = lowercased(text.trimming)
        // Git reads repositories of this machine by these.
        if address.hasPrefix("file:") || address.contains("::file:") {
            return true
        }
        if address.hasPrefix("git::") {
            candidates.append(text.trimming.dropFirst(5))
        }
        return candidates.contains { candidate in
            [candidate, candidate.trimming].contains { path in
                path.hasPrefix("/") || TreePath.joined(directory, String(path)) == nil
            }
        }
    }

    private static func mayBeAddress(_ text: String) -> Bool {
        let plain = lowercased(text)
        return [":", "?", "@", ".git", "_git", "github.com"].contains { plain.contains($0) }
    }

    private static func isPlugin(_ node: Node) -> Bool {
        node.mapping?.contains {
            $0.key.scalar?.string == "apiVersion" && $0.value.scalar?.string == "builtin"
        }
            ?? false
    }

    /// Of letters of ASCII alone: others that count as such stay what nobody knows.
    private static func lowercased(_ text: some StringProtocol) -> String {
        String(decoding: text.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    }

    /// What a parser gives to texts and numbers; base64 is the one that would hide a path.
    private static let tags: Set<String> =
        Set(["str", "bool", "int", "float", "null", "merge", "timestamp"].map { "tag:yaml.org,2002:\($0)" })
        .union(["", "!"])

    /// Members of a kustomization that name no files, in small letters.
    private static let withoutPaths: Set<String> = [
        "apiversion", "kind", "metadata", "namespace", "nameprefix", "namesuffix", "commonlabels", "labels",
        "commonannotations", "images", "imagetags", "replicas", "vars", "generatoroptions", "buildmetadata",
        "sortoptions", "inventory", "spec", "status",
    ]

    /// Members within others whose texts are used as they stand, in small letters.
    private static let values: Set<String> = [
        "literals", "options", "patch", "jsonop", "target", "source", "targets", "valuesinline", "labels",
        "annotations",
    ]

    /// Members that are known to read nothing but what they name.
    private static let closed: Set<String> = [
        "apiVersion", "kind", "metadata", "namespace", "namePrefix", "nameSuffix", "commonLabels", "labels",
        "commonAnnotations", "images", "replicas", "vars", "generatorOptions", "buildMetadata", "sortOptions",
        "resources", "bases", "components", "crds", "configurations", "patches", "patchesStrategicMerge",
        "patchesJson6902", "replacements", "openapi", "configMapGenerator", "secretGenerator",
    ]
}

extension StringProtocol {
    /// Without white space at its ends.
    fileprivate var trimming: SubSequence {
        guard let first = firstIndex(where: { !$0.isWhitespace }),
            let last = lastIndex(where: { !$0.isWhitespace })
        else {
            return self[startIndex..<startIndex]
        }
        return self[first...last]
    }
}
