/// The workload controller: pods start after seconds, unless their image is bad.
extension FluxCluster {
    func rollOut(_ key: ObjectKey) async throws -> Next {
        guard let object = try? store.get(key), !object.isTerminating else { return .never }
        guard !WorkloadStatus.isSettled(object) || isNew(object) else { return .never }
        WorkloadStatus.countRevision(of: key, in: store)
        write(key) { WorkloadStatus.started(&$0) }
        let generation = (try? store.get(key))?.generation ?? 0
        let isBad = WorkloadStatus.images(of: object).contains(where: options.isBad)
        let deadline = Double(object[path: "spec", "progressDeadlineSeconds"]?.int ?? 600)
        let stays = try await pause(isBad ? deadline : random.number(1...4), whileAt: generation, key)
        guard stays else { return .never }
        write(key) { isBad ? WorkloadStatus.stuck(&$0) : WorkloadStatus.ready(&$0) }
        return .never
    }

    /// Lets time pass unless the spec changes before; false when it did, which starts a run of its own.
    private func pause(_ seconds: Double, whileAt generation: Int64, _ key: ObjectKey) async throws -> Bool {
        let start = ContinuousClock.now
        while true {
            guard (try? store.get(key))?.generation == generation else { return false }
            let left = seconds - elapsed(since: start)
            guard left > 0 else { return true }
            try await change(within: left)
        }
    }

    private func isNew(_ object: JSON) -> Bool {
        object[path: "status", "observedGeneration"]?.int != object.generation && object.kind != "Job"
    }

    private func write(_ key: ObjectKey, _ change: (inout JSON) -> Void) {
        _ = try? store.update(key, manager: WorkloadStatus.manager, subresource: "status", change)
    }
}
