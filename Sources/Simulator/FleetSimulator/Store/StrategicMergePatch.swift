/// Strategic merge patch: a merge patch that merges lists by the keys that the schema names.
enum StrategicMergePatch {
    /// The value after the patch.
    static func apply(_ patch: JSON, to value: JSON?, schema: Schema) -> JSON {
        guard case .object(let changes) = patch else { return patch }
        if changes["$patch"]?.string == "replace" { return without(patch, directives: ["$patch"]) }
        var members = value?.object ?? [:]
        if let kept = changes["$retainKeys"]?.array {
            let names = Set(kept.compactMap(\.string))
            members = members.filter { names.contains($0.key) }
        }
        for (key, change) in changes where !key.hasPrefix("$") {
            let inner = schema.member(key)
            switch change {
            case .null:
                members[key] = nil
            case .object where change["$patch"]?.string == "delete":
                members[key] = nil
            case .object:
                members[key] = apply(change, to: members[key], schema: inner)
            case .array(let elements):
                let order = changes["$setElementOrder/\(key)"]?.array
                members[key] = list(elements, over: members[key]?.array ?? [], order: order, schema: inner)
            default:
                members[key] = change
            }
        }
        for (key, gone) in changes where key.hasPrefix("$deleteFromPrimitiveList/") {
            let name = String(key.drop { $0 != "/" }.dropFirst())
            let removed = gone.array ?? []
            members[name] = members[name]?.array.map { .array($0.filter { !removed.contains($0) }) }
        }
        return .object(members)
    }

    private static func without(_ value: JSON, directives: [String]) -> JSON {
        var value = value
        for directive in directives { value[directive] = nil }
        return value
    }

    private static func list(_ patch: [JSON], over live: [JSON], order: [JSON]?, schema: Schema) -> JSON {
        switch schema.identity {
        case .keys(let keys)?:
            guard let key = keys.first, !patch.contains(where: { $0["$patch"]?.string == "replace" }) else {
                return .array(patch.filter { $0["$patch"] == nil })
            }
            var result = live
            for change in patch {
                let index = result.firstIndex { $0[key] == change[key] }
                if change["$patch"]?.string == "delete" {
                    if let index { result.remove(at: index) }
                } else if let index {
                    result[index] = apply(change, to: result[index], schema: schema.element ?? .any)
                } else {
                    result.append(apply(change, to: nil, schema: schema.element ?? .any))
                }
            }
            return .array(ordered(result, live: live, wanted: order ?? patch, key: key))
        case .set?:
            return .array(live + patch.filter { !live.contains($0) })
        default:
            return .array(patch)
        }
    }

    /// The elements in the order that the patch asks for, with those it does not name between them.
    ///
    /// One that the patch does not name stands before the first named one that followed it in the live list.
    private static func ordered(_ elements: [JSON], live: [JSON], wanted: [JSON], key: String) -> [JSON] {
        let places = { (element: JSON) in live.firstIndex { $0[key] == element[key] } }
        var result = wanted.compactMap { name in elements.first { $0[key] == name[key] } }
        var start = 0
        for element in elements where !wanted.contains(where: { $0[key] == element[key] }) {
            let own = places(element) ?? live.count
            let index = result[start...].firstIndex { named in places(named).map { own < $0 } ?? false }
            result.insert(element, at: index ?? result.count)
            start = (index ?? result.count - 1) + 1
        }
        return result
    }
}
