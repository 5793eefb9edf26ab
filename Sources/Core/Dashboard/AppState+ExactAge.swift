package import Kube

// What an exact comparison says is of the moment at which it was asked for.
extension AppState {
    /// The objects of an applier that others changed, or Flux put back, since it was compared exactly.
    package func changedSinceCompared(_ ref: ObjectRef) -> Set<InventoryEntry> {
        guard let before = exact.before[ref] else {
            return []
        }
        let now = openHands(of: ref)
        return Set(before.keys).union(now.keys).filter { before[$0] != now[$0] }
    }

    /// Who changed which objects of an applier, as ownership tells it now; nobody for one that is gone.
    func openHands(of ref: ObjectRef) -> [InventoryEntry: [DriftHand]] {
        guard let snapshot = clusters[ref.cluster]?.snapshot else {
            return [:]
        }
        var hands: [InventoryEntry: [DriftHand]] = [:]
        for drift in snapshot.drifted where drift.applier == ref {
            hands[drift.entry] = drift.hands
        }
        for missing in snapshot.missing where missing.applier == ref {
            hands[missing.entry] = []
        }
        return hands
    }
}
