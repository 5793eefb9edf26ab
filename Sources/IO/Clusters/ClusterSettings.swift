package import Kube
package import KubeWire

/// What a session must know of its cluster before it connects.
package struct ClusterSettings: Sendable {
    package var id: ClusterID
    package var displayName: String
    /// How to reach it, or what is wrong with its kubeconfig entry.
    package var access: Result<ClusterAccess, KubeconfigProblem>
    /// The namespaces to look at; empty means all.
    package var namespaces: [String]
    /// Until TCP and TLS stand.
    package var connectTimeout: Duration
    /// Until a whole answer is there; watches have none.
    package var requestTimeout: Duration
    /// How long a watch may say nothing before the server is asked; bookmarks come about once a minute.
    package var silenceLimit: Duration
    /// Refuses every request that would change the cluster, whoever asks for it.
    package var isReadOnly: Bool

    package init(
        id: ClusterID,
        displayName: String? = nil,
        access: Result<ClusterAccess, KubeconfigProblem>,
        namespaces: [String] = [],
        connectTimeout: Duration = .seconds(5),
        requestTimeout: Duration = .seconds(15),
        silenceLimit: Duration = .seconds(90),
        isReadOnly: Bool = false
    ) {
        self.id = id
        self.displayName = displayName ?? id.name
        self.access = access
        self.namespaces = namespaces
        self.connectTimeout = connectTimeout
        self.requestTimeout = requestTimeout
        self.silenceLimit = silenceLimit
        self.isReadOnly = isReadOnly
    }
}
