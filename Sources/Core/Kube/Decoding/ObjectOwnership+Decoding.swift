import Chrono
import Text

extension ObjectOwnership {
    /// Fields kept of one entry; of more only the number matters, and nobody reads so many.
    private static let fieldLimit = 200
    /// Written by kubectl beside every apply, and removed by Flux without a word.
    private static let bookkeeping = "f:kubectl.kubernetes.io/last-applied-configuration"

    /// Reads who owns what; nil for an object that no applier marked, or that tells no owners.
    init?(_ metadata: JSONFields, in context: FluxDecoding) {
        let labels = metadata["labels"]
        guard let owner = OwnerFamily.allCases.first(where: { labels.has($0.nameLabel) }),
            let name = labels.text(owner.nameLabel), metadata.has("managedFields")
        else {
            return nil
        }
        var applied: Set<UInt64> = []
        var appliedAt: Timestamp?
        var others: [(FieldManager, JSONFields)] = []
        for entry in metadata.list("managedFields", limit: 100) {
            let manager = FieldManager(
                manager: entry.text("manager", limit: 128) ?? "",
                isApply: entry.raw("operation") == "Apply",
                subresource: entry.text("subresource", limit: 63) ?? ""
            )
            if owner.isApplier(manager) {
                FieldTrie.collect(entry["fieldsV1"], into: &applied)
                appliedAt = [appliedAt, entry.time("time")].compactMap(\.self).max()
            } else if manager.subresource != "status" {
                others.append((manager, entry))
            }
        }
        // What Helm itself installed is what the chart says, until somebody uses it again.
        let isChart = others.map { manager, entry in
            owner.isEarlierApplier(manager) && entry.time("time").map { $0 < appliedAt ?? $0 } ?? false
        }
        for (place, (_, entry)) in others.enumerated() where isChart[place] {
            FieldTrie.collect(entry["fieldsV1"], into: &applied)
        }
        self.init(
            owner: owner,
            ownerNamespace: labels.text(owner.namespaceLabel) ?? metadata.text("namespace") ?? "",
            ownerName: name,
            policy: ObjectOwnership.policy(labels, metadata["annotations"], owner),
            applied: context.shapes.shape(applied),
            appliedAt: appliedAt,
            hands: zip(others, isChart).compactMap { other, isChart in
                let (manager, entry) = other
                guard !isChart else {
                    return nil
                }
                var trie = FieldTrie(without: applied, texts: context.texts)
                trie.walk(
                    entry["fieldsV1"],
                    skipping: [ObjectOwnership.bookkeeping, "f:status"],
                    limit: ObjectOwnership.fieldLimit
                )
                return trie.fields.isEmpty
                    ? nil : Hand(manager: manager, time: entry.time("time"), fields: trie.fields)
            }
        )
    }

    private static func policy(
        _ labels: JSONFields,
        _ annotations: JSONFields,
        _ owner: OwnerFamily
    ) -> Policy {
        func says(_ key: String) -> String? {
            (annotations.raw("\(owner.prefix)/\(key)") ?? labels.raw("\(owner.prefix)/\(key)"))?.lowercased()
        }
        if says("reconcile") == "disabled" || says("driftDetection") == "disabled" {
            return .letAlone
        }
        return switch says("ssa") {
        case "ignore", "ifnotpresent": .letAlone
        case "merge": .merge
        default: .normal
        }
    }
}

/// Walks the tree in which managedFields write paths.
///
/// - Source: keys are `f:` name, `k:` an item of a list by its keys, `v:` a value of a set, `i:` a place; `.` is
///   the node itself.
struct FieldTrie {
    private(set) var fields: [OwnedField] = []
    private let applied: Set<UInt64>
    private let texts: TextTable
    private var limit = 0
    private var skipped: [String] = []

    init(without applied: Set<UInt64>, texts: TextTable) {
        self.applied = applied
        self.texts = texts
    }

    // MARK: - Sets

    private static let root: UInt64 = 0xCBF2_9CE4_8422_2325

    /// The hash of a path from that of its parent.
    private static func hash(_ parent: UInt64, _ key: String) -> UInt64 {
        var hash = parent
        for byte in key.utf8 {
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
        }
        return (hash ^ 0xFF) &* 0x100_0000_01B3
    }

    static func collect(_ tree: JSONFields, into set: inout Set<UInt64>) {
        collect(tree, root, &set, depth: 0)
    }

    private static func collect(
        _ tree: JSONFields,
        _ parent: UInt64,
        _ set: inout Set<UInt64>,
        depth: Int
    ) {
        for (key, value) in tree.members {
            let own = hash(parent, key)
            if key == "." || value.isEmpty {
                set.insert(own)
            } else if depth < 64 {
                collect(value, own, &set, depth: depth + 1)
            }
        }
    }

    // MARK: - Paths

    mutating func walk(_ tree: JSONFields, skipping skipped: [String], limit: Int) {
        self.limit = limit
        self.skipped = skipped
        walk(tree, FieldTrie.root, path: "", pointer: "", depth: 0)
    }

    private mutating func walk(
        _ tree: JSONFields,
        _ parent: UInt64,
        path: String,
        pointer: String,
        depth: Int
    ) {
        for (key, value) in tree.members where key != "." && !skipped.contains(key) {
            guard fields.count < limit, depth < 64 else {
                return
            }
            let own = FieldTrie.hash(parent, key)
            let step = FieldStep(key, texts: texts)
            let longer = path + step.text(after: path)
            let pointed = "\(pointer)/\(step.pointer)"
            let itself = FieldTrie.hash(own, ".")
            // An item that a manager added is one change, not one for each field in it.
            let isAddedItem = key.hasPrefix("k:") && value.has(".") && !applied.contains(itself)
            if value.isEmpty || isAddedItem {
                let hash = isAddedItem ? itself : own
                if !applied.contains(hash) {
                    fields.append(OwnedField(path: longer, pointer: pointed, hash: hash))
                }
            } else {
                walk(value, own, path: longer, pointer: pointed, depth: depth + 1)
            }
        }
    }
}

/// One step of a path in the words of managedFields.
private struct FieldStep {
    private let name: String
    private let isField: Bool

    init(_ key: String, texts: TextTable) {
        let content = key.dropFirst(2)
        isField = key.hasPrefix("f:")
        let words: String =
            switch key.prefix(2) {
            case "k:": FieldStep.item(String(content))
            case "v:": content.hasPrefix("\"") ? String(content.dropFirst().dropLast()) : String(content)
            default: String(content)
            }
        name = texts.line(words, limit: 253)
    }

    /// The keys of an item: the value where there is one, `containerPort=8080,protocol=TCP` where there are more.
    private static func item(_ json: String) -> String {
        guard let tape = try? JSONTape(Array(json.utf8)) else {
            return json
        }
        let keys = JSONFields(tape, texts: TextTable()).scalars
        return keys.count == 1
            ? keys[0].value : keys.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
    }

    func text(after path: String) -> String {
        if isField, !name.contains(where: { "./[]=, ".contains($0) }) {
            return path.isEmpty ? name : ".\(name)"
        }
        return "[\(name)]"
    }

    var pointer: String {
        isField ? name.replacing("~", with: "~0").replacing("/", with: "~1") : "*"
    }
}
