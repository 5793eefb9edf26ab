/// Status changes for their own sake, for measuring what a busy cluster costs its readers.
extension FluxCluster {
    /// Makes `options.statusChangesPerSecond` changes on random appliers until the cluster ends.
    func churn() async {
        let rate = options.statusChangesPerSecond
        guard rate > 0 else { return }
        // Changes come singly up to a hundred per second, and in small groups beyond.
        let pauses = min(rate, 100)
        var owed = 0.0
        var keys: [ObjectKey] = []
        while (try? await Task.sleep(for: .seconds(1 / pauses))) != nil {
            owed += rate / pauses
            while owed >= 1 {
                owed -= 1
                if keys.isEmpty { keys = appliers() }
                guard let key = keys.popLast() else { return }
                flip(key)
            }
        }
    }

    /// All Kustomizations in random order; asked for again when each had its turn.
    private func appliers() -> [ObjectKey] {
        let items = (try? store.list(FluxKinds.kustomization))?.items ?? []
        return items.map { ObjectKey(FluxKinds.kustomization, namespace: $0.namespace, name: $0.name) }
            .shuffled(using: &random)
    }

    /// Moves one applier between ready and reconciling.
    private func flip(_ key: ObjectKey) {
        guard var object = try? store.get(key), !object.isSuspended else { return }
        let revision = object.text("status", "lastAppliedRevision") ?? ""
        switch object.conditionStatus("Ready") {
        case "True":
            KustomizationStatus.begin(
                &object,
                revision: revision,
                timeout: KustomizationPlan.timeout(of: object)
            )
        case "Unknown":
            object.setCondition("Ready", "True", "ReconciliationSucceeded", "Applied revision: \(revision)")
            KustomizationStatus.finish(&object)
        default:
            return
        }
        save(object, key, manager: KustomizationStatus.manager)
    }
}
