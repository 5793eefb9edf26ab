import Foundation

/// One step of the past: sources have a commit, appliers apply it, workloads run it.
extension ClusterPast {
    mutating func advance(to step: Step) throws {
        let fleet = key(FluxKinds.gitRepository, "flux-system", "fleet")
        let resolved = ResolvedReference(commit: step.commit, pointer: cluster.pointer)
        try store(resolved, in: fleet)
        try settle(key(FluxKinds.kustomization, "flux-system", "flux-system"))
        try settleSources()
        try settleAppliers(isLast: step.isLast)
        try settleOthers()
    }

    private func store(_ resolved: ResolvedReference, in key: ObjectKey) throws {
        try finalizer(key, by: SourceStatus.manager)
        try report(key, by: SourceStatus.manager) { object in
            SourceStatus.stored(
                &object,
                artifact: Artifact.git(object, resolved),
                message: SourceStatus.message(for: object, revision: resolved.revision)
            )
        }
    }

    private func finalizer(_ key: ObjectKey, by manager: String, _ name: String = "finalizers.fluxcd.io")
        throws
    {
        _ = try store.update(key, manager: manager) { $0[path: "metadata", "finalizers"] = [.string(name)] }
    }

    // MARK: Sources

    private func settleSources() throws {
        for object in try objects(FluxKinds.gitRepository) where object.name != "fleet" {
            let key = key(FluxKinds.gitRepository, object.namespace ?? "", object.name)
            guard
                let name = gitHost.repository(at: object.text("spec", "url") ?? ""),
                let commit = try newest(in: name)
            else { continue }
            let resolved = ResolvedReference(commit: commit, pointer: "main")
            guard resolved.revision != object.artifactRevision else { continue }
            try SimulatedTime.at(arrival(of: commit, at: object)) { try store(resolved, in: key) }
        }
        for object in try objects(FluxKinds.ociRepository) {
            let key = key(FluxKinds.ociRepository, object.namespace ?? "", object.name)
            guard
                let origin = gitHost.registry.origin(ofArtifact: object.text("spec", "url") ?? ""),
                let commit = try newest(in: origin.repository)
            else { continue }
            let artifact = OCIPull(gitHost: gitHost).artifact(
                for: object,
                from: origin,
                commit: commit,
                tag: "latest"
            )
            guard artifact["revision"]?.string != object.artifactRevision else { continue }
            try finalizer(key, by: SourceStatus.manager)
            try SimulatedTime.at(arrival(of: commit, at: object)) {
                try report(key, by: SourceStatus.manager) { object in
                    let message = SourceStatus.message(
                        for: object,
                        revision: artifact["revision"]?.string ?? ""
                    )
                    SourceStatus.stored(&object, artifact: artifact, message: message)
                }
            }
        }
        for object in try objects(FluxKinds.helmRepository) where object.text("spec", "type") != "oci" {
            let key = key(FluxKinds.helmRepository, object.namespace ?? "", object.name)
            try finalizer(key, by: SourceStatus.manager)
            try report(key, by: SourceStatus.manager) { StaticSource.refresh(&$0) }
        }
        for var object in try objects(FluxKinds.artifactGenerator) {
            let key = key(FluxKinds.artifactGenerator, object.namespace ?? "", object.name)
            try finalizer(key, by: GeneratedStatus.manager, "source.extensions.fluxcd.io/finalizer")
            GeneratedStatus(store: store, gitHost: gitHost).refresh(&object)
            try report(key, by: GeneratedStatus.manager) { $0["status"] = object["status"] }
        }
    }

    /// The newest commit of a repository's main branch at the present moment of the past.
    private func newest(in repository: String) throws -> CommitSummary? {
        let opened = try BareRepository(path: gitHost.path(repository: repository))
        guard let head = try opened.commit(ofReference: "refs/heads/main") else { return nil }
        let present = Int64(SimulatedTime.now.timeIntervalSince1970)
        return try opened.firstParents(from: head, limit: 500).first { $0.seconds <= present }
    }

    /// When a source noticed a commit: soon after it was pushed, or when the source was made.
    private func arrival(of commit: CommitSummary, at object: JSON) -> Date {
        let made = object.text("metadata", "creationTimestamp").flatMap(WireTime.date) ?? SimulatedTime.now
        return max(Date(timeIntervalSince1970: Double(commit.seconds + 90)), made.addingTimeInterval(2))
    }

    // MARK: Appliers

