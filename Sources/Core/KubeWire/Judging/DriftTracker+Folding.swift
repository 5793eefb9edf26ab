import Chrono
import Kube

// Fields of kubectl's that kustomize-controller took for its own before it wrote: where it then fails, nothing is put
// back, though no owner tells of the edit any more.
extension DriftTracker {
    /// Hands whose fields are the applier's now, while what they wrote may still stand.
    struct Fold {
        let applier: ObjectRef
        /// When the applier had last written the object; a later time means that it was put back.
        let appliedAt: Timestamp?
        /// In people's words.
        var managers: Set<String>
    }

    /// Notes hands that are gone because the applier wrote, or took what they owned for its own.
    mutating func noteReclaimed(_ key: Key, by new: ObjectOwnership) {
        if let fold = folds[key], fold.appliedAt != new.appliedAt {
            unfold(key, fold)
        }
        guard let ref = place(of: key), let old = suspects[ref]?[key]?.ownership else {
            return
        }
        let left = Set(new.hands.map(\.manager))
        for hand in old.hands where !left.contains(hand.manager) {
            let name = hand.manager.name
            if new.appliedAt != old.appliedAt {
                reclaimed[key, default: []].insert(name)
            } else if hand.fields.contains(where: { new.applied.contains($0.hash) }) {
                let fold = Fold(applier: ref, appliedAt: old.appliedAt, managers: [])
                folds[key, default: fold].managers.insert(name)
            }
        }
    }

    /// A run that ended well put right whatever the applier had taken.
    mutating func unfoldAll(of ref: ObjectRef) {
        for (key, fold) in folds where fold.applier == ref {
            unfold(key, fold)
        }
    }

    private mutating func unfold(_ key: Key, _ fold: Fold) {
        folds[key] = nil
        reclaimed[key, default: []].formUnion(fold.managers)
        dirty.insert(fold.applier)
    }

    /// Objects that are gone, or are not judged any more.
    mutating func dropFolds(of sight: Sight, where isGone: (Key) -> Bool) {
        for (key, fold) in folds
        where key.kind == sight.kind && fold.applier.kind == sight.family.kind.kind && isGone(key) {
            folds[key] = nil
            found[fold.applier]?[key] = nil
            dirty.insert(fold.applier)
        }
    }

    /// What is found of an object, with the hands of before that were folded and are still to be shown, as nobody
    /// wrote since.
    func held(_ key: Key, _ before: ObjectDrift, and new: ObjectDrift?) -> ObjectDrift? {
        guard let fold = folds[key], fold.applier == before.applier,
            appliers[fold.applier]?.inventory.contains(before.entry) == true
        else {
            return new
        }
        let left = Set((new?.hands ?? []).map(\.name))
        let hidden = before.hands.filter { fold.managers.contains($0.name) && !left.contains($0.name) }
        guard !hidden.isEmpty else {
            return new
        }
        return before.having(DriftTracker.ordered(hidden + (new?.hands ?? [])))
    }
}
