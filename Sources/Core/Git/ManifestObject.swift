import Text
import Yams

/// One Kubernetes object as a file of the repository declares it, before kustomize has changed anything.
package struct ManifestObject: Hashable, Sendable, Comparable {
    /// The API group; empty for the core group.
    package let group: String
    package let kind: String
    /// Nil where the file leaves it to kustomize or the applier.
    package let namespace: String?
    package let name: String
    package let file: String
    /// True where the object itself forbids pruning (`kustomize.toolkit.fluxcd.io/prune: disabled`).
    package let isKept: Bool

    package init(
        group: String,
        kind: String,
        namespace: String?,
        name: String,
        file: String,
        isKept: Bool = false
    ) {
        self.group = group
        self.kind = kind
        self.namespace = namespace
        self.name = name
        self.file = file
        self.isKept = isKept
    }

    /// `ConfigMap checkout/flags`, without the namespace where the file has none.
    package var words: String {
        "\(kind) \(namespace.map { "\($0)/" } ?? "")\(name)"
    }

    package static func < (left: ManifestObject, right: ManifestObject) -> Bool {
        (left.file, left.kind, left.namespace ?? "", left.name)
            < (right.file, right.kind, right.namespace ?? "", right.name)
    }

    /// Who it is, wherever it stands.
    var identity: [String] { [group, kind, namespace ?? "", name] }

    /// The objects that the bytes of a YAML or JSON file declare, in their order; lists are opened.
    ///
    /// - Errors: what does not parse declares nothing; a document that cannot be read ends the reading.
    package static func all(in bytes: [UInt8], file: String) -> [ManifestObject] {
        ManifestFile(bytes: bytes, file: file).objects
    }
}

/// What a change does to the objects that files declare.
package struct ManifestChanges: Hashable, Sendable {
    /// Declared before and by no changed file after: gone from the build, from whole files and from parts of them.
    package var removed: [ManifestObject]
    /// Declared after and by no changed file before.
    package var added: [ManifestObject]
    /// Declared before and after, in another text or another file.
    package var changed: [ManifestObject]
    /// Still declared but no longer built by these paths, whose kustomizations leave their files out after it.
    package var unlinked: [String: [ManifestObject]]
    /// Sentences on what a revert of such objects cannot undo, or does by side effect.
    package var remarks: [String]

    package init(
        removed: [ManifestObject] = [],
        added: [ManifestObject] = [],
        changed: [ManifestObject] = [],
        unlinked: [String: [ManifestObject]] = [:],
        remarks: [String] = []
    ) {
        self.removed = removed
        self.added = added
        self.changed = changed
        self.unlinked = unlinked
        self.remarks = remarks
    }

    package var isEmpty: Bool { removed.isEmpty && added.isEmpty && changed.isEmpty && unlinked.isEmpty }

    /// Compares the changed files before and after, nil bytes for a file that is not there.
    package static func between(
        _ files: [(path: String, old: [UInt8]?, new: [UInt8]?)]
    ) -> ManifestChanges {
        let old = files.map { ManifestFile(bytes: $0.old ?? [], file: $0.path) }
        let new = files.map { ManifestFile(bytes: $0.new ?? [], file: $0.path) }
        let before = Dictionary(old.flatMap(\.documents).map { ($0.object.identity, $0) }) { first, _ in first
        }
        let after = Dictionary(new.flatMap(\.documents).map { ($0.object.identity, $0) }) { first, _ in first
        }
        var changes = ManifestChanges()
        for (identity, document) in before where after[identity] == nil {
            changes.removed.append(document.object)
        }
        for (identity, document) in after {
            guard let known = before[identity] else {
                changes.added.append(document.object)
                continue
            }
            if known.digest != document.digest || known.object.file != document.object.file {
                changes.changed.append(document.object)
            }
        }
        changes.removed.sort()
        changes.added.sort()
        changes.changed.sort()
        let touched = changes.removed + changes.added + changes.changed
        changes.remarks = ManifestRemarks.of(
            changes,
            before: touched.compactMap { before[$0.identity] },
            after: touched.compactMap { after[$0.identity] }
        )
        return changes
    }
}

/// The documents of one file.
struct ManifestFile {
    struct Document {
        let object: ManifestObject
        /// Equal for equal content, whatever the layout.
        let digest: Int
        let node: Node
    }

    private(set) var documents: [Document] = []

    var objects: [ManifestObject] { documents.map(\.object) }

    init(bytes: [UInt8], file: String) {
        guard
            ManifestFile.endings.contains(where: { file.hasSuffix($0) }), KustomizationFile.isShallow(bytes),
            let nodes = try? Yams.compose_all(yaml: String(decoding: bytes, as: UTF8.self))
        else {
            return
        }
        for node in nodes {
            read(node, file)
        }
    }

    /// What an annotation or a label of kustomize-controller on an object says, in lower case.
    static func mark(_ name: String, on node: Node) -> String? {
        let key = "kustomize.toolkit.fluxcd.io/\(name)"
        let metadata = node["metadata"]
        return (metadata?["annotations"]?[key] ?? metadata?["labels"]?[key])?.string?.lowercased()
    }

    private static let endings = [".yaml", ".yml", ".json"]

    private mutating func read(_ node: Node, _ file: String) {
        guard let kind = node["kind"]?.string, let version = node["apiVersion"]?.string else {
            return
        }
        if kind == "List", let items = node["items"]?.sequence {
            for item in items {
                read(item, file)
            }
            return
        }
        guard let name = node["metadata"]?["name"]?.string else {
            return
        }
        let group = version.firstIndex(of: "/").map { String(version[..<$0]) } ?? ""
        documents.append(
            Document(
                object: ManifestObject(
                    group: Sanitiser.line(group, limit: 250),
                    kind: Sanitiser.line(kind, limit: 100),
                    namespace: node["metadata"]?["namespace"]?.string.map { Sanitiser.line($0, limit: 250) },
                    name: Sanitiser.line(name, limit: 250),
                    file: Sanitiser.line(file, limit: 1_000),
                    isKept: ManifestFile.mark("prune", on: node) == "disabled"
                ),
                digest: node.hashValue,
                node: node
            )
        )
    }
}