    private mutating func settleAppliers(isLast: Bool) throws {
        for object in try objects(FluxKinds.kustomization) where object.name != "flux-system" {
            let key = key(FluxKinds.kustomization, object.namespace ?? "", object.name)
            guard !object.isSuspended else { continue }
            let isBroken = isLast && cluster.role == .production
            switch (object.namespace, object.name) {
            case ("apps", "checkout") where isBroken: try failCheckout(key)
            case ("apps", "web") where isBroken: try waitForCheckout(key)
            default: try settle(key)
            }
        }
        for object in try objects(FluxKinds.helmRelease) where !object.isSuspended {
            try settleRelease(key(FluxKinds.helmRelease, object.namespace ?? "", object.name))
        }
    }

    /// A run of a Kustomization that went well.
    mutating func settle(_ key: ObjectKey) throws {
        let duration = random.number(0.6...3.5)
        var object = try store.get(key)
        guard let built = try apply(&object) else { return }
        if KustomizationPlan.assessesHealth(object) {
            let passed = GoDuration.text(duration * 0.4)
            object.setCondition("Healthy", "True", "Succeeded", "Health check passed in \(passed)")
        }
        KustomizationStatus.succeeded(&object, built, duration: duration)
        try finalizer(key, by: KustomizationStatus.manager)
        try report(key, by: KustomizationStatus.manager) { $0["status"] = object["status"] }
    }

    /// Builds and applies; the workloads are ready at once, unless their image is bad.
    private func apply(_ object: inout JSON) throws -> BuiltObjects? {
        guard let sourceKey = KustomizationPlan.source(of: object) else { return nil }
        let plan = KustomizationPlan(store: store, gitHost: gitHost, files: ManifestFiles.shared)
        let built = try plan.build(object, source: try store.get(sourceKey))
        let applier = ManifestApplier(
            store: store,
            manager: "kustomize-controller",
            owner: ApplyOwner(
                group: FluxKinds.kustomization.group,
                namespace: object.namespace ?? "",
                name: object.name
            )
        )
        let changes = try applier.apply(built.objects)
        KustomizationStatus.setInventory(&object, changes.map(\.object))
        for change in changes where change.action != .unchanged { try rollOut(change.object) }
        return built
    }

    private func rollOut(_ reference: ObjectReference) throws {
        guard let key = reference.key, FluxKinds.workloads.contains(key.type) else { return }
        let options = FluxOptions()
        WorkloadStatus.countRevision(of: key, in: store)
        try report(key, by: WorkloadStatus.manager) { object in
            let isBad = WorkloadStatus.images(of: object).contains(where: options.isBad)
            WorkloadStatus.started(&object)
            if !isBad { WorkloadStatus.ready(&object) }
        }
    }

    /// The bad commit arrived: its pods do not become ready, and the health check says so every minute.
    private mutating func failCheckout(_ key: ObjectKey) throws {
        var object = try store.get(key)
        guard let built = try apply(&object) else { return }
        let timeout = KustomizationPlan.timeout(of: object)
        KustomizationStatus.begin(&object, revision: built.revision, timeout: timeout)
        KustomizationStatus.building(&object, revision: built.revision, timeout: timeout)
        KustomizationStatus.checkingHealth(&object, revision: built.revision, timeout: timeout)
        let problem = "timeout waiting for: [Deployment/checkout/api status: 'InProgress']"
        let attempts = Int(now.timeIntervalSince(SimulatedTime.now) / (60 + timeout)) + 1
        let first = SimulatedTime.now
        for attempt in 0..<attempts {
            let moment = first.addingTimeInterval(Double(attempt) * (60 + timeout))
            let waited = timeout + random.number(0.001...0.04)
            SimulatedTime.at(moment) {
                object.setCondition("Healthy", "False", "HealthCheckFailed", problem)
                let failure = RunFailure(
                    reason: "HealthCheckFailed",
                    message: "health check failed after \(GoDuration.text(waited)): \(problem)"
                )
                let duration = waited + random.number(0.8...2.4)
                KustomizationStatus.failed(&object, failure, built: built, duration: duration)
                guard now.timeIntervalSince(moment) < 3500 else { return }
                tell(
                    object,
                    failure.reason,
                    failure.message,
                    "kustomize-controller",
                    built.revision,
                    warning: true
                )
            }
        }
        try report(key, by: KustomizationStatus.manager) { $0["status"] = object["status"] }
    }

    private func waitForCheckout(_ key: ObjectKey) throws {
        try report(key, by: KustomizationStatus.manager) { object in
            let message = "dependency 'apps/checkout' is not ready"
            object.setCondition("Ready", "False", "DependencyNotReady", message)
            KustomizationStatus.finish(&object)
        }
        let message = "Dependencies do not meet ready condition, retrying in 10s"
        tell(try store.get(key), "DependencyNotReady", message, "kustomize-controller", nil)
    }

