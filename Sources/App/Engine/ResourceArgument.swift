import Kube

/// A resource as it is named on the command line, `ks/checkout` in a namespace.
struct ResourceArgument {
    let kind: FluxKind
    let namespace: String
    let name: String

    init(_ text: String, namespace: String) throws(LaunchFailure) {
        let parts = text.split(separator: "/", maxSplits: 1).map(String.init)
        guard parts.count == 2, let kind = FluxKind.named(parts[0]) else {
            let names = FluxKind.all.map(\.short).joined(separator: ", ")
            throw LaunchFailure("\(text) is not KIND/NAME with a kind of Flux; the kinds are \(names)")
        }
        self.kind = kind
        self.namespace = namespace
        name = parts[1]
    }

    func ref(on cluster: ClusterID) -> ObjectRef {
        ObjectRef(cluster: cluster, group: kind.group, kind: kind.kind, namespace: namespace, name: name)
    }
}
