/// Kinds that only confirm themselves at each interval: notification and flux-operator.
extension FluxCluster {
    func reconcileOther(_ key: ObjectKey) async throws -> Next {
        guard var object = try? store.get(key) else { return .never }
        let isOperator = key.type.group == FluxKinds.fluxInstance.group
        let manager = isOperator ? "flux-operator" : "notification-controller"
        if key.type == FluxKinds.fluxReport {
            guard !object.isTerminating, !object.isSuspended else { return .never }
            try await pause(random.number(0.1...0.5))
            writeReport(key)
            return .after(300)
        }
        if object.isTerminating {
            removeFinalizers(key, manager: manager)
            return .never
        }
        let finalizer = isOperator ? "fluxcd.controlplane.io/finalizer" : "finalizers.fluxcd.io"
        addFinalizer(key, object, manager: manager, finalizer: finalizer)
        guard !object.isSuspended else {
            object.acknowledgeRequest()
            if key.type.defaultsObservedGeneration { object.observeGeneration() }
            save(object, key, manager: manager)
            return .never
        }
        let start = ContinuousClock.now
        try await pause(random.number(0.1...0.6))
        if isOperator {
            let progress = "Reconciliation in progress"
            object.beginProgress(progress, ready: progress)
            save(object, key, manager: manager)
            try await pause(random.number(0.5...3))
            OperatorStatus.reconciled(&object, duration: elapsed(since: start))
            let message = object.condition("Ready")?["message"]?.string ?? ""
            tell(object, "ReconciliationSucceeded", message, component: manager)
            save(object, key, manager: manager)
        } else {
            ReceiverStatus.ready(&object)
            save(object, key, manager: manager)
        }
        return .after(OperatorStatus.interval(of: object))
    }

    private func writeReport(_ key: ObjectKey) {
        let spec = FleetReport(store: store).spec()
        _ = try? store.update(key, manager: "flux-operator") { $0["spec"] = spec }
        guard var object = try? store.get(key) else { return }
        object.acknowledgeRequest()
        let duration = GoDuration.text(Double(Int(random.number(80...400))) / 1000)
        object.setCondition("Ready", "True", "ReconciliationSucceeded", "Reporting finished in \(duration)")
        save(object, key, manager: "flux-operator")
    }
}

/// What notification-controller writes about a Receiver.
enum ReceiverStatus {
    static func ready(_ object: inout JSON) {
        let path = "/hook/" + ContentDigest.hex("\(object.namespace ?? "") \(object.name)")
        object[path: "status", "webhookPath"] = .string(path)
        object.setCondition("Ready", "True", "Succeeded", "Receiver initialized for path: \(path)")
        object.acknowledgeRequest()
        object.observeGeneration()
    }
}

/// What flux-operator writes about its own kinds.
enum OperatorStatus {
    /// Seconds between runs: the annotation, else the operator's defaults.
    static func interval(of object: JSON) -> Double {
        if let text = object.annotation("fluxcd.controlplane.io/reconcileEvery") {
            return GoDuration.seconds(text) ?? 3600
        }
        return object.kind == "Receiver" || object.kind == "ResourceSetInputProvider"
            ? object.duration("interval") ?? 600 : 3600
    }

    static func reconciled(_ object: inout JSON, duration: Double) {
        object.removeCondition("Reconciling")
        let rounded = GoDuration.text((duration * 1000).rounded() / 1000)
        let message = "Reconciliation finished in \(rounded)"
        object.setCondition("Ready", "True", "ReconciliationSucceeded", message)
        object.acknowledgeRequest()
        switch object.kind {
        case "FluxInstance": instance(&object, duration)
        case "ResourceSet": resourceSet(&object, duration)
        case "ResourceSetInputProvider":
            let inputs = object[path: "spec", "defaultValues"].map { [$0] } ?? []
            object[path: "status", "exportedInputs"] = .array(inputs)
            let text = String(decoding: JSON.array(inputs).encoded(), as: UTF8.self)
            object[path: "status", "lastExportedRevision"] = .string(ContentDigest.named(text))
        default: break
        }
    }

    private static func instance(_ object: inout JSON, _ duration: Double) {
        let digest = ContentDigest.named("flux \(FluxRelease.version)")
        let revision = JSON.string("\(FluxRelease.version)@\(digest)")
        object[path: "status", "lastAppliedRevision"] = revision
        object[path: "status", "lastAttemptedRevision"] = revision
        object[path: "status", "lastArtifactRevision"] = .string(
            ContentDigest.named("manifests \(FluxRelease.version)")
        )
        object[path: "status", "components"] = .array(
            FluxRelease.components.map { component in
                [
                    "name": .string(component.name),
                    "repository": .string("ghcr.io/fluxcd/\(component.name)"),
                    "tag": .string(component.tag), "digest": .string(ContentDigest.named(component.name)),
                ]
            }
        )
        object[path: "status", "inventory"] = [
            "entries": .array(
                FluxRelease.components.map { component in
                    ObjectReference(
                        group: "apps",
                        version: "v1",
                        kind: "Deployment",
                        namespace: "flux-system",
                        name: component.name
                    ).inventoryEntry
                }
            )
        ]
        remember(&object, digest, duration, ["flux": FluxRelease.version])
    }

    private static func resourceSet(_ object: inout JSON, _ duration: Double) {
        let resources = object[path: "spec", "resources"]?.array ?? []
        let digest = ContentDigest.named(String(decoding: JSON.array(resources).encoded(), as: UTF8.self))
        object[path: "status", "lastAppliedRevision"] = .string(digest)
        remember(&object, digest, duration, ["resources": "\(resources.count)"])
    }

    private static func remember(
        _ object: inout JSON,
        _ digest: String,
        _ duration: Double,
        _ metadata: [String: String]
    ) {
        object[path: "status", "history"] = .array(
            StatusHistory.adding(
                digest,
                outcome: "ReconciliationSucceeded",
                duration: duration,
                metadata: metadata,
                to: object[path: "status", "history"]?.array ?? []
            )
        )
    }
}

/// The Flux distribution that the simulated clusters run.
enum FluxRelease {
    static let version = "v2.9.4"

    static let components: [(name: String, tag: String)] = [
        ("source-controller", "v1.9.4"), ("kustomize-controller", "v1.9.4"), ("helm-controller", "v1.6.3"),
        ("notification-controller", "v1.9.3"), ("image-reflector-controller", "v1.2.4"),
        ("image-automation-controller", "v1.2.4"), ("source-watcher", "v2.2.3"),
    ]
}
