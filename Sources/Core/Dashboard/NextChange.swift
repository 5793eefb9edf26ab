package import Chrono
import Git
import HashTreeCollections
import Kube

/// The next moment at which the screen differs by the passing of time alone; nil where it never does.
///
/// - Shape: always later than `now`. Engine sleeps until then and sends `timePassed`.
package func nextChange(_ state: AppState, now: Timestamp) -> Timestamp? {
    var times = state.notices.map(\.expires) + state.resyncs.deadlines(now)
    for moment in state.shownMoments {
        times.append(moment.nextAge(after: now))
    }
    for due in state.shownDues(now) where due > now {
        times.append(due.nextCountdown(after: now))
    }
    if state.screen == .wall {
        // Its clock counts minutes.
        times.append(Timestamp(seconds: (now.seconds / 60 + 1) * 60))
        times += [state.nextWallTurn(now)].compactMap(\.self)
    }
    return times.filter { $0 > now }.min()
}

extension Timestamp {
    /// When the age of this moment is written otherwise: seconds under two minutes, then minutes, hours, days.
    ///
    /// - Source: `Duration.age`.
    package func nextAge(after now: Timestamp) -> Timestamp {
        let age = now.since(self).components.seconds
        let unit: Int64 =
            switch age {
            case ..<120: 1
            case ..<7_200: 60
            case ..<172_800: 3_600
            case ..<63_072_000: 86_400
            default: 31_536_000
            }
        guard now >= self else {
            // In the future, as clocks differ: it is written as 0 until then.
            return advanced(by: .seconds(1))
        }
        return advanced(by: .seconds((age / unit + 1) * unit))
    }
}

extension Timestamp {
    /// When the time left until this moment is written otherwise.
    func nextCountdown(after now: Timestamp) -> Timestamp {
        let left = since(now).components.seconds
        let unit: Int64 = left < 120 ? 1 : left < 7_200 ? 60 : 3_600
        // Rounded down, what is left is written otherwise just after the full unit.
        return advanced(by: .seconds(-(left / unit) * unit)).advanced(by: .nanoseconds(1))
    }
}

extension ResyncQueue {
    /// When waiting ends: an answer that is late, a place that is given up.
    fileprivate func deadlines(_ now: Timestamp) -> [Timestamp] {
        guard !untold.isEmpty else {
            return []
        }
        let hasQueued = all.contains { $0.phase == .queued }
        return all.flatMap { resync -> [Timestamp] in
            guard let deadline = resync.deadline, let requested = resync.requested else {
                return []
            }
            return hasQueued ? [deadline, requested.advanced(by: ResyncQueue.hold)] : [deadline]
        }
    }
}

extension AppState {
    /// The moments whose ages are on the screen, as far as they are in view.
    var shownMoments: [Timestamp] {
        var moments: [Timestamp?] = []
        switch screen {
        case .fleet: moments = fleetMoments
        case .wall: moments = clusters.values.flatMap(clusterMoments)
        case .commits:
            let window = commits.cursor.window(count: commits.commits.count, height: listHeight)
            moments = commits.commits[window].map(\.committed) + [shownRepository?.fetched]
        case .drift:
            moments = drift.list.shown(listHeight).map { $0.since ?? $0.notBefore }
        case .events:
            moments = events.list.shown(listHeight).map(\.at)
        case .convergence(let id):
            // Times are told as they were measured; only the time since the push runs on.
            moments = rollouts.convergences.filter { $0.id == id && $0.finished == nil }.map(\.pushed)
        case .rollouts:
            moments = rollouts.rows[rollouts.cursor.window(count: rollouts.rows.count, height: listHeight)]
                .map(\.started)
        // It tells times, and no ages.
        case .audit: moments = []
        case .resource(let ref):
            let shown = self.resource(ref)
            moments = [
                shown?.suspendedSince, shown?.lastReconciled, shown?.source?.artifactUpdated, shown?.created,
            ]
            moments += shown?.conditions.map(\.lastTransition) ?? []
            if resource?.tab == .events {
                moments += events(of: ref).prefix(listHeight).map(\.at)
            }
            if resource?.tab == .drift {
                for row in drift(of: ref) {
                    moments.append(row.since ?? row.notBefore)
                    if case .object(let drift) = row.kind {
                        moments += drift.hands.map(\.time)
                    }
                }
            }
            if resource?.tab == .history {
                moments += shown?.applier?.history.map(\.lastReconciled) ?? []
            }
        case .matrix: break
        }
        if case .rollback(let rollback) = modal {
            moments.append((rollback.plan?.target ?? rollback.commit)?.committed)
        }
        return moments.compactMap(\.self)
    }

    /// What is waited for on the screen: the next reconciliation, and what brings Git's word back to an object.
    fileprivate func shownDues(_ now: Timestamp) -> [Timestamp] {
        var rows: [DriftRow] = []
        var dues: [Timestamp?] = []
        switch screen {
        case .fleet:
            if (fleet.enlarged ?? .recent) == .recent {
                dues.append(fleet.cluster.flatMap { statistics(of: $0, now: now).nextDue })
            }
            rows = selectedDrift.map { [$0] } ?? []
        case .drift:
            rows = drift.list.shown(listHeight)
        case .resource(let ref) where resource?.tab == .drift: rows = drift(of: ref)
        default: break
        }
        dues += rows.map { row in
            if case .due(let moment) = row.comeback {
                return moment
            }
            return nil
        }
        return dues.compactMap(\.self)
    }

    private var fleetMoments: [Timestamp?] {
        let panes: [Pane] = fleet.enlarged.map { [$0] } ?? Pane.allCases
        return panes.flatMap { pane -> [Timestamp?] in
            let height = height(of: pane)
            switch pane {
            case .clusters:
                let window = fleet.clusterCursor.window(count: fleet.clusterRows.count, height: height)
                return fleet.clusterRows[window].compactMap { clusters[$0] }.flatMap(clusterMoments)
            case .sync:
                let window = fleet.syncCursor.window(count: fleet.syncRows.count, height: height)
                return fleet.syncRows[window].flatMap { row in
                    [row.last, row.state == .suspended ? resource(row.ref)?.suspendedSince : nil]
                }
            case .drift:
                let window = fleet.driftCursor.window(count: fleet.driftRows.count, height: height)
                return fleet.driftRows[window].map { $0.since ?? $0.notBefore }
            case .recent:
                // Shown by the clock, not by age; the rate goes by minutes since the newest.
                return [fleet.recentRows.first?.finished]
            }
        }
    }

    private func clusterMoments(_ picture: ClusterPicture) -> [Timestamp?] {
        let summary = picture.summary
        // Data is as old as the last confirmation where it is stale; else only the last reconcile is told.
        return summary.problem == nil
            ? [summary.lastReconciled, summary.isStale ? picture.snapshot.confirmed : nil]
            : [summary.problemSince, picture.snapshot.confirmed]
    }
}
