/// A kind that a simulated API server serves, with what discovery says about it.
///
/// Two values are equal when group and plural are: the version is only the form in which objects are shown.
package struct ResourceType: Sendable {
    /// The API group; empty for the core group.
    package var group: String
    /// The served version, such as `v1`.
    package var version: String
    /// The plural name that paths use.
    package var plural: String
    /// The kind, such as `Kustomization`.
    package var kind: String
    /// The singular name.
    package var singular: String
    /// Short names for the command line.
    package var shortNames: [String]
    /// Categories such as `all`.
    package var categories: [String]
    /// Whether objects live in a namespace.
    package var namespaced: Bool
    /// Whether status is a subresource of its own.
    package var hasStatus: Bool
    /// Whether the kind has a `scale` subresource.
    package var hasScale: Bool
    /// Whether the kind is compiled into the server rather than defined by a CRD.
    package var builtIn: Bool
    /// Whether the CRD gives `status.observedGeneration` the default -1.
    package var defaultsObservedGeneration: Bool
    /// The columns of a Table.
    package var printerColumns: [PrinterColumn]

    package init(
        group: String,
        version: String,
        kind: String,
        plural: String? = nil,
        shortNames: [String] = [],
        categories: [String] = [],
        namespaced: Bool = true,
        hasStatus: Bool = true,
        hasScale: Bool = false,
        builtIn: Bool = false,
        defaultsObservedGeneration: Bool = false,
        printerColumns: [PrinterColumn] = []
    ) {
        self.group = group
        self.version = version
        self.kind = kind
        singular = kind.lowercased()
        self.plural = plural ?? kind.lowercased() + "s"
        self.shortNames = shortNames
        self.categories = categories
        self.namespaced = namespaced
        self.hasStatus = hasStatus
        self.hasScale = hasScale
        self.builtIn = builtIn
        self.defaultsObservedGeneration = defaultsObservedGeneration
        self.printerColumns = printerColumns
    }

    /// Group and version as objects name them: `apps/v1`, `v1`.
    package var apiVersion: String {
        group.isEmpty ? version : "\(group)/\(version)"
    }

    /// Plural and group as error messages name the kind: `deployments.apps`, `configmaps`.
    package var qualifiedPlural: String {
        group.isEmpty ? plural : "\(plural).\(group)"
    }

    /// Kind and group as validation messages name the kind: `Deployment.apps`, `ConfigMap`.
    package var qualifiedKind: String {
        group.isEmpty ? kind : "\(kind).\(group)"
    }

    /// Whether the server counts the changes of the desired state of the kind's objects.
    package var hasGeneration: Bool {
        !builtIn || ResourceType.kindsWithGeneration.contains(kind)
    }

    private static let kindsWithGeneration: Set<String> = [
        "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob", "Pod", "Ingress",
        "NetworkPolicy", "PodDisruptionBudget", "CustomResourceDefinition",
    ]

    /// The path of the kind's collection without a namespace: `/apis/apps/v1/deployments`.
    package var path: String {
        (group.isEmpty ? "/api/" : "/apis/") + apiVersion + "/" + plural
    }
}

extension ResourceType: Hashable {
    package static func == (left: ResourceType, right: ResourceType) -> Bool {
        left.plural == right.plural && left.group == right.group
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(plural)
        hasher.combine(group)
    }
}
