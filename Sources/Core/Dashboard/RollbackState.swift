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
        case diff, message, mainline, destination, branch, subject, reason, bots, name, push
    }

    package internal(set) var request: RevertRequest
    /// The commits as the log showed them, newest first: what is undone, or the one that a path goes back to.
    package let chosen: [Commit]
    /// The resource from which the operator came.
    package let origin: ObjectRef?
    package internal(set) var step: Step
    /// The first line of the commit message.
    package internal(set) var subject: TextInput
    package internal(set) var reason: TextInput
    /// What the commit message says below its subject.
    package internal(set) var body: TextBlock
    /// True while keys go into the body, which then takes the place of the preview.
    package internal(set) var editsBody: Bool
    /// What the new branch for a pull request is called.
    package internal(set) var branch: TextInput
    package internal(set) var typedName: TextInput
    /// The names of the protected or frozen clusters that change, in the order of the kubeconfig.
    package internal(set) var requiredNames: RequiredNames
    package internal(set) var suspendsBots: Bool
    package internal(set) var showsDiff: Bool
    /// The first line shown, of the preview or of its diff.
    package internal(set) var scroll: Int
    package internal(set) var focus: Field
    /// Why it did not go on, in one sentence.
    package internal(set) var problem: String?
    /// True where the connection broke while the server was deciding: the branch may have the commit.
    package internal(set) var isUnclear = false
    /// Why the request as it stands has no plan; the plan of before stays on the screen and cannot be confirmed.
    package internal(set) var planProblem: String?
    /// Why the new branch cannot be this one, in one sentence.
    var branchProblem: String?
    /// Bots that were suspended for it, and stay so until somebody resumes them.
    package internal(set) var suspendedBots: [ObjectRef]
    /// Image automations that the push which is taken back left suspended: they stay so.
    package internal(set) var heldBots: [ObjectRef] = []
    /// True while a plan is on its way; the one before it stays on the screen.
    package internal(set) var isPlanning: Bool
    /// True where it takes back an earlier push of weir's.
    package let isUndo: Bool
    /// The subject and the body as weir worded them for the plan: what differs is the operator's own.
    var plannedSubject = ""
    var plannedBody = ""
    /// Made by the confirm step, taken by the push.
    var confirmed: Confirmed<RevertPlan>?

    /// The plan on the screen.
    package var plan: RevertPlan? {
        switch step {
        case .preview(let plan, _), .suspendingBots(let plan, _, _), .pushing(let plan, _): plan
        case .planning, .impossible: nil
        }
    }

    /// The commit by which it is known, as the log showed it.
    package var commit: Commit? { chosen.first }

    /// What must be typed before it is confirmed; nil where no protected cluster changes.
    package var requiredName: String? { requiredNames.line }

    /// A commit message without its subject and the empty line below it.
    static func body(of message: String) -> String {
        var rest = message.drop { $0 != "\n" }
        while rest.first == "\n" {
            rest = rest.dropFirst()
        }
        return String(rest)
    }

    /// True where the operator worded the text below the subject himself.
    package var isBodyOwn: Bool { plan != nil && body.text != plannedBody }

    /// The most undone commits that are listed.
    package static let undoneLimit = 50

    /// The commit message as it stands.
    package var message: String {
        body.text.isEmpty ? subject.text : "\(subject.text)\n\n\(body.text)"
    }

    /// The merge among what is undone: one parent's side stays, and the operator says which.
    package var merge: Commit? {
        if case .path = request.aim {
            return nil
        }
        return (plan?.reverted ?? chosen).first(where: \.isMerge)
    }

    package var blastRadius: BlastRadius? {
        switch step {
        case .preview(_, let radius), .suspendingBots(_, let radius, _), .pushing(_, let radius): radius
        case .planning, .impossible: nil
        }
    }
}

extension RollbackState {
    /// Shows a plan; what the operator worded himself stays.
    mutating func take(_ plan: RevertPlan, _ radius: BlastRadius, _ names: RequiredNames) {
        let hadPlan = self.plan != nil
        let ownSubject = !subject.text.isEmpty && subject.text != plannedSubject
        let ownBody = isBodyOwn
        let reasonBefore = self.plan?.request.reason ?? ""
        step = .preview(plan, radius)
        isPlanning = false
        planProblem = nil
        requiredNames = names
        plannedSubject = String(plan.message.prefix { $0 != "\n" })
        plannedBody = RollbackState.body(of: plan.message)
        if !ownSubject {
            subject = TextInput(plannedSubject)
        }
        if !ownBody {
            body = TextBlock(plannedBody)
        } else if plan.request.reason != reasonBefore {
            body = TextBlock(RollbackState.body(body.text, saying: plan.request.reason, not: reasonBefore))
        }
        if !hadPlan {
            suspendsBots = offersBots(radius)
            scroll = 0
        }
        if !fields.contains(focus) {
            focus = fields.first ?? .push
        }
    }

    /// A body in the operator's words with another reason at its head, where weir puts it.
    private static func body(_ text: String, saying reason: String, not before: String) -> String {
        var rest = text[...]
        if !before.isEmpty, rest.hasPrefix(before) {
            rest = rest.dropFirst(before.count).drop { $0 == "\n" }
        }
        return [reason, String(rest)].filter { !$0.isEmpty }.joined(separator: "\n\n")
    }
}
