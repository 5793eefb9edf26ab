import Foundation

/// The last touches: when each object last ran, what people did by hand, and the events of the last hour.
extension ClusterPast {
    /// Suspends what the demo shows suspended, as a person with the Flux CLI did six days ago.
    func suspend() throws {
        var targets: [(ResourceType, String, String)] = []
        switch cluster.role {
        case .production where isFirst: targets = [(FluxKinds.kustomization, "infra", "monitoring")]
        case .staging: targets = [(FluxKinds.kustomization, "infra", "storage")]
        case .development:
            targets = [
                (FluxKinds.helmRelease, "infra", "redis"), (FluxKinds.kustomization, "infra", "monitoring"),
            ]
        default: return
        }
        for (type, namespace, name) in targets {
            let key = key(type, namespace, name)
            guard (try? store.get(key)) != nil else { continue }
            let manager =
                type == FluxKinds.helmRelease
                ? HelmReleaseStatus.manager : KustomizationStatus.manager
            _ = try store.update(key, manager: "flux") { $0[path: "spec", "suspend"] = true }
            _ = try store.update(key, manager: "flux-operator-web") { object in
                object[path: "metadata", "annotations", "fluxcd.controlplane.io/suspendedBy"] =
                    "anna@acme.example"
            }
            try report(key, by: manager) { $0.observeGeneration() }
        }
    }

    mutating func finish() throws {
        try breakLegacySource()
        try confirmAppliers()
        try confirmOthers()
        try drift()
        try correctedDrift()
    }

    /// A source whose host is gone: the old artifact stays.
    private func breakLegacySource() throws {
        let key = key(FluxKinds.gitRepository, "flux-system", "legacy")
        guard let object = try? store.get(key) else { return }
        let commit = String(ContentDigest.hex("legacy").prefix(40))
        let old = ResolvedReference(
            commit: CommitSummary(oid: commit, subject: "storefront: last release", author: "", seconds: 0),
            pointer: "main"
        )
        try SimulatedTime.at(ago(days: 9)) {
            _ = try store.update(key, manager: SourceStatus.manager) {
                $0[path: "metadata", "finalizers"] = ["finalizers.fluxcd.io"]
            }
            try report(key, by: SourceStatus.manager) { object in
                let message = SourceStatus.message(for: object, revision: old.revision)
                SourceStatus.stored(&object, artifact: Artifact.git(object, old), message: message)
            }
        }
        let failure: RunFailure
        do {
            _ = try GitFetch(store: store, gitHost: gitHost).resolve(object)
            return
        } catch {
            failure = error
        }
        try SimulatedTime.at(ago(days: 2, hours: 3)) {
            try report(key, by: SourceStatus.manager) { SourceStatus.failed(&$0, failure) }
        }
        let failed = try store.get(key)
        for minutes in [55.0, 33, 17, 5] {
            SimulatedTime.at(ago(minutes: minutes)) {
                tell(failed, failure.reason, failure.message, SourceStatus.manager, nil, warning: true)
            }
        }
    }

    /// Kustomizations confirm themselves at each interval; the last time was less than an interval ago.
    private mutating func confirmAppliers() throws {
        for object in try objects(FluxKinds.kustomization) where object.isReady && !object.isSuspended {
            let key = key(FluxKinds.kustomization, object.namespace ?? "", object.name)
            let interval = KustomizationPlan.interval(of: object)
            let applied =
                object.condition("Ready")?["lastTransitionTime"]?.string.flatMap(WireTime.date) ?? now
            // What was changed by hand must have happened after the last run, so those ran early in their interval.
            let share = handled.contains(object.name) ? 0.72...0.9 : 0.02...0.95
            let moment = max(now.addingTimeInterval(-interval * random.number(share)), applied)
            let duration = random.number(0.5...3.2)
            SimulatedTime.at(moment) { confirm(key, object, duration, since: applied) }
        }
    }

    /// Kustomizations of which an object was changed by hand since their last run.
    private var handled: Set<String> { cluster.role == .production && isFirst ? ["ingress", "catalog"] : [] }

    private func confirm(_ key: ObjectKey, _ object: JSON, _ duration: Double, since applied: Date) {
        let interval = KustomizationPlan.interval(of: object)
        let revision = object.text("status", "lastAppliedRevision")
        _ = try? store.update(key, manager: KustomizationStatus.manager, subresource: "status") { object in
            let message = object.condition("Ready")?["message"]?.string ?? ""
            // Each run moves the transition time, although nothing is different.
            object.removeCondition("Ready")
            object.setCondition("Ready", "True", "ReconciliationSucceeded", message)
            object.setCondition(
                "Healthy",
                "True",
                "Succeeded",
                "Health check passed in \(GoDuration.text(duration * 0.3))"
            )
            if !KustomizationPlan.assessesHealth(object) { object.removeCondition("Healthy") }
            var history = object[path: "status", "history"]?.array ?? []
            guard var newest = history.first else { return }
            let first = newest["firstReconciled"]?.string.flatMap(WireTime.date) ?? applied
            let runs = Int64(max(SimulatedTime.now.timeIntervalSince(first), 0) / interval) + 1
            newest["lastReconciled"] = .string(SimulatedTime.text())
            newest["lastReconciledDuration"] = .string(GoDuration.text(duration))
            newest["totalReconciliations"] = .int(runs)
            history[0] = newest
            object[path: "status", "history"] = .array(history)
        }
        guard now.timeIntervalSince(SimulatedTime.now) < 3500, let object = try? store.get(key) else {
            return
        }
        let finished = GoDuration.text(duration)
        tell(
            object,
            "ReconciliationSucceeded",
            "Reconciliation finished in \(finished), next run in \(GoDuration.text(interval))",
            "kustomize-controller",
            revision,
            extra: ["\(object.group)/commit_status": "update"]
        )
    }

