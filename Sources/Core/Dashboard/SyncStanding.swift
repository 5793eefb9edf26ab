package import Chrono
import Git
import HashTreeCollections
package import Kube

/// Where a source or an applier stands between Git and its cluster: what the remote has, what was fetched, what runs.
package struct SyncStanding: Hashable, Sendable {
    /// Why it does not run what it could.
    package enum Cause: Hashable, Sendable {
        /// In a few words, `GitRepository flux-system/fleet is suspended`.
        case words(String)
        /// Nothing is wrong: the source or applier runs `every` so long; `next` is nil where it does not tell.
        case notDue(ObjectRef, every: Duration, next: Timestamp?)
    }

    /// What its source follows, `branch main`; nil where nothing of it comes from Git.
    package let follows: String?
    /// The commit that the remote has there, as the mirror saw it last.
    package let head: String?
    /// What the cluster holds of it: of a release, the chart that is offered within its range.
    package let fetched: Revision?
    package let fetchedAt: Timestamp?
    /// What runs; nil for sources.
    package let applied: Revision?
    package let behind: Behind?
    /// Since when something is missing; nil where nothing is, or nobody tells.
    package let since: Timestamp?
    /// Why; nil where nothing is missing.
    package let cause: Cause?

    /// Reads it from a picture; nil for what neither fetches nor applies.
    ///
    /// - Shape: `unapplied` are the appliers that do not run what was fetched; `head` finds a mirror's commit.
    package init?(
        _ ref: ObjectRef,
        in picture: ClusterPicture,
        unapplied: Set<ObjectRef>,
        head: (Track) -> String?
    ) {
        let snapshot = picture.snapshot
        guard let resource = snapshot.resources[ref], resource.applier != nil || resource.source != nil else {
            return nil
        }
        let sourceRef = resource.applier.map { $0.chartObject ?? $0.source } ?? ref
        let source = sourceRef.flatMap { snapshot.resources[$0] }
        let place = picture.behind.place(of: ref)
        let track = place.map { picture.tracks[$0] }
        behind = place.map { picture.behind.values[$0] }
        follows = track.flatMap { $0.follows == .none ? nil : $0.follows.words }
        self.head = track.flatMap(head)
        fetched = source?.source?.artifact
        fetchedAt = source?.source?.artifactUpdated
        applied = resource.applier?.lastApplied
        let isBehind = behind?.isBehind ?? false
        guard isBehind || unapplied.contains(ref) else {
            (since, cause) = (nil, nil)
            return
        }
        let lag = picture.lags[ref]
        since = isBehind ? behind?.since : lag?.missing ?? lag?.fetched ?? fetchedAt
        // What is not fetched cannot be applied.
        let isUnfetched = self.head != nil && source?.source?.artifact?.commit != self.head
        if let source, source.ref != ref, isUnfetched {
            cause = source.cause(of: snapshot, name: "\(source.ref.description) ")
        } else {
            cause = resource.cause(of: snapshot, name: "")
        }
    }
}

extension AppState {
    /// Where a source or an applier stands; nil for other objects and those that are gone.
    package func standing(of ref: ObjectRef) -> SyncStanding? {
        clusters[ref.cluster].flatMap { picture in
            let isUnapplied = picture.drift.contains { $0.about == ref && $0.id.what == .apply }
            return SyncStanding(ref, in: picture, unapplied: isUnapplied ? [ref] : [], head: head(of:))
        }
    }

    /// The same for all objects of a cluster that fetch or apply.
    package func standings(in picture: ClusterPicture) -> [ObjectRef: SyncStanding] {
        let unapplied = Set(picture.drift.lazy.filter { $0.id.what == .apply }.map(\.about))
        return picture.snapshot.resources.keys.reduce(into: [:]) { found, ref in
            found[ref] = SyncStanding(ref, in: picture, unapplied: unapplied, head: head(of:))
        }
    }

    /// The commit that the remote has where a track's source looks.
    private func head(of track: Track) -> String? {
        track.head.flatMap { repositories[track.repository]?.heads[$0] }
    }
}

extension FluxResource {
    /// Why it does not do what it could; `name` says which object that is, where it is not plain.
    fileprivate func cause(of snapshot: ClusterSnapshot, name: String) -> SyncStanding.Cause? {
        switch state {
        case .suspended: return .words(name.isEmpty ? "suspended" : "\(name)is suspended")
        case .failed, .stalled: return .words("\(name)fails\(reason.isEmpty ? "" : ": \(reason)")")
        case .waiting:
            let dependency = firstUnready(in: snapshot).map(\.description) ?? "a dependency"
            return .words("\(name)waits for \(dependency)")
        case .terminating: return .words("\(name)is being deleted")
        case .unknown: return .words("\(name)was not reconciled yet")
        case .reconciling: return .words("\(name)is at it")
        case .ready:
            return interval.map { interval in
                // Sources do not tell when they looked last, nor appliers before Flux 2.7, nor releases.
                let last = kind == .helmRelease ? nil : applier?.history.first?.lastReconciled
                return .notDue(ref, every: interval, next: last?.advanced(by: interval))
            }
        }
    }
}
