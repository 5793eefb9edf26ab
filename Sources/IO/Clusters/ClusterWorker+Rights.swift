import HashTreeCollections
import Kube
import KubeWire

/// Questions about rights that wait for their turn, and those under way.
struct RightsInquiry {
    struct Question: Hashable {
        let kind: FluxKind
        /// Empty for all namespaces.
        let namespace: String
    }

    var waiting: [Question] = []
    var underWay = 0
    /// Counts inquiries: answers to an earlier one are not listened to.
    var number = 0
}

extension ClusterWorker {
    /// Questions in the air at once: rights are no hurry, and the picture comes first.
    private static let questionsAtOnce = 2
    /// Namespaces asked for one by one where the right for all of them is missing.
    private static let namespacesAsked = 20

    /// Asks what may be patched: every action of weir on a Flux object is a patch.
    func askRights() {
        // Where weir itself changes nothing, it does not matter.
        guard !settings.isReadOnly, link.isLive, hasSecondPart else {
            return
        }
        inquiry.number += 1
        inquiry.underWay = 0
        inquiry.waiting = FluxKind.all.filter { kinds[$0] != nil }.map { kind in
            RightsInquiry.Question(kind: kind, namespace: "")
        }
        askNextRights()
        askWhoIAm()
        // Rights change while nobody says so.
        alarms.set(rightsAlarm, after: .seconds(Double.random(in: 540...660, using: &random))) {
            [unowned self] in
            askRights()
        }
    }

    /// Asks once who we are here: changes are noted with the name that the cluster knows.
    private func askWhoIAm() {
        guard snapshot.user == nil else {
            return
        }
        line.collect(.whoAmI) { [unowned self] result in
            // Clusters before 1.28 do not serve the question: the kubeconfig's own words stand in.
            guard !isStopped, case .success(let answer) = result, answer.isSuccess,
                let user = SelfReview.decode(answer.body)?.user
            else {
                return
            }
            snapshot.user = user
            changed()
        }
    }

    private func askNextRights() {
        while inquiry.underWay < ClusterWorker.questionsAtOnce, !inquiry.waiting.isEmpty {
            ask(inquiry.waiting.removeFirst())
        }
    }

    private func ask(_ question: RightsInquiry.Question) {
        inquiry.underWay += 1
        let number = inquiry.number
        let request = KubeRequest.mayI(
            verb: "patch",
            group: question.kind.group,
            resource: question.kind.plural,
            namespace: question.namespace
        )
        line.collect(request) { [unowned self] result in
            guard !isStopped, inquiry.number == number else {
                return
            }
            inquiry.underWay -= 1
            guard case .success(let answer) = result, answer.isSuccess,
                let isAllowed = AccessReview.decode(answer.body)
            else {
                // Whoever may not ask is told when acting.
                inquiry.waiting = []
                return
            }
            learn(question, isAllowed)
            askNextRights()
        }
    }

    private func learn(_ question: RightsInquiry.Question, _ isAllowed: Bool) {
        let before = snapshot.rights
        snapshot.rights.set(isAllowed, toPatch: question.kind, in: question.namespace)
        if question.namespace.isEmpty, !isAllowed {
            let namespaces = Set(
                snapshot.resources.keys.lazy
                    .filter { $0.kind == question.kind.kind && $0.group == question.kind.group }
                    .map(\.namespace)
            )
            inquiry.waiting += namespaces.sorted().prefix(ClusterWorker.namespacesAsked).map {
                RightsInquiry.Question(kind: question.kind, namespace: $0)
            }
        }
        if snapshot.rights != before {
            changed()
        }
    }

    /// A change was refused: what was known of the rights is outdated.
    func refusedToPatch(_ ref: ObjectRef) {
        guard let kind = FluxKind.of(group: ref.group, kind: ref.kind) else {
            return
        }
        snapshot.rights.set(false, toPatch: kind, in: "")
        snapshot.rights.set(false, toPatch: kind, in: ref.namespace)
        changed()
    }
}
