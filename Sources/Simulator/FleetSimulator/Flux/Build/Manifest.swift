/// One object on its way through a build, with the names it had before.
struct Manifest: Sendable, Equatable {
    var object: JSON
    /// The name in its file: patches and references may still mean it by that name.
    let originalName: String
    /// Whether the name gets a suffix of its content in the end, as generated objects do.
    var wantsHash = false

    init(_ object: JSON, wantsHash: Bool = false) {
        self.object = object
        originalName = object.name
        self.wantsHash = wantsHash
    }

    var kind: String { object.kind }

    /// Whether patches and references that say `name` mean this object.
    func isCalled(_ name: String) -> Bool {
        object.name == name || originalName == name
    }

    /// Whether objects of this kind live in a namespace; kinds that nobody knows are taken to.
    var isNamespaced: Bool {
        Self.isNamespaced(object)
    }

    static func isNamespaced(_ object: JSON) -> Bool {
        if let type = ResourceTypes.type(apiVersion: object.apiVersion, kind: object.kind) {
            return type.namespaced
        }
        return !clusterKinds.contains(object.kind)
    }

    /// Kinds of the whole cluster that the simulated server does not serve but manifests may contain.
    private static let clusterKinds: Set<String> = [
        "Namespace", "Node", "PersistentVolume", "StorageClass", "PriorityClass", "IngressClass",
        "RuntimeClass",
        "ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition", "APIService", "ClusterIssuer",
        "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration",
    ]
}
