package import Kube

/// A question before a change: what will be done, to what, on how many clusters.
package struct Confirmation: Sendable, Hashable {
    package let action: Action
    /// What the action is done to.
    package let targets: [ObjectRef]
    /// What it is not done to, and why.
    package let refused: [Refusal]
    /// Suspended ones among what was selected: a resync leaves them out unless they are resumed first.
    package let suspended: [ObjectRef]
    /// True where the operator chose to resume the suspended ones first.
    package internal(set) var resumesSuspended: Bool
    /// The names of the protected clusters that change.
    package internal(set) var requiredNames: RequiredNames
    package internal(set) var typedName: TextInput
    package internal(set) var reason: TextInput
    package internal(set) var focus: Field
    /// Why Enter did not go on, in one sentence.
    package internal(set) var problem: String?
    /// True where it takes back the last action.
    package let isUndo: Bool

    package enum Action: Sendable, Hashable {
        case resync(withSource: Bool, force: Bool)
        case suspend
        case resume
    }

    package struct Refusal: Sendable, Hashable {
        package let ref: ObjectRef
        /// One clause: `is read-only here`.
        package let why: String
    }

    package enum Field: Sendable, Hashable {
        case offer, reason, name, confirm
    }

    /// What Tab goes through, in the order on the screen.
    package var fields: [Field] {
        var fields: [Field] = []
        if !suspended.isEmpty {
            fields.append(.offer)
        }
        if action == .suspend {
            fields.append(.reason)
        }
        if !requiredNames.isEmpty {
            fields.append(.name)
        }
        return fields + [.confirm]
    }

    /// What must be typed before it is done; nil where no protected cluster changes.
    package var requiredName: String? { requiredNames.line }

    /// What the action is done to if it is confirmed as it stands.
    package var chosen: [ObjectRef] {
        resumesSuspended ? (targets + suspended).sorted() : targets
    }

    /// The clusters that it changes, sorted.
    package var clusters: [ClusterID] {
        Set(chosen.map(\.cluster)).sorted()
    }

    /// What will happen, in one sentence: `Resync 3 resources with their sources on 2 clusters`.
    package var sentence: String {
        let count = chosen.count
        let what = count == 1 ? chosen.first.map(\.description) ?? "" : "\(count) resources"
        let verb =
            switch action {
            case .resync(_, true): "Force an upgrade of \(what)"
            case .resync(true, false): "Resync \(what) with \(count == 1 ? "its source" : "their sources")"
            case .resync(false, false): "Resync \(what)"
            case .suspend: "Suspend \(what)"
            case .resume: "Resume \(what)"
            }
        return "\(verb) on \(clusters.count == 1 ? "1 cluster" : "\(clusters.count) clusters")"
    }
}