    private mutating func confirmOthers() throws {
        for object in try objects(FluxKinds.imageRepository) {
            let scanned = key(FluxKinds.imageRepository, object.namespace ?? "", object.name)
            try SimulatedTime.at(ago(minutes: random.number(0.5...4))) {
                try report(scanned, by: ImageScan.reflector) { object in
                    object[path: "status", "lastScanResult", "scanTime"] = .string(SimulatedTime.text())
                }
            }
        }
        let fluxReport = key(FluxKinds.fluxReport, "flux-system", "flux")
        if (try? store.get(fluxReport)) != nil {
            let spec = FleetReport(store: store).spec()
            try SimulatedTime.at(ago(minutes: 2)) {
                _ = try store.update(fluxReport, manager: "flux-operator") { $0["spec"] = spec }
                try report(fluxReport, by: "flux-operator") { object in
                    object.setCondition(
                        "Ready",
                        "True",
                        "ReconciliationSucceeded",
                        "Reporting finished in 184ms"
                    )
                }
            }
        }
        let fleet = try store.get(key(FluxKinds.gitRepository, "flux-system", "fleet"))
        let stored = fleet.text("status", "artifact", "lastUpdateTime").flatMap(WireTime.date)
        guard let stored, now.timeIntervalSince(stored) < 3500 else { return }
        let repository = try BareRepository(path: gitHost.path(repository: "fleet"))
        let commit = fleet.artifactRevision.flatMap(Artifact.commit)
        let subject = try commit.flatMap { try repository.summary(ofCommit: $0)?.subject } ?? ""
        SimulatedTime.at(stored) {
            tell(
                fleet,
                "NewArtifact",
                "stored artifact for commit '\(subject)'",
                SourceStatus.manager,
                fleet.artifactRevision,
                extra: ["\(fleet.group)/digest": fleet.text("status", "artifact", "digest") ?? ""]
            )
        }
    }

    // MARK: Drift

    /// What people changed by hand since Flux last looked.
    private func drift() throws {
        switch cluster.role {
        case .production where isFirst:
            try SimulatedTime.at(ago(minutes: 11)) {
                let map = key(FluxKinds.configMap, "ingress", "nginx")
                _ = try store.delete(map, options: WriteOptions(fieldManager: "kubectl"))
            }
            try edit(key(FluxKinds.deployment, "catalog", "api"), ago(minutes: 4), "kubectl-edit") { object in
                object[path: "spec", "replicas"] = 5
            }
        case .staging:
            try edit(key(FluxKinds.statefulSet, "storage", "minio"), ago(days: 1, hours: 2), "kubectl-patch")
            {
                $0[path: "spec", "replicas"] = 2
            }
        case .development:
            try edit(key(FluxKinds.deployment, "monitoring", "grafana"), ago(hours: 20), "kubectl-set") {
                object in
                let containers = (object[path: "spec", "template", "spec", "containers"]?.array ?? []).map {
                    container in
                    var container = container
                    container["image"] = "docker.io/grafana/grafana:12.0.0-dev"
                    return container
                }
                object[path: "spec", "template", "spec", "containers"] = .array(containers)
            }
        default:
            return
        }
    }

    private func edit(
        _ key: ObjectKey,
        _ moment: Date,
        _ manager: String,
        _ change: (inout JSON) -> Void
    ) throws {
        guard (try? store.get(key)) != nil else { return }
        try SimulatedTime.at(moment) {
            _ = try store.update(key, manager: manager, change)
        }
        try SimulatedTime.at(moment.addingTimeInterval(4)) {
            try report(key, by: WorkloadStatus.manager) { object in
                WorkloadStatus.started(&object)
                WorkloadStatus.ready(&object)
            }
        }
    }

    /// A Service that somebody keeps changing and Flux keeps putting back.
    private func correctedDrift() throws {
        guard cluster.role == .production else { return }
        let key = key(FluxKinds.kustomization, "apps", "checkout")
        let object = try store.get(key)
        let revision = object.text("status", "lastAppliedRevision")
        // The runs of before the newest commit, which put the Service back.
        try SimulatedTime.at(ago(minutes: 18.5)) {
            _ = try store.update(key, manager: KustomizationStatus.manager, subresource: "status") { object in
                var history = object[path: "status", "history"]?.array ?? []
                let place = history.firstIndex { run in
                    run["lastReconciledStatus"]?.string == "ReconciliationSucceeded"
                        && run[path: "metadata", "revision"]?.string == revision
                }
                guard let place else { return }
                history[place]["lastReconciled"] = .string(SimulatedTime.text())
                history[place]["totalReconciliations"] = 5
                object[path: "status", "history"] = .array(history)
            }
        }
        for minutes in [36.0, 28, 19] {
            SimulatedTime.at(ago(minutes: minutes)) {
                tell(
                    object,
                    "Progressing",
                    "Service/checkout/api configured",
                    "kustomize-controller",
                    revision
                )
            }
        }
    }
}
