/// What the user may change in one cluster, as the cluster answered when it was asked.
///
/// - Source: SelfSubjectAccessReview; an answer may be overtaken, so a refusal is still met when it comes.
package struct ClusterRights: Hashable, Sendable {
    private struct Question: Hashable {
        let kind: FluxKind
        /// Empty for all namespaces.
        let namespace: String
    }

    private var answers: [Question: Bool] = [:]

    package init() {}

    /// True before the cluster answered anything.
    package var isEmpty: Bool { answers.isEmpty }

    /// Keeps an answer; an empty namespace means all of them.
    package mutating func set(_ isAllowed: Bool, toPatch kind: FluxKind, in namespace: String) {
        answers[Question(kind: kind, namespace: namespace)] = isAllowed
    }

    /// Whether objects of a kind may be patched; nil where it is not known.
    ///
    /// - Shape: the right for all namespaces holds in each; without it each namespace has an answer of its own.
    package func mayPatch(_ kind: FluxKind, in namespace: String) -> Bool? {
        if answers[Question(kind: kind, namespace: "")] == true {
            return true
        }
        return answers[Question(kind: kind, namespace: namespace)]
    }

    /// What an object needs to be reconciled, suspended or resumed and is not given; nil where nothing is known to be.
    package func refusal(of ref: ObjectRef) -> String? {
        guard let kind = FluxKind.of(group: ref.group, kind: ref.kind),
            mayPatch(kind, in: ref.namespace) == false
        else {
            return nil
        }
        return "needs the right to patch \(kind.plural).\(kind.group) in \(ref.namespace)"
    }
}
