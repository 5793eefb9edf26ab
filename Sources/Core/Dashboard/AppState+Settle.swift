import Chrono
import HashTreeCollections
import Kube

// Lists that are worked out when their causes changed, and only then.
extension AppState {
    /// Brings every list on the screen up to date with what it is made of.
    mutating func settle() {
        settleClusters()
        settlePanes()
        switch screen {
        case .matrix: settleMatrix()
        case .drift: settleDrift()
        case .events: settleEvents()
        case .rollouts: settleRollouts()
        case .audit: settleAudit()
        case .commits: settleCommits()
        case .wall: settleNewestEvents()
        case .fleet, .convergence, .resource: break
        }
    }

    private mutating func settleClusters() {
        let basis = ClusterBasis(
            world: worldGeneration,
            sort: fleet.clusterSort,
            filter: fleet.filters[.clusters] ?? .none
        )
        guard basis != fleet.clusterBasis else {
            return
        }
        fleet.clusterBasis = basis
        var shown: [ClusterOrder] = []
        shown.reserveCapacity(clusters.count)
        for index in clusters.values.indices
        where basis.filter.isEmpty || basis.filter.matches(clusters.values[index].filterSubject) {
            let profile = clusters.values[index].profile
            shown.append(ClusterOrder(profile, clusters.values[index].summary))
        }
        shown.sort { ClusterOrder.isBefore($0, $1, by: basis.sort) }
        fleet.clusterRows = shown.map(\.profile.id)
        fleet.clusterCursor.settle(
            in: fleet.clusterRows,
            height: height(of: .clusters),
            staysOnTop: !hasOperator
        )
    }

    private mutating func settlePanes() {
        let picture = selectedCluster
        let basis = RowBasis(
            cluster: picture?.profile.id,
            generation: picture?.generation ?? 0,
            isComplete: picture?.snapshot.isComplete ?? false,
            knowsObjects: picture?.snapshot.knowsObjects ?? false,
            sort: fleet.syncSort,
            filters: fleet.filters,
            unfolded: fleet.unfolded
        )
        guard basis != fleet.syncBasis else {
            return
        }
        let isOtherCluster = basis.cluster != fleet.syncBasis?.cluster
        let isFiltered = basis.filters != fleet.syncBasis?.filters
        // What makes a list whole arrives with the word that it is: the rows before it count.
        let wasComplete = fleet.syncBasis?.isComplete ?? false
        let knewObjects = fleet.syncBasis?.knowsObjects ?? false
        fleet.syncBasis = basis
        if isOtherCluster {
            fleet.syncCursor = Cursor()
            fleet.driftCursor = Cursor()
            fleet.recentCursor = Cursor()
        }
        guard let picture else {
            (fleet.syncRows, fleet.syncIDs, fleet.driftRows, fleet.driftIDs) = ([], [], [], [])
            fleet.recentRows = []
            return
        }
        fleet.syncRows = SyncRow.rows(
            of: picture,
            sort: basis.sort,
            filter: basis.filters[.sync] ?? .none,
            unfolded: basis.unfolded,
            now: moment
        )
        fleet.syncIDs = fleet.syncRows.map(\.ref)
        // What is worst arrives as it comes: until a row was chosen, the place is kept, not the row. So it is with
        // a filter: what matches best is on top.
        let isFilling = !hasOperator || !wasComplete || isFiltered
        fleet.syncCursor.settle(
            in: fleet.syncIDs,
            height: height(of: .sync),
            staysOnTop: isFilling && !fleet.syncCursor.isPlaced
        )

        let name = picture.profile.displayName
        let driftFilter = basis.filters[.drift] ?? .none
        fleet.driftRows =
            driftFilter.isEmpty
            ? picture.drift
            : picture.drift.filter { driftFilter.matches($0.filterSubject(cluster: name, now: moment)) }
        fleet.driftIDs = fleet.driftRows.map(\.id)
        fleet.driftCursor.settle(
            in: fleet.driftIDs,
            height: height(of: .drift),
            staysOnTop: (isFilling || !knewObjects) && !fleet.driftCursor.isPlaced
        )

        let recentFilter = basis.filters[.recent] ?? .none
        fleet.recentRows =
            recentFilter.isEmpty
            ? picture.snapshot.recent
            : picture.snapshot.recent.filter { record in
                let kind = FluxKind.of(group: record.ref.group, kind: record.ref.kind)
                var subject = FilterSubject(record.ref, kind: kind, state: record.outcome, cluster: name)
                subject.age = moment?.since(record.finished)
                return recentFilter.matches(subject)
            }
        fleet.recentCursor.settle(
            in: fleet.recentRows,
            height: height(of: .recent),
            staysOnTop: !fleet.recentCursor.isPlaced
        )
    }

    /// Rows that a pane of the fleet view has room for, as far as the state can tell.
    ///
    /// Views may lay out otherwise: `Cursor.window` keeps the selection in view whatever the height.
    package func height(of pane: Pane) -> Int {
        let body = max(1, rows - 2)
        if fleet.enlarged != nil || columns < 60 || rows < 16 {
            return max(1, body - 3)
        }
        let upper = body * 11 / 20
        switch pane {
        case .clusters: return max(1, upper - 3)
        case .sync: return columns < 100 ? max(1, body - upper - 3) : max(1, upper - 3)
        case .recent: return max(1, body - upper - 3)
        case .drift: return max(1, body - upper - 2)
        }
    }

    /// Rows that the one list of another screen has room for, as far as the state can tell.
    package var listHeight: Int {
        screen == .commits ? max(1, (rows - 4) / 2) : max(1, rows - 5)
    }
}

/// Everything that the rows of the clusters pane depend on.
struct ClusterBasis: Hashable, Sendable {
    var world: Int
    var sort: ClusterSort
    var filter: Filter
}

extension ClusterPicture {
    fileprivate var filterSubject: FilterSubject {
        let states = SyncState.allCases.filter { summary.counts[$0] > 0 }.map(\.word)
        return FilterSubject(
            name: profile.displayName,
            namespace: profile.group,
            state: snapshot.link.problem == nil ? "live" : "unreachable",
            cluster: profile.displayName,
            texts: states + [profile.group, summary.problem ?? ""]
        )
    }
}

/// What the clusters are sorted by.
private struct ClusterOrder {
    let profile: ClusterProfile
    let severity: Int
    let troubled: Int
    let waiting: Int
    let drifted: Int
    let behind: Int?
    let last: Timestamp?

    init(_ profile: ClusterProfile, _ summary: ClusterSummary) {
        self.profile = profile
        severity = summary.severity
        troubled = summary.counts.troubled
        waiting = summary.counts[.waiting]
        drifted = summary.drifted
        behind = summary.behind
        last = summary.lastReconciled
    }

    static func isBefore(_ left: ClusterOrder, _ right: ClusterOrder, by sort: ClusterSort) -> Bool {
        switch sort {
        case .worst:
            // The more the worse, but for the severity.
            let (one, two) = (
                (left.severity, -left.troubled, -left.waiting),
                (right.severity, -right.troubled, -right.waiting)
            )
            if one != two {
                return one < two
            }
        case .drift where left.drifted != right.drifted: return left.drifted > right.drifted
        case .behind where left.behind != right.behind: return (left.behind ?? -1) > (right.behind ?? -1)
        case .last where left.last != right.last:
            guard let one = left.last, let two = right.last else {
                return left.last != nil
            }
            return one > two
        case .name, .drift, .behind, .last: break
        }
        return (left.profile.group, left.profile.displayName, left.profile.id)
            < (right.profile.group, right.profile.displayName, right.profile.id)
    }
}