    // MARK: Releases

    private mutating func settleRelease(_ key: ObjectKey) throws {
        var object = try store.get(key)
        try finalizer(key, by: HelmReleaseStatus.manager)
        guard let chart = try settleChart(of: object) else { return }
        let chartKey = HelmReleasePlan.chartSource(of: object)
        object[path: "status", "helmChart"] = .string("\(chartKey?.namespace ?? "")/\(chartKey?.name ?? "")")
        let plan = HelmReleasePlan(object: object)
        let last = HelmReleaseStatus.history(of: object).first
        guard
            object.conditionStatus("Stalled") != "True",
            last?["chartVersion"]?.string != chart.version
                || last?["configDigest"]?.string != plan.configDigest
        else { return }
        let release = HelmReleaseStatus.Release(
            chart: chart.name,
            version: chart.version,
            ociDigest: nil,
            action: last == nil ? "install" : "upgrade",
            configDigest: plan.configDigest
        )
        let manifests = plan.manifests(chart: chart.name, version: chart.version)
        HelmReleaseStatus.running(&object, release)
        let bad = FluxOptions()
        if manifests.contains(where: { WorkloadStatus.images(of: $0).contains(where: bad.isBad) }) {
            if last == nil { try install(manifests, of: object, tag: "2.0.9", release, &object) }
            fail(&object, release, manifests)
        } else {
            let applied = try install(manifests, of: object)
            HelmReleaseStatus.released(&object, release, applied, duration: random.number(3...25))
            HelmStorage(store: store).keep(object, manifests)
        }
        if plan.driftMode != "disabled", object.isReady {
            let message = "No drift detected against the cluster state"
            object.setCondition("Drifted", "False", "NoDriftDetected", message)
        }
        try report(key, by: HelmReleaseStatus.manager) { $0["status"] = object["status"] }
    }

    /// The last version that worked, before the one that does not.
    private func install(
        _ manifests: [JSON],
        of original: JSON,
        tag: String,
        _ release: HelmReleaseStatus.Release,
        _ object: inout JSON
    ) throws {
        var good = original
        good[path: "spec", "values", "image", "tag"] = .string(tag)
        let plan = HelmReleasePlan(object: good)
        let manifests = plan.manifests(chart: release.chart, version: tag)
        let applied = try install(manifests, of: good)
        let first = HelmReleaseStatus.Release(
            chart: release.chart,
            version: tag,
            ociDigest: nil,
            action: "install",
            configDigest: plan.configDigest
        )
        HelmReleaseStatus.released(&object, first, applied, duration: 9.4)
        HelmStorage(store: store).keep(object, manifests)
    }

    /// Two upgrades that failed, the last one rolled back.
    private func fail(_ object: inout JSON, _ release: HelmReleaseStatus.Release, _ manifests: [JSON]) {
        let storage = HelmStorage(store: store)
        let upgrade = HelmReleaseStatus.Release(
            chart: release.chart,
            version: release.version,
            ociDigest: nil,
            action: "upgrade",
            configDigest: release.configDigest
        )
        let name = HelmReleasePlan(object: object).releaseName
        let problem = "timeout waiting for: [Deployment/\(name)/\(name) status: 'InProgress']"
        HelmReleaseStatus.running(&object, upgrade)
        let good = HelmReleaseStatus.history(of: object).first { $0["status"]?.string != "failed" } ?? .null
        let before = storage.manifests(ofDeployed: object) ?? []
        HelmReleaseStatus.failed(&object, upgrade, problem, duration: 60.03)
        storage.keep(object, manifests)
        HelmReleaseStatus.failed(&object, upgrade, problem, duration: 60.02)
        storage.keep(object, manifests)
        HelmReleaseStatus.rolledBack(&object, to: good)
        storage.keep(object, before)
    }

    private func install(_ manifests: [JSON], of object: JSON) throws -> [ObjectReference] {
        let plan = HelmReleasePlan(object: object)
        let namespace = ObjectKey(FluxKinds.namespace, namespace: nil, name: plan.releaseNamespace)
        if (try? store.get(namespace)) == nil {
            try create(
                [
                    "apiVersion": "v1", "kind": "Namespace",
                    "metadata": ["name": .string(plan.releaseNamespace)],
                ],
                by: HelmReleaseStatus.manager
            )
        }
        let owner = ApplyOwner(
            group: FluxKinds.helmRelease.group,
            namespace: object.namespace ?? "",
            name: object.name
        )
        let applier = ManifestApplier(
            store: store,
            manager: HelmReleaseStatus.manager,
            owner: owner,
            takesOverKubectl: false
        )
        let changes = try applier.apply(manifests)
        for change in changes where change.action != .unchanged { try rollOut(change.object) }
        return changes.map(\.object)
    }

