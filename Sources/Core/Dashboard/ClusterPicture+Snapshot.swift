package import Chrono
import Git
import HashTreeCollections
package import Kube

extension ClusterPicture {
    /// Takes a newer snapshot: counts, places in Git, and drift that the cluster tells by itself.
    mutating func take(_ newer: ClusterSnapshot) {
        snapshot = newer
        var reading = SnapshotReading(newer, ids: repositoryIDs)
        for (ref, resource) in newer.resources {
            reading.read(ref, resource)
        }
        repositoryIDs = reading.ids
        tracks = reading.tracks
        ownDrift = reading.drift + ClusterPicture.objectDrift(newer, remembered)
        runningAt = [:]
        for (place, track) in tracks.enumerated() {
            if let commit = track.commit, !track.isSource {
                runningAt[commit, default: []].append(place)
            }
        }
        repositories = Set(tracks.map(\.repository))
        automations = reading.automations.sorted()
        includers = reading.includers.sorted()
        demands = reading.demands
        summary.counts = reading.counts
        summary.lastReconciled = [reading.last, newer.recent.first?.finished].compactMap(\.self).max()
        summary.problem = newer.link.problem
        summary.problemSince = newer.link.since
        summary.isStale = newer.isStale
        summary.isComplete = newer.isComplete
        generation += 1
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
private struct SnapshotReading {
    let snapshot: ClusterSnapshot
    var counts = StateCounts()
    var last: Timestamp?
    var tracks: [Track] = []
    var drift: [DriftRow] = []
    var automations: [ObjectRef] = []
    var includers: [ObjectRef] = []
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
        if resource.automation != nil {
            automations.append(ref)
        }
        if let source = resource.source {
            if !source.includes.isEmpty {
                includers.append(ref)
            }
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

    private mutating func readApplyDrift(
        _ ref: ObjectRef,
        _ resource: FluxResource,
        _ applier: ApplierFacts,
        _ source: FluxResource
    ) {
        guard
            let fetched = source.source?.artifact, let applied = applier.lastApplied,
            fetched != applied, fetched.commit == nil || fetched.commit != applied.commit
        else {
            return
        }
        drift.append(
            DriftRow(
                kind: .apply(fetched: fetched.short, applied: applied.short),
                about: ref,
                short: resource.kind.short,
                since: source.source?.artifactUpdated,
                why: resource.lag,
                branch: ""
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
        case .reconciling, .ready: ""
        }
    }
}
