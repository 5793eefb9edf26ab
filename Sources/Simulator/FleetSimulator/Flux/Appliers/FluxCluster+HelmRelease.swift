/// The HelmRelease controller: keep the chart, release what differs, look for drift otherwise.
extension FluxCluster {
    func reconcileHelmRelease(_ key: ObjectKey) async throws -> Next {
        guard var object = try? store.get(key) else { return .never }
        let plan = HelmReleasePlan(object: object)
        if object.isTerminating {
            uninstall(object, key)
            return .never
        }
        addFinalizer(key, object, manager: HelmReleaseStatus.manager)
        guard !object.isSuspended else {
            HelmReleaseStatus.acknowledge(&object)
            if object.isReady { object.observeGeneration() }
            save(object, key, manager: HelmReleaseStatus.manager)
            return .never
        }
        if let unmet = unmetDependency(of: object) {
            object.setCondition("Ready", "False", "DependencyNotReady", unmet)
            HelmReleaseStatus.acknowledge(&object)
            let message =
                "dependencies do not meet ready condition (\(unmet)), retrying in "
                + GoDuration.text(options.dependencyRetry)
            tell(object, "DependencyNotReady", message, component: HelmReleaseStatus.manager)
            save(object, key, manager: HelmReleaseStatus.manager)
            return .after(options.dependencyRetry)
        }
        keepChart(of: plan, in: &object)
        try await pause(random.number(0.2...1))
        let chart: (name: String, version: String, digest: String?)
        do {
            chart = try readyChart(of: object)
        } catch {
            HelmReleaseStatus.preparing(&object)
            object.setCondition("Ready", "False", error.reason, error.message)
            HelmReleaseStatus.acknowledge(&object)
            save(object, key, manager: HelmReleaseStatus.manager)
            return .after(60)
        }
        return try await release(chart, &object, key)
    }

    private func release(
        _ chart: (name: String, version: String, digest: String?),
        _ object: inout JSON,
        _ key: ObjectKey
    ) async throws -> Next {
        let plan = HelmReleasePlan(object: object)
        resetCounters(&object, chart.version, plan.configDigest)
        let manifests = plan.manifests(chart: chart.name, version: chart.version)
        guard let action = action(for: object, version: chart.version) else {
            if object.conditionStatus("Stalled") != "True" { settle(&object) }
            try detectDrift(&object, manifests)
            HelmReleaseStatus.finish(&object)
            save(object, key, manager: HelmReleaseStatus.manager)
            return .after(plan.interval)
        }
        let release = HelmReleaseStatus.Release(
            chart: chart.name,
            version: chart.version,
            ociDigest: chart.digest,
            action: action,
            configDigest: plan.configDigest
        )
        HelmReleaseStatus.running(&object, release)
        save(object, key, manager: HelmReleaseStatus.manager)
        let start = ContinuousClock.now
        do {
            try await pause(random.number(1...5))
            let applied = try install(manifests, of: object)
            try await becomeCurrent(applied, timeout: plan.timeout)
            HelmReleaseStatus.released(&object, release, applied, duration: elapsed(since: start))
            HelmStorage(store: store).keep(object, manifests)
        } catch let failure as HealthFailure {
            fail(&object, release, manifests, failure.message, since: start)
        } catch let problem as ApplyProblem {
            fail(&object, release, manifests, problem.message, since: start)
        }
        tellReleased(object, release)
        save(object, key, manager: HelmReleaseStatus.manager)
        return .after(plan.interval)
    }

    private func fail(
        _ object: inout JSON,
        _ release: HelmReleaseStatus.Release,
        _ wanted: [JSON],
        _ problem: String,
        since start: ContinuousClock.Instant
    ) {
        HelmReleaseStatus.failed(&object, release, problem, duration: elapsed(since: start))
        HelmStorage(store: store).keep(object, wanted)
        let plan = HelmReleasePlan(object: object)
        let history = HelmReleaseStatus.history(of: object)
        guard
            release.action == "upgrade", plan.remediatesLastFailure,
            let good = history.first(where: { $0["status"]?.string != "failed" })
        else { return }
        let manifests = plan.manifests(
            chart: good["chartName"]?.string ?? release.chart,
            version: good["chartVersion"]?.string ?? release.version
        )
        guard (try? install(manifests, of: object)) != nil else { return }
        HelmReleaseStatus.rolledBack(&object, to: good)
        HelmStorage(store: store).keep(object, manifests)
    }

