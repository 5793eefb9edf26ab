import Chrono
import Dashboard
import Git
import Kube

/// What `weir rollback -o json` prints: the plan, whom it changes, and what became of it.
struct RollbackReport: Report {
    struct Commit: Encodable {
        let commit: String
        let author: String
        let email: String
        let committed: String
        let subject: String
    }

    struct Aim: Encodable {
        /// `commit`, `commits`, `range` or `path`.
        let type: String
        /// Newest first; for a path what is undone there.
        let reverts: [Commit]
        /// The path that goes back, and the commit that it goes back to.
        var path: String?
        var to: Commit?
        var mainline: Int?
    }

    struct File: Encodable {
        let path: String
        var oldPath: String?
        /// `added`, `deleted`, `modified`, `renamed` or `typeChanged`.
        let change: String
        let added: Int
        let removed: Int
        let binary: Bool
        /// As `git diff` writes them: hunk headings, then lines with a space, `+` or `-` before them.
        let lines: [String]
    }

    struct Conflict: Encodable {
        let path: String
        let lines: [String]
        /// Newer commits that changed the file, newest first.
        let changedBy: [Commit]
    }

    struct Row: Encodable {
        let cluster: String
        let kind: String
        let namespace: String
        let name: String
        let path: String
        let state: String
        /// `changes`, `later` or `notAffected`.
        let reach: String
        var why: String?
    }

    struct Trap: Encodable {
        let type: String
        let message: String
    }

    struct Plan: Encodable {
        let aim: Aim
        let tip: String
        let message: String
        let author: String
        let email: String
        let signing: String
        let files: [File]
        /// True where files or lines were left out.
        let cut: Bool
        let conflicts: [Conflict]
        let notes: [String]
        /// Objects that leave Git and what is to be known of the rest, in words.
        let remarks: [String]
        let rows: [Row]
        let traps: [Trap]
        /// Why it cannot be pushed; absent where it can.
        var obstacle: String?
        /// The name that must be given with `--confirm`; absent where none is needed.
        var confirm: String?
        /// Image automations that are suspended before the push.
        let suspends: [String]
    }

    struct Push: Encodable {
        let commit: String
        let branch: String
        let remarks: [String]
        /// Where a pull request is opened.
        var compare: String?
        /// Image automations that stay suspended until somebody resumes them.
        let suspended: [String]
    }

    var version = 1
    let generated: String
    let repository: String
    /// The branch whose state is undone.
    let branch: String
    /// The branch that gets the commit, where it is another one.
    var newBranch: String?
    /// `planned`, `impossible`, `notPushed`, `pushed`, `healthy`, `notHealthy` or `unknown`.
    var result: String
    let plan: Plan
    var push: Push?
    /// How far each applier is, with `--wait`.
    var convergence: [ConvergenceReport.Row]?
}

extension RollbackReport {
    /// A plan that nobody has confirmed yet.
    init(_ plan: RevertPlan, _ rollback: RollbackState, _ radius: BlastRadius, _ state: AppState, at: String)
    {
        generated = at
        repository = plan.request.repository.address
        branch = plan.request.branch
        newBranch = plan.request.newBranch
        result = rollback.obstacle == nil ? "planned" : "impossible"
        self.plan = Plan(
            aim: Aim(plan),
            tip: plan.tip,
            message: plan.message,
            author: plan.author,
            email: plan.email,
            signing: plan.signing.words,
            files: plan.diff.files.map(File.init),
            cut: plan.diff.isCut,
            conflicts: plan.conflicts.map { conflict in
                Conflict(
                    path: conflict.path,
                    lines: conflict.lines,
                    changedBy: conflict.changedBy.map(Commit.init)
                )
            },
            notes: plan.notes,
            remarks: plan.objects.removed.map { "\($0.words) leaves Git" } + plan.objects.remarks,
            rows: radius.rows.map { Row($0, state) },
            traps: radius.traps.map { Trap(type: $0.type, message: $0.sentence) },
            obstacle: rollback.obstacle,
            confirm: rollback.requiredName,
            suspends: rollback.suspendsBots ? radius.bots.map { "\($0) on \($0.cluster)" } : []
        )
    }
}

extension RollbackReport.Commit {
    init(_ commit: Git.Commit) {
        self.init(
            commit: commit.id,
            author: commit.author,
            email: commit.email,
            committed: commit.committed.rfc3339,
            subject: commit.subject
        )
    }
}

extension RollbackReport.Aim {
    fileprivate init(_ plan: RevertPlan) {
        let reverts = plan.reverted.map(RollbackReport.Commit.init)
        switch plan.request.aim {
        case .commit: self.init(type: "commit", reverts: reverts, mainline: plan.request.mainline)
        case .commits: self.init(type: "commits", reverts: reverts, mainline: plan.request.mainline)
        case .range: self.init(type: "range", reverts: reverts, mainline: plan.request.mainline)
        case .path(let path, _):
            self.init(type: "path", reverts: reverts, path: path, to: RollbackReport.Commit(plan.target))
        }
    }
}

extension RollbackReport.File {
    fileprivate init(_ file: FileDiff) {
        let change =
            switch file.change {
            case .added: "added"
            case .deleted: "deleted"
            case .modified: "modified"
            case .renamed: "renamed"
            case .typeChanged: "typeChanged"
            }
        self.init(
            path: file.path,
            oldPath: file.oldPath == file.path ? nil : file.oldPath,
            change: change,
            added: file.added,
            removed: file.removed,
            binary: file.isBinary,
            lines: file.hunks.flatMap { hunk in [hunk.header] + hunk.lines.map(\.patchLine) }
        )
    }
}

extension DiffLine {
    /// The line with its sign, as a patch has it.
    var patchLine: String {
        switch origin {
        case .context: " \(text)"
        case .added: "+\(text)"
        case .removed: "-\(text)"
        }
    }
}

extension RollbackReport.Row {
    fileprivate init(_ row: BlastRadius.Row, _ state: AppState) {
        let (reach, why): (String, String?) =
            switch row.reach {
            case .changes: ("changes", nil)
            case .later(let why): ("later", why)
            case .notAffected(let why): ("notAffected", why)
            }
        self.init(
            cluster: state.profile(row.ref.cluster).displayName,
            kind: row.ref.kind,
            namespace: row.ref.namespace,
            name: row.ref.name,
            path: row.path,
            state: row.state.word,
            reach: reach,
            why: why
        )
    }
}

extension Trap {
    /// The kind of trap, for scripts.
    fileprivate var type: String {
        switch self {
        case .imageBot: "imageBot"
        case .prune: "prune"
        case .suspended: "suspended"
        case .verifies: "verifies"
        case .dependency: "dependency"
        case .healthCheck: "healthCheck"
        case .pinned: "pinned"
        case .packed: "packed"
        case .included: "included"
        case .readOnly: "readOnly"
        case .frozen: "frozen"
        case .unseen: "unseen"
        case .unreachable: "unreachable"
        case .heldAbove: "heldAbove"
        case .dependants: "dependants"
        case .remediated: "remediated"
        case .manifest: "manifest"
        case .plan: "plan"
        }
    }
}
