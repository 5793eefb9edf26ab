/// The fields that differ between two versions of an object.
struct FieldChanges: Equatable {
    var added = FieldSet()
    var modified = FieldSet()
    var removed = FieldSet()

    var isEmpty: Bool {
        added.isEmpty && modified.isEmpty && removed.isEmpty
    }

    fileprivate mutating func insert(_ changes: FieldChanges, at key: String) {
        if !changes.added.isEmpty { added[key] = changes.added }
        if !changes.modified.isEmpty { modified[key] = changes.modified }
        if !changes.removed.isEmpty { removed[key] = changes.removed }
    }

    /// Without a whole top-level field.
    func without(_ field: String) -> FieldChanges {
        var result = self
        result.added["f:" + field] = FieldSet()
        result.modified["f:" + field] = FieldSet()
        result.removed["f:" + field] = FieldSet()
        return result
    }
}

extension Schema {
    /// What changed from one value to another, path by path; nil stands for a missing value.
    func changes(from old: JSON?, to new: JSON?) -> FieldChanges {
        var changes = FieldChanges()
        if let old, let new, old == new { return changes }
        switch (old, new) {
        case (nil, nil):
            return changes
        case (.object?, .object?), (.object?, nil), (.object?, .null?), (nil, .object?), (.null?, .object?):
            let before = old?.object ?? [:]
            let after = new?.object ?? [:]
            guard !atomic, !(before.isEmpty && after.isEmpty) else { break }
            for (key, value) in before {
                changes.insert(member(key).changes(from: value, to: after[key]), at: "f:" + key)
            }
            for (key, value) in after where before[key] == nil {
                changes.insert(member(key).changes(from: nil, to: value), at: "f:" + key)
            }
            changes.added.isMember = old == nil
            changes.removed.isMember = new == nil
            return changes
        case (.array?, .array?), (.array?, nil), (.array?, .null?), (nil, .array?), (.null?, .array?):
            let before = old?.array ?? []
            let after = new?.array ?? []
            guard let identity, identity != .atomic, !(before.isEmpty && after.isEmpty) else { break }
            let (oldItems, newItems) = (items(before), items(after))
            for (key, value) in oldItems {
                changes.insert((element ?? .any).changes(from: value, to: newItems[key]), at: key)
            }
            for (key, value) in newItems where oldItems[key] == nil {
                changes.insert((element ?? .any).changes(from: nil, to: value), at: key)
            }
            changes.added.isMember = old == nil
            changes.removed.isMember = new == nil
            return changes
        default:
            break
        }
        changes.added.isMember = old == nil
        changes.removed.isMember = new == nil
        changes.modified.isMember = old != nil && new != nil
        return changes
    }

    /// The set of all fields that a value gives, as an apply of it owns them.
    func fields(of value: JSON) -> FieldSet {
        var set = FieldSet()
        switch value {
        case .object(let members):
            guard !atomic else { return .member }
            for (key, child) in members {
                var inner = member(key).fields(of: child)
                let isEmptyObject = child.object?.isEmpty ?? false
                if child.isNull || isEmptyObject || field(key) == nil { inner.isMember = true }
                set["f:" + key] = inner
            }
        case .array(let elements):
            guard let identity, identity != .atomic else { return .member }
            for (key, child) in items(elements) {
                var inner = (element ?? .any).fields(of: child)
                inner.isMember = true
                set[key] = inner
            }
        case .null:
            break
        default:
            return .member
        }
        return set
    }

    /// A live value with an applied one laid over it.
    func merged(_ live: JSON?, with applied: JSON) -> JSON {
        switch (live, applied) {
        case (.object(var members)?, .object(let over)) where !atomic:
            for (key, value) in over { members[key] = member(key).merged(members[key], with: value) }
            return .object(members)
        case (.array(let before)?, .array(let after)):
            guard let identity, identity != .atomic else { return applied }
            let inner = element ?? .any
            let old = keyed(before)
            var new = keyed(after)
            if old.allSatisfy({ item in new.contains { $0.key == item.key } }) {
                let byKey = items(before)
                return .array(new.map { inner.merged(byKey[$0.key], with: $0.value) })
            }
            let overlay = items(after)
            var result = old.map { item in
                overlay[item.key].map { inner.merged(item.value, with: $0) } ?? item.value
            }
            new.removeAll { item in old.contains { $0.key == item.key } }
            result += new.map(\.value)
            return .array(result)
        default:
            return applied
        }
    }

    /// A value without the map entries and list elements of a set.
    func removing(_ set: FieldSet, from value: JSON) -> JSON {
        switch value {
        case .object(var members):
            guard !atomic else { return value }
            for (key, node) in set.children where key.hasPrefix("f:") {
                let name = String(key.dropFirst(2))
                guard let child = members[name] else { continue }
                members[name] = node.isMember ? nil : member(name).removing(node, from: child)
            }
            return .object(members)
        case .array(let elements):
            guard let identity, identity != .atomic else { return value }
            let inner = element ?? .any
            return .array(
                keyed(elements).compactMap { item in
                    let node = set[item.key]
                    return node.isMember ? nil : inner.removing(node, from: item.value)
                }
            )
        default:
            return value
        }
    }

    /// The elements of a list with the path elements that tell them apart.
    private func keyed(_ elements: [JSON]) -> [(key: String, value: JSON)] {
        elements.map { (pathElement($0), $0) }
    }

    private func items(_ elements: [JSON]) -> [String: JSON] {
        Dictionary(elements.map { (pathElement($0), $0) }) { _, last in last }
    }

    /// What tells a list element apart: `v:` and the scalar, or `k:` and its key fields.
    func pathElement(_ value: JSON) -> String {
        guard case .keys(let keys) = identity else { return "v:" + value.text }
        var parts: [String: JSON] = [:]
        for key in keys {
            parts[key] = value[key] ?? element?.field(key)?.fallback
        }
        return "k:" + JSON.object(parts).text
    }
}
