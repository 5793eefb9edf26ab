import Chrono
import HashTreeCollections
import Kube

// How a resync goes on. The queue decides; the state carries the effects out.
extension ResyncQueue {
    /// After this time an object that has not answered gives its place to the next.
    static let hold = Duration.seconds(15)
    /// Ended resyncs that are kept for the rollouts view.
    static let memory = 300

    /// What one object is asked for.
    struct Order: Hashable {
        var ref: ObjectRef
        var sources: [ObjectRef] = []
        var force = false
        var resumesFirst = false
    }

    /// Queues orders as one batch; a source that several share is asked once.
    mutating func add(_ orders: [Order], patience: (ObjectRef) -> Duration, now: Timestamp) -> Int {
        let batch = nextBatch
        nextBatch += 1
        var known: [ObjectRef: Resync.ID] = [:]
        func append(_ order: Order, after: [Resync.ID], isSource: Bool) -> Resync.ID {
            let id = nextID
            nextID += 1
            all.append(
                Resync(
                    id: id,
                    batch: batch,
                    ref: order.ref,
                    after: after,
                    force: order.force,
                    resumesFirst: order.resumesFirst,
                    isSource: isSource,
                    phase: .queued,
                    queued: now,
                    patience: patience(order.ref)
                )
            )
            known[order.ref] = id
            return id
        }
        for order in orders {
            var after: [Resync.ID] = []
            for source in order.sources where source != order.ref {
                let id = known[source] ?? append(Order(ref: source), after: after, isSource: true)
                after = [id]
            }
            if known[order.ref] == nil {
                _ = append(order, after: after, isSource: false)
            }
        }
        forgetOld()
        return batch
    }

    private mutating func forgetOld() {
        var surplus = all.count(where: \.isEnded) - ResyncQueue.memory
        guard surplus > 0 else {
            return
        }
        let needed = Set(all.filter { !$0.isEnded }.flatMap(\.after))
        all.removeAll { resync in
            guard surplus > 0, resync.isEnded, !needed.contains(resync.id) else {
                return false
            }
            surplus -= 1
            return true
        }
    }

    /// Those that may start now, within the limits, oldest first.
    ///
    /// - Shape: those whose source did not get ready are ended on the way.
    mutating func startable(_ now: Timestamp) -> [Int] {
        var perCluster: [ClusterID: Int] = [:]
        for resync in all where resync.isBusy(now) {
            perCluster[resync.ref.cluster, default: 0] += 1
        }
        var inFleet = perCluster.values.reduce(0, +)
        let places = Dictionary(uniqueKeysWithValues: all.enumerated().map { ($1.id, $0) })
        var found: [Int] = []
        for index in all.indices where all[index].phase == .queued {
            let before = all[index].after.compactMap { places[$0].map { all[$0] } }
            if let failed = before.first(where: { $0.isEnded && $0.phase != .ended(.ready) }) {
                end(index, .sourceFailed("\(failed.ref.path): \(failed.outcomeWords)"), now)
                continue
            }
            let cluster = all[index].ref.cluster
            guard
                before.allSatisfy(\.isEnded), inFleet < ResyncQueue.limits.fleet,
                perCluster[cluster, default: 0] < ResyncQueue.limits.cluster
            else {
                continue
            }
            inFleet += 1
            perCluster[cluster, default: 0] += 1
            found.append(index)
        }
        return found
    }

    mutating func end(_ index: Int, _ outcome: Resync.Outcome, _ now: Timestamp) {
        all[index].phase = .ended(outcome)
        all[index].ended = now
    }

    /// Ends those whose patience is over.
    mutating func timeOut(_ now: Timestamp) {
        for index in all.indices where all[index].deadline.map({ $0 <= now }) ?? false {
            end(index, .timedOut(all[index].patience), now)
        }
    }

    /// Reads the answers off a cluster.
    mutating func observe(_ snapshot: ClusterSnapshot, _ now: Timestamp) {
        for index in all.indices
        where all[index].ref.cluster == snapshot.id && [.asking, .asked].contains(all[index].phase) {
            if let resource = snapshot.resources[all[index].ref] {
                read(resource, index, now)
            } else if snapshot.link == .live, snapshot.isComplete {
                end(index, .gone, now)
            }
        }
    }

    mutating func read(_ resource: FluxResource, _ index: Int, _ now: Timestamp) {
        guard let token = all[index].token, resource.hasHandled(token, before: all[index].handledBefore)
        else {
            return
        }
        if let outcome = resource.outcome {
            end(index, outcome, now)
        }
    }

    /// The newest batch whose members all ended just now.
    func members(of batch: Int) -> [Resync] {
        all.filter { $0.batch == batch }
    }
}

extension Resync {
    /// True while it takes a place: it was asked and has not answered, for a while.
    func isBusy(_ now: Timestamp) -> Bool {
        switch phase {
        case .resuming, .asking: true
        case .asked: requested.map { now.since($0) < ResyncQueue.hold } ?? false
        case .queued, .ended: false
        }
    }

    /// When waiting for the answer ends.
    var deadline: Timestamp? {
        switch phase {
        case .asking, .asked, .resuming: requested?.advanced(by: patience)
        case .queued, .ended: nil
        }
    }

    /// How it ended, in a clause.
    package var outcomeWords: String {
        guard case .ended(let outcome) = phase else {
            return ""
        }
        return switch outcome {
        case .ready: "ready"
        case .failed(let message): message.isEmpty ? "not ready" : message
        case .waiting(let message): message.isEmpty ? "waits for a dependency" : message
        case .refused(let message): message
        case .sourceFailed(let message): "its source did not get ready: \(message)"
        case .timedOut(let patience): "no answer within \(patience.took)"
        case .gone: "it is no more"
        case .cancelled: "cancelled"
        }
    }
}

extension FluxResource {
    /// True where the controller answered a request, or a later one that took its place.
    ///
    /// - Source: `lastHandledReconcileAt` echoes the annotation when the run ends; a token that was written in
    ///   between stands for ours too, an older one that was still under way does not.
    func hasHandled(_ token: String, before: String?) -> Bool {
        guard let handled = lastHandledReconcileAt else {
            return false
        }
        if handled == token {
            return true
        }
        return handled != before && requestedAt != token && requestedAt == handled
    }

    /// How the run ended; nil while it goes on.
    ///
    /// A failing Kustomization keeps Reconciling=True with reason ProgressingWithRetry: it has ended all the same.
    var outcome: Resync.Outcome? {
        if isSuspended {
            return .failed("it is suspended: nothing was done")
        }
        switch state {
        case .ready: return .ready
        case .failed, .stalled: return .failed(message)
        case .waiting: return .waiting(message)
        case .terminating: return .failed("it is being deleted")
        case .unknown: return condition("Reconciling") == nil ? .ready : nil
        case .suspended: return .failed("it is suspended: nothing was done")
        case .reconciling:
            switch ready?.status {
            case .no: return .failed(message)
            case .yes: return .ready
            case .unknown, nil: return isRetrying ? .failed(message) : nil
            }
        }
    }
}
