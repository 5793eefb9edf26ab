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

/// Finds objects that Kustomizations and HelmReleases applied and that are gone from the cluster.
///
/// It is told of inventories and of the objects seen by watches, and says what must be looked at. An object
/// that no watch shows is only a suspicion, as it may have lost its owner label: it counts as missing once a
/// look for the object itself found nothing.
/// - Shape: kinds that may not be read, that expire by themselves (Jobs) or hold secrets are never suspected. Of a
///   release without an inventory only what went before weir's eyes is, and of a chart's definitions as well.
package struct MissingTracker: Sendable {
    /// What a look for one object found.
    package enum Finding: Hashable, Sendable {
        case absent
        /// It is there; a stray is one that belongs to its applier and does not carry its name any more.
        case present(isStray: Bool)
        /// Nobody can say, and why.
        case unknown(String)
    }

    struct Applier {
        let family: OwnerFamily
        let inventory: Inventory
        let ignores: [IgnoreRule]
        /// True while a run may be creating and pruning objects: what is absent then means nothing.
        let isBusy: Bool
        /// A moment at which all its objects were there.
        let lastPutRight: Timestamp?
        /// What a HelmRelease deployed last; nil for Kustomizations.
        let release: HistoryEntry?
        /// Since when it is as it is.
        let since: Timestamp
        /// Counts its changes.
        let turn: Int

        /// True where the release keeps no inventory, as before Flux 2.8.
        var isUnlisted: Bool { release?.status == "deployed" && inventory.isEmpty }
    }

    /// What went of a release without an inventory, and what was deployed then.
    struct Loss {
        let entry: InventoryEntry
        let release: HistoryEntry?
    }

    struct Place: Hashable {
        let kind: GroupKind
        let name: ObjectName

        init(kind: GroupKind, name: ObjectName) {
            self.kind = kind
            self.name = name
        }

        init(_ entry: InventoryEntry) {
            kind = entry.groupKind
            name = ObjectName(namespace: entry.namespace, name: entry.name)
        }
    }

    /// An object that exists, though no watch shows it as its applier's.
    struct Unmarked {
        let applier: ObjectRef
        let checked: Timestamp
        let isStray: Bool
    }

    /// A look that is under way.
    struct Question {
        let applier: ObjectRef
        /// The applier's turn when it was asked.
        let turn: Int
    }

    /// Objects by the namespace that was listed, empty for all of them: hashes of their names, as there are many, with
    /// that of the applier whose name they carry, 0 where it is not known.
    typealias Sightings = [String: [Int: Int]]

    var appliers: [ObjectRef: Applier] = [:]
    /// Appliers by their hashes.
    private var marks: [Int: ObjectRef] = [:]
    var seen: [DriftTracker.Sight: Sightings] = [:]
    private var uses = KindUses()
    var dirty: Set<ObjectRef> = []
    /// True where all appliers are to be judged.
    var isAllDirty = false
    private(set) var found: [ObjectRef: [InventoryEntry: MissingObject]] = [:]
    private(set) var unmarked: [InventoryEntry: Unmarked] = [:]
    /// Where something was found that a watch may change.
    private var places: [Place: Set<InventoryEntry>] = [:]
    var asked: [InventoryEntry: Question] = [:]
    /// Objects of which it could not be found out whether they are there, with the reason.
    var open: [InventoryEntry: (applier: ObjectRef, reason: String, asked: Timestamp)] = [:]
    /// When a watch told that objects went, those that were pruned among them.
    var went: [Place: Timestamp] = [:]
    var losses: [ObjectRef: [Loss]] = [:]
    private static let wentLimit = 10_000
    /// Objects remembered of one release without an inventory.
    private static let lossLimit = 1_000
    /// Counts changes of what is missing.
    package private(set) var edition = 0

    package init() {}

    /// The missing objects by name.
    package var missing: [MissingObject] {
        found.values.flatMap(\.values).sorted { left, right in
            (left.applier, left.entry.namespace, left.entry.name, left.entry.kind)
                < (right.applier, right.entry.namespace, right.entry.name, right.entry.kind)
        }
    }

    /// True where `suspicions` has something to look at.
    package var hasWork: Bool { isAllDirty || !dirty.isEmpty }

    /// The kinds whose objects Kustomizations applied, those with most objects first.
    package var wantedKinds: [(kind: GroupKind, version: String)] { uses.wanted }

    /// True where a release keeps no inventory, so that its objects are known by their labels alone.
    package var hasUnlistedReleases: Bool { appliers.values.contains(where: \.isUnlisted) }

    /// True where a watch shows the object.
    package func isSeen(_ entry: InventoryEntry) -> Bool {
        let name = ObjectName(namespace: entry.namespace, name: entry.name).hashed
        return OwnerFamily.allCases.contains { family in
            seen[DriftTracker.Sight(kind: entry.groupKind, family: family)]?.values
                .contains { $0[name] != nil } == true
        }
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

    /// An applier as it is now; those of other clusters' objects are left out by themselves.
    package mutating func applierChanged(_ resource: FluxResource, now: Timestamp = Timestamp(seconds: 0)) {
        guard let family = OwnerFamily.allCases.first(where: { $0.kind == resource.kind }),
            let facts = resource.applier, !facts.isRemote
        else {
            applierRemoved(resource.ref)
            return
        }
        let old = appliers[resource.ref]
        let new = Applier(resource, facts, family, after: old, now: now)
        appliers[resource.ref] = new
        marks[resource.ref.mark] = resource.ref
        if old?.inventory != new.inventory {
            if family == .kustomization {
                uses.count(old?.inventory, by: -1)
                uses.count(new.inventory, by: 1)
            }
        }
        if old?.release != new.release {
            losses[resource.ref] = nil
        }
        dirty.insert(resource.ref)
    }

    package mutating func applierRemoved(_ ref: ObjectRef) {
        guard let old = appliers.removeValue(forKey: ref) else {
            return
        }
        if old.family == .kustomization {
            uses.count(old.inventory, by: -1)
        }
        marks[ref.mark] = nil
        dirty.remove(ref)
        losses[ref] = nil
        found[ref]?.keys.forEach { forget($0, of: ref) }
        open = open.filter { $0.value.applier != ref }
        for (entry, state) in unmarked where state.applier == ref {
            setUnmarked(nil, entry)
        }
    }

    /// All objects of a kind that one family of appliers marked are known, or those of one namespace: what is not
    /// among them is suspect from now on.
    package mutating func listed(
        _ sight: DriftTracker.Sight,
        namespace: String? = nil,
        _ objects: some Sequence<(name: ObjectName, owner: ObjectRef?)>
    ) {
        var names: [Int: Int] = [:]
        for object in objects {
            names[object.name.hashed] = object.owner?.mark ?? 0
            settle(Place(kind: sight.kind, name: object.name), object.owner)
        }
        seen[sight, default: [:]][namespace ?? ""] = names
        isAllDirty = true
    }

    /// An object is there, with the name of `owner` on it as far as that is known.
    package mutating func appeared(_ sight: DriftTracker.Sight, _ name: ObjectName, owner: ObjectRef?) {
        let part = seen[sight]?[""] == nil ? name.namespace : ""
        let mark = owner?.mark ?? 0
        if let old = seen[sight]?[part]?.updateValue(mark, forKey: name.hashed), old != mark,
            let before = marks[old]
        {
            dirty.insert(before)
        }
        let place = Place(kind: sight.kind, name: name)
        settle(place, owner)
        went[place] = nil
    }

    /// An object is gone, or the label by which it was watched.
    ///
    /// - Shape: `applied` is the object as an inventory would name it, where its controller wrote it.
    package mutating func vanished(
        _ sight: DriftTracker.Sight,
        _ name: ObjectName,
        owner: ObjectRef?,
        applied: InventoryEntry? = nil,
        now: Timestamp
    ) {
        seen[sight]?.keys.forEach { seen[sight]?[$0]?[name.hashed] = nil }
        // Whole namespaces go at once: no inventory is looked through for it.
        if went.count >= MissingTracker.wentLimit {
            went = [:]
        }
        let place = Place(kind: sight.kind, name: name)
        went[place] = now
        for entry in places[place] ?? [] {
            unmarked[entry].map { _ = dirty.insert($0.applier) }
        }
        guard let owner else {
            isAllDirty = true
            return
        }
        guard let applier = appliers[owner] else {
            return
        }
        dirty.insert(owner)
        // A run that ended a moment ago may have removed it, and told so by another stream.
        if let applied, applier.isUnlisted, !applier.isBusy, now.since(applier.since) >= .seconds(15),
            losses[owner, default: []].count < MissingTracker.lossLimit
        {
            losses[owner, default: []].append(Loss(entry: applied, release: applier.release))
        }
    }

    /// A kind cannot be read any more: nothing is said of its objects.
    package mutating func lostSight(of sight: DriftTracker.Sight, namespace: String? = nil) {
        if let namespace {
            seen[sight]?[namespace] = nil
        } else {
            seen[sight] = nil
        }
        func isLost(_ entry: InventoryEntry, of ref: ObjectRef) -> Bool {
            appliers[ref]?.family == sight.family && entry.groupKind == sight.kind
                && (namespace == nil || entry.namespace == namespace)
        }
        for (ref, entries) in found where appliers[ref]?.family == sight.family {
            entries.keys.filter { isLost($0, of: ref) }.forEach { forget($0, of: ref) }
        }
        for (entry, state) in unmarked where isLost(entry, of: state.applier) {
            setUnmarked(nil, entry)
        }
        open = open.filter { !isLost($0.key, of: $0.value.applier) }
    }

    /// Everything is to be judged again, such as after the Flux kinds themselves were listed.
    package mutating func recheck() {
        isAllDirty = true
    }

    // MARK: - Bookkeeping

    /// A watch shows an object: it is not missing, and whether it carries the right name is asked where it matters.
    private mutating func settle(_ place: Place, _ owner: ObjectRef?) {
        for entry in places[place] ?? [] {
            for ref in found.keys where found[ref]?[entry] != nil {
                forget(entry, of: ref)
                dirty.insert(ref)
            }
            guard let state = unmarked[entry] else {
                continue
            }
            if owner == nil || owner == state.applier {
                setUnmarked(nil, entry)
            } else {
                dirty.insert(state.applier)
            }
        }
    }

    mutating func set(_ object: MissingObject) {
        found[object.applier, default: [:]][object.entry] = object
        places[Place(object.entry), default: []].insert(object.entry)
        edition += 1
    }

    mutating func forget(_ entry: InventoryEntry, of ref: ObjectRef) {
        guard found[ref]?.removeValue(forKey: entry) != nil else {
            return
        }
        if found[ref]?.isEmpty == true {
            found[ref] = nil
        }
        edition += 1
        release(entry)
    }

    mutating func setUnmarked(_ state: Unmarked?, _ entry: InventoryEntry) {
        unmarked[entry] = state
        if state == nil {
            release(entry)
        } else {
            places[Place(entry), default: []].insert(entry)
        }
    }

    /// Lets go of the place of an entry of which nothing is known any more.
    private mutating func release(_ entry: InventoryEntry) {
        guard unmarked[entry] == nil, !found.values.contains(where: { $0[entry] != nil }) else {
            return
        }
        let place = Place(entry)
        places[place]?.remove(entry)
        if places[place]?.isEmpty == true {
            places[place] = nil
        }
    }
}

extension MissingTracker.Applier {
    fileprivate init(
        _ resource: FluxResource,
        _ facts: ApplierFacts,
        _ family: OwnerFamily,
        after old: MissingTracker.Applier?,
        now: Timestamp
    ) {
        let newest = family == .helmRelease ? facts.history.first : nil
        let isDeployed = family == .kustomization || newest?.status == "deployed"
        // Of a release that failed nobody knows which of its objects came to be.
        isBusy =
            resource.isTerminating || !isDeployed || resource.ready.map { $0.status == .unknown } ?? true
        self.family = family
        inventory = facts.inventory
        ignores = facts.ignores
        release = newest
        lastPutRight = family == .kustomization ? resource.lastPutRight : newest?.lastReconciled
        let isSame = old?.isBusy == isBusy && old?.release == newest && old?.inventory == facts.inventory
        // What weir meets for the first time is as it is since it told so.
        since = isSame ? old?.since ?? now : old == nil ? resource.lastReconciled ?? now : now
        turn = (old?.turn ?? 0) + (isSame ? 0 : 1)
    }
}

extension ObjectName {
    var hashed: Int {
        var hasher = Hasher()
        hasher.combine(self)
        return hasher.finalize()
    }
}

extension ObjectRef {
    /// What stands for an applier in sightings; never 0.
    var mark: Int { hashValue == 0 ? 1 : hashValue }
}
