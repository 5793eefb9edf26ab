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
    /// The cluster name that must be typed; nil where none is protected.
    package internal(set) var requiredName: String?
    package internal(set) var typedName: TextInput
    package internal(set) var reason: TextInput
    package internal(set) var focus: Field
    /// Why Enter did not go on, in one sentence.
    package internal(set) var problem: String?

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
}
