/// Takes over the fields that people set with kubectl, as kustomize-controller does before it applies.
///
/// The apply that follows then deletes whatever of them Git does not have.
enum FieldOwners {
    /// The entries with those of kubectl folded into the manager's own; nil when there are none to fold.
    static func folded(_ entries: [JSON], into manager: String) -> [JSON]? {
        let foreign = entries.filter { isFolded($0, by: manager) }
        guard !foreign.isEmpty else { return nil }
        var rest = entries.filter { !isFolded($0, by: manager) }
        let fields = foreign.map { $0["fieldsV1"] ?? .object([:]) }
        if let index = rest.firstIndex(where: { isOwn($0, manager) }) {
            let own = rest[index]["fieldsV1"] ?? .object([:])
            rest[index]["fieldsV1"] = fields.reduce(own, union)
        } else if var taken = foreign.first {
            taken["manager"] = .string(manager)
            taken["operation"] = "Apply"
            taken["fieldsV1"] = fields.reduce(.object([:]), union)
            rest.append(taken)
        }
        return rest
    }

    private static func isOwn(_ entry: JSON, _ manager: String) -> Bool {
        entry["manager"]?.string == manager && entry["operation"]?.string == "Apply"
            && entry["subresource"] == nil
    }

    /// Whether the controller takes an entry over: all of kubectl's, and what its own past left as updates.
    private static func isFolded(_ entry: JSON, by manager: String) -> Bool {
        guard entry.text("subresource") == nil else { return false }
        let name = entry["manager"]?.string ?? ""
        if name.hasPrefix("kubectl") { return true }
        return entry["operation"]?.string == "Update" && (name == "before-first-apply" || name == manager)
    }

    /// All paths of both tries.
    private static func union(_ left: JSON, _ right: JSON) -> JSON {
        guard case .object(let mine) = left, case .object(let theirs) = right else { return left }
        return .object(mine.merging(theirs) { union($0, $1) })
    }
}
