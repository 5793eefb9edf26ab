/// A kind of object that Flux or its operator reconciles, and what weir must know of it.
///
/// - Source: the CRDs of Flux 2.9 and flux-operator 0.58; versions are found by discovery, never here.
package struct FluxKind: Hashable, Sendable {
    /// What a kind is for, in the vocabulary of weir.
    package enum Category: Sendable {
        case source, applier, image, notification, operation
    }

    /// How a kind is told to stop reconciling.
    package enum Suspension: Hashable, Sendable {
        /// `spec.suspend: true`
        case field
        /// An annotation with the value `disabled`.
        case annotation(String)
        case unsupported
    }

    package let group: String
    package let kind: String
    package let plural: String
    /// The short form in tables and on the command line, `ks`.
    package let short: String
    package let category: Category
    package let suspension: Suspension
    /// False for kinds that carry no status at all: they are never ready or failing.
    package let hasStatus: Bool
    /// False where `status.observedGeneration` does not exist and the Ready condition's own must serve.
    package let hasObservedGeneration: Bool
    /// True where `reconcile.fluxcd.io/requestedAt` is acted on and acknowledged.
    package let acknowledgesRequests: Bool

    package static func == (left: FluxKind, right: FluxKind) -> Bool {
        left.kind == right.kind && left.group == right.group
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(group)
        hasher.combine(kind)
    }
}

extension FluxKind {
    package static let sourceGroup = "source.toolkit.fluxcd.io"
    package static let kustomizeGroup = "kustomize.toolkit.fluxcd.io"
    package static let helmGroup = "helm.toolkit.fluxcd.io"
    package static let imageGroup = "image.toolkit.fluxcd.io"
    package static let notificationGroup = "notification.toolkit.fluxcd.io"
    package static let extensionsGroup = "source.extensions.fluxcd.io"
    package static let operatorGroup = "fluxcd.controlplane.io"

    package static let gitRepository = source("GitRepository", "gitrepositories", "git")
    package static let ociRepository = source("OCIRepository", "ocirepositories", "oci")
    package static let bucket = source("Bucket", "buckets", "bucket")
    package static let helmRepository = source("HelmRepository", "helmrepositories", "helmrepo")
    package static let helmChart = source("HelmChart", "helmcharts", "chart")
    package static let kustomization = FluxKind(
        kustomizeGroup,
        "Kustomization",
        "kustomizations",
        "ks",
        .applier
    )
    package static let helmRelease = FluxKind(helmGroup, "HelmRelease", "helmreleases", "hr", .applier)
    package static let imageUpdateAutomation = FluxKind(
        imageGroup,
        "ImageUpdateAutomation",
        "imageupdateautomations",
        "iua",
        .image
    )

    /// Every kind that weir watches, sources first, then appliers.
    package static let all: [FluxKind] = [
        gitRepository, ociRepository, bucket, helmRepository, helmChart,
        FluxKind(
            sourceGroup,
            "ExternalArtifact",
            "externalartifacts",
            "ea",
            .source,
            suspension: .unsupported,
            hasObservedGeneration: false,
            acknowledgesRequests: false
        ),
        FluxKind(
            extensionsGroup,
            "ArtifactGenerator",
            "artifactgenerators",
            "ag",
            .source,
            suspension: .annotation("source.extensions.fluxcd.io/reconcile"),
            hasObservedGeneration: false
        ),
        kustomization, helmRelease,
        FluxKind(imageGroup, "ImageRepository", "imagerepositories", "imgrepo", .image),
        FluxKind(imageGroup, "ImagePolicy", "imagepolicies", "imgpol", .image),
        imageUpdateAutomation,
        FluxKind(notificationGroup, "Receiver", "receivers", "receiver", .notification),
        FluxKind(
            notificationGroup,
            "Alert",
            "alerts",
            "alert",
            .notification,
            hasStatus: false,
            hasObservedGeneration: false,
            acknowledgesRequests: false
        ),
        FluxKind(
            notificationGroup,
            "Provider",
            "providers",
            "provider",
            .notification,
            hasStatus: false,
            hasObservedGeneration: false,
            acknowledgesRequests: false
        ),
        operation("FluxInstance", "fluxinstances", "instance", .applier),
        operation("FluxReport", "fluxreports", "report", .operation),
        operation("ResourceSet", "resourcesets", "rset", .applier),
        operation("ResourceSetInputProvider", "resourcesetinputproviders", "rsip", .source),
    ]

    /// The kind of an object, nil where it is none of Flux.
    package static func of(group: String, kind: String) -> FluxKind? {
        byName[kind].flatMap { $0.group == group ? $0 : nil }
    }

    /// Finds a kind by any name an operator types: kind, plural, singular or short, in any case.
    package static func named(_ name: String) -> FluxKind? {
        byTypedName[name.lowercased()]
    }

    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.kind, $0) })

    private static let byTypedName: [String: FluxKind] = {
        var names: [String: FluxKind] = [:]
        for kind in all {
            for name in [kind.kind.lowercased(), kind.plural, kind.short] {
                names[name] = kind
            }
        }
        for (alias, kind) in [
            "gitrepo": gitRepository, "ocirepo": ociRepository, "hc": helmChart,
            "kustomizations": kustomization,
        ] {
            names[alias] = kind
        }
        return names
    }()

    private static func source(_ kind: String, _ plural: String, _ short: String) -> FluxKind {
        FluxKind(sourceGroup, kind, plural, short, .source)
    }

    private static func operation(
        _ kind: String,
        _ plural: String,
        _ short: String,
        _ category: Category
    ) -> FluxKind {
        FluxKind(
            operatorGroup,
            kind,
            plural,
            short,
            category,
            suspension: .annotation("fluxcd.controlplane.io/reconcile"),
            hasObservedGeneration: false
        )
    }

    private init(
        _ group: String,
        _ kind: String,
        _ plural: String,
        _ short: String,
        _ category: Category,
        suspension: Suspension = .field,
        hasStatus: Bool = true,
        hasObservedGeneration: Bool = true,
        acknowledgesRequests: Bool = true
    ) {
        self.group = group
        self.kind = kind
        self.plural = plural
        self.short = short
        self.category = category
        self.suspension = suspension
        self.hasStatus = hasStatus
        self.hasObservedGeneration = hasObservedGeneration
        self.acknowledgesRequests = acknowledgesRequests
    }
}
