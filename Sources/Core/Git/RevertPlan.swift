/// What to undo.
package struct RevertRequest: Hashable, Sendable {
    package var repository: RepositoryID
    /// The branch that gets the new commit, without `refs/heads/`.
    package var branch: String
    /// The commit to undo, 40 hex digits or any prefix that names just one.
    package var commit: String
    /// For a merge: which parent to go back to, 1-based; nil refuses merges with an explanation.
    package var mainline: Int?
    /// Why, in the operator's words; empty leaves the line out of the message.
    package var reason: String
    /// The paths of all appliers of this repository, so that the plan can tell which ones it changes.
    package var paths: Set<String>

    package init(
        repository: RepositoryID,
        branch: String,
        commit: String,
        mainline: Int? = nil,
        reason: String = "",
        paths: Set<String> = []
    ) {
        self.repository = repository
        self.branch = branch
        self.commit = commit
        self.mainline = mainline
        self.reason = reason
        self.paths = paths
    }
}

/// A revert worked out in memory: nothing was written anywhere.
package struct RevertPlan: Hashable, Sendable {
    package let request: RevertRequest
    package let target: Commit
    /// The commit at the branch when the plan was made; a push expects just this one.
    package let tip: String
    /// The tree of the new commit; nil where conflicts forbid one.
    package let tree: String?
    /// The operator may word it otherwise before it is confirmed.
    package var message: String
    package let author: String
    package let email: String
    package let diff: CommitDiff
    /// Files that newer commits changed too; with any of these the plan cannot be confirmed.
    package let conflicts: [FileConflict]
    /// Those of `request.paths` whose content the revert changes, through bases and components too.
    package let changedPaths: Set<String>
    /// Image policy markers, `namespace:policy`, found in the changed files: a bot writes there.
    package let imagePolicies: Set<String>

    package init(
        request: RevertRequest,
        target: Commit,
        tip: String,
        tree: String?,
        message: String,
        author: String,
        email: String,
        diff: CommitDiff,
        conflicts: [FileConflict],
        changedPaths: Set<String>,
        imagePolicies: Set<String>
    ) {
        self.request = request
        self.target = target
        self.tip = tip
        self.tree = tree
        self.message = message
        self.author = author
        self.email = email
        self.diff = diff
        self.conflicts = conflicts
        self.changedPaths = changedPaths
        self.imagePolicies = imagePolicies
    }

    package var isPossible: Bool { tree != nil && conflicts.isEmpty && !diff.files.isEmpty }
}

/// A file that cannot be reverted by itself, with what stands against it.
package struct FileConflict: Hashable, Sendable {
    package let path: String
    /// The merged text around the conflict markers, harmless, cut to what fits a screen.
    package let lines: [String]
    /// Newer commits that changed the file, newest first.
    package let changedBy: [Commit]

    package init(path: String, lines: [String], changedBy: [Commit]) {
        self.path = path
        self.lines = lines
        self.changedBy = changedBy
    }
}

/// A value that the operator confirmed: a Git mutation takes nothing else.
///
/// - Source: made in two places only, the confirm step of `reduce` and `weir rollback --yes`; a test counts.
package struct Confirmed<Value: Sendable & Hashable>: Hashable, Sendable {
    package let value: Value

    package init(byOperator value: Value) {
        self.value = value
    }
}

/// What a push left behind.
package struct PushReceipt: Hashable, Sendable {
    package let repository: RepositoryID
    package let branch: String
    /// The new commit, now at the tip of the branch.
    package let commit: String
    /// What the server said over the wire, `remote:` lines, harmless.
    package let remarks: [String]

    package init(repository: RepositoryID, branch: String, commit: String, remarks: [String] = []) {
        self.repository = repository
        self.branch = branch
        self.commit = commit
        self.remarks = remarks
    }
}

/// Why something about Git did not work; in every case but `unclear` nothing was changed.
package struct GitFailure: Error, Hashable, Sendable {
    package enum Cause: Hashable, Sendable {
        case unreachable, authentication, notFound, conflict
        /// The branch is at this commit now, not where the plan expected it.
        case movedTip(String)
        /// The server refused the ref; the reason is in the message.
        case rejected
        case readOnly
        case invalid
        /// The connection broke while the server was deciding: the branch tells whether it took the commit.
        case unclear
        case other
    }

    package let cause: Cause
    /// One sentence with what was expected and what to do; never a credential.
    package let message: String

    package init(_ cause: Cause, _ message: String) {
        self.cause = cause
        self.message = message
    }
}
