/// Names one cluster of the fleet: the kubeconfig context through which weir reaches it.
package struct ClusterID: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let name: String

    package init(_ name: String) {
        self.name = name
    }

    package var description: String { name }

    package static func < (left: ClusterID, right: ClusterID) -> Bool {
        left.name < right.name
    }
}

/// Identifies one Kubernetes object of one cluster, whatever version it is read in.
///
/// - Shape: `namespace` is empty for cluster-scoped objects; `group` is empty for the core group.
package struct ObjectRef: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let cluster: ClusterID
    package let group: String
    package let kind: String
    package let namespace: String
    package let name: String

    package init(cluster: ClusterID, group: String, kind: String, namespace: String, name: String) {
        self.cluster = cluster
        self.group = group
        self.kind = kind
        self.namespace = namespace
        self.name = name
    }

    /// The object in kubectl's words, `Kustomization apps/checkout`.
    package var description: String {
        namespace.isEmpty ? "\(kind) \(name)" : "\(kind) \(namespace)/\(name)"
    }

    /// The object's place inside its cluster, `apps/checkout`.
    package var path: String {
        namespace.isEmpty ? name : "\(namespace)/\(name)"
    }

    package static func < (left: ObjectRef, right: ObjectRef) -> Bool {
        // One by one: tuples would copy five texts a side, and long lists are sorted by this.
        if left.cluster != right.cluster {
            return left.cluster < right.cluster
        }
        if left.namespace != right.namespace {
            return left.namespace < right.namespace
        }
        if left.name != right.name {
            return left.name < right.name
        }
        if left.kind != right.kind {
            return left.kind < right.kind
        }
        return left.group < right.group
    }
}