    /// The action that brings the cluster to what is wanted; nil when it is there, or may not be tried again.
    private func action(for object: JSON, version: String) -> String? {
        let history = HelmReleaseStatus.history(of: object)
        guard let last = history.first else {
            return HelmReleaseStatus.isExhausted(object, "install") ? nil : "install"
        }
        if HelmReleaseStatus.asks(object, "forceAt", handled: "lastHandledForceAt") { return "upgrade" }
        let wanted = HelmReleasePlan(object: object).configDigest
        let same = last["chartVersion"]?.string == version && last["configDigest"]?.string == wanted
        if same, last["status"]?.string == "deployed" { return nil }
        let kind = history.contains { $0["status"]?.string != "failed" } ? "upgrade" : "install"
        return HelmReleaseStatus.isExhausted(object, kind) ? nil : kind
    }

    /// A new spec, chart or configuration, or the wish of a person, lets a failed release try again.
    private func resetCounters(_ object: inout JSON, _ version: String, _ config: String) {
        let sameSpec = object[path: "status", "lastAttemptedGeneration"]?.int == object.generation
        let sameChart = object.text("status", "lastAttemptedRevision") == version
        let sameConfig = object.text("status", "lastAttemptedConfigDigest") == config
        let asked = HelmReleaseStatus.asks(object, "resetAt", handled: "lastHandledResetAt")
        guard !(sameSpec && sameChart && sameConfig) || asked else { return }
        for counter in ["failures", "installFailures", "upgradeFailures"] {
            object[path: "status", counter] = nil
        }
        object.removeCondition("Stalled")
    }

    /// What runs is what is wanted: whatever Ready said before, it now repeats the last release.
    private func settle(_ object: inout JSON) {
        guard let released = object.condition("Released"), !object.isReady else { return }
        if object.conditionStatus("Remediated") != nil {
            object.removeCondition("Remediated")
            let title = "\(object.namespace ?? "")/\(object.name)"
            object.setCondition("Released", "True", "UpgradeSucceeded", "Release \(title) is in sync")
        }
        object.setCondition(
            "Ready",
            object.conditionStatus("Released") ?? "True",
            object.condition("Released")?["reason"]?.string ?? "UpgradeSucceeded",
            object.condition("Released")?["message"]?.string ?? released["message"]?.string ?? ""
        )
    }

    private func applier(for object: JSON) -> ManifestApplier {
        ManifestApplier(
            store: store,
            manager: HelmReleaseStatus.manager,
            owner: ApplyOwner(
                group: FluxKinds.helmRelease.group,
                namespace: object.namespace ?? "",
                name: object.name
            ),
            takesOverKubectl: false
        )
    }

