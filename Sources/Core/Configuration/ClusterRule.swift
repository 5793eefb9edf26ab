/// One `[[cluster]]` of the settings: what is said of the contexts that its pattern names.
///
/// - Shape: nil where the rule says nothing.
package struct ClusterRule: Sendable, Hashable {
    /// A context name or a glob, `prod-*`.
    package var context: String
    /// Another kubeconfig file than the usual one.
    package var kubeconfig: String?
    /// The display name; only for a rule that names one context.
    package var name: String?
    package var group: String?
    package var isProtected: Bool?
    package var isReadOnly: Bool?
    /// The name of a theme colour that tells the cluster apart.
    package var colour: String?
    /// The only namespaces that are read; nil reads all.
    package var namespaces: [String]?
    /// How long a request may take.
    package var timeout: Duration?

    package init(
        context: String,
        kubeconfig: String? = nil,
        name: String? = nil,
        group: String? = nil,
        isProtected: Bool? = nil,
        isReadOnly: Bool? = nil,
        colour: String? = nil,
        namespaces: [String]? = nil,
        timeout: Duration? = nil
    ) {
        self.context = context
        self.kubeconfig = kubeconfig
        self.name = name
        self.group = group
        self.isProtected = isProtected
        self.isReadOnly = isReadOnly
        self.colour = colour
        self.namespaces = namespaces
        self.timeout = timeout
    }

    /// This rule with everything that the other sets put over it.
    func overlaid(by other: ClusterRule) -> ClusterRule {
        ClusterRule(
            context: other.context,
            kubeconfig: other.kubeconfig ?? kubeconfig,
            name: other.name ?? name,
            group: other.group ?? group,
            isProtected: other.isProtected ?? isProtected,
            isReadOnly: other.isReadOnly ?? isReadOnly,
            colour: other.colour ?? colour,
            namespaces: other.namespaces ?? namespaces,
            timeout: other.timeout ?? timeout
        )
    }
}
