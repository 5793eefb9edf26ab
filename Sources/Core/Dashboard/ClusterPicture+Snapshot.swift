package import Chrono
import Git
import HashTreeCollections
package import Kube

extension ClusterPicture {
    /// Takes a newer snapshot: counts, places in Git, and drift that the cluster tells by itself.
    ///
    /// - Shape: returns the objects that changed and were read again; nil where all were.
    @discardableResult
    mutating func take(_ newer: ClusterSnapshot) -> [ObjectRef]? {
        let older = snapshot
        snapshot = newer
        let changed = SnapshotChange.between(older, newer)
        if let changed {
            for change in changed {
                reread(change)
            }
        } else {
            readAll()
        }
        if concernsObjects(older, newer, changed) {
            takeObjectDrift()
        }
        if let end = driftCountHolds, let now = newer.confirmed, now >= end {
            countDrift()
        }
        if older.events != newer.events {
            eventsGeneration += 1
        }
        summary.lastReconciled = [lastFinished, newer.recent.first?.finished].compactMap(\.self).max()
        summary.problem = newer.link.problem
        summary.problemSince = newer.link.since
        summary.isStale = newer.isStale
        summary.isComplete = newer.isComplete
        judgeKnowledge()
        generation += 1
        return changed?.map(\.new.ref)
    }

    /// Says what of the numbers is known: a cluster that told nothing has none, and that is not 0.
    mutating func judgeKnowledge() {
        let isWithoutFlux = snapshot.link == .withoutFlux
        summary.isKnown = snapshot.link == .live || isWithoutFlux || summary.counts.total > 0
        summary.knowsObjects = snapshot.knowsObjects
        summary.isDriftWhole =
            isWithoutFlux || snapshot.knowsObjects && snapshot.blindSpots.isEmpty && unreadRules.isEmpty
        summary.isBehindWhole = isWithoutFlux || summary.isKnown && !hasUnknownDistance
    }

    private var hasUnknownDistance: Bool {
        tracks.indices.contains { place in
            guard !tracks[place].isSource, tracks[place].state != .suspended,
                behind.values.indices.contains(place)
            else {
                return false
            }
            switch behind.values[place] {
            case .measuring, .unknown: return true
            case .notApplicable, .pinned, .diverged, .commits: return false
            }
        }
    }

    private mutating func readAll() {
        var reading = SnapshotReading(snapshot, ids: repositoryIDs)
        names = snapshot.resources.keys.sorted()
        for ref in names {
            if let resource = snapshot.resources[ref] {
                reading.read(ref, resource)
            }
        }
        repositoryIDs = reading.ids
        tracks = reading.tracks
        troubled = reading.troubled.sorted()
        sortPaths()
        ownDrift = reading.drift
        isDriftStale = true
        unreadRules = reading.unreadRules
        automations = reading.automations.sorted()
        demands = reading.demands
        summary.counts = reading.counts
        lastFinished = reading.last
        repositories = Set(tracks.map(\.repository))
        behind.refs = tracks.map(\.ref)
        behind.values = Array(repeating: .measuring, count: tracks.count)
        uncompared = .all
        standings = [:]
        applierCounts = [:]
        for place in tracks.indices {
            stand(place, 1)
        }
    }

    private mutating func sortPaths() {
        placesByPath = tracks.indices.sorted { tracks[$0].path < tracks[$1].path }
    }

    /// Reads one object again; what others take from it is as it was.
    private mutating func reread(_ change: SnapshotChange) {
        let ref = change.new.ref
        summary.counts[change.old.state] -= 1
        summary.counts[change.new.state] += 1
        var reading = SnapshotReading(snapshot, ids: repositoryIDs)
        reading.read(ref, change.new)
        repositoryIDs = reading.ids
        if change.old.isTroubled {
            troubled.removeSorted(Troubled(state: change.old.state, ref: ref))
        }
        for found in reading.troubled {
            troubled.insertSorted(found)
        }
        lastFinished = [lastFinished, reading.last].compactMap(\.self).max()
        unreadRules[ref] = reading.unreadRules[ref]
        takeDrift(reading.drift, of: ref)
        guard let place = behind.place(of: ref), let track = reading.tracks.first else {
            return
        }
        stand(place, -1)
        let path = tracks[place].path
        tracks[place] = track
        stand(place, 1)
        if track.path != path {
            sortPaths()
        }
        if case .some(let places) = uncompared {
            uncompared = .some(places + [place])
        } else if uncompared == .none {
            uncompared = .some([place])
        }
    }

