/// How kustomize-controller reports on a Kustomization, step by step.
///
/// - Source: FLUX.md 1.4 and 1.5, and the recorded flows of `wire/` 701 to 704.
enum KustomizationStatus {
    static let manager = "gotk-kustomize-controller"

    /// The run has begun: Ready Unknown, Reconciling True.
    static func begin(_ object: inout JSON, revision: String, timeout: Double) {
        object.setCondition("Ready", "Unknown", "Progressing", "Reconciliation in progress")
        report(&object, "Fetching manifests", revision: revision, timeout: timeout)
    }

    /// The files are there and are being built.
    static func building(_ object: inout JSON, revision: String, timeout: Double) {
        object[path: "status", "lastAttemptedRevision"] = .string(revision)
        report(&object, "Building manifests", revision: revision, timeout: timeout)
    }

    /// The objects are compared with the cluster.
    static func detecting(_ object: inout JSON, revision: String, timeout: Double) {
        report(&object, "Detecting drift", revision: revision, timeout: timeout)
    }

    /// The objects are applied and watched.
    static func checkingHealth(_ object: inout JSON, revision: String, timeout: Double) {
        report(&object, "Running health checks", revision: revision, timeout: timeout)
        let message = object.condition("Reconciling")?["message"]?.string ?? ""
        object.setCondition("Healthy", "Unknown", "Progressing", message)
    }

    /// What the cluster now has in the name of this Kustomization.
    static func setInventory(_ object: inout JSON, _ entries: [ObjectReference]) {
        object[path: "status", "inventory"] = ["entries": .array(entries.map(\.inventoryEntry))]
    }

    /// The objects listed in the inventory.
    static func inventory(of object: JSON) -> [ObjectReference] {
        (object[path: "status", "inventory", "entries"]?.array ?? [])
            .compactMap(ObjectReference.init(inventoryEntry:))
    }

    /// Everything is applied and, where asked for, healthy.
    static func succeeded(_ object: inout JSON, _ built: BuiltObjects, duration: Double) {
        object[path: "status", "lastAppliedRevision"] = .string(built.revision)
        object[path: "status", "lastAttemptedRevision"] = .string(built.revision)
        object[path: "status", "lastAppliedOriginRevision"] = built.originRevision.map { .string($0) }
        remember(&object, built, outcome: "ReconciliationSucceeded", duration: duration)
        object.removeCondition("Stalled")
        object.setCondition("Ready", "True", "ReconciliationSucceeded", "Applied revision: \(built.revision)")
        finish(&object)
    }

    /// The run failed; failures before the first apply leave no trace in the history.
    static func failed(_ object: inout JSON, _ failure: RunFailure, built: BuiltObjects?, duration: Double) {
        if let built { remember(&object, built, outcome: failure.reason, duration: duration) }
        object.setCondition("Ready", "False", failure.reason, failure.message)
        finish(&object)
    }

    /// What ends every run, also that of a suspended object: the request is acknowledged, success is observed.
    static func finish(_ object: inout JSON) {
        object.acknowledgeRequest()
        switch object.conditionStatus("Ready") {
        case "True":
            object.removeCondition("Reconciling")
            object.observeGeneration()
        case "False":
            guard let progress = object.condition("Reconciling")?["message"]?.string else { return }
            object.setCondition("Reconciling", "True", "ProgressingWithRetry", progress)
        default:
            return
        }
    }

    private static func report(_ object: inout JSON, _ step: String, revision: String, timeout: Double) {
        object.setCondition(
            "Reconciling",
            "True",
            "Progressing",
            "\(step) for revision \(revision) with a timeout of \(GoDuration.text(timeout))"
        )
    }

    private static func remember(
        _ object: inout JSON,
        _ built: BuiltObjects,
        outcome: String,
        duration: Double
    ) {
        var metadata = ["revision": built.revision]
        metadata["originRevision"] = built.originRevision
        object[path: "status", "history"] = .array(
            StatusHistory.adding(
                built.digest,
                outcome: outcome,
                duration: duration,
                metadata: metadata,
                to: object[path: "status", "history"]?.array ?? []
            )
        )
    }
}
