import Chrono
import Configuration
import Git
package import Kube

// From screen to screen.
extension AppState {
    /// Goes to another screen; Esc leads back.
    mutating func go(to next: Screen) {
        guard next != screen else {
            return
        }
        trail.append(screen)
        // The way back need not be longer than anyone remembers.
        if trail.count > 20 {
            trail.removeFirst()
        }
        screen = next
    }

    mutating func show(_ command: Command, _ now: Timestamp) -> [Effect] {
        switch command {
        case .viewFleet:
            screen = .fleet
            trail = []
        case .viewMatrix: go(to: .matrix)
        case .viewCommits:
            return driftedObject == nil && originFile == nil
                ? openCommits(of: selectedRef, now) : openManifest(now)
        case .viewConvergence:
            guard let last = rollouts.convergences.last else {
                notice("nothing was pushed from here yet", .told, now)
                return []
            }
            openConvergence(last.id)
        case .viewDrift: go(to: .drift)
        case .viewEvents: go(to: .events)
        case .viewRollouts: go(to: .rollouts)
        case .viewAudit:
            audit.isStale = true
            go(to: .audit)
        case .wall: go(to: .wall)
        default: break
        }
        return []
    }

    mutating func openConvergence(_ id: Int) {
        rollouts.scroll = 0
        go(to: .convergence(id))
    }

    mutating func open(_ now: Timestamp) -> [Effect] {
        switch screen {
        case .fleet:
            switch fleet.focus {
            case .clusters: setFocus(.sync)
            case .sync, .recent: return openResource(.summary, now)
            case .drift: return openDrift(selectedDrift, now)
            }
        case .drift: return openDrift(selectedDrift, now)
        case .matrix, .events: return openResource(.summary, now)
        case .commits: commits.isDiffFocused.toggle()
        case .rollouts:
            switch rollouts.cursor.selected {
            case .push(let id): openConvergence(id)
            case .resync(let batch):
                if let ref = resyncs.all.last(where: { $0.batch == batch && !$0.isSource })?.ref {
                    return openResource(ref, .summary)
                }
            case .suspension(let ref): return openResource(ref, .summary)
            case nil: break
            }
        case .convergence, .resource, .audit, .wall: break
        }
        return []
    }

    private mutating func openDrift(_ row: DriftRow?, _ now: Timestamp) -> [Effect] {
        switch row?.kind {
        case .apply where row?.about.kind == FluxKind.helmRelease.kind: openResource(.summary, now)
        case .source, .rewritten, .apply: openCommits(of: row?.about, now)
        case .index: openResource(.summary, now)
        case .missing, .object, .corrected: openResource(.drift, now)
        case .helm: openResource(.summary, now)
        case nil: []
        }
    }

    mutating func back() {
        switch screen {
        case .fleet:
            if !marks.isEmpty {
                marks = []
            } else if fleet.filters[fleet.focus] != nil {
                fleet.filters[fleet.focus] = nil
            } else if fleet.enlarged != nil {
                fleet.enlarged = nil
            } else if notices.isEmpty {
                setFocus(.clusters)
            }
            notices = []
        case .matrix where !matrix.filter.isEmpty: matrix.filter = .none
        case .drift where !drift.filter.isEmpty: drift.filter = .none
        case .events where !events.filter.isEmpty: events.filter = .none
        case .audit where !audit.filter.isEmpty: audit.filter = .none
        case .commits where commits.isDiffFocused: commits.isDiffFocused = false
        case .commits where commits.anchor != nil || !commits.marked.isEmpty: commits.unmark()
        default:
            if case .resource = screen {
                resource = nil
                stopAwaiting(.object)
            }
            screen = trail.popLast() ?? .fleet
            if case .resource(let ref) = screen {
                resource = ResourceState(ref: ref, tab: .summary)
            }
        }
    }

    mutating func backOrQuit() -> [Effect] {
        if isMonitor || screen == .fleet, marks.isEmpty, fleet.filters[fleet.focus] == nil,
            fleet.enlarged == nil
        {
            return quit()
        }
        back()
        return []
    }

    // MARK: What is selected

    /// The object that the screen's selection is about; nil where it is about none.
    package var selectedRef: ObjectRef? {
        switch screen {
        case .fleet:
            switch fleet.focus {
            case .clusters: nil
            case .sync: fleet.syncCursor.selected
            case .drift: fleet.driftCursor.selected?.about
            case .recent: fleet.recentCursor.selected?.ref
            }
        case .matrix: selectedMatrixRef
        case .drift: drift.list.selected?.about
        case .events: selectedEvent?.about
        case .resource(let ref): ref
        case .commits: commits.applier
        case .rollouts:
            if case .suspension(let ref) = rollouts.cursor.selected {
                ref
            } else {
                nil
            }
        case .convergence, .audit, .wall: nil
        }
    }

    private var selectedMatrixRef: ObjectRef? {
        guard matrix.columns.indices.contains(matrix.column), let row = matrix.cursor.selected else {
            return nil
        }
        let cluster = matrix.columns[matrix.column]
        return matrixRow(row, columns: [cluster]).cells[cluster]?.ref
    }

    /// The event selected in the events view.
    package var selectedEvent: FluxEvent? {
        events.list.selected
    }

    /// The drift row selected, in the pane or in the drift view.
    package var selectedDrift: DriftRow? {
        screen == .drift ? drift.list.selected : fleet.selectedDrift
    }

    /// What an action would be done to: the marked objects, else the selected one.
    var actionTargets: [ObjectRef] {
        if !marks.isEmpty {
            return marks.sorted()
        }
        return selectedRef.map { [$0] } ?? []
    }
}
