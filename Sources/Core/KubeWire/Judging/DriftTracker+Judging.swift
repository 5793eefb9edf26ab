import Chrono
import Kube

// From owners of fields to findings.
extension DriftTracker {
    /// Fields named of one hand; of more only the number is told.
    private static let fieldLimit = 20

    /// True where an entry of another manager may mean something, whatever the applier ignores.
    func isNoticed(_ hand: ObjectOwnership.Hand, of ownership: ObjectOwnership, _ kind: String) -> Bool {
        // What Flux applied through a Kustomization is no stranger to what it applied through Helm.
        if ownership.owner == .helmRelease, hand.manager.manager == "kustomize-controller" {
            return false
        }
        return hand.fields.contains { field in !isLegitimate(hand.manager, kind, field) }
    }

    private func isLegitimate(_ manager: FieldManager, _ kind: String, _ field: OwnedField) -> Bool {
        rules.contains { $0.covers(manager, kind: kind, field: field.path) }
    }

    /// The drifted objects of one applier.
    func findings(of ref: ObjectRef) -> [Key: ObjectDrift] {
        guard let applier = appliers[ref], suspects[ref] != nil || strays[ref] != nil else {
            return [:]
        }
        let suspects = (suspects[ref] ?? [:]).merging(strays[ref] ?? [:]) { $1 }
        var result: [Key: ObjectDrift] = [:]
        for entry in applier.inventory {
            let key = Key(
                kind: GroupKind(group: entry.group, kind: entry.kind),
                name: ObjectName(namespace: entry.namespace, name: entry.name)
            )
            guard let suspect = suspects[key] else {
                continue
            }
            let hands = hands(of: suspect, entry, applier)
            if !hands.isEmpty {
                // What Flux leaves may be there since long before its last run.
                let isOfLastRun = hands.contains { $0.returns == true }
                result[key] = ObjectDrift(
                    entry: entry,
                    applier: ref,
                    hands: hands,
                    seen: suspect.seen,
                    sighted: isOfLastRun || suspect.sighted.exact != nil ? suspect.sighted : .unknown
                )
            }
        }
        return result
    }

    private func hands(of suspect: Suspect, _ entry: InventoryEntry, _ applier: Applier) -> [DriftHand] {
        let ignored = applier.ignores.paths(of: entry, suspect.ownership.marks)
        guard !ignored.isWhole else {
            return []
        }
        var hands: [DriftHand] = []
        for hand in suspect.ownership.hands where isNoticed(hand, of: suspect.ownership, entry.kind) {
            let fields = hand.fields.filter { field in
                !isLegitimate(hand.manager, entry.kind, field) && !ignored.covers(field.pointer)
            }
            hands += judged(hand, fields, suspect)
        }
        if suspect.lacking > 0 {
            hands.append(
                DriftHand(
                    nature: .removed,
                    manager: "",
                    name: "",
                    fields: [],
                    fieldCount: suspect.lacking,
                    time: nil,
                    returns: true
                )
            )
        }
        lostName(suspect, hands, entry, applier).map { hands.append($0) }
        return DriftTracker.ordered(hands)
    }

    /// The hand with most weight first.
    static func ordered(_ hands: [DriftHand]) -> [DriftHand] {
        hands.sorted { left, right in
            (left.nature.weight, left.gravity, left.time?.nanoseconds ?? .max, left.name)
                < (right.nature.weight, right.gravity, right.time?.nanoseconds ?? .max, right.name)
        }
    }

    private func judged(
        _ hand: ObjectOwnership.Hand,
        _ fields: [OwnedField],
        _ suspect: Suspect
    ) -> [DriftHand] {
        let taken = fields.filter { suspect.before?.contains($0.hash) == true }
        // The applier wrote after the hand, and so the hand has nothing of Git's.
        let isOlder = hand.time.flatMap { time in suspect.ownership.appliedAt.map { time < $0 } } ?? false
        let isKnown = isOlder || suspect.before != nil
        let manager = hand.manager
        if suspect.ownership.policy == .merge {
            return DriftTracker.hand(manager.isTool ? .edited : .overridden, hand, taken, returns: true)
        }
        if manager.isTool {
            // Scaling what Git does not count is what scaling is for.
            let isFree = !manager.subresource.isEmpty && isKnown
            let isFolded =
                suspect.ownership.owner == .kustomization && manager.isOfKubectlFamily
                && manager.subresource.isEmpty
            let isTaken = Set(taken.map(\.hash))
            // A release writes all of the chart: what stayed with a hand of before is not the chart's.
            let isLeft = suspect.ownership.owner == .helmRelease && isOlder
            let extra = fields.filter { field in
                !isTaken.contains(field.hash)
                    && (isLeft || manager.isController && field.path.hasPrefix("metadata."))
            }
            let isExtra = Set(extra.map(\.hash))
            let edited = fields.filter { !isExtra.contains($0.hash) }
            let returns: Bool? = isFolded || !taken.isEmpty ? true : isKnown ? false : nil
            return DriftTracker.hand(.edited, hand, isFree ? taken : edited, returns: returns)
                + DriftTracker.hand(.extra, hand, isFree ? [] : extra, returns: isKnown ? false : nil)
        }
        let isTaken = Set(taken.map(\.hash))
        let added = fields.filter { !isTaken.contains($0.hash) && !$0.path.hasPrefix("metadata.") }
        return DriftTracker.hand(.overridden, hand, taken, returns: true)
            + DriftTracker.hand(.extra, hand, added, returns: isKnown ? false : nil)
    }

    private static func hand(
        _ nature: DriftHand.Nature,
        _ hand: ObjectOwnership.Hand,
        _ fields: [OwnedField],
        returns: Bool?
    ) -> [DriftHand] {
        guard !fields.isEmpty else {
            return []
        }
        return [
            DriftHand(
                nature: nature,
                manager: hand.manager.manager,
                name: hand.manager.name,
                fields: Array(fields.map(\.path).gravestFirst { $0 }.prefix(fieldLimit)),
                fieldCount: fields.count,
                time: hand.time,
                returns: returns
            )
        ]
    }
}

extension DriftHand {
    fileprivate var gravity: FieldGravity { fields.first.map { FieldGravity($0) } ?? .other }
}

extension DriftHand.Nature {
    fileprivate var weight: Int {
        switch self {
        case .edited: 0
        case .overridden: 1
        case .removed: 2
        case .extra: 3
        }
    }
}
