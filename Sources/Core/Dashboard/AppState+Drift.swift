import Chrono
import Git
package import Kube

// From a drifted object to what can be done about it.
extension AppState {
    /// True where a resource is selected, whose drift can be shown.
    var showsDrift: Bool {
        switch screen {
        case .fleet, .matrix, .drift, .events, .resource: selectedRef != nil
        case .commits, .rollouts, .audit, .wall, .convergence: false
        }
    }

    /// The selected drift row, where it is about an object of an inventory.
    var driftedObject: DriftRow? {
        guard screen == .drift || screen == .fleet && fleet.focus == .drift else {
            return nil
        }
        return selectedDrift.flatMap { $0.entry == nil ? nil : $0 }
    }

    /// The drift of one applier and its objects.
    package func drift(of ref: ObjectRef) -> [DriftRow] {
        clusters[ref.cluster]?.drift.filter { $0.about == ref } ?? []
    }

    /// The last commits of the file behind what is shown, or of all that the selected object's applier is built from.
    mutating func openManifest(_ now: Timestamp) -> [Effect] {
        guard let ref = selectedRef, let track = track(for: ref), let head = track.head else {
            return openCommits(of: selectedRef, now)
        }
        let file = originFile
        go(to: .commits)
        commits.applier = ref
        show(
            LogQuery(
                repository: track.repository,
                ref: head,
                path: file ?? track.path,
                isApplierPath: file == nil
            )
        )
        return []
    }

    /// Lines of the drift tab, as far as the state can tell.
    func driftLineCount(of ref: ObjectRef) -> Int {
        // Twenty lines are more than what helm-controller says and what can never be known.
        drift(of: ref).reduce(exactLineCount(of: ref) + 20) { sum, row in
            guard case .object(let drift) = row.kind else {
                return sum + 13
            }
            return sum + drift.hands.reduce(14) { $0 + $1.fields.count * 2 + 2 }
        }
    }
}
