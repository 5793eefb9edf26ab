/// The Kustomization controller.
extension FluxCluster {
    func reconcileKustomization(_ key: ObjectKey) async throws -> Next {
        guard var object = try? store.get(key) else { return .never }
        if object.isTerminating {
            finalize(object, key)
            return .never
        }
        addFinalizer(key, object, manager: KustomizationStatus.manager)
        guard !object.isSuspended else {
            conclude(&object, key)
            return .never
        }
        let source: JSON
        switch artifactSource(of: object) {
        case .success(let found):
            source = found
        case .failure(let failure):
            object.setCondition("Ready", "False", failure.reason, failure.message)
            conclude(&object, key)
            return .after(options.dependencyRetry)
        }
        if let unmet = plan.unmetDependency(of: object, source: source) {
            let retry = GoDuration.text(options.dependencyRetry)
            object.setCondition("Ready", "False", "DependencyNotReady", unmet)
            let message = "Dependencies do not meet ready condition, retrying in \(retry)"
            tell(object, "DependencyNotReady", message, component: Self.component)
            conclude(&object, key)
            return .after(options.dependencyRetry)
        }
        return try await run(&object, key, source: source)
    }

    private static let component = "kustomize-controller"

    private var plan: KustomizationPlan {
        KustomizationPlan(store: store, gitHost: gitHost, files: files)
    }

    /// Ends a run: what every run owes is written, then stored.
    private func conclude(_ object: inout JSON, _ key: ObjectKey) {
        KustomizationStatus.finish(&object)
        save(object, key, manager: KustomizationStatus.manager)
    }

    private func artifactSource(of object: JSON) -> Result<JSON, RunFailure> {
        guard let key = KustomizationPlan.source(of: object), let source = try? store.get(key) else {
            let kind = object.text("spec", "sourceRef", "kind") ?? ""
            let name = object.text("spec", "sourceRef", "name") ?? ""
            let type = FluxKinds.source(named: kind)?.qualifiedPlural ?? kind.lowercased()
            return .failure(RunFailure(reason: "ArtifactFailed", message: "\(type) \"\(name)\" not found"))
        }
        guard source.artifactRevision != nil else {
            let retry = GoDuration.text(options.dependencyRetry)
            return .failure(
                RunFailure(
                    reason: "ArtifactFailed",
                    message: "Source artifact not found, retrying in \(retry)"
                )
            )
        }
        return .success(source)
    }

    private func run(_ object: inout JSON, _ key: ObjectKey, source: JSON) async throws -> Next {
        let start = ContinuousClock.now
        var built: BuiltObjects?
        do {
            let objects = try await build(&object, key, source: source)
            built = objects
            try await apply(objects, &object, key)
            let duration = elapsed(since: start)
            KustomizationStatus.succeeded(&object, objects, duration: duration)
            let interval = KustomizationPlan.interval(of: object)
            tellRevision(
                object,
                "ReconciliationSucceeded",
                "Reconciliation finished in \(GoDuration.text(duration)), next run in \(GoDuration.text(interval))",
                objects,
                annotations: ["commit_status": "update"]
            )
            save(object, key, manager: KustomizationStatus.manager)
            return .after(interval)
        } catch let failure as RunFailure {
            KustomizationStatus.failed(&object, failure, built: built, duration: elapsed(since: start))
            tell(
                object,
                failure.reason,
                failure.message,
                warning: true,
                component: Self.component,
                annotations: ["revision": object.text("status", "lastAttemptedRevision")]
            )
            save(object, key, manager: KustomizationStatus.manager)
            return .after(KustomizationPlan.retryInterval(of: object))
        }
    }

    private func build(_ object: inout JSON, _ key: ObjectKey, source: JSON) async throws -> BuiltObjects {
        let revision = source.artifactRevision ?? ""
        let timeout = KustomizationPlan.timeout(of: object)
        KustomizationStatus.begin(&object, revision: revision, timeout: timeout)
        save(object, key, manager: KustomizationStatus.manager)
        try await pause(random.number(0.1...0.8))
        KustomizationStatus.building(&object, revision: revision, timeout: timeout)
        let built = try plan.build(object, source: source)
        KustomizationStatus.detecting(&object, revision: revision, timeout: timeout)
        save(object, key, manager: KustomizationStatus.manager)
        try await pause(random.number(0.3...1.6))
        return built
    }

