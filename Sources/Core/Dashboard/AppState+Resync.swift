import Chrono
import HashTreeCollections
import Kube

// Resyncs, from the queue to the clusters and back.
extension AppState {
    /// Starts what may start, ends what waited too long, and says how batches ended.
    mutating func pump(_ now: Timestamp) -> [Effect] {
        guard !resyncs.untold.isEmpty else {
            return []
        }
        resyncs.timeOut(now)
        var effects: [Effect] = []
        for index in resyncs.startable(now) {
            let resync = resyncs.all[index]
            if resync.resumesFirst {
                resyncs.all[index].phase = .resuming
                resyncs.all[index].requested = now
                effects.append(.setSuspended(resync.ref, false, reason: nil))
            } else {
                effects.append(request(index, now))
            }
        }
        tellEnded(now)
        return effects
    }

    private mutating func request(_ index: Int, _ now: Timestamp) -> Effect {
        let token = token(now)
        let ref = resyncs.all[index].ref
        resyncs.all[index].token = token
        resyncs.all[index].phase = .asking
        resyncs.all[index].requested = now
        resyncs.all[index].handledBefore = newest(ref.cluster)?.resources[ref]?.lastHandledReconcileAt
        return .requestReconcile(ref, token: token, force: resyncs.all[index].force)
    }

    mutating func takeRequest(
        _ result: Result<FluxResource?, ActionFailure>,
        of ref: ObjectRef,
        token: String,
        _ now: Timestamp
    ) -> [Effect] {
        let found = resyncs.all.firstIndex { $0.ref == ref && $0.token == token && $0.phase == .asking }
        guard let index = found else {
            return []
        }
        switch result {
        case .success(let resource):
            resyncs.all[index].phase = .asked
            if let resource {
                resyncs.read(resource, index, now)
            }
        case .failure(let failure):
            resyncs.end(index, .refused(failure.message), now)
        }
        return []
    }

    mutating func takeSuspension(
        _ result: Result<FluxResource?, ActionFailure>,
        of ref: ObjectRef,
        isSuspended: Bool,
        _ now: Timestamp
    ) -> [Effect] {
        if isSuspended, isBotOfRollback(ref) {
            return takeBotSuspension(result, of: ref, now)
        }
        if !isSuspended, let index = resyncs.all.firstIndex(where: { $0.ref == ref && $0.phase == .resuming })
        {
            switch result {
            case .success: return [request(index, now)]
            case .failure(let failure): resyncs.end(index, .refused(failure.message), now)
            }
            return []
        }
        let name = "\(ref.path) on \(profile(ref.cluster).displayName)"
        switch result {
        case .success:
            notice("\(name) is \(isSuspended ? "suspended" : "resumed")", .done, now)
        case .failure(let failure):
            forgetUndo(of: ref)
            refusedSuspensions[ref] = failure
            notice(
                "\(name) could not be \(isSuspended ? "suspended" : "resumed"): \(failure.message)",
                .problem,
                now
            )
        }
        return []
    }

    /// What a newer snapshot says about resyncs and convergences.
    mutating func observe(_ snapshot: ClusterSnapshot, _ now: Timestamp) -> [Effect] {
        resyncs.observe(snapshot, now)
        return observeConvergences(snapshot, now)
    }

    /// Says once how each batch ended.
    private mutating func tellEnded(_ now: Timestamp) {
        let pending = Set(resyncs.open.map(\.batch))
        for batch in resyncs.untold.subtracting(pending).sorted() {
            resyncs.untold.remove(batch)
            tell(resyncs.members(of: batch), now)
        }
    }

    private mutating func tell(_ members: [Resync], _ now: Timestamp) {
        let asked = members.filter { !$0.isSource }
        let failed = asked.filter { $0.phase != .ended(.ready) }
        if let only = asked.first, asked.count == 1 {
            let name = "\(only.ref.path) on \(profile(only.ref.cluster).displayName)"
            let time = only.took.map { " after \($0.took)" } ?? ""
            notice("\(name): \(only.outcomeWords)\(time)", failed.isEmpty ? .done : .problem, now)
        } else if let first = failed.first {
            let name = "\(first.ref.path) on \(profile(first.ref.cluster).displayName)"
            notice(
                "resync: \(asked.count - failed.count) of \(asked.count) ready; \(name): \(first.outcomeWords)",
                .problem,
                now
            )
        } else if !asked.isEmpty {
            notice("resync: all \(asked.count) ready", .done, now)
        }
    }

    /// Ends what has not been asked yet.
    mutating func cancelQueued(_ now: Timestamp) {
        var count = 0
        for index in resyncs.all.indices where resyncs.all[index].phase == .queued {
            resyncs.end(index, .cancelled, now)
            count += 1
        }
        notice(count == 0 ? "nothing is queued" : "\(count) queued resyncs cancelled", .told, now)
    }

    // MARK: Orders

    mutating func enqueue(_ orders: [ResyncQueue.Order], _ now: Timestamp) {
        guard !orders.isEmpty else {
            return
        }
        let clusters = clusters
        let batch = resyncs.add(
            orders,
            patience: { clusters[$0.cluster]?.snapshot.resources[$0]?.patience ?? .seconds(300) },
            now: now
        )
        resyncs.untold.insert(batch)
    }

    /// The sources to ask before an applier, in their order.
    func sources(of ref: ObjectRef) -> [ObjectRef] {
        guard let source = resource(ref)?.applier?.source else {
            return []
        }
        let snapshot = newest(ref.cluster)
        var found: [ObjectRef] = []
        if let resource = snapshot?.resources[source], resource.canResync {
            found.append(source)
        }
        // A generated artifact follows when what it is made of was fetched.
        if case .made(let maker) = snapshot?.resources[source]?.source?.composition,
            case .generates(let artifacts) = snapshot?.resources[maker]?.source?.composition
        {
            let parts = artifacts.compactMap { $0.parts(of: source.name) }.flatMap(\.self)
            found += Set(parts.map(\.source)).sorted().filter { snapshot?.resources[$0]?.canResync == true }
        }
        if ref.kind == FluxKind.helmRelease.kind, source.kind != FluxKind.helmChart.kind {
            // The chart that Flux makes for the release stands beside the source.
            let chart = ObjectRef(
                cluster: ref.cluster,
                group: FluxKind.sourceGroup,
                kind: FluxKind.helmChart.kind,
                namespace: source.namespace,
                name: "\(ref.namespace)-\(ref.name)"
            )
            if snapshot?.resources[chart] != nil {
                found.append(chart)
            }
        }
        return found
    }
}

extension FluxResource {
    /// False for kinds that take no requests, and for OCI HelmRepositories, which nothing reconciles.
    var canResync: Bool {
        guard kind.acknowledgesRequests else {
            return false
        }
        return !(kind == .helmRepository && conditions.isEmpty && source?.url.hasPrefix("oci://") == true)
    }

    /// How long a run may take before silence is told: its own timeout and a minute, five minutes at least.
    var patience: Duration {
        max(.seconds(300), (timeout ?? .zero) + .seconds(60))
    }
}
