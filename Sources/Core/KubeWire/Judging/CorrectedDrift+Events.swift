package import Chrono
package import Kube

extension CorrectedDrift {
    /// What Flux put back by the word of its own Events; nobody's name is in them.
    ///
    /// - Shape: `standing` is since when what runs is known to be applied. An Event that the run which it reports
    ///   has outlived says nothing yet: ask again when the applier has ended a run.
    /// - Source: kustomize-controller tells of objects that a run changed, and a rollout in the same words.
    ///   Nothing but the history tells them apart: where the run applied what had been applied before, and
    ///   nothing else since, the objects were changed because they differed. helm-controller says so itself.
    package static func told(
        by event: FluxEvent,
        of resource: FluxResource,
        standing: StandingRevision? = nil
    ) -> [CorrectedDrift] {
        var names: ObjectNames?
        return report(event, resource, standing, &names).corrected
    }

    /// The same of several Events of one applier, oldest first, and those of them that say nothing yet.
    package static func told(
        by events: [FluxEvent],
        of resource: FluxResource,
        standing: StandingRevision?
    ) -> (corrected: [CorrectedDrift], undecided: [FluxEvent]) {
        // An inventory is long: it is taken apart once, and only where an Event names objects.
        var names: ObjectNames?
        var corrected: [CorrectedDrift] = []
        var undecided: [FluxEvent] = []
        for event in events {
            let report = report(event, resource, standing, &names)
            corrected += report.corrected
            if report.isUndecided {
                undecided.append(event)
            }
        }
        return (corrected, undecided)
    }

    /// The objects of an inventory by the words that Events have for them.
    private typealias ObjectNames = [String: InventoryEntry]

    private static func report(
        _ event: FluxEvent,
        _ resource: FluxResource,
        _ standing: StandingRevision?,
        _ names: inout ObjectNames?
    ) -> (corrected: [CorrectedDrift], isUndecided: Bool) {
        guard let applier = resource.applier, !event.changes.isEmpty else {
            return ([], false)
        }
        switch (resource.kind, event.reason) {
        case (.kustomization, _) where !event.isWarning:
            switch RunKind(event, resource, applier, standing) {
            case .repetition: break
            case .rollout: return ([], false)
            case .unknown: return ([], true)
            }
        case (.helmRelease, "DriftCorrected"): break
        default: return ([], false)
        }
        let entries =
            names
            ?? Dictionary(applier.inventory.map { (words($0), $0) }, uniquingKeysWith: { first, _ in first })
        names = entries
        return (corrected(event, resource, entries), false)
    }

    private static func corrected(
        _ event: FluxEvent,
        _ resource: FluxResource,
        _ entries: ObjectNames
    ) -> [CorrectedDrift] {
        event.changes.compactMap { change in
            // Objects of Flux change by requests, which Flux clears away: that is nobody's drift.
            guard let entry = entries[change.object], !entry.isOfFlux,
                // A finished Job goes by itself, and is made anew by every run.
                !(change.isCreated && entry.group == "batch" && entry.kind == "Job")
            else {
                return nil
            }
            return CorrectedDrift(
                entry: entry,
                applier: resource.ref,
                by: [],
                fields: [],
                wasMissing: change.isCreated,
                began: nil,
                ended: event.at,
                ending: .putBack
            )
        }
    }

    private static func words(_ entry: InventoryEntry) -> String {
        entry.namespace.isEmpty
            ? "\(entry.kind)/\(entry.name)" : "\(entry.kind)/\(entry.namespace)/\(entry.name)"
    }
}

extension HistoryEntry {
    /// True where something else was built: variables and patches change it at the same revision, and a commit
    /// that touches nothing of it does not.
    fileprivate func isAnotherBuild(than other: HistoryEntry) -> Bool {
        guard let digest, let theirs = other.digest else {
            return revision != other.revision
        }
        return digest != theirs
    }
}

/// What an applier runs, and since when weir knows that nothing else was applied.
package struct StandingRevision: Hashable, Sendable {
    package let revision: Revision
    /// That of the applier itself: with another spec the same revision may be built otherwise.
    package let generation: Int64
    package let since: Timestamp

    package init(revision: Revision, generation: Int64 = 1, since: Timestamp) {
        self.revision = revision
        self.generation = generation
        self.since = since
    }

    /// What stands after an applier told of itself; nil where it told of no run that went well.
    package static func after(_ old: StandingRevision?, _ resource: FluxResource) -> StandingRevision? {
        guard let applied = resource.applier?.lastApplied else {
            return nil
        }
        if let old, old.revision == applied, old.generation == resource.generation {
            return old
        }
        return resource.lastSucceeded.map {
            StandingRevision(revision: applied, generation: resource.generation, since: $0)
        }
    }
}

/// Whether the run that an Event reports applied something new.
private enum RunKind {
    /// What had been applied before, and nothing else since.
    case repetition
    case rollout
    /// The run has not ended, or the history does not tell.
    case unknown

    init(
        _ event: FluxEvent,
        _ resource: FluxResource,
        _ applier: ApplierFacts,
        _ standing: StandingRevision?
    ) {
        guard !applier.history.isEmpty else {
            self = RunKind.bare(event, resource, standing)
            return
        }
        let at = event.at
        let runs = applier.history
        // Of an Event that was counted up, the revision is that of its first time.
        let told = event.count > 1 ? nil : event.revision
        let covering = runs.filter { run in
            run.status == "ReconciliationSucceeded" && run.firstReconciled.map { $0 < at } ?? false
                && run.lastReconciled.map { at <= $0 } ?? false
        }
        let named = covering.first { $0.revision == told && told != nil }
        // What was applied by turns has several entries over the same time: then only the revision tells.
        let isNamedElsewhere = named == nil && told != nil && runs.contains { $0.revision == told }
        guard let run = named ?? (covering.count == 1 && !isNamedElsewhere ? covering[0] : nil),
            var since = run.firstReconciled
        else {
            self = .unknown
            return
        }
        if let standing, standing.revision == run.revision, standing.since < at {
            since = max(since, standing.since)
        }
        let others = runs.filter { $0 != run }
        // Something else ran in between: after a revert the history shows an old run that goes on.
        let isInterrupted = others.contains { other in
            [other.firstReconciled, other.lastReconciled].contains { end in
                end.map { $0 > since && $0 <= at } ?? false
            } && other.isAnotherBuild(than: run)
        }
        // Counted up, it may be the first run of what came after.
        let isFirstOfAnother =
            event.count > 1
            && others.contains { other in
                guard let first = other.firstReconciled, let last = run.lastReconciled else {
                    return false
                }
                return first >= at && first <= last
            }
        self = isInterrupted || isFirstOfAnother ? .rollout : .repetition
    }

    /// Flux before 2.7 keeps no history: only what weir saw itself counts.
    private static func bare(
        _ event: FluxEvent,
        _ resource: FluxResource,
        _ standing: StandingRevision?
    ) -> RunKind {
        guard let standing, resource.ready?.status == .yes,
            resource.applier?.lastApplied == standing.revision, resource.generation == standing.generation,
            let ended = resource.lastReconciled, ended >= event.at
        else {
            return .unknown
        }
        guard event.at > standing.since, event.count > 1 || event.revision == standing.revision else {
            return .rollout
        }
        return .repetition
    }
}
