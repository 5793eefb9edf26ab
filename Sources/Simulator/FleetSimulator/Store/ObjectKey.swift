/// The identity of an object inside one cluster.
package struct ObjectKey: Sendable, Hashable {
    /// The kind.
    package let type: ResourceType
    /// The namespace; nil for objects of the cluster.
    package let namespace: String?
    /// The name.
    package let name: String

    package init(_ type: ResourceType, namespace: String?, name: String) {
        self.type = type
        self.namespace = type.namespaced ? namespace : nil
        self.name = name
    }

    /// Where the object lies on the shelf of its kind: `namespace/name`, or `name`.
    var place: String {
        guard type.namespaced else { return name }
        return "\(namespace ?? "")/\(name)"
    }
}
