import Chrono
import Git
import HashTreeCollections
import Kube

// The lists of the screens that speak of all clusters; made while they are shown.
extension AppState {
    mutating func settleDrift() {
        let (filter, sort, now) = (drift.filter, drift.sort, moment)
        let clusters = clusters
        drift.list.settle(
            clusters.versions { $0.driftGeneration },
            filter: filter,
            order: sort,
            height: listHeight
        ) { id in
            guard let picture = clusters[id] else {
                return []
            }
            let rows =
                filter.isEmpty
                ? picture.drift
                : picture.drift.filter {
                    filter.matches($0.filterSubject(cluster: picture.profile.displayName, now: now))
                }
            // Pictures keep them in the order of the clusters.
            return sort == .cluster ? rows : rows.sorted(by: sort.isBefore)
        }
    }

    mutating func settleEvents() {
        let (filter, clusters, now) = (events.filter, clusters, moment)
        events.list.settle(
            clusters.versions { $0.eventsGeneration },
            filter: filter,
            order: .newest,
            height: listHeight
        ) { id in
            guard let picture = clusters[id] else {
                return []
            }
            return filter.isEmpty
                ? picture.snapshot.events
                : picture.snapshot.events.filter { filter.matches($0.filterSubject(picture.profile, now)) }
        }
    }

    mutating func settleNewestEvents() {
        guard events.newestBasis != eventsGeneration else {
            return
        }
        events.newestBasis = eventsGeneration
        var runs = SortedRuns<FluxEvent>(clusters.ids, order: .newest)
        for place in 0..<clusters.count {
            runs.replace(place, clusters.values[place].snapshot.events)
        }
        events.newest = runs.prefix(EventsState.newestLimit)
    }

    mutating func settleRollouts() {
        let pushes = rollouts.convergences.map { convergence in
            RolloutRow(
                id: .push(convergence.id),
                started: convergence.pushed,
                title: "\(convergence.subject) → \(convergence.receipt.branch)"
                    + (convergence.isProposal ? " (to be merged)" : ""),
                done: convergence.done,
                total: convergence.rows.count,
                failed: convergence.stuck,
                isFinished: convergence.finished != nil
            )
        }
        let changes = (pushes + resyncs.batches).sorted { left, right in
            guard let one = left.started, let two = right.started else {
                return left.started != nil
            }
            return (one, left.title) > (two, right.title)
        }
        settleSuspended()
        // What somebody may have to end comes before what has ended.
        let rows = changes.filter { !$0.isFinished } + rollouts.suspended + changes.filter(\.isFinished)
        guard rows != rollouts.rows else {
            return
        }
        rollouts.rows = rows
        rollouts.cursor.settle(in: rows.map(\.id), height: listHeight)
    }

    private mutating func settleSuspended() {
        guard rollouts.suspendedBasis != worldGeneration else {
            return
        }
        rollouts.suspendedBasis = worldGeneration
        rollouts.suspended = suspensions.map { resource in
            let ref = resource.ref
            let words = resource.suspensionWords.map { " \($0)" } ?? ""
            return RolloutRow(
                id: .suspension(ref),
                started: resource.suspendedSince,
                title: "\(resource.kind.short) \(ref.path) on \(profile(ref.cluster).displayName)\(words)",
                done: 0,
                total: 0,
                failed: 0,
                isFinished: false
            )
        }
    }

    mutating func settleCommits() {
        commits.cursor.settle(in: commits.ids, height: listHeight)
    }
}

extension ResyncQueue {
    /// The batches as rows of the rollouts view.
    var batches: [RolloutRow] {
        var byBatch: [Int: [Resync]] = [:]
        for resync in all where !resync.isSource {
            byBatch[resync.batch, default: []].append(resync)
        }
        return byBatch.compactMap { batch, members in
            guard let first = members.first else {
                return nil
            }
            let others = members.count > 1 ? " and \(members.count - 1) more" : ""
            return RolloutRow(
                id: .resync(batch: batch),
                started: first.queued,
                title: "resync \(first.ref.path) on \(first.ref.cluster)\(others)",
                done: members.count(where: \.isEnded),
                total: members.count,
                failed: members.count { $0.isEnded && $0.phase != .ended(.ready) },
                isFinished: members.allSatisfy(\.isEnded)
            )
        }
    }
}

extension FluxEvent {
    /// What a filter finds in the event.
    fileprivate func filterSubject(_ profile: ClusterProfile, _ now: Timestamp?) -> FilterSubject {
        var subject = FilterSubject(
            about,
            kind: FluxKind.of(group: about.group, kind: about.kind),
            state: .unknown,
            cluster: profile.displayName,
            texts: [reason, message]
        )
        subject.state = isWarning ? "warning" : "normal"
        subject.age = now?.since(at)
        return subject
    }
}