    private func apply(_ built: BuiltObjects, _ object: inout JSON, _ key: ObjectKey) async throws {
        let applier = ManifestApplier(
            store: store,
            manager: "kustomize-controller",
            owner: ApplyOwner(
                group: FluxKinds.kustomization.group,
                namespace: object.namespace ?? "",
                name: object.name
            )
        )
        let changes: [AppliedChange]
        do {
            changes = try applier.apply(built.objects)
        } catch {
            throw RunFailure(reason: "ReconciliationFailed", message: error.message)
        }
        let changed = changes.filter { $0.action == .created || $0.action == .configured }
        if !changed.isEmpty {
            tellRevision(object, "Progressing", changed.map(\.line).joined(separator: "\n"), built)
        }
        let wanted = changes.map(\.object)
        let stale = stale(KustomizationStatus.inventory(of: object), wanted: wanted)
        KustomizationStatus.setInventory(&object, wanted)
        prune(stale, of: object, with: applier, built)
        try await assessHealth(&object, key, changes, built, drifted: !changed.isEmpty)
    }

    /// Entries of the old inventory that the new one lacks; another version of the same object is no other object.
    private func stale(_ old: [ObjectReference], wanted: [ObjectReference]) -> [ObjectReference] {
        let ids = Set(wanted.map(\.inventoryID))
        return old.filter { !ids.contains($0.inventoryID) }
    }

    private func prune(
        _ stale: [ObjectReference],
        of object: JSON,
        with applier: ManifestApplier,
        _ built: BuiltObjects
    ) {
        guard object[path: "spec", "prune"]?.bool == true, !stale.isEmpty else { return }
        let deleted = applier.prune(stale)
        guard deleted.contains(where: { $0.action == .deleted }) else { return }
        tellRevision(object, "Progressing", deleted.map(\.line).joined(separator: "\n"), built)
    }

    private func assessHealth(
        _ object: inout JSON,
        _ key: ObjectKey,
        _ changes: [AppliedChange],
        _ built: BuiltObjects,
        drifted: Bool
    ) async throws {
        guard KustomizationPlan.assessesHealth(object) else {
            object.removeCondition("Healthy")
            return
        }
        let timeout = KustomizationPlan.timeout(of: object)
        let wasHealthy = object.conditionStatus("Healthy") == "True"
        let isNew = object.text("status", "lastAppliedRevision") != built.revision
        KustomizationStatus.checkingHealth(&object, revision: built.revision, timeout: timeout)
        save(object, key, manager: KustomizationStatus.manager)
        let start = ContinuousClock.now
        do {
            try await becomeCurrent(
                KustomizationPlan.healthChecks(of: object, applied: changes),
                timeout: timeout
            )
        } catch let failure as HealthFailure {
            object.setCondition("Healthy", "False", "HealthCheckFailed", failure.message)
            let passed = GoDuration.text(elapsed(since: start))
            throw RunFailure(
                reason: "HealthCheckFailed",
                message: "health check failed after \(passed): \(failure.message)"
            )
        }
        let message = "Health check passed in \(GoDuration.text(elapsed(since: start)))"
        object.setCondition("Healthy", "True", "Succeeded", message)
        if !wasHealthy || (isNew && drifted) { tellRevision(object, "Progressing", message, built) }
    }

    /// Deletion: what was applied goes first, unless the Kustomization says otherwise.
    private func finalize(_ object: JSON, _ key: ObjectKey) {
        let policy = object.text("spec", "deletionPolicy") ?? "MirrorPrune"
        let prunes =
            policy == "MirrorPrune" ? object[path: "spec", "prune"]?.bool == true : policy != "Orphan"
        if prunes, !object.isSuspended {
            let owner = ApplyOwner(
                group: FluxKinds.kustomization.group,
                namespace: object.namespace ?? "",
                name: object.name
            )
            let deleted = ManifestApplier(store: store, manager: "kustomize-controller", owner: owner)
                .prune(KustomizationStatus.inventory(of: object))
                .filter { $0.action == .deleted }
            if !deleted.isEmpty {
                let lines = deleted.map(\.line).joined(separator: "\n")
                tell(object, "ReconciliationSucceeded", lines, component: Self.component)
            }
        }
        removeFinalizers(key, manager: KustomizationStatus.manager)
    }

    private func tellRevision(
        _ object: JSON,
        _ reason: String,
        _ message: String,
        _ built: BuiltObjects,
        annotations: [String: String] = [:]
    ) {
        var annotations: [String: String?] = annotations
        annotations["revision"] = built.revision
        annotations["originRevision"] = built.originRevision
        tell(object, reason, message, component: Self.component, annotations: annotations)
    }
}
