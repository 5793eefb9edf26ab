/// An object that a Flux object manages, as inventories, health checks and events name it.
struct ObjectReference: Sendable, Hashable {
    let group: String
    let version: String
    let kind: String
    /// Nil for objects of the cluster.
    let namespace: String?
    let name: String

    init(group: String, version: String, kind: String, namespace: String?, name: String) {
        self.group = group
        self.version = version
        self.kind = kind
        self.namespace = namespace.flatMap { $0.isEmpty ? nil : $0 }
        self.name = name
    }

    /// What a manifest or a stored object is called.
    init(_ object: JSON) {
        self.init(
            group: object.group,
            version: object.version,
            kind: object.kind,
            namespace: object.namespace,
            name: object.name
        )
    }

    /// An entry of `spec.healthChecks`.
    init(healthCheck: JSON) {
        let apiVersion = healthCheck["apiVersion"]?.string ?? ""
        self.init(
            group: apiVersion.split(separator: "/").dropLast().joined(separator: "/"),
            version: apiVersion.split(separator: "/").last.map(String.init) ?? "",
            kind: healthCheck["kind"]?.string ?? "",
            namespace: healthCheck["namespace"]?.string,
            name: healthCheck["name"]?.string ?? ""
        )
    }

    /// Reads an entry of `status.inventory.entries`; nil when it is malformed.
    ///
    /// - Source: ParseObjMetadata of the Flux fork of cli-utils.
    init?(inventoryEntry entry: JSON) {
        guard let id = entry["id"]?.string, let first = id.firstIndex(of: "_") else { return nil }
        let rest = id[id.index(after: first)...]
        guard let last = rest.lastIndex(of: "_") else { return nil }
        let front = rest[..<last]
        guard let middle = front.lastIndex(of: "_") else { return nil }
        self.init(
            group: String(front[front.index(after: middle)...]),
            version: entry["v"]?.string ?? "",
            kind: String(rest[rest.index(after: last)...]),
            namespace: String(id[..<first]),
            name: String(front[..<middle]).replacing("__", with: ":")
        )
    }

    /// `<namespace>_<name>_<group>_<kind>`, with the colons of RBAC names doubled into underscores.
    var inventoryID: String {
        "\(namespace ?? "")_\(name.replacing(":", with: "__"))_\(group)_\(kind)"
    }

    /// The entry of an inventory.
    var inventoryEntry: JSON {
        ["id": .string(inventoryID), "v": .string(version)]
    }

    /// `Kind/namespace/name`, or `Kind/name` for objects of the cluster.
    var subject: String {
        namespace.map { "\(kind)/\($0)/\(name)" } ?? "\(kind)/\(name)"
    }

    /// Group and version together.
    var apiVersion: String {
        group.isEmpty ? version : "\(group)/\(version)"
    }

    /// Where the store keeps it; nil for kinds that the cluster does not serve.
    var key: ObjectKey? {
        ResourceTypes.type(apiVersion: apiVersion, kind: kind).map {
            ObjectKey($0, namespace: namespace, name: name)
        }
    }
}
