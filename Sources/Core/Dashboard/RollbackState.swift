package import Git
package import Kube

/// The way from "this commit is bad" to a push.
package struct RollbackState: Sendable {
    package enum Step: Sendable, Hashable {
        /// Libgit2 works out the revert.
        case planning
        /// It can be read and confirmed, or says why it cannot.
        case preview(RevertPlan, BlastRadius)
        /// Confirmed; the bots are suspended before the push.
        case suspendingBots(RevertPlan, BlastRadius, pending: Set<ObjectRef>)
        /// Confirmed; the commit is on its way.
        case pushing(RevertPlan, BlastRadius)
        /// There is no plan, with the reason.
        case impossible(GitFailure)
    }

    package enum Field: Sendable, Hashable {
        case diff, subject, reason, bots, name, push
    }

    package internal(set) var request: RevertRequest
    /// The commit as the log showed it.
    package let commit: Commit?
    /// The resource from which the operator came.
    package let origin: ObjectRef?
    package internal(set) var step: Step
    /// The first line of the commit message.
    package internal(set) var subject: TextInput
    package internal(set) var reason: TextInput
    package internal(set) var typedName: TextInput
    /// The cluster name that must be typed; nil where no protected cluster changes.
    package internal(set) var requiredName: String?
    package internal(set) var suspendsBots: Bool
    package internal(set) var showsDiff: Bool
    /// The first line shown, of the preview or of its diff.
    package internal(set) var scroll: Int
    package internal(set) var focus: Field
    /// Why it did not go on, in one sentence.
    package internal(set) var problem: String?
    /// True where the connection broke while the server was deciding: the branch may have the commit.
    package internal(set) var isUnclear = false
    /// Bots that were suspended for it, and stay so until somebody resumes them.
    package internal(set) var suspendedBots: [ObjectRef]
    /// True while a plan is on its way; the one before it stays on the screen.
    package internal(set) var isPlanning: Bool
    /// True where it takes back an earlier push of weir's.
    package let isUndo: Bool
    /// Made by the confirm step, taken by the push.
    var confirmed: Confirmed<RevertPlan>?

    /// The plan on the screen.
    package var plan: RevertPlan? {
        switch step {
        case .preview(let plan, _), .suspendingBots(let plan, _, _), .pushing(let plan, _): plan
        case .planning, .impossible: nil
        }
    }

    /// The subject as the plan words it.
    var plannedSubject: String {
        plan.map { String($0.message.prefix { $0 != "\n" }) } ?? ""
    }

    /// Why a name must be typed, in one word.
    package var nameReason: String {
        blastRadius?.frozen.isEmpty == false ? "frozen" : "protected"
    }

    package var blastRadius: BlastRadius? {
        switch step {
        case .preview(_, let radius), .suspendingBots(_, let radius, _), .pushing(_, let radius): radius
        case .planning, .impossible: nil
        }
    }
}
