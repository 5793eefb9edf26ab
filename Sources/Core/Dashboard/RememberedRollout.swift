package import Chrono
package import Git

/// A push of an earlier weir that had not come to its end when that weir left.
package struct RememberedRollout: Sendable, Hashable {
    /// How the ledger knows it.
    package let key: String
    package let repository: RepositoryID
    package let branch: String
    package let subject: String
    package let members: [Convergence.Member]
    /// The commit and when it was pushed; nil where nobody knows whether the server took it.
    package let pushed: Pushed?

    /// A commit that is on its branch, and since when.
    package struct Pushed: Sendable, Hashable {
        package let commit: String
        package let at: Timestamp

        package init(commit: String, at: Timestamp) {
            self.commit = commit
            self.at = at
        }
    }

    /// When it was about to be pushed.
    package let planned: Timestamp

    package init(
        key: String,
        repository: RepositoryID,
        branch: String,
        subject: String,
        members: [Convergence.Member],
        planned: Timestamp,
        pushed: Pushed?
    ) {
        self.key = key
        self.repository = repository
        self.branch = branch
        self.subject = subject
        self.members = members
        self.planned = planned
        self.pushed = pushed
    }
}
