/// The kinds that the simulated controllers work on, as the store knows them.
enum FluxKinds {
    static let gitRepository = flux("GitRepository", "source.toolkit.fluxcd.io/v1")
    static let ociRepository = flux("OCIRepository", "source.toolkit.fluxcd.io/v1")
    static let bucket = flux("Bucket", "source.toolkit.fluxcd.io/v1")
    static let helmRepository = flux("HelmRepository", "source.toolkit.fluxcd.io/v1")
    static let helmChart = flux("HelmChart", "source.toolkit.fluxcd.io/v1")
    static let externalArtifact = flux("ExternalArtifact", "source.toolkit.fluxcd.io/v1")
    static let artifactGenerator = flux("ArtifactGenerator", "source.extensions.fluxcd.io/v1beta1")
    static let kustomization = flux("Kustomization", "kustomize.toolkit.fluxcd.io/v1")
    static let helmRelease = flux("HelmRelease", "helm.toolkit.fluxcd.io/v2")
    static let receiver = flux("Receiver", "notification.toolkit.fluxcd.io/v1")
    static let imageRepository = flux("ImageRepository", "image.toolkit.fluxcd.io/v1")
    static let imagePolicy = flux("ImagePolicy", "image.toolkit.fluxcd.io/v1")
    static let imageUpdateAutomation = flux("ImageUpdateAutomation", "image.toolkit.fluxcd.io/v1")
    static let fluxInstance = flux("FluxInstance", "fluxcd.controlplane.io/v1")
    static let fluxReport = flux("FluxReport", "fluxcd.controlplane.io/v1")
    static let resourceSet = flux("ResourceSet", "fluxcd.controlplane.io/v1")
    static let resourceSetInputProvider = flux("ResourceSetInputProvider", "fluxcd.controlplane.io/v1")

    static let namespace = flux("Namespace", "v1", namespaced: false)
    static let configMap = flux("ConfigMap", "v1")
    static let secret = flux("Secret", "v1")
    static let pod = flux("Pod", "v1")
    static let deployment = flux("Deployment", "apps/v1")
    static let statefulSet = flux("StatefulSet", "apps/v1")
    static let daemonSet = flux("DaemonSet", "apps/v1")
    static let job = flux("Job", "batch/v1")
    static let mutatingWebhooks = webhooks("Mutating")
    static let validatingWebhooks = webhooks("Validating")

    /// Kinds that a controller reconciles, in the order in which it starts to watch them.
    static let reconciled: [ResourceType] = [
        gitRepository, ociRepository, bucket, helmRepository, helmChart, artifactGenerator, kustomization,
        helmRelease, receiver, imageRepository, imagePolicy, imageUpdateAutomation, fluxInstance, fluxReport,
        resourceSet, resourceSetInputProvider,
    ]

    /// Kinds whose pods the simulated kube-controller-manager starts.
    static let workloads: [ResourceType] = [deployment, statefulSet, daemonSet, job]

    /// Kinds whose artifact a Kustomization may apply.
    static let sources: [ResourceType] = [gitRepository, ociRepository, bucket, externalArtifact]

    /// The kind that a `sourceRef` or `chartRef` names; nil for a kind that is no source.
    static func source(named kind: String) -> ResourceType? {
        (sources + [helmChart, helmRepository]).first { $0.kind == kind }
    }

    private static func webhooks(_ kind: String) -> ResourceType {
        flux("\(kind)WebhookConfiguration", "admissionregistration.k8s.io/v1", namespaced: false)
    }

    private static func flux(_ kind: String, _ apiVersion: String, namespaced: Bool = true) -> ResourceType {
        if let known = ResourceTypes.type(apiVersion: apiVersion, kind: kind) { return known }
        let parts = apiVersion.split(separator: "/")
        return ResourceType(
            group: parts.dropLast().joined(separator: "/"),
            version: parts.last.map(String.init) ?? "v1",
            kind: kind,
            namespaced: namespaced
        )
    }
}
