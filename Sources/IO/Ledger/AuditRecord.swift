package import Chrono

/// One change that somebody made through weir: who, when, what, and how it ended.
package struct AuditRecord: Hashable, Sendable {
    /// Names the change: its asking and its ending carry the same.
    package var change: String
    package var at: Timestamp
    /// The login name on this machine.
    package var user: String
    /// The machine's name.
    package var host: String
    /// Who signs weir's commits, `On call <oncall@example.org>`; empty where that is left to Git.
    package var gitIdentity: String
    /// The context; empty for a change of Git.
    package var cluster: String
    /// Who the cluster says that weir is, or else how the kubeconfig gets in.
    package var clusterIdentity: String
    /// `reconcile`, `force`, `suspend`, `resume`, `revert`.
    package var action: String
    /// The object or the branch that is changed.
    package var subject: String
    /// The plan: what exactly was to be done.
    package var plan: String
    /// How it was confirmed: in the dashboard, or on the command line.
    package var confirmation: String
    /// Nil until it ended; `done`, `refused`, `failed`.
    package var result: String?
    /// What the result says, one sentence.
    package var message: String
    package var ended: Timestamp?

    package init(
        change: String,
        at: Timestamp,
        user: String,
        host: String = "",
        gitIdentity: String = "",
        cluster: String = "",
        clusterIdentity: String = "",
        action: String,
        subject: String,
        plan: String = "",
        confirmation: String = "",
        result: String? = nil,
        message: String = "",
        ended: Timestamp? = nil
    ) {
        self.change = change
        self.at = at
        self.user = user
        self.host = host
        self.gitIdentity = gitIdentity
        self.cluster = cluster
        self.clusterIdentity = clusterIdentity
        self.action = action
        self.subject = subject
        self.plan = plan
        self.confirmation = confirmation
        self.result = result
        self.message = message
        self.ended = ended
    }
}
