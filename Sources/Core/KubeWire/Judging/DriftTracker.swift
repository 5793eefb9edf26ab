package import Chrono
package import Kube

/// Finds objects that somebody beside Git changed, from what watches tell of the owners of fields.
///
/// Of most objects only the shape of Git's fields is remembered, shared by all objects alike: with it a field
/// that another manager took is told apart from one that it added. What is kept whole is what differs.
/// - Shape: judged are objects that the inventory of an applier of this cluster names; an applier of another
///   cluster's objects judges nothing here.
package struct DriftTracker: Sendable {
    /// What Git's applier owned when it last wrote an object.
    struct Memory: Sendable {
        let uid: Int
        let shape: FieldShape
        let appliedAt: Timestamp?
        let learned: Timestamp
        /// Where it is, kept as a hash.
        let namespace: Int
        /// False where the object was already touched when weir first saw it.
        let isWhole: Bool
    }

    /// The objects of one kind that one family of appliers marked: what one watch shows.
    package struct Sight: Hashable, Sendable {
        package let kind: GroupKind
        package let family: OwnerFamily

        package init(kind: GroupKind, family: OwnerFamily) {
            self.kind = kind
            self.family = family
        }
    }

    struct Key: Hashable {
        let kind: GroupKind
        let name: ObjectName

        func isIn(_ namespace: String?) -> Bool {
            namespace == nil || namespace == name.namespace
        }
    }

    /// An object with more owners than Git's applier.
    struct Suspect {
        let ownership: ObjectOwnership
        /// The fields of before, where the object was seen untouched.
        let before: FieldShape?
        /// Fields of Git's that went and are nobody's now.
        let lacking: Int
        let seen: Timestamp
        /// What is known of its beginning beside what the hands tell.
        let sighted: Onset
        /// The label with the applier's name, where the object does not carry it any more.
        var lostLabel: String?
    }

    struct Applier {
        let inventory: Inventory
        let ignores: [IgnoreRule]
        let lastPutRight: Timestamp?
        /// True while a run may be writing.
        let isBusy: Bool
        /// What a HelmRelease deployed last, and when weir saw that it did; nil for Kustomizations.
        let release: HistoryEntry?
        let released: Timestamp?
        /// True where what goes comes back without a new release.
        let restores: Bool

        func names(_ entry: InventoryEntry) -> Bool {
            inventory.contains {
                $0.name == entry.name && $0.namespace == entry.namespace && $0.groupKind == entry.groupKind
            }
        }
    }

    let rules: [OwnerRule]
    var appliers: [ObjectRef: Applier] = [:]
    /// Names are kept as hashes, as there are many.
    private var memories: [Sight: [Int: Memory]] = [:]
    private(set) var suspects: [ObjectRef: [Key: Suspect]] = [:]
    /// Objects of inventories that carry the name of their applier no more, and so show in no watch as its own.
    var strays: [ObjectRef: [Key: Suspect]] = [:]
    private var places: [Key: ObjectRef] = [:]
    var dirty: Set<ObjectRef> = []
    var found: [ObjectRef: [Key: ObjectDrift]] = [:]
    /// Hands whose fields the applier put right since the last judgement, in people's words: `kubectl` alone may be two.
    var reclaimed: [Key: Set<String>] = [:]
    var folds: [Key: Fold] = [:]
    private var helmUses = KindUses()
    /// True where inventories changed since the watches were last chosen.
    package var hasNewInventories = false
    /// Drift that ended since it was last taken.
    private var ended: [CorrectedDrift] = []

    /// - Shape: `rules` are those of the operator; the built-in ones hold beside them.
    package init(rules: [OwnerRule] = []) {
        self.rules = rules + OwnerRule.builtin
    }

    /// True where `judge` has something to do.
    package var hasWork: Bool { !dirty.isEmpty || !ended.isEmpty }

    /// The drifted objects by name, as last judged.
    package var drifted: [ObjectDrift] {
        found.values.flatMap(\.values).sorted { left, right in
            (left.applier, left.entry.namespace, left.entry.name, left.entry.kind)
                < (right.applier, right.entry.namespace, right.entry.name, right.entry.kind)
        }
    }

    /// The kinds of Helm's objects that are to be watched, those with most objects first.
    package var wantedHelmKinds: [(kind: GroupKind, version: String)] { helmUses.wanted }

    // MARK: - Appliers

    package mutating func applierChanged(_ resource: FluxResource, now: Timestamp = Timestamp(seconds: 0)) {
        guard let facts = resource.applier, !facts.isRemote,
            OwnerFamily.allCases.contains(where: { $0.kind == resource.kind })
        else {
            applierRemoved(resource.ref)
            return
        }
        let old = appliers[resource.ref]
        let release = resource.kind == .helmRelease ? facts.history.first : nil
        let isNewRelease = old.map { $0.release != release } ?? false
        appliers[resource.ref] = Applier(
            inventory: facts.inventory,
            ignores: facts.ignores,
            lastPutRight: resource.lastPutRight,
            isBusy: resource.ready.map { $0.status == .unknown } ?? false,
            release: release,
            released: isNewRelease ? now : old?.released,
            restores: resource.kind == .kustomization || facts.driftDetection == .corrects
        )
        if isNewRelease {
            relearn(resource.ref, now: now)
        }
        // A good run may also be forgotten, when newer ones failed.
        if let old, let new = resource.lastPutRight, old.lastPutRight.map({ $0 < new }) ?? true {
            unfoldAll(of: resource.ref)
        }
        if old?.inventory != facts.inventory {
            hasNewInventories = true
            if resource.kind == .helmRelease {
                helmUses.count(old?.inventory, by: -1)
                helmUses.count(facts.inventory, by: 1)
            }
        }
        if suspects[resource.ref] != nil || strays[resource.ref] != nil,
            old?.inventory != facts.inventory || old?.ignores != facts.ignores
        {
            dirty.insert(resource.ref)
        }
    }

    package mutating func applierRemoved(_ ref: ObjectRef) {
        let old = appliers.removeValue(forKey: ref)
        if ref.kind == FluxKind.helmRelease.kind {
            helmUses.count(old?.inventory, by: -1)
        }
        strays[ref] = nil
        folds = folds.filter { $0.value.applier != ref }
        if found.removeValue(forKey: ref) != nil {
            dirty.insert(ref)
        }
    }

    // MARK: - Objects

    /// All objects of a kind that one family of appliers marked, or those of one namespace.
    package mutating func listed(
        _ sight: Sight,
        namespace: String? = nil,
        _ objects: some Sequence<ObjectMetadata>,
        in cluster: ClusterID,
        now: Timestamp
    ) {
        var names: Set<ObjectName> = []
        for object in objects {
            names.insert(object.id)
            changed(sight, object, in: cluster, now: now)
        }
        let seen = Set(names.map(\.hashed))
        let place = namespace?.hashValue
        let gone = memories[sight]?.filter { name, memory in
            !seen.contains(name) && (place == nil || place == memory.namespace)
        }
        gone?.keys.forEach { memories[sight]?[$0] = nil }
        for (key, ref) in places
        where key.kind == sight.kind && !names.contains(key.name) && key.isIn(namespace) {
            if suspects[ref]?[key]?.ownership.owner == sight.family {
                forget(key)
            }
        }
        dropFolds(of: sight) { !names.contains($0.name) && $0.isIn(namespace) }
    }

    /// An object that the watch of `sight` shows; whose it is, its labels say.
    package mutating func changed(
        _ watch: Sight,
        _ object: ObjectMetadata,
        in cluster: ClusterID,
        now: Timestamp
    ) {
        let kind = watch.kind
        let key = Key(kind: kind, name: object.id)
        if let ownership = object.ownership {
            forgetStray(key, of: ownership.applier(in: cluster))
        }
        guard let ownership = object.ownership, ownership.policy != .letAlone else {
            let sight = Sight(kind: kind, family: object.ownership?.owner ?? watch.family)
            memories[sight]?[key.name.hashed] = nil
            forget(key, of: sight.family)
            dropFolds(of: sight) { $0 == key }
            return
        }
        let sight = Sight(kind: kind, family: ownership.owner)
        let uid = object.uid.hashValue
        let noticed = ownership.hands.contains { isNoticed($0, of: ownership, kind.kind) }
        let old = memories[sight]?[object.id.hashed].flatMap { $0.uid == uid ? $0 : nil }
        // A release that only takes fields away leaves no new time: what it left is learned, be it told now or later.
        let applier = ownership.owner == .helmRelease ? appliers[ownership.applier(in: cluster)] : nil
        let isOutdated =
            applier?.released.map { released in
                now.since(released) < .seconds(60) && (old?.learned ?? released) < released
            } ?? false
        let isReleasing = applier?.isBusy == true || isOutdated
        let isSameRun = old?.appliedAt == ownership.appliedAt && !isReleasing
        if old == nil || !isSameRun {
            memories[sight, default: [:]][object.id.hashed] = Memory(
                uid: uid,
                shape: ownership.applied,
                appliedAt: ownership.appliedAt,
                learned: now,
                namespace: object.id.namespace.hashValue,
                // An apply takes all that is Git's, so what others own after it is not.
                isWhole: !noticed || old != nil
            )
        }
        noteReclaimed(key, by: ownership)
        let lacking = isSameRun ? old.map { lack(of: $0, in: ownership, now: now) } ?? 0 : 0
        guard noticed || lacking > 0 else {
            forget(key)
            return
        }
        let ref = ownership.applier(in: cluster)
        let known = places[key].flatMap { suspects[$0]?[key] }
        if places[key] != ref {
            forget(key)
        }
        places[key] = ref
        let memory = memories[sight]?[object.id.hashed]
        suspects[ref, default: [:]][key] = Suspect(
            ownership: ownership,
            before: memory?.isWhole == true ? memory?.shape : nil,
            lacking: lacking,
            seen: known?.seen ?? now,
            // An object that was seen untouched before was changed before weir's eyes.
            sighted: known?.sighted ?? (old == nil ? sighted(ref) : .at(now))
        )
        dirty.insert(ref)
    }

    /// A release was deployed: fields that its objects lack were taken away by it, if it was told after them.
    private mutating func relearn(_ ref: ObjectRef, now: Timestamp) {
        for (key, suspect) in suspects[ref] ?? [:] where suspect.lacking > 0 {
            let sight = Sight(kind: key.kind, family: .helmRelease)
            guard let memory = memories[sight]?[key.name.hashed] else {
                continue
            }
            memories[sight]?[key.name.hashed] = Memory(
                uid: memory.uid,
                shape: suspect.ownership.applied,
                appliedAt: suspect.ownership.appliedAt,
                learned: now,
                namespace: memory.namespace,
                isWhole: memory.isWhole
            )
            suspects[ref]?[key] = Suspect(
                ownership: suspect.ownership,
                before: suspect.before,
                lacking: 0,
                seen: suspect.seen,
                sighted: suspect.sighted
            )
            dirty.insert(ref)
        }
    }

    /// What is known of the beginning of what weir finds: an applier that ended a run well had put it right.
    private func sighted(_ ref: ObjectRef) -> Onset {
        guard let applier = appliers[ref], ref.kind == FluxKind.kustomization.kind else {
            return .unknown
        }
        return applier.lastPutRight.map(Onset.after) ?? .unknown
    }

    /// An object is gone, or carries the label of that family no more: what the other's watch told of it holds.
    package mutating func vanished(_ sight: Sight, _ name: ObjectName) {
        let key = Key(kind: sight.kind, name: name)
        memories[sight]?[name.hashed] = nil
        dropFolds(of: sight) { $0.name == name }
        if let ref = places[key], suspects[ref]?[key]?.ownership.owner == sight.family {
            // A removed object is missing from now on, which is another row.
            found[ref]?[key] = nil
            forget(key)
        }
    }

    /// A kind cannot be read any more: nothing is said of its objects.
    package mutating func lostSight(of sight: Sight, namespace: String? = nil) {
        for (key, ref) in places where key.kind == sight.kind && key.isIn(namespace) {
            if suspects[ref]?[key]?.ownership.owner == sight.family {
                found[ref]?[key] = nil
                forget(key)
            }
        }
        for (ref, keys) in strays where ref.kind == sight.family.kind.kind {
            for key in keys.keys where key.kind == sight.kind && key.isIn(namespace) {
                found[ref]?[key] = nil
                forgetStray(key, of: ref)
            }
        }
        dropFolds(of: sight) { $0.isIn(namespace) }
        let place = namespace?.hashValue
        memories[sight] = place == nil ? nil : memories[sight]?.filter { $1.namespace != place }
    }

    private mutating func forget(_ key: Key, of family: OwnerFamily) {
        if let ref = places[key], suspects[ref]?[key]?.ownership.owner == family {
            forget(key)
        }
    }

    private mutating func forget(_ key: Key) {
        guard let ref = places.removeValue(forKey: key) else {
            return
        }
        suspects[ref]?[key] = nil
        if suspects[ref]?.isEmpty == true {
            suspects[ref] = nil
        }
        dirty.insert(ref)
    }

    func place(of key: Key) -> ObjectRef? { places[key] }

    /// Git's fields that are nobody's now although the applier did not write since.
    private func lack(of memory: Memory, in ownership: ObjectOwnership, now: Timestamp) -> Int {
        // Taking kubectl's fields and applying without them are two writes of Flux within a moment.
        guard ownership.appliedAt != nil, now.since(memory.learned) >= .seconds(5) else {
            return 0
        }
        let others = Set(ownership.hands.flatMap(\.fields).map(\.hash))
        return memory.shape.count(lackingIn: ownership.applied, and: others)
    }

    // MARK: - Judging

    /// Judges what changed since the last call; what ended is told once, by `takeEnded`.
    package mutating func judge(now: Timestamp) {
        let touched = dirty
        dirty = []
        for ref in touched {
            let before = found[ref] ?? [:]
            var after = findings(of: ref)
            for (key, drift) in before {
                after[key] = held(key, drift, and: after[key])
            }
            found[ref] = after.isEmpty ? nil : after
            for (key, drift) in before where appliers[ref] != nil {
                let managers = reclaimed.removeValue(forKey: key) ?? []
                let left = after[key]?.hands ?? []
                let gone = drift.hands.filter { hand in
                    hand.nature != .extra && !left.contains { $0.name == hand.name }
                        && (left.isEmpty || managers.contains(hand.name))
                }
                note(gone, of: drift, key, ending: managers.isEmpty ? .withdrawn : .putBack, now)
            }
        }
        reclaimed = [:]
    }

    package mutating func takeEnded() -> [CorrectedDrift] {
        defer { ended = [] }
        return ended
    }

    /// Objects that were missing and are back.
    package mutating func cameBack(_ objects: some Sequence<MissingObject>, now: Timestamp) {
        for object in objects {
            guard let applier = appliers[object.applier],
                applier.inventory.isEmpty || applier.inventory.contains(object.entry)
            else {
                continue
            }
            ended.append(
                CorrectedDrift(
                    entry: object.entry,
                    applier: object.applier,
                    by: [],
                    fields: [],
                    wasMissing: true,
                    began: object.onset.exact,
                    ended: now,
                    ending: applier.restores || applier.isBusy ? .putBack : .withdrawn
                )
            )
        }
    }

    private mutating func note(
        _ hands: [DriftHand],
        of drift: ObjectDrift,
        _ key: Key,
        ending: CorrectedDrift.Ending,
        _ now: Timestamp
    ) {
        // Without a memory the object itself is gone.
        let family = OwnerFamily.allCases.first { $0.kind.kind == drift.applier.kind } ?? .kustomization
        let memory = memories[Sight(kind: key.kind, family: family)]?[key.name.hashed]
        guard !hands.isEmpty, let memory,
            appliers[drift.applier]?.inventory.contains(drift.entry) == true
        else {
            return
        }
        // A removal has no manager whose fields could be taken.
        let isRestored = hands.contains { $0.nature == .removed } && memory.learned >= drift.seen
        ended.append(
            CorrectedDrift(
                entry: drift.entry,
                applier: drift.applier,
                by: hands.map(\.name).filter { !$0.isEmpty },
                fields: Array(hands.flatMap(\.fields).gravestFirst { $0 }.prefix(20)),
                wasMissing: false,
                began: hands.compactMap(\.time).min() ?? drift.onset.exact,
                ended: now,
                ending: isRestored ? .putBack : ending
            )
        )
    }
}
