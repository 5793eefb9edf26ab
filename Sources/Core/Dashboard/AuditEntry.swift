package import Chrono

/// One change that somebody made through weir, as the ledger has it: who, when, what, and how it ended.
package struct AuditEntry: Hashable, Sendable {
    /// Names the change in the ledger.
    package let change: String
    package let at: Timestamp
    /// The login name and its machine, `ann@bastion`.
    package let who: String
    /// As whom weir stood before the cluster, or who stands in the commit.
    package let identity: String
    /// The context; empty for a change of Git.
    package let cluster: String
    package let action: String
    package let subject: String
    /// What exactly was to be done.
    package let plan: String
    package let confirmation: String
    /// `done`, `refused` or `failed`; nil where no answer came.
    package let result: String?
    /// What the result says.
    package let message: String
    package let ended: Timestamp?

    package init(
        change: String,
        at: Timestamp,
        who: String,
        identity: String = "",
        cluster: String = "",
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
        self.who = who
        self.identity = identity
        self.cluster = cluster
        self.action = action
        self.subject = subject
        self.plan = plan
        self.confirmation = confirmation
        self.result = result
        self.message = message
        self.ended = ended
    }

    /// Everything that a row has no room for, in one line.
    package var detail: String {
        let who = identity.isEmpty ? self.who : "\(self.who) as \(identity)"
        let how = confirmation.isEmpty ? "" : ", confirmed \(confirmation)"
        let end = message.isEmpty ? "" : ": \(message)"
        let result = self.result.map { "\($0)\(end)" } ?? "no answer came"
        return "\(at.rfc3339) \(who)\(how): \(plan.isEmpty ? action : plan) → \(result)"
    }
}

/// The audit view: what was changed through weir, by all weirs that share the ledger.
package struct AuditState: Sendable {
    package internal(set) var filter = Filter.none
    /// Newest first, those that the filter lets through.
    package internal(set) var rows: [AuditEntry] = []
    package internal(set) var cursor = Cursor<String>()
    /// When the ledger was read last; nil before the first answer.
    package internal(set) var read: Timestamp?
    /// Why it could not be read, in one sentence.
    package internal(set) var problem: String?
    /// As they were read, newest first.
    var entries: [AuditEntry] = []
    var isStale = true
    /// True where dry runs were asked for with the rest.
    package internal(set) var hasDryRuns = false
    var basis: Basis?

    /// Counts up with every answer.
    var generation = 0

    struct Basis: Hashable {
        let generation: Int
        let filter: Filter
    }

    /// The most changes that the view shows.
    package static let limit = 500
    /// Other weirs write too: while it is shown it is read again after so long.
    static let patience = Duration.seconds(15)

    package init() {}
}
