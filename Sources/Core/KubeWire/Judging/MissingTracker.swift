package import Chrono
package import Kube

/// A kind without its version.
package struct GroupKind: Hashable, Sendable {
    package let group: String
    package let kind: String

    package init(group: String, kind: String) {
        self.group = group
        self.kind = kind
    }
}

/// Finds objects that Kustomizations applied and that are gone from the cluster.
///
/// It is told of inventories and of the objects seen by watches, and says what must be looked at. An object
/// that no watch shows is only a suspicion, as it may have lost its owner label: it counts as missing once a
/// look at the object itself was answered with "not found".
/// - Shape: kinds that may not be read, that expire by themselves (Jobs) or hold secrets are never suspected.
package struct MissingTracker: Sendable {
    /// What a look at one object found.
    package enum Finding: Sendable {
        case absent, present, unknown
    }

    private struct Applier {
        var inventory: Inventory
        /// True while a run may be creating and pruning objects: what is absent then means nothing.
        var isBusy: Bool
        var lastPutRight: Timestamp?
    }

    private var appliers: [ObjectRef: Applier] = [:]
    /// Objects by kind and by the namespace that was listed, empty for all of them; names are kept as hashes, as
    /// there are many and only presence matters.
    private var seen: [GroupKind: [String: Set<Int>]] = [:]
    private var uses = KindUses()
    private var dirty: Set<ObjectRef> = []
    private var found: [InventoryEntry: MissingObject] = [:]
    /// Objects that exist without showing in a watch, and when that was seen.
    private var unlabelled: [InventoryEntry: Timestamp] = [:]
    private var asked: [InventoryEntry: ObjectRef] = [:]
    /// When a watch told that objects went, those that were pruned among them.
    private var went: [Place: Timestamp] = [:]
    private static let wentLimit = 10_000

    private struct Place: Hashable {
        let kind: GroupKind
        let name: ObjectName
    }

    package init() {}

    /// The missing objects by name.
    package var missing: [MissingObject] {
        found.values.sorted { left, right in
            (left.applier, left.entry.namespace, left.entry.name, left.entry.kind)
                < (right.applier, right.entry.namespace, right.entry.name, right.entry.kind)
        }
    }

    /// True where `suspicions` has something to look at.
    package var hasWork: Bool { !dirty.isEmpty }

    /// The kinds whose objects are to be watched, those with most objects first.
    package var wantedKinds: [(kind: GroupKind, version: String)] { uses.wanted }

    /// True where a watch shows the object.
    package func isSeen(_ entry: InventoryEntry) -> Bool {
        let name = ObjectName(namespace: entry.namespace, name: entry.name)
        return seen[entry.groupKind]?.values.contains { $0.contains(name.hashed) } == true
    }

    /// True where an inventory names objects elsewhere, be it in other namespaces or in none.
    package func hasObjects(outside namespaces: Set<String>) -> Bool {
        appliers.values.contains { applier in
            applier.inventory.contains {
                !$0.isOfFlux && !$0.isBeyondJudgement && !namespaces.contains($0.namespace)
            }
        }
    }

    // MARK: - Facts

    /// A Kustomization as it is now; appliers of other clusters' objects are left out by themselves.
    package mutating func applierChanged(_ resource: FluxResource) {
        guard resource.kind == .kustomization, let facts = resource.applier, !facts.isRemote else {
            applierRemoved(resource.ref)
            return
        }
        let old = appliers[resource.ref]
        let isBusy =
            resource.isTerminating || resource.ready.map { $0.status == .unknown } ?? true
        appliers[resource.ref] = Applier(
            inventory: facts.inventory,
            isBusy: isBusy,
            lastPutRight: resource.lastPutRight
        )
        if old?.inventory != facts.inventory {
            uses.count(old?.inventory, by: -1)
            uses.count(facts.inventory, by: 1)
        }
        dirty.insert(resource.ref)
    }

    package mutating func applierRemoved(_ ref: ObjectRef) {
        guard let old = appliers.removeValue(forKey: ref) else {
            return
        }
        uses.count(old.inventory, by: -1)
        dirty.remove(ref)
        found = found.filter { $0.value.applier != ref }
    }

    /// All objects of a kind, or of one namespace, are known: what is not among them is suspect from now on.
    package mutating func listed(
        _ kind: GroupKind,
        namespace: String? = nil,
        _ names: some Sequence<ObjectName>
    ) {
        seen[kind, default: [:]][namespace ?? ""] = Set(names.map(\.hashed))
        dirty.formUnion(appliers.keys)
    }

    package mutating func appeared(_ kind: GroupKind, _ name: ObjectName) {
        let place = seen[kind]?[""] == nil ? name.namespace : ""
        seen[kind]?[place]?.insert(name.hashed)
        for entry in found.keys where entry.matches(kind, name) {
            found[entry] = nil
        }
        for entry in unlabelled.keys where entry.matches(kind, name) {
            unlabelled[entry] = nil
        }
        went[Place(kind: kind, name: name)] = nil
    }

    /// An object is gone; `owner` is the Kustomization that its labels name.
    package mutating func vanished(
        _ kind: GroupKind,
        _ name: ObjectName,
        owner: ObjectName?,
        now: Timestamp
    ) {
        seen[kind]?.keys.forEach { seen[kind]?[$0]?.remove(name.hashed) }
        // Whole namespaces go at once: no inventory is looked through for it.
        if went.count >= MissingTracker.wentLimit {
            went = [:]
        }
        went[Place(kind: kind, name: name)] = now
        for ref in appliers.keys
        where owner.map({ ref.name == $0.name && ref.namespace == $0.namespace }) ?? true {
            dirty.insert(ref)
        }
    }

    /// A kind cannot be read any more: nothing is said of its objects.
    package mutating func lostSight(of kind: GroupKind, namespace: String? = nil) {
        guard let namespace else {
            seen[kind] = nil
            found = found.filter { $0.key.groupKind != kind }
            return
        }
        seen[kind]?[namespace] = nil
        found = found.filter { $0.key.groupKind != kind || $0.key.namespace != namespace }
    }

    /// Everything is to be judged again, such as after the Flux kinds themselves were listed.
    package mutating func recheck() {
        dirty.formUnion(appliers.keys)
    }

    // MARK: - Judging

    /// Judges what changed since the last call and returns the objects to look at one by one.
    ///
    /// - Shape: `fluxObject` says of an object of a Flux kind whether its own watch shows it, nil where there
    ///   is no such watch.
    package mutating func suspicions(
        now: Timestamp,
        fluxObject: (InventoryEntry) -> Bool?
    ) -> [InventoryEntry] {
        var questions: [InventoryEntry] = []
        let waiting = dirty.filter { appliers[$0]?.isBusy == true }
        for ref in dirty.subtracting(waiting) {
            let inventory = appliers[ref]?.inventory ?? Inventory()
            var stillMissing: Set<InventoryEntry> = []
            for entry in inventory where isAbsent(entry, fluxObject) {
                stillMissing.insert(entry)
                if let checked = unlabelled[entry], now.since(checked) < .seconds(60) {
                    continue
                }
                if found[entry] == nil, asked[entry] == nil {
                    asked[entry] = ref
                    questions.append(entry)
                }
            }
            found = found.filter { $0.value.applier != ref || stillMissing.contains($0.key) }
        }
        // A busy applier is judged when its run is over, which is a change of its own.
        dirty = []
        return questions
    }

    /// The answer to one of `suspicions`.
    package mutating func looked(at entry: InventoryEntry, _ finding: Finding, now: Timestamp) {
        guard let applier = asked.removeValue(forKey: entry) else {
            return
        }
        unlabelled[entry] = nil
        let place = Place(
            kind: entry.groupKind,
            name: ObjectName(namespace: entry.namespace, name: entry.name)
        )
        switch finding {
        case .absent where appliers[applier] != nil && names(around: entry) != nil || entry.isOfFlux:
            let last = appliers[applier]?.lastPutRight
            found[entry] = MissingObject(
                entry: entry,
                applier: applier,
                seen: now,
                onset: went[place].map(Onset.at) ?? last.map(Onset.after) ?? .unknown
            )
            went[place] = nil
        case .present:
            unlabelled[entry] = now
            went[place] = nil
        case .absent, .unknown:
            break
        }
    }

    /// What was listed where the object would be; nil where nothing was.
    private func names(around entry: InventoryEntry) -> Set<Int>? {
        guard let all = seen[entry.groupKind] else {
            return nil
        }
        return all[""] ?? (entry.namespace.isEmpty ? nil : all[entry.namespace])
    }

    private func isAbsent(_ entry: InventoryEntry, _ fluxObject: (InventoryEntry) -> Bool?) -> Bool {
        if entry.isOfFlux {
            return fluxObject(entry) == false
        }
        guard let seen = names(around: entry) else {
            return false
        }
        return !seen.contains(ObjectName(namespace: entry.namespace, name: entry.name).hashed)
    }
}

extension ObjectName {
    var hashed: Int {
        var hasher = Hasher()
        hasher.combine(self)
        return hasher.finalize()
    }
}

extension InventoryEntry {
    fileprivate func matches(_ other: GroupKind, _ object: ObjectName) -> Bool {
        name == object.name && namespace == object.namespace && groupKind == other
    }
}
