import Chrono
import Configuration
import Git
import HashTreeCollections
import Kube

// Marks, sorting, folding, and what is copied.
extension AppState {
    mutating func mark(_ now: Timestamp) {
        switch screen {
        case .wall:
            wallPaused = wallPaused == nil ? now : nil
            return
        case .commits:
            markCommit(now)
            return
        default: break
        }
        guard let ref = selectedRef else {
            notice("only resources can be marked: go to the sync pane with Tab", .told, now)
            return
        }
        if marks.remove(ref) == nil {
            marks.insert(ref)
        }
        let (_, index) = focusedList
        select(index + 1, now)
    }

    mutating func markAll() {
        let shown: [ObjectRef] =
            switch screen {
            case .fleet where fleet.focus == .drift: fleet.driftRows.map(\.about)
            case .fleet: fleet.syncIDs
            case .drift: drift.list.rows.map(\.about)
            case .matrix:
                (matrix.cursor.selected.map { matrixRow($0).cells.values.map(\.ref) } ?? []).sorted()
            default: []
            }
        // A second press takes the marks away again.
        if marks.isSuperset(of: shown) {
            marks.subtract(shown)
        } else {
            marks.formUnion(shown)
        }
    }

    mutating func sortByNextColumn() {
        if screen == .drift {
            drift.sort = drift.sort.next
        }
        guard screen == .fleet else {
            return
        }
        if fleet.focus == .clusters {
            fleet.clusterSort = fleet.clusterSort.next
        } else {
            fleet.syncSort = fleet.syncSort.next
        }
    }

    mutating func toggleFold(_ now: Timestamp) {
        guard screen == .fleet, fleet.syncRows.indices.contains(fleet.syncCursor.index) else {
            return
        }
        let row = fleet.syncRows[fleet.syncCursor.index]
        if row.folded > 0 {
            fleet.unfolded.insert(row.ref)
        } else if fleet.unfolded.remove(row.ref) != nil {
            return
        } else if row.depth > 0 {
            // On a row below: fold it away and select what it hangs under.
            let above = fleet.syncRows[..<fleet.syncCursor.index].last { $0.depth == 0 }
            if let above, fleet.unfolded.remove(above.ref) != nil {
                fleet.syncCursor.select(id: above.ref, in: fleet.syncIDs, height: height(of: .sync))
            }
        } else {
            notice("nothing waits for \(row.ref.path)", .told, now)
        }
    }

    mutating func copySelection(_ now: Timestamp) -> [Effect] {
        let text: String? =
            switch screen {
            case .commits: commits.cursor.selected
            case .fleet where fleet.focus == .clusters: fleet.cluster.map { profile($0).displayName }
            case .convergence(let id):
                rollouts.convergences.first { $0.id == id }.map { $0.receipt.compare ?? $0.receipt.commit }
            default: selectedRef?.path
            }
        guard let text else {
            return []
        }
        notice("copied \(text)", .told, now)
        return [.copy(text)]
    }

    /// The address of the selected commit where people look at it.
    package var commitAddress: String? {
        switch screen {
        case .commits:
            guard let repository = commits.query?.repository, let id = commits.cursor.selected else {
                return nil
            }
            return repository.webAddress(ofCommit: id)
        case .convergence(let id):
            let receipt = rollouts.convergences.first { $0.id == id }?.receipt
            return receipt.flatMap { $0.compare ?? $0.repository.webAddress(ofCommit: $0.commit) }
        default:
            guard
                let ref = selectedRef, let commit = resource(ref)?.commit,
                let track = clusters[ref.cluster]?.track(of: ref)
            else {
                return nil
            }
            return track.repository.webAddress(ofCommit: commit)
        }
    }

    mutating func showAddress(_ now: Timestamp) {
        if let address = commitAddress {
            notice(address, .told, now)
        } else {
            notice("no web address is known for this", .told, now)
        }
    }

    mutating func refreshNow(_ now: Timestamp) -> [Effect] {
        switch screen {
        case .commits: return fetchNow(now)
        case .audit:
            audit.isStale = true
            return []
        case .resource where resource?.tab == .logs: return followAgain()
        case .resource(let ref):
            return [.refresh(ref.cluster)] + (resource?.tab == .yaml ? showTab(.yaml, of: ref) : [])
        case .fleet:
            let which = fleet.cluster
            notice("asking \(which.map { profile($0).displayName } ?? "every cluster") again", .told, now)
            return [.refresh(which)]
        default:
            notice("asking every cluster again", .told, now)
            return [.refresh(nil)]
        }
    }
}

extension CaseIterable where Self: Equatable, AllCases: RandomAccessCollection {
    /// The case after this one, around the end.
    var next: Self {
        let all = Self.allCases
        let place = all.firstIndex(of: self) ?? all.startIndex
        let following = all.index(after: place)
        return all[following == all.endIndex ? all.startIndex : following]
    }
}