    private func install(_ manifests: [JSON], of object: JSON) throws -> [ObjectReference] {
        let namespace = HelmReleasePlan(object: object).releaseNamespace
        if object[path: "spec", "install", "createNamespace"]?.bool == true {
            _ = try? store.create(
                ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(namespace)]],
                type: FluxKinds.namespace,
                namespace: nil,
                options: WriteOptions(fieldManager: HelmReleaseStatus.manager)
            )
        }
        return try applier(for: object).apply(manifests).map(\.object)
    }

    private func detectDrift(_ object: inout JSON, _ manifests: [JSON]) throws {
        let mode = HelmReleasePlan(object: object).driftMode
        guard mode != "disabled", object.isReady else { return }
        let applier = applier(for: object)
        let changes = ((try? applier.differences(manifests)) ?? []).filter {
            $0.action == .created || $0.action == .configured
        }
        guard !changes.isEmpty else {
            let message = "No drift detected against the cluster state"
            object.setCondition("Drifted", "False", "NoDriftDetected", message)
            return
        }
        let plan = HelmReleasePlan(object: object)
        let number = HelmReleaseStatus.history(of: object).first?["version"]?.int ?? 1
        let title = "\(plan.releaseNamespace)/\(plan.releaseName).v\(number)"
        let lines = changes.map { change in
            let words = change.action == .created ? "removed" : "changed (0 additions, 1 changes, 0 removals)"
            return "\(change.object.subject) \(words)"
        }
        let found =
            "Cluster state of release \(title) has drifted from the desired state:\n"
            + lines.joined(separator: "\n")
        object.setCondition("Drifted", "True", "DriftDetected", found)
        tell(object, "DriftDetected", found, warning: true, component: HelmReleaseStatus.manager)
        guard mode == "enabled", (try? applier.apply(manifests)) != nil else { return }
        let done =
            "Cluster state of release \(title) has been corrected:\n"
            + changes.map(\.line).joined(separator: "\n")
        tell(object, "DriftCorrected", done, component: HelmReleaseStatus.manager)
        let message = "No drift detected against the cluster state"
        object.setCondition("Drifted", "False", "NoDriftDetected", message)
    }

    private func keepChart(of plan: HelmReleasePlan, in object: inout JSON) {
        guard let manifest = plan.chartManifest, let key = HelmReleasePlan.chartSource(of: object) else {
            return
        }
        object[path: "status", "helmChart"] = .string("\(key.namespace ?? "")/\(key.name)")
        guard let present = try? store.get(key) else {
            _ = try? store.create(
                manifest,
                type: key.type,
                namespace: key.namespace,
                options: WriteOptions(fieldManager: HelmReleaseStatus.manager)
            )
            return
        }
        guard present["spec"] != manifest["spec"] else { return }
        _ = try? store.update(key, manager: HelmReleaseStatus.manager) { chart in
            for (field, value) in manifest["spec"]?.object ?? [:] { chart[path: "spec", field] = value }
        }
    }

    private func readyChart(of object: JSON) throws(RunFailure) -> (
        name: String, version: String, digest: String?
    ) {
        guard let key = HelmReleasePlan.chartSource(of: object), let source = try? store.get(key) else {
            throw RunFailure(reason: "ArtifactFailed", message: "could not get Source object: not found")
        }
        let observed = source[path: "status", "observedGeneration"]?.int ?? source.generation
        guard let revision = source.artifactRevision, source.isReady, observed == source.generation else {
            let words =
                source.condition("Ready")?["message"]?.string
                ?? "latest generation of object has not been reconciled"
            throw RunFailure(
                reason: "SourceNotReady",
                message: "\(key.type.kind) '\(key.namespace ?? "")/\(key.name)' is not ready: \(words)"
            )
        }
        guard key.type == FluxKinds.ociRepository else {
            return (source.text("status", "observedChartName") ?? object.name, revision, nil)
        }
        let digest = revision.split(separator: "@").last.map(String.init) ?? ""
        let tag = revision.split(separator: "@").first.map(String.init) ?? "0.1.0"
        let hex = digest.split(separator: ":").last ?? ""
        return (FilePath.name(source.text("spec", "url") ?? object.name), "\(tag)+\(hex.prefix(12))", digest)
    }

    private func unmetDependency(of object: JSON) -> String? {
        for dependency in object[path: "spec", "dependsOn"]?.array ?? [] {
            let name = dependency["name"]?.string ?? ""
            let namespace = dependency.text("namespace") ?? object.namespace ?? ""
            let key = ObjectKey(FluxKinds.helmRelease, namespace: namespace, name: name)
            guard let found = try? store.get(key) else {
                return "unable to get '\(namespace)/\(name)' dependency: "
                    + "helmreleases.helm.toolkit.fluxcd.io \"\(name)\" not found"
            }
            let observed = found[path: "status", "observedGeneration"]?.int
            guard found.isReady, observed == found.generation else {
                return "dependency '\(namespace)/\(name)' is not ready"
            }
        }
        return nil
    }

    private func uninstall(_ object: JSON, _ key: ObjectKey) {
        let entries = (object[path: "status", "inventory", "entries"]?.array ?? [])
            .compactMap(ObjectReference.init(inventoryEntry:))
        _ = applier(for: object).prune(entries)
        HelmStorage(store: store).forget(object)
        if HelmReleasePlan(object: object).chartManifest != nil,
            let chart = HelmReleasePlan.chartSource(of: object)
        {
            _ = try? store.delete(chart, options: WriteOptions(fieldManager: HelmReleaseStatus.manager))
        }
        removeFinalizers(key, manager: HelmReleaseStatus.manager)
    }

    private func tellReleased(_ object: JSON, _ release: HelmReleaseStatus.Release) {
        guard let released = object.condition("Released") else { return }
        tell(
            object,
            released["reason"]?.string ?? "",
            released["message"]?.string ?? "",
            warning: released["status"]?.string == "False",
            component: HelmReleaseStatus.manager,
            annotations: ["revision": release.version, "oci-digest": release.ociDigest]
        )
    }
}
