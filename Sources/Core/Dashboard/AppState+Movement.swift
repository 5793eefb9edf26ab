import Chrono
import Configuration
import Git
import Kube

/// How far a movement key goes.
enum Motion {
    case rows(Int), halfPages(Int), top, bottom

    /// The row that the motion leads to; places outside the list are the cursor's to mend.
    func target(from index: Int, count: Int, height: Int) -> Int {
        switch self {
        case .rows(let rows): index + rows
        case .halfPages(let halves): index + halves * max(1, height / 2)
        case .top: 0
        case .bottom: count - 1
        }
    }
}

// Moving in lists and between panes.
extension AppState {
    mutating func move(_ motion: Motion, _ now: Timestamp) -> [Effect] {
        switch screen {
        case .fleet:
            let (count, index) = focusedList
            select(motion.target(from: index, count: count, height: height(of: fleet.focus)), now)
        case .resource where resource?.tab == .logs: scrollLog(motion)
        case .resource:
            let count = resourceLineCount
            let wanted = motion.target(from: resource?.scroll ?? 0, count: count, height: listHeight)
            resource?.scroll = min(max(0, wanted), max(0, count - 1))
        case .convergence(let id):
            let count = rollouts.convergences.first { $0.id == id }?.rows.count ?? 0
            let wanted = motion.target(from: rollouts.scroll, count: count, height: listHeight)
            rollouts.scroll = min(max(0, wanted), max(0, count - 1))
        case .commits where commits.isDiffFocused:
            let count = commits.diff?.lineCount ?? 0
            let wanted = motion.target(from: commits.diffScroll, count: count, height: listHeight)
            commits.diffScroll = min(max(0, wanted), max(0, count - 1))
        case .matrix, .commits, .drift, .events, .rollouts, .audit:
            let (count, index) = focusedList
            select(motion.target(from: index, count: count, height: listHeight), now)
        case .wall: break
        }
        return []
    }

    /// How many rows the list with the keys has, and which is selected.
    var focusedList: (count: Int, index: Int) {
        switch screen {
        case .fleet:
            switch fleet.focus {
            case .clusters: (fleet.clusterRows.count, fleet.clusterCursor.index)
            case .sync: (fleet.syncRows.count, fleet.syncCursor.index)
            case .drift: (fleet.driftRows.count, fleet.driftCursor.index)
            case .recent: (fleet.recentRows.count, fleet.recentCursor.index)
            }
        case .matrix: (matrix.rows.count, matrix.cursor.index)
        case .commits: (commits.commits.count, commits.cursor.index)
        case .drift: (drift.list.count, drift.list.cursor.index)
        case .events: (events.list.count, events.list.cursor.index)
        case .rollouts: (rollouts.rows.count, rollouts.cursor.index)
        case .audit: (audit.rows.count, audit.cursor.index)
        case .resource, .convergence, .wall: (0, 0)
        }
    }

    /// Selects a row of the list with the keys.
    mutating func select(_ index: Int, _ now: Timestamp) {
        switch screen {
        case .fleet:
            let height = height(of: fleet.focus)
            switch fleet.focus {
            case .clusters: fleet.clusterCursor.select(index, in: fleet.clusterRows, height: height)
            case .sync: fleet.syncCursor.select(index, in: fleet.syncIDs, height: height)
            case .drift: fleet.driftCursor.select(index, in: fleet.driftIDs, height: height)
            case .recent: fleet.recentCursor.select(index, in: fleet.recentRows, height: height)
            }
        case .matrix: matrix.cursor.select(index, in: matrix.rows, height: listHeight)
        case .commits:
            commits.cursor.select(index, in: commits.ids, height: listHeight)
            commits.diffScroll = 0
        case .drift: drift.list.select(index, height: listHeight)
        case .events: events.list.select(index, height: listHeight)
        case .rollouts: rollouts.cursor.select(index, in: rollouts.rows.map(\.id), height: listHeight)
        case .audit: audit.cursor.select(index, in: audit.rows.map(\.change), height: listHeight)
        case .resource, .convergence, .wall: break
        }
    }

    mutating func setFocus(_ pane: Pane) {
        fleet.focus = pane
        if pane != .clusters {
            fleet.lowerPane = pane
        }
        if fleet.enlarged != nil {
            fleet.enlarged = pane
        }
    }

    /// To the pane, tab or column beside.
    mutating func step(_ direction: Int, isSideways: Bool) -> [Effect] {
        switch screen {
        case .fleet: setFocus(isSideways ? fleet.focus.beside(direction) : fleet.focus.next(direction))
        case .resource(let ref):
            guard let tab = resource?.tab.neighbour(direction) else {
                return []
            }
            return showTab(tab, of: ref)
        case .matrix: matrix.column = min(max(0, matrix.column + direction), max(0, matrix.columns.count - 1))
        case .commits: commits.isDiffFocused = isSideways ? direction > 0 : !commits.isDiffFocused
        case .drift, .events, .rollouts, .audit, .wall, .convergence: break
        }
        return []
    }

    /// To the next row that is in trouble, or the next row where a filter is set; around the end.
    mutating func jump(_ direction: Int, _ now: Timestamp) {
        let (count, index) = focusedList
        guard count > 0 else {
            return
        }
        let found =
            switch screen {
            case .events where events.filter.isEmpty:
                events.list.place(from: index, direction: direction) { $0.isWarning }
            default:
                (1...count).lazy.map { ((index + direction * $0) % count + count) % count }
                    .first { isMatch($0) }
            }
        guard let found else {
            notice("nothing here is in trouble", .told, now)
            return
        }
        select(found, now)
    }

    private func isMatch(_ place: Int) -> Bool {
        switch screen {
        case .fleet where (fleet.filters[fleet.focus] ?? .none).isEmpty:
            switch fleet.focus {
            case .clusters: (clusters[fleet.clusterRows[place]]?.summary.severity ?? 4) <= 1
            case .sync: fleet.syncRows[place].state.isTrouble
            case .recent: fleet.recentRows[place].outcome.isTrouble
            case .drift: true
            }
        case .matrix where matrix.filter.isEmpty:
            matrixRow(matrix.rows[place]).cells.values.contains { $0.state.isTrouble || $0.isOdd }
        case .audit where audit.filter.isEmpty: audit.rows[place].result == "failed"
        default: true
        }
    }
}

extension Pane {
    /// The order of Tab.
    private static let round: [Pane] = [.clusters, .sync, .drift, .recent]

    func next(_ direction: Int) -> Pane {
        let place = (Pane.round.firstIndex(of: self) ?? 0) + direction + Pane.round.count
        return Pane.round[place % Pane.round.count]
    }

    /// The pane to the left or to the right; the same at the edge.
    func beside(_ direction: Int) -> Pane {
        switch self {
        case .clusters where direction > 0: .sync
        case .recent where direction > 0: .drift
        case .sync where direction < 0: .clusters
        case .drift where direction < 0: .recent
        default: self
        }
    }
}

extension ResourceState.Tab {
    func neighbour(_ direction: Int) -> ResourceState.Tab {
        let all = ResourceState.Tab.allCases
        let place = (all.firstIndex(of: self) ?? 0) + direction + all.count
        return all[place % all.count]
    }
}
