/// One object that an applier manages, from `status.inventory.entries`.
///
/// - Shape: `namespace` is empty for cluster-scoped objects, `group` for the core group.
/// - Source: cli-utils' object ids, `<namespace>_<name>_<group>_<kind>`, where RBAC names write `:` as `__`.
package struct InventoryEntry: Hashable, Sendable {
    package let namespace: String
    package let name: String
    package let group: String
    package let kind: String
    /// The API version without its group, `v1`.
    package let version: String

    package init(namespace: String, name: String, group: String, kind: String, version: String) {
        self.namespace = namespace
        self.name = name
        self.group = group
        self.kind = kind
        self.version = version
    }

    /// Reads an id; nil where it has not the four parts.
    package init?(id: String, version: String) {
        let underscore = UInt8(ascii: "_")
        guard let first = id.utf8.firstIndex(of: underscore) else {
            return nil
        }
        let rest = id[id.index(after: first)...]
        guard let last = rest.utf8.lastIndex(of: underscore) else {
            return nil
        }
        let middle = rest[..<last]
        guard let split = middle.utf8.lastIndex(of: underscore) else {
            return nil
        }
        let kind = rest[rest.index(after: last)...]
        let rawName = middle[..<split]
        guard !kind.isEmpty, !rawName.isEmpty else {
            return nil
        }
        self.init(
            namespace: String(id[..<first]),
            name: InventoryEntry.decoded(rawName),
            group: String(middle[middle.index(after: split)...]),
            kind: String(kind),
            version: version
        )
    }

    /// The entry as an object of the cluster that holds it.
    package func ref(in cluster: ClusterID) -> ObjectRef {
        ObjectRef(cluster: cluster, group: group, kind: kind, namespace: namespace, name: name)
    }

    private static func decoded(_ name: Substring) -> String {
        guard name.utf8.contains(UInt8(ascii: "_")) else {
            return String(name)
        }
        var result = ""
        var rest = name[...]
        while let next = rest.firstIndex(of: "_") {
            result += rest[..<next]
            let after = rest.index(after: next)
            if after < rest.endIndex, rest[after] == "_" {
                result += ":"
                rest = rest[rest.index(after: after)...]
            } else {
                result += "_"
                rest = rest[after...]
            }
        }
        return result + rest
    }
}
