/// What makes a controller run for an object: a change of any of these.
struct Trigger: Equatable {
    private let generation: Int64
    private let requestedAt: String?
    private let switchedOff: Bool
    private let terminating: Bool

    init(_ object: JSON) {
        generation = object.generation
        requestedAt = object.requestedAt
        switchedOff = object.isSuspended
        terminating = object.isTerminating
    }
}

/// How objects hang together: whose result others wait for.
enum FluxGraph {
    /// The objects whose new result makes a controller run for this object.
    static func upstream(of object: JSON) -> [ObjectKey] {
        let namespace = object.namespace
        switch object.kind {
        case "Kustomization":
            return KustomizationPlan.source(of: object).map { [$0] } ?? []
        case "HelmRelease":
            return HelmReleasePlan.chartSource(of: object).map { [$0] } ?? []
        case "HelmChart":
            return reference(object[path: "spec", "sourceRef"], namespace).map { [$0] } ?? []
        case "ArtifactGenerator":
            return GeneratedArtifact.all(of: object).map { $0.source(for: object) }
        case "ImagePolicy":
            let name = object.text("spec", "imageRepositoryRef", "name") ?? ""
            let other = object.text("spec", "imageRepositoryRef", "namespace") ?? namespace
            return [ObjectKey(FluxKinds.imageRepository, namespace: other, name: name)]
        case "ImageUpdateAutomation":
            return reference(object[path: "spec", "sourceRef"], namespace).map { [$0] } ?? []
        default:
            return []
        }
    }

    /// What others follow of an object: its revision, scan or chosen tag; nil while there is none.
    static func result(of object: JSON) -> String? {
        object.artifactRevision ?? object.text("status", "lastScanResult", "revision")
            ?? object.text("status", "latestRef", "tag")
    }

    private static func reference(_ value: JSON?, _ namespace: String?) -> ObjectKey? {
        guard let value, let type = FluxKinds.source(named: value.kind), let name = value.text("name") else {
            return nil
        }
        return ObjectKey(type, namespace: value.text("namespace") ?? namespace, name: name)
    }
}
