import Chrono
import HashTreeCollections
package import Kube

// The resource view.
extension AppState {
    mutating func openResource(_ tab: ResourceState.Tab, _ now: Timestamp) -> [Effect] {
        guard let ref = selectedRef else {
            if screen == .fleet, fleet.focus == .clusters {
                setFocus(.sync)
            } else {
                notice("nothing is selected", .told, now)
            }
            return []
        }
        return openResource(ref, tab)
    }

    mutating func openResource(_ ref: ObjectRef, _ tab: ResourceState.Tab) -> [Effect] {
        if screen != .resource(ref) {
            go(to: .resource(ref))
            resource = ResourceState(ref: ref, tab: tab)
        }
        return showTab(tab, of: ref)
    }

    mutating func showTab(_ tab: ResourceState.Tab, of ref: ObjectRef) -> [Effect] {
        resource?.tab = tab
        resource?.scroll = 0
        guard tab == .yaml else {
            return []
        }
        resource?.isLoading = true
        resource?.problem = nil
        return [.loadObject(ref, ask(.object))]
    }

    mutating func takeObject(_ result: Result<[String], ActionFailure>) {
        stopAwaiting(.object)
        resource?.isLoading = false
        switch result {
        case .success(let lines): resource?.yaml = lines
        case .failure(let failure): resource?.problem = failure.message
        }
    }

    /// Lines of the open tab, as far as the state can tell: what scrolling is bounded by.
    var resourceLineCount: Int {
        guard let open = resource else {
            return 0
        }
        switch open.tab {
        case .yaml: return open.yaml?.count ?? 0
        case .tree: return self.resource(open.ref)?.applier?.inventory.count ?? 0
        case .drift: return driftLineCount(of: open.ref)
        case .events: return events(of: open.ref).count
        case .logs: return open.log.rows.count
        case .history: return self.resource(open.ref)?.applier?.history.count ?? 0
        case .summary:
            let shown = self.resource(open.ref)
            return 16 + (shown?.conditions.count ?? 0) * 2 + (shown?.applier?.dependsOn.count ?? 0)
        }
    }

    /// The events of one object, newest first.
    package func events(of ref: ObjectRef) -> [FluxEvent] {
        clusters[ref.cluster]?.snapshot.events.filter { $0.about == ref } ?? []
    }

    /// What an applier manages, in the order in which it is applied, a window of it.
    package func tree(of ref: ObjectRef, lines: Range<Int>) -> [TreeLine] {
        guard let snapshot = clusters[ref.cluster]?.snapshot, let facts = snapshot.resources[ref]?.applier
        else {
            return []
        }
        let missing = Set(snapshot.missing.filter { $0.applier == ref }.map(\.entry))
        return facts.inventory.dropFirst(lines.lowerBound).prefix(lines.count).map { entry in
            TreeLine(
                entry: entry,
                isMissing: missing.contains(entry),
                // Objects of another cluster are not to be looked up in this one.
                state: facts.isRemote ? nil : snapshot.resources[entry.ref(in: ref.cluster)]?.state
            )
        }
    }

    /// The objects that apply or hold this one, the nearest first.
    package func ancestors(of ref: ObjectRef) -> [ObjectRef] {
        var found: [ObjectRef] = []
        var next = resource(ref)?.parent
        while let parent = next, !found.contains(parent), parent != ref {
            found.append(parent)
            next = resource(parent)?.parent
        }
        return found
    }
}

/// One object that an applier manages.
package struct TreeLine: Hashable, Sendable {
    package let entry: InventoryEntry
    /// True where the cluster has it no more.
    package let isMissing: Bool
    /// The sync state where it is an object of Flux itself.
    package let state: SyncState?
}