    private func settleChart(of object: JSON) throws -> ChartPull.Chart? {
        guard
            let manifest = HelmReleasePlan(object: object).chartManifest,
            let key = HelmReleasePlan.chartSource(of: object)
        else { return nil }
        if (try? store.get(key)) == nil {
            try create(manifest, by: HelmReleaseStatus.manager)
            try finalizer(key, by: SourceStatus.manager)
        } else {
            _ = try store.update(key, manager: HelmReleaseStatus.manager) { chart in
                chart[path: "spec", "version"] = manifest[path: "spec", "version"]
            }
        }
        let chart = try ChartPull(store: store, gitHost: gitHost).chart(for: try store.get(key))
        try report(key, by: SourceStatus.manager) { ChartPull.store(chart, on: &$0) }
        return chart
    }

    // MARK: The rest

    private mutating func settleOthers() throws {
        for object in try objects(FluxKinds.receiver) {
            let key = key(FluxKinds.receiver, object.namespace ?? "", object.name)
            try finalizer(key, by: "notification-controller")
            try report(key, by: "notification-controller") { ReceiverStatus.ready(&$0) }
        }
        for object in try objects(FluxKinds.fluxInstance) {
            let key = key(FluxKinds.fluxInstance, object.namespace ?? "", object.name)
            let duration = random.number(2...4)
            try finalizer(key, by: "flux-operator", "fluxcd.controlplane.io/finalizer")
            try report(key, by: "flux-operator") { OperatorStatus.reconciled(&$0, duration: duration) }
        }
        try settleImages()
        for object in try objects(FluxKinds.deployment) where object.namespace == "flux-system" {
            guard !WorkloadStatus.isSettled(object) else { continue }
            try rollOut(ObjectReference(object))
        }
    }

    private func settleImages() throws {
        let registry = gitHost.registry
        for object in try objects(FluxKinds.imageRepository) {
            let key = key(FluxKinds.imageRepository, object.namespace ?? "", object.name)
            try finalizer(key, by: ImageScan.reflector)
            let tags = registry.tags(ofImage: object.text("spec", "image") ?? "")
            try report(key, by: ImageScan.reflector) { ImageScan.scanned(&$0, tags: tags) }
        }
        for object in try objects(FluxKinds.imagePolicy) {
            let key = key(FluxKinds.imagePolicy, object.namespace ?? "", object.name)
            try finalizer(key, by: ImageScan.reflector)
            guard
                let repository = FluxGraph.upstream(of: object).first.flatMap({ try? store.get($0) }),
                let image = repository.text("spec", "image")
            else { continue }
            let tags = registry.tags(ofImage: image)
            try report(key, by: ImageScan.reflector) { ImageScan.chosen(&$0, image: image, tags: tags) }
        }
        let policies = try objects(FluxKinds.imagePolicy)
        for object in try objects(FluxKinds.imageUpdateAutomation) {
            let key = key(FluxKinds.imageUpdateAutomation, object.namespace ?? "", object.name)
            try finalizer(key, by: ImageScan.automation)
            let source = FluxGraph.upstream(of: object).first.flatMap { try? store.get($0) }
            try report(key, by: ImageScan.automation) { object in
                object[path: "status", "lastAutomationRunTime"] = .string(SimulatedTime.text())
                object[path: "status", "lastPushCommit"] = .string(landmarks.lastGood)
                object[path: "status", "lastPushTime"] = .string(WireTime.text(ago(minutes: 41)))
                object[path: "status", "observedSourceRevision"] =
                    source?[path: "status", "artifact", "revision"]
                object[path: "status", "observedPolicies"] = .object(
                    Dictionary(policies.map { ($0.name, $0[path: "status", "latestRef"] ?? .null) }) { $1 }
                )
                object.setCondition("Ready", "True", "Succeeded", "repository up-to-date")
                ImageScan.finish(&object)
            }
        }
    }

    /// Records an event of the present moment.
    func tell(
        _ object: JSON,
        _ reason: String,
        _ message: String,
        _ component: String,
        _ revision: String?,
        warning: Bool = false,
        extra: [String: String] = [:]
    ) {
        var annotations = extra
        if let revision { annotations["\(object.group)/revision"] = revision }
        store.recordEvent(
            involved: object,
            type: warning ? "Warning" : "Normal",
            reason: reason,
            message: message,
            component: component,
            annotations: annotations
        )
    }
}