    /// Replaces the rows of one object; the list is put together anew only where rows come or go.
    private mutating func takeDrift(_ rows: [DriftRow], of ref: ObjectRef) {
        let places = ownDrift.indices.filter { ownDrift[$0].about == ref }
        guard places.count == rows.count, zip(places, rows).allSatisfy({ ownDrift[$0].id == $1.id }) else {
            ownDrift.removeAll { $0.about == ref }
            ownDrift += rows
            exchangeShown(rows, of: ref)
            return
        }
        for (place, row) in zip(places, rows) where ownDrift[place] != row {
            ownDrift[place] = row
            if let shown = drift.firstIndex(where: { $0.about == ref && $0.id == row.id }) {
                drift[shown] = row
                driftGeneration += 1
            }
        }
    }

    /// Takes the rows of an object out of the sorted list and puts others in where they belong.
    private mutating func exchangeShown(_ rows: [DriftRow], of ref: ObjectRef) {
        guard !isDriftStale else {
            return
        }
        drift.removeAll { $0.about == ref && ($0.id.what == .apply || $0.id.what == .helm || $0.isIndex) }
        for row in rows {
            var (low, high) = (0, drift.count)
            while low < high {
                let middle = (low + high) / 2
                if DriftRow.isBefore(drift[middle], row) {
                    low = middle + 1
                } else {
                    high = middle
                }
            }
            drift.insert(row, at: low)
        }
        countDrift()
        driftGeneration += 1
    }

    /// True where a newer snapshot may make other rows of objects: most tell nothing of them.
    private func concernsObjects(
        _ older: ClusterSnapshot,
        _ newer: ClusterSnapshot,
        _ changed: [SnapshotChange]?
    ) -> Bool {
        guard let changed, older.missing == newer.missing, older.drifted == newer.drifted,
            older.corrected == newer.corrected,
            // Without a time nothing of the past is shown.
            (older.confirmed == nil) == (newer.confirmed == nil)
        else {
            return true
        }
        let isOver = objectRowsHold.map { end in newer.confirmed.map { $0 >= end } ?? false } ?? false
        return isOver || changed.contains { objectAppliers.contains($0.new.ref) }
    }

    /// What became of objects, and when it comes back, which depends on their appliers.
    private mutating func takeObjectDrift() {
        objectReadings += 1
        let rows = ClusterPicture.objectDrift(snapshot, remembered.corrected, knownDrift)
        objectAppliers = Set(rows.map(\.about))
        let shown = (snapshot.corrected + remembered.corrected).filter {
            ClusterPicture.isRecent($0, in: snapshot)
        }
        objectRowsHold = shown.map { $0.ended.advanced(by: ClusterPicture.correctedSpan) }.min()
        if rows != objectRows {
            objectRows = rows
            isDriftStale = true
        }
    }

    /// Takes what the ledger knows of drift.
    mutating func remember(_ past: DriftMemory) {
        remembered = past
        knownDrift = Dictionary(past.open.map { (DriftSubject($0.applier, $0.entry), $0) }) { first, _ in
            first
        }
        takeObjectDrift()
        generation += 1
    }

    /// What is neither ready nor suspended, worst first; as many as a wall has room for.
    package var trouble: [ObjectRef] {
        troubled.prefix(40).map(\.ref)
    }

    // MARK: Who is at which commit

