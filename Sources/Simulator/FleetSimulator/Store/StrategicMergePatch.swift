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
                members[key] = list(elements, over: members[key]?.array ?? [], schema: inner)
            default:
                members[key] = change
            }
        }
        for (key, gone) in changes where key.hasPrefix("$deleteFromPrimitiveList/") {
            let name = String(key.drop { $0 != "/" }.dropFirst())
            let removed = gone.array ?? []
            members[name] = members[name]?.array.map { .array($0.filter { !removed.contains($0) }) }
        }
        for (key, order) in changes where key.hasPrefix("$setElementOrder/") {
            let name = String(key.drop { $0 != "/" }.dropFirst())
            members[name] = members[name]?.array.map { ordered($0, order.array ?? [], schema.member(name)) }
        }
        return .object(members)
    }

    private static func without(_ value: JSON, directives: [String]) -> JSON {
        var value = value
        for directive in directives { value[directive] = nil }
        return value
    }

    private static func list(_ patch: [JSON], over live: [JSON], schema: Schema) -> JSON {
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
            return .array(result)
        case .set?:
            return .array(live + patch.filter { !live.contains($0) })
        default:
            return .array(patch)
        }
    }

    /// The elements in the order that the patch asks for; those it does not name stay behind their neighbours.
    private static func ordered(_ elements: [JSON], _ order: [JSON], _ schema: Schema) -> JSON {
        guard case .keys(let keys)? = schema.identity, let key = keys.first else { return .array(elements) }
        let wanted = order.map { $0[key] }
        var named = wanted.compactMap { value in elements.first { $0[key] == value } }
        var result: [JSON] = []
        for element in elements {
            if wanted.contains(element[key]) {
                if !named.isEmpty { result.append(named.removeFirst()) }
            } else {
                result.append(element)
            }
        }
        return .array(result + named)
    }
}
