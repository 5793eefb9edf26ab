package import Chrono
package import Kube

/// A push as the ledger remembers it, so that a later weir can follow it to its end.
package struct RolloutRecord: Hashable, Sendable {
    /// Who is to get the commit, and what ran there before.
    package struct Member: Hashable, Sendable {
        package let applier: ObjectRef
        package let source: ObjectRef
        package let before: String?
        /// False where it never names a commit of the repository.
        package let tellsCommit: Bool

        package init(applier: ObjectRef, source: ObjectRef, before: String?, tellsCommit: Bool = true) {
            self.applier = applier
            self.source = source
            self.before = before
            self.tellsCommit = tellsCommit
        }
    }

    /// Names the rollout among all.
    package var rollout: String
    /// When it was about to be pushed.
    package var at: Timestamp
    /// The address in the form that mirrors are known by.
    package var repository: String
    package var branch: String
    package var subject: String
    package var members: [Member]
    /// Nil where nobody knows yet whether the server took it.
    package var commit: String?
    package var pushed: Timestamp?

    package init(
        rollout: String,
        at: Timestamp,
        repository: String,
        branch: String,
        subject: String,
        members: [Member],
        commit: String? = nil,
        pushed: Timestamp? = nil
    ) {
        self.rollout = rollout
        self.at = at
        self.repository = repository
        self.branch = branch
        self.subject = subject
        self.members = members
        self.commit = commit
        self.pushed = pushed
    }
}
