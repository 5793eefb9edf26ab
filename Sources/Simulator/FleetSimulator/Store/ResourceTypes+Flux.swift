extension ResourceTypes {
    static let flux: [ResourceType] = sources + appliers + notifications + images + instances

    private static let sources = [
        source("GitRepository", plural: "gitrepositories", short: ["gitrepo"], columns: [url] + common),
        source(
            "OCIRepository",
            plural: "ocirepositories",
            short: ["ocirepo"],
            columns: [url, ready, status, age]
        ),
        source("Bucket", columns: [column("Endpoint", ".spec.endpoint")] + common),
        source("HelmRepository", plural: "helmrepositories", short: ["helmrepo"], columns: [url] + common),
        source(
            "HelmChart",
            short: ["hc"],
            columns: [
                column("Chart", ".spec.chart"), column("Version", ".spec.version"),
                column("Source Kind", ".spec.sourceRef.kind"), column("Source Name", ".spec.sourceRef.name"),
            ] + common
        ),
        source(
            "ExternalArtifact",
            short: ["ea"],
            observed: false,
            columns: common + [column("Source", ".spec.sourceRef.name")]
        ),
        kind(
            "source.extensions.fluxcd.io",
            "v1beta1",
            "ArtifactGenerator",
            short: ["ag"],
            categories: ["all", "fluxcd", "fluxcd-sources"],
            observed: false,
            columns: common
        ),
    ]

    private static let appliers = [
        kind(
            "kustomize.toolkit.fluxcd.io",
            "v1",
            "Kustomization",
            short: ["ks"],
            categories: ["all", "fluxcd", "fluxcd-appliers"],
            columns: common
        ),
        kind(
            "helm.toolkit.fluxcd.io",
            "v2",
            "HelmRelease",
            short: ["hr"],
            categories: ["all", "fluxcd", "fluxcd-appliers"],
            columns: common
        ),
    ]

    private static let notifications = [
        notification("Receiver", version: "v1", columns: common),
        notification("Alert", version: "v1beta3", status: false, columns: [age]),
        notification("Provider", version: "v1beta3", status: false, columns: [age]),
    ]

    private static let images = [
        image(
            "ImageRepository",
            plural: "imagerepositories",
            short: ["imgrepo", "imagerepo"],
            columns: [
                column("Image", ".spec.image"),
                column("Tags", ".status.lastScanResult.tagCount", type: "string"), ready, status,
                column("Last scan", ".status.lastScanResult.scanTime", type: "string", priority: 1), age,
            ]
        ),
        image(
            "ImagePolicy",
            plural: "imagepolicies",
            short: ["imgpol", "imagepol"],
            columns: [
                column("Image", ".status.latestRef.name"), column("Tag", ".status.latestRef.tag"), ready,
                status, age,
            ]
        ),
        image(
            "ImageUpdateAutomation",
            plural: nil,
            short: ["iua", "imgupd", "imgauto"],
            columns: [
                ready, status,
                column("Last run", ".status.lastAutomationRunTime", type: "string", priority: 1), age,
            ]
        ),
    ]

    private static let instances = [
        instance(
            "FluxInstance",
            categories: ["fluxcd", "fluxcd-appliers"],
            columns: [age, ready, status, column("Revision", ".status.lastAttemptedRevision")]
        ),
        instance(
            "FluxReport",
            categories: ["fluxcd"],
            columns: [
                column("Entitlement", ".spec.distribution.entitlement", priority: 10), age, ready, status,
                column("LastUpdated", ".status.conditions[?(@.type==\"Ready\")].lastTransitionTime"),
            ]
        ),
        instance(
            "ResourceSet",
            short: ["rset"],
            categories: ["all", "fluxcd", "fluxcd-appliers"],
            columns: [age, ready, status]
        ),
        instance(
            "ResourceSetInputProvider",
            short: ["rsip"],
            categories: ["all", "fluxcd", "fluxcd-sources"],
            columns: [age, ready, status]
        ),
    ]

    private static let age = PrinterColumn("Age", ".metadata.creationTimestamp", type: "date")
    private static let ready = column("Ready", ".status.conditions[?(@.type==\"Ready\")].status")
    private static let status = column("Status", ".status.conditions[?(@.type==\"Ready\")].message")
    private static let url = column("URL", ".spec.url")
    private static let common = [age, ready, status]

    private static func column(
        _ name: String,
        _ path: String,
        type: String = "string",
        priority: Int = 0
    ) -> PrinterColumn {
        PrinterColumn(name, path, type: type, priority: priority)
    }

    private static func source(
        _ name: String,
        plural: String? = nil,
        short: [String] = [],
        observed: Bool = true,
        columns: [PrinterColumn]
    ) -> ResourceType {
        kind(
            "source.toolkit.fluxcd.io",
            "v1",
            name,
            plural: plural,
            short: short,
            categories: ["all", "fluxcd", "fluxcd-sources"],
            observed: observed,
            columns: columns
        )
    }

    private static func notification(
        _ name: String,
        version: String,
        status: Bool = true,
        columns: [PrinterColumn]
    ) -> ResourceType {
        kind(
            "notification.toolkit.fluxcd.io",
            version,
            name,
            categories: ["all", "fluxcd", "fluxcd-notifications"],
            hasStatus: status,
            observed: status,
            columns: columns
        )
    }

    private static func image(
        _ name: String,
        plural: String?,
        short: [String],
        columns: [PrinterColumn]
    ) -> ResourceType {
        kind(
            "image.toolkit.fluxcd.io",
            "v1",
            name,
            plural: plural,
            short: short,
            categories: ["all", "fluxcd", "fluxcd-images"],
            columns: columns
        )
    }

    private static func instance(
        _ name: String,
        short: [String] = [],
        categories: [String],
        columns: [PrinterColumn]
    ) -> ResourceType {
        kind(
            "fluxcd.controlplane.io",
            "v1",
            name,
            short: short,
            categories: categories,
            observed: false,
            columns: columns
        )
    }

    private static func kind(
        _ group: String,
        _ version: String,
        _ name: String,
        plural: String? = nil,
        short: [String] = [],
        categories: [String],
        hasStatus: Bool = true,
        observed: Bool = true,
        columns: [PrinterColumn]
    ) -> ResourceType {
        ResourceType(
            group: group,
            version: version,
            kind: name,
            plural: plural,
            shortNames: short,
            categories: categories,
            hasStatus: hasStatus,
            defaultsObservedGeneration: observed,
            printerColumns: columns
        )
    }
}
