/// What a Flux Kustomization's spec adds to the kustomization file of its folder.
struct Overlay: Sendable, Equatable {
    var targetNamespace: String?
    var namePrefix: String?
    var nameSuffix: String?
    /// Patches in the form of a kustomization file: `patch` and `target`.
    var patches: [JSON] = []
    /// Image overrides: `name`, `newName`, `newTag`, `digest`.
    var images: [JSON] = []
    var components: [String] = []

    init() {}

    /// Reads `spec` of a Kustomization.
    init(spec: JSON) {
        targetNamespace = spec["targetNamespace"]?.string
        namePrefix = spec["namePrefix"]?.string
        nameSuffix = spec["nameSuffix"]?.string
        patches = spec["patches"]?.array ?? []
        images = spec["images"]?.array ?? []
        components = (spec["components"]?.array ?? []).compactMap(\.string)
    }

    /// The kustomization file with these additions, as kustomize-controller writes it before it builds.
    func applied(to own: JSON) -> JSON {
        var own = own
        if let targetNamespace { own["namespace"] = .string(targetNamespace) }
        if let namePrefix { own["namePrefix"] = .string(namePrefix) }
        if let nameSuffix { own["nameSuffix"] = .string(nameSuffix) }
        if !patches.isEmpty { own["patches"] = .array((own["patches"]?.array ?? []) + patches) }
        if !components.isEmpty {
            own["components"] = .array((own["components"]?.array ?? []) + components.map { .string($0) })
        }
        if !images.isEmpty {
            let names = Set(images.compactMap { $0["name"]?.string })
            let kept = (own["images"]?.array ?? []).filter { !names.contains($0["name"]?.string ?? "") }
            own["images"] = .array(kept + images)
        }
        return own
    }
}
