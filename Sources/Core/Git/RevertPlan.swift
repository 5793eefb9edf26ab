/// What a rollback aims at.
package enum RevertAim: Hashable, Sendable {
    /// One commit, 40 hex digits or any prefix that names just one; so are all commits here.
    case commit(String)
    /// Every commit after `from` up to `to`, as `from..to` names them in Git.
    case range(from: String, to: String)
    /// Marked commits, in any order; the newest is undone first.
    case commits([String])
    /// A file or directory as it was at a commit, whatever happened to it since.
    case path(String, at: String)
}

/// What to undo.
package struct RevertRequest: Hashable, Sendable {
    package var repository: RepositoryID
    /// The branch whose state is undone, without `refs/heads/`.
    package var branch: String
    package var aim: RevertAim
    /// For merges: which parent to go back to, 1-based; nil refuses merges with an explanation.
    package var mainline: Int?
    /// Why, in the operator's words; empty leaves the line out of the message.
    package var reason: String
    /// The whole commit message in the operator's words; nil takes weir's.
    package var message: String?
    /// A new branch for a pull request, without `refs/heads/`; nil pushes to `branch` itself.
    package var newBranch: String?
    /// The paths of all appliers of this repository, so that the plan can tell which ones it changes.
    package var paths: Set<String>

    package init(
        repository: RepositoryID,
        branch: String,
        aim: RevertAim,
        mainline: Int? = nil,
        reason: String = "",
        message: String? = nil,
        newBranch: String? = nil,
        paths: Set<String> = []
    ) {
        self.repository = repository
        self.branch = branch
        self.aim = aim
        self.mainline = mainline
        self.reason = reason
        self.message = message
        self.newBranch = newBranch
        self.paths = paths
    }

    /// Undoes one commit.
    package init(
        repository: RepositoryID,
        branch: String,
        commit: String,
        mainline: Int? = nil,
        reason: String = "",
        paths: Set<String> = []
    ) {
        self.init(
            repository: repository,
            branch: branch,
            aim: .commit(commit),
            mainline: mainline,
            reason: reason,
            paths: paths
        )
    }

    /// The commit by which the aim is known: the one, the last of a range, the first marked, the one gone back to.
    ///
    /// - Shape: setting it aims at that one commit.
    package var commit: String {
        get {
            switch aim {
            case .commit(let id), .range(_, to: let id), .path(_, at: let id): id
            case .commits(let ids): ids.first ?? ""
            }
        }
        set {
            aim = .commit(newValue)
        }
    }

    /// The branch that gets the new commit.
    package var destination: String { newBranch ?? branch }
}

/// A revert worked out in memory: nothing was written anywhere.
package struct RevertPlan: Hashable, Sendable {
    package let request: RevertRequest
    /// The newest commit that is undone; for a path put back the commit it goes back to.
    package let target: Commit
    /// The commits that are undone, newest first; cut at 500 where a path is put back.
    package let reverted: [Commit]
    /// The commit at the branch when the plan was made; a push expects just this one.
    package let tip: String
    /// The tree of the new commit; nil where conflicts forbid one.
    package let tree: String?
    /// The commit message, without a line break at its end; the operator may word it otherwise before it is
    /// confirmed.
    package var message: String
    package let author: String
    package let email: String
    /// How the commit will be signed, as the operator's Git configuration says.
    package let signing: CommitSigning
    package let diff: CommitDiff
    /// Files that newer commits changed too; with any of these the plan cannot be confirmed.
    package let conflicts: [FileConflict]
    /// Those of `request.paths` whose content the revert changes, through bases and components too.
    package let changedPaths: Set<String>
    /// Image policy markers, `namespace:policy`, found in the changed files: a bot writes there.
    package let imagePolicies: Set<String>
    /// What the change means for the objects that the files declare.
    package let objects: ManifestChanges
    /// What the operator should know of how the plan came about, one sentence each: mainline, steps without effect.
    package let notes: [String]

    package init(
        request: RevertRequest,
        target: Commit,
        reverted: [Commit]? = nil,
        tip: String,
        tree: String?,
        message: String,
        author: String,
        email: String,
        signing: CommitSigning = .none,
        diff: CommitDiff,
        conflicts: [FileConflict],
        changedPaths: Set<String>,
        imagePolicies: Set<String>,
        objects: ManifestChanges = ManifestChanges(),
        notes: [String] = []
    ) {
        self.request = request
        self.target = target
        self.reverted = reverted ?? [target]
        self.tip = tip
        self.tree = tree
        self.message = message
        self.author = author
        self.email = email
        self.signing = signing
        self.diff = diff
        self.conflicts = conflicts
        self.changedPaths = changedPaths
        self.imagePolicies = imagePolicies
        self.objects = objects
        self.notes = notes
    }

    package var isPossible: Bool { tree != nil && conflicts.isEmpty && !diff.files.isEmpty }

    /// The same plan with another message; blank text leaves weir's.
    package func saying(_ message: String) -> RevertPlan {
        var plan = self
        plan.message = RevertMessage.cleaned(message) ?? self.message
        return plan
    }
}

/// How a commit of weir's is signed.
package enum CommitSigning: Hashable, Sendable {
    case none
    /// With GnuPG, or for X.509 with gpgsm; the key as `user.signingkey` has it, else the author.
    case openPGP(key: String)
    case x509(key: String)
    /// With `ssh-keygen`; the key file, or the public key itself.
    case ssh(key: String)
    /// The configuration asks for a signature that cannot be made, with the reason: a push is refused.
    case impossible(String)

    /// What a plan shows: `signed with ssh key ~/.ssh/id.pub`.
    package var words: String {
        switch self {
        case .none: "not signed"
        case .openPGP(let key): "signed with OpenPGP key \(key)"
        case .x509(let key): "signed with X.509 key \(key)"
        case .ssh(let key): "signed with ssh key \(key)"
        case .impossible(let why): "cannot be signed: \(why)"
        }
    }

    package var isSigned: Bool {
        switch self {
        case .openPGP, .x509, .ssh: true
        case .none, .impossible: false
        }
    }
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
