package import Chrono
package import Kube

// Objects of inventories that lost their applier's name: no watch shows them as its own, so they are looked at.
extension DriftTracker {
    /// Judges an object that the inventory of `ref` names and that no watch shows as its own; true for a stray.
    ///
    /// - Shape: `object` was read with the ownership of the applier's family.
    package mutating func looked(
        at entry: InventoryEntry,
        _ object: ObjectMetadata,
        of ref: ObjectRef,
        since onset: Onset,
        now: Timestamp
    ) -> Bool {
        let key = Key(
            kind: entry.groupKind,
            name: ObjectName(namespace: entry.namespace, name: entry.name)
        )
        guard let ownership = object.ownership, ownership.owner.kind.kind == ref.kind,
            ownership.policy != .letAlone, !object.isTerminating,
            // What the applier never wrote was never marked: it lets it alone.
            !ownership.applied.isEmpty, isLost(entry, ownership, ref)
        else {
            forgetStray(key, of: ref)
            return false
        }
        let known = strays[ref]?[key]
        strays[ref, default: [:]][key] = Suspect(
            ownership: ownership,
            before: nil,
            lacking: 0,
            seen: known?.seen ?? now,
            sighted: known?.sighted ?? onset,
            lostLabel: ownership.owner.nameLabel
        )
        dirty.insert(ref)
        return true
    }

    /// An object was looked at and is gone.
    package mutating func lookedInVain(for entry: InventoryEntry, of ref: ObjectRef) {
        let key = Key(
            kind: entry.groupKind,
            name: ObjectName(namespace: entry.namespace, name: entry.name)
        )
        forgetStray(key, of: ref)
    }

    mutating func forgetStray(_ key: Key, of ref: ObjectRef) {
        guard strays[ref]?.removeValue(forKey: key) != nil else {
            return
        }
        if strays[ref]?.isEmpty == true {
            strays[ref] = nil
        }
        dirty.insert(ref)
    }

    /// Whether it carries no applier's name, or that of one which does not want it.
    private func isLost(_ entry: InventoryEntry, _ ownership: ObjectOwnership, _ ref: ObjectRef) -> Bool {
        let marked = ownership.applier(in: ref.cluster)
        guard marked != ref else {
            return false
        }
        guard !ownership.ownerName.isEmpty, let other = appliers[marked] else {
            return true
        }
        // Objects move from one applier to another, whose inventory tells so when its run is over.
        return !other.isBusy && !other.names(entry)
    }

    /// The lost name itself, where no hand is known to have written another.
    func lostName(_ suspect: Suspect, _ hands: [DriftHand], _ entry: InventoryEntry, _ applier: Applier)
        -> DriftHand?
    {
        guard let label = suspect.lostLabel else {
            return nil
        }
        let path = "metadata.labels[\(label)]"
        let pointer = "/metadata/labels/\(label.replacing("/", with: "~1"))"
        guard !hands.contains(where: { $0.fields.contains(path) }),
            !applier.ignores.paths(of: entry, suspect.ownership.marks).covers(pointer)
        else {
            return nil
        }
        return DriftHand(
            nature: .removed,
            manager: "",
            name: "",
            fields: [path],
            fieldCount: 1,
            time: nil,
            returns: true
        )
    }
}