    /// Counts the applier at a place in or out at the commit that it runs.
    private mutating func stand(_ place: Int, _ step: Int) {
        guard !tracks[place].isSource, let commit = tracks[place].commit else {
            return
        }
        let key = CommitPlace(repository: tracks[place].repository, commit: commit)
        applierCounts[key.repository, default: 0] += step
        var standing = standings.removeValue(forKey: key) ?? Standing()
        standing.counts[tracks[place].state] += step
        if step > 0 {
            standing.places.insertSorted(place)
        } else {
            standing.places.removeSorted(place)
        }
        standings[key] = standing.places.isEmpty ? nil : standing
    }
}

extension FluxResource {
    /// True for what a wall tells of: neither ready nor suspended.
    fileprivate var isTroubled: Bool { state != .ready && state != .suspended }
}

/// An object that is another than it was.
private struct SnapshotChange {
    let old: FluxResource
    let new: FluxResource

    /// The objects that changed; nil where all must be read: objects came or went, or others take from them.
    static func between(_ older: ClusterSnapshot, _ newer: ClusterSnapshot) -> [SnapshotChange]? {
        guard older.resources.count == newer.resources.count, !older.resources.isEmpty else {
            return nil
        }
        var changes: [SnapshotChange] = []
        if let noted = newer.changes(since: older) {
            for ref in noted {
                guard let old = older.resources[ref], let new = newer.resources[ref] else {
                    return nil
                }
                let change = SnapshotChange(old: old, new: new)
                guard change.isAlone else {
                    return nil
                }
                changes.append(change)
            }
            return changes
        }
        // Two trees with the same keys have the same order.
        for (old, new) in zip(older.resources, newer.resources) {
            guard old.key == new.key else {
                return nil
            }
            if isSame(old.value, new.value) {
                continue
            }
            let change = SnapshotChange(old: old.value, new: new.value)
            guard change.isAlone else {
                return nil
            }
            changes.append(change)
        }
        return changes
    }

    private static func isSame(_ old: FluxResource, _ new: FluxResource) -> Bool {
        !new.resourceVersion.isEmpty && old.resourceVersion == new.resourceVersion && old.uid == new.uid
            && old.state == new.state
    }

    /// True where nothing that was read of other objects depends on what changed.
    private var isAlone: Bool {
        old.kind == new.kind && old.source == new.source
            && (old.automation == nil) == (new.automation == nil)
            && old.applier?.source == new.applier?.source
            && (old.applier == nil) == (new.applier == nil)
    }
}

extension ClusterLink {
    /// Since when there is a problem, where that is known.
    package var since: Timestamp? {
        switch self {
        case .unreachable(_, let since), .refused(_, let since): since
        case .connecting, .live, .withoutFlux, .misconfigured: nil
        }
    }
}

/// Collects what one pass over a snapshot tells.
struct SnapshotReading {
    let snapshot: ClusterSnapshot
    var counts = StateCounts()
    var last: Timestamp?
    var tracks: [Track] = []
    var troubled: [Troubled] = []
    var drift: [DriftRow] = []
    var automations: [ObjectRef] = []
    var unreadRules: [ObjectRef: String] = [:]
    /// Addresses that were normalised before: that costs more than all else here.
    private(set) var ids: [String: RepositoryID]
    private var addresses: [RepositoryID: (url: String, refs: Set<String>)] = [:]

    init(_ snapshot: ClusterSnapshot, ids: [String: RepositoryID]) {
        self.snapshot = snapshot
        self.ids = ids
    }

    var demands: [RepositoryDemand] {
        addresses.map { RepositoryDemand(id: $0, url: $1.url, refs: $1.refs.sorted()) }.sorted {
            $0.id < $1.id
        }
    }

    mutating func read(_ ref: ObjectRef, _ resource: FluxResource) {
        counts[resource.state] += 1
        if let finished = resource.lastReconciled, finished > last ?? finished.advanced(by: .seconds(-1)) {
            last = finished
        }
        if resource.isTroubled {
            troubled.append(Troubled(state: resource.state, ref: ref))
        }
        if resource.automation != nil {
            automations.append(ref)
        }
        if let source = resource.source {
            readIndexDrift(ref, resource, source)
            readSource(ref, resource, source)
        } else if let applier = resource.applier {
            readApplier(ref, resource, applier)
        }
    }

