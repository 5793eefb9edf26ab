package import Configuration
package import Kube

/// What the operator said of a cluster, in kubeconfig and settings, before it answered anything.
package struct ClusterProfile: Hashable, Sendable {
    package let id: ClusterID
    /// How the cluster is called on the screen.
    package let displayName: String
    /// Clusters of one group stand together; empty for none.
    package let group: String
    /// True where a change demands the cluster's name to be typed.
    package let isProtected: Bool
    /// True where nothing may be changed through weir.
    package let isReadOnly: Bool
    /// The name of a theme colour that tells the cluster apart.
    package let colour: String?

    package init(
        id: ClusterID,
        displayName: String? = nil,
        group: String = "",
        isProtected: Bool = false,
        isReadOnly: Bool = false,
        colour: String? = nil
    ) {
        self.id = id
        self.displayName = displayName ?? id.name
        self.group = group
        self.isProtected = isProtected
        self.isReadOnly = isReadOnly
        self.colour = colour
    }

    /// The profile of a context under a rule of the settings.
    package init(id: ClusterID, rule: ClusterRule?) {
        self.init(
            id: id,
            displayName: rule?.name,
            group: rule?.group ?? "",
            isProtected: rule?.isProtected ?? false,
            isReadOnly: rule?.isReadOnly ?? false,
            colour: rule?.colour
        )
    }
}
