package import Chrono
package import KubeWire

/// What a close look at one cluster's connection found; made for `weir doctor`.
package struct ClusterExamination: Sendable {
    /// How the server proves who it is.
    package enum Trust: Sendable, Hashable {
        case plainHTTP
        /// Any certificate is taken: `insecure-skip-tls-verify`.
        case unverified
        /// The authorities of the kubeconfig and no others, until the first of them runs out.
        case given(until: Timestamp?)
        case system
    }

    /// One thing the user may or may not do; nil where the cluster did not say.
    package struct Right: Sendable, Hashable {
        /// What of weir needs it.
        package let action: String
        package let verb: String
        /// Plural and group, as in `kustomizations.kustomize.toolkit.fluxcd.io`.
        package let resource: String
        /// Empty for all namespaces.
        package let namespace: String
        package let isAllowed: Bool?
    }

    /// The address; nil where the kubeconfig entry cannot be used.
    package var server: String?
    package var trust: Trust?
    /// The name that is verified in place of the address.
    package var serverName: String?
    /// Without user and password.
    package var proxy: String?
    /// How weir says who it is: `token`, `client certificate`, `plugin aws` …; empty for nothing.
    package var credentials: [String] = []
    package var credentialsExpire: Timestamp?
    /// Whom weir acts as; nil where it is itself.
    package var actsAs: String?
    package var user: SelfReview?
    /// The shortest of a few questions and answers over a connection that stood.
    package var roundTrip: Duration?
    package var rights: [Right] = []

    package init() {}
}