    private mutating func readSource(_ ref: ObjectRef, _ resource: FluxResource, _ source: SourceFacts) {
        guard let place = GitPlace(resource.kind, source, &ids) else {
            return
        }
        var known = addresses[place.repository] ?? (place.url, [])
        known.url = min(known.url, place.url)
        if let head = place.follows.fullName {
            known.refs.insert(head)
        }
        addresses[place.repository] = known
        tracks.append(
            Track(
                ref: ref,
                source: ref,
                repository: place.repository,
                follows: place.follows,
                head: place.follows.fullName,
                commit: resource.commit,
                path: "",
                state: resource.state,
                isSource: true,
                isPacked: place.isPacked
            )
        )
    }

    private mutating func readApplier(_ ref: ObjectRef, _ resource: FluxResource, _ applier: ApplierFacts) {
        if !applier.isRemote, let problem = applier.ignores.lazy.compactMap(\.problem).first {
            unreadRules[ref] = problem
        }
        if applier.helmDrifted {
            let condition = resource.condition("Drifted")
            drift.append(
                DriftRow(
                    kind: .helm(condition?.message ?? ""),
                    about: ref,
                    short: resource.kind.short,
                    since: condition?.lastTransition,
                    why: "",
                    branch: ""
                )
            )
        }
        if resource.kind == .helmRelease,
            let offered = applier.chartObject.flatMap({ snapshot.resources[$0] })
        {
            readChartDrift(ref, resource, applier, offered)
        }
        guard let sourceRef = applier.source, let source = snapshot.resources[sourceRef] else {
            return
        }
        if resource.kind == .kustomization {
            readApplyDrift(ref, resource, applier, source)
        }
        guard let facts = source.source, let place = GitPlace(source.kind, facts, &ids) else {
            return
        }
        tracks.append(
            Track(
                ref: ref,
                source: sourceRef,
                repository: place.repository,
                follows: place.follows,
                head: place.follows.fullName,
                commit: resource.commit,
                path: Track.normalised(path: applier.path ?? applier.chart),
                state: resource.state,
                isSource: false,
                isPacked: place.isPacked
            )
        )
    }
}

/// Where a source reads Git, directly or through an artifact that CI packed.
struct GitPlace {
    let repository: RepositoryID
    let url: String
    let follows: FollowedRef
    let isPacked: Bool

    init?(_ kind: FluxKind, _ source: SourceFacts, _ ids: inout [String: RepositoryID]) {
        if kind == .gitRepository, !source.url.isEmpty {
            url = source.url
            follows = source.follows == .none ? .branch("master") : source.follows
            isPacked = false
        } else if kind != .gitRepository, let address = source.originURL, !address.isEmpty {
            url = address
            follows = source.origin?.pointer.map(FollowedRef.packed) ?? .none
            isPacked = true
        } else {
            return nil
        }
        let id = ids[url] ?? RepositoryID(url: url)
        ids[url] = id
        repository = id
    }
}

extension FollowedRef {
    /// What CI packed from, as far as the revision's pointer tells: a branch unless it is a full name.
    fileprivate static func packed(_ pointer: String) -> FollowedRef {
        pointer.hasPrefix("refs/") ? .name(pointer) : .branch(pointer)
    }
}

extension FluxResource {
    /// Why it does not run what it could, in a few words; empty where it is just under way.
    var lag: String {
        switch state {
        case .suspended: "suspended"
        case .failed, .stalled: reason.isEmpty ? state.word : reason
        case .waiting: "waits for a dependency"
        case .terminating: "is being deleted"
        case .unknown: "not reconciled yet"
        case .reconciling: failedBefore ?? ""
        case .ready: ""
        }
    }
}
