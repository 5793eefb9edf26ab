package import Chrono
package import Kube

/// Finished reconciliations, gathered from what objects say of themselves and from Events, each told once.
///
/// - Shape: newest first, bounded; two reports of one object within three seconds are one run.
package struct ReconcileLog: Sendable {
    package private(set) var records: [ReconcileRecord] = []
    private let limit: Int

    package init(limit: Int = 200) {
        self.limit = limit
    }

    /// Notes the run that lies between two states of an object; false where none ended there.
    @discardableResult
    package mutating func changed(from old: FluxResource, to new: FluxResource, now: Timestamp) -> Bool {
        guard !new.isSuspended, let ready = new.ready, ready.status != .unknown else {
            return false
        }
        let hasNewRun = new.lastRun != old.lastRun && new.lastRun != nil
        let isHandled =
            new.lastHandledReconcileAt != old.lastHandledReconcileAt && new.lastHandledReconcileAt != nil
        let isJudged = ready.lastTransition != old.ready?.lastTransition
        guard hasNewRun || isHandled || isJudged else {
            return false
        }
        return insert(
            ReconcileRecord(
                ref: new.ref,
                finished: (hasNewRun ? new.lastRun : nil) ?? ready.lastTransition ?? now,
                duration: hasNewRun ? new.applier?.history.first?.duration : nil,
                outcome: new.outcome,
                revision: new.applier?.lastAttempted ?? new.revision
            )
        )
    }

    /// Notes the last run that an object tells of itself, for the beginning, when nothing was seen yet.
    @discardableResult
    package mutating func found(_ resource: FluxResource) -> Bool {
        guard let finished = resource.lastReconciled, let ready = resource.ready, ready.status != .unknown
        else {
            return false
        }
        let newest = resource.applier?.history.first
        return insert(
            ReconcileRecord(
                ref: resource.ref,
                finished: finished,
                duration: newest?.lastReconciled == finished ? newest?.duration : nil,
                outcome: resource.outcome,
                revision: resource.applier?.lastAttempted ?? resource.revision
            )
        )
    }

    /// Notes the run whose end an Event reports; false where it reports none.
    @discardableResult
    package mutating func reported(_ event: FluxEvent) -> Bool {
        guard event.duration != nil || ReconcileLog.endings.contains(event.reason) else {
            return false
        }
        return insert(
            ReconcileRecord(
                ref: event.about,
                finished: event.at,
                duration: event.duration,
                outcome: event.isWarning ? .failed : .ready,
                revision: event.revision
            )
        )
    }

    private mutating func insert(_ record: ReconcileRecord) -> Bool {
        let place = records.firstIndex { $0.finished <= record.finished } ?? records.count
        for index in ReconcileLog.neighbours(of: place, in: records, of: record) {
            let merged = ReconcileRecord(
                ref: record.ref,
                finished: records[index].finished,
                duration: records[index].duration ?? record.duration,
                outcome: records[index].outcome,
                revision: records[index].revision ?? record.revision
            )
            guard merged != records[index] else {
                return false
            }
            records[index] = merged
            return true
        }
        guard place < limit else {
            return false
        }
        records.insert(record, at: place)
        if records.count > limit {
            records.removeLast()
        }
        return true
    }

    /// Where the same run may already stand: within three seconds on both sides of its place.
    private static func neighbours(
        of place: Int,
        in records: [ReconcileRecord],
        of record: ReconcileRecord
    ) -> [Int] {
        func isNear(_ index: Int) -> Bool {
            let distance = records[index].finished.since(record.finished)
            return distance <= .seconds(3) && distance >= .seconds(-3)
        }
        let later = (0..<place).reversed().prefix(while: isNear)
        let earlier = (place..<records.count).prefix(while: isNear)
        return (Array(earlier) + Array(later)).filter { records[$0].ref == record.ref }
    }

    /// Reasons of Events that end a run without telling its duration.
    private static let endings: Set<String> = [
        "ReconciliationSucceeded", "ReconciliationFailed", "HealthCheckFailed", "BuildFailed",
        "ArtifactFailed", "PruneFailed", "InstallSucceeded", "InstallFailed", "UpgradeSucceeded",
        "UpgradeFailed", "TestFailed", "RollbackSucceeded", "RollbackFailed", "NewArtifact",
        "GitOperationFailed", "OCIArtifactPullFailed", "BucketOperationFailed", "IndexationFailed",
    ]
}

extension FluxResource {
    fileprivate var lastRun: Timestamp? { applier?.history.first?.lastReconciled }

    /// How the last run ended, which is what Ready says, whatever has begun since.
    fileprivate var outcome: SyncState {
        guard state == .reconciling || state == .suspended || state == .terminating else {
            return state
        }
        return ready?.status == .yes ? .ready : .failed
    }
}
