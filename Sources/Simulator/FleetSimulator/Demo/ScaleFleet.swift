import Foundation

extension DemoFleet {
    /// Fills clusters with many objects that keep still: for measuring, not for showing.
    ///
    /// Each cluster gets `objects` Flux objects: one GitRepository, a fifth of the rest HelmReleases with one
    /// HelmRepository and their HelmCharts, the rest Kustomizations with one ConfigMap each. Nothing is due for a
    /// day; a requested reconciliation is real and finds nothing to change. Starts the Git host if needed.
    package static func seedForScale(
        clusters: [(name: String, store: ObjectStore)],
        gitHost: GitHost,
        objects: Int,
        seed: UInt64
    ) throws -> [SourceEntry] {
        _ = try gitHost.start()
        try gitHost.remove(repository: "fleet")
        let now = Date()
        let head = try writeScaleRepository(gitHost, now: now)
        gitHost.registry.publish(chart: "service", version: "1.4.2")
        for (name, store) in clusters {
            var filling = ScaleFilling(
                store: store,
                gitHost: gitHost,
                head: head,
                now: now,
                random: SeededNumbers(seed: seed, name: "scale of \(name)")
            )
            try filling.write(objects)
        }
        return [SourceEntry(name: "fleet", url: gitHost.url(repository: "fleet"), branch: "main")]
    }

    private static func writeScaleRepository(_ gitHost: GitHost, now: Date) throws -> CommitSummary {
        let history = try gitHost.create(repository: "fleet")
        let manifest = """
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: ${app}
              namespace: ${namespace}
            data:
              owner: team

            """
        let author = CommitAuthor(name: "Mira Lindqvist", email: "mira@acme.example")
        var head: String?
        for (index, message) in ["Many small services", "docs: how they are made"].enumerated() {
            head = try history.commit(
                branch: "main",
                parents: [head].compactMap(\.self),
                author: author,
                seconds: Int64(now.timeIntervalSince1970) - 86_400 * Int64(3 - index),
                message: message + "\n",
                changes: ["services/app/map.yaml": manifest, "README.md": message + "\n"]
            )
        }
        let repository = try BareRepository(path: gitHost.path(repository: "fleet"))
        guard let head, let summary = try repository.summary(ofCommit: head) else {
            throw GitFailure(operation: "write repository", code: -1, message: "there is no commit")
        }
        return summary
    }
}

/// Writes one large, quiet cluster.
private struct ScaleFilling {
    let store: ObjectStore
    let gitHost: GitHost
    let head: CommitSummary
    let now: Date
    var random: SeededNumbers

    private var revision: String { "main@sha1:\(head.oid)" }

    mutating func write(_ count: Int) throws {
        let birth = now.addingTimeInterval(-40 * 86_400)
        try SimulatedTime.at(birth) { try writeSources() }
        let pairs = max(count - 2, 0) / 10
        let kustomizations = max(count - 2 - 2 * pairs, 0)
        let spread = 25
        for number in 0..<max((kustomizations + spread - 1) / spread, 1) {
            _ = try SimulatedTime.at(birth) {
                try create([
                    "apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(namespace(number))],
                ])
            }
        }
        for number in 0..<kustomizations {
            let moment = now.addingTimeInterval(-random.number(60...80_000))
            try SimulatedTime.at(moment) { try writeKustomization(number, in: namespace(number / spread)) }
        }
        for number in 0..<pairs {
            let moment = now.addingTimeInterval(-random.number(60...2_000_000))
            try SimulatedTime.at(moment) { try writeRelease(number) }
        }
    }

    private func namespace(_ number: Int) -> String { "team-\(Self.digits(number, 3))" }

    private static func digits(_ number: Int, _ width: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }

    private func writeSources() throws {
        try create(["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "flux-system"]])
        let source = try create([
            "apiVersion": .string(FluxKinds.gitRepository.apiVersion), "kind": "GitRepository",
            "metadata": [
                "name": "fleet", "namespace": "flux-system", "finalizers": ["finalizers.fluxcd.io"],
            ],
            "spec": [
                "interval": "24h0m0s", "ref": ["branch": "main"], "timeout": "60s",
                "url": .string(gitHost.url(repository: "fleet")),
            ],
        ])
        try report(source, by: SourceStatus.manager) { object in
            let resolved = ResolvedReference(commit: head, pointer: "main")
            let message = SourceStatus.message(for: object, revision: resolved.revision)
            SourceStatus.stored(&object, artifact: Artifact.git(object, resolved), message: message)
        }
        let charts = try create([
            "apiVersion": .string(FluxKinds.helmRepository.apiVersion), "kind": "HelmRepository",
            "metadata": [
                "name": "charts", "namespace": "flux-system", "finalizers": ["finalizers.fluxcd.io"],
            ],
            "spec": ["interval": "24h0m0s", "url": "https://charts.acme.example"],
        ])
        try report(charts, by: SourceStatus.manager) { StaticSource.refresh(&$0) }
    }

    private mutating func writeKustomization(_ number: Int, in namespace: String) throws {
        let name = "app-\(Self.digits(number, 4))"
        let object = try create([
            "apiVersion": .string(FluxKinds.kustomization.apiVersion), "kind": "Kustomization",
            "metadata": [
                "name": .string(name), "namespace": .string(namespace),
                "finalizers": ["finalizers.fluxcd.io"],
            ],
            "spec": [
                "interval": "24h0m0s", "retryInterval": "24h0m0s", "timeout": "2m0s",
                "path": "./services/app",
                "prune": true, "wait": true, "force": false,
                "sourceRef": ["kind": "GitRepository", "name": "fleet", "namespace": "flux-system"],
                "postBuild": ["substitute": ["app": .string(name), "namespace": .string(namespace)]],
            ],
        ])
        let map: JSON = [
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": ["name": .string(name), "namespace": .string(namespace)], "data": ["owner": "team"],
        ]
        let owner = ApplyOwner(group: FluxKinds.kustomization.group, namespace: namespace, name: name)
        let changes = try ManifestApplier(store: store, manager: "kustomize-controller", owner: owner).apply([
            map
        ])
        let built = BuiltObjects(
            revision: revision,
            originRevision: nil,
            objects: [],
            digest: ContentDigest.named(String(decoding: map.encoded(), as: UTF8.self))
        )
        let duration = random.number(0.4...2)
        try report(object, by: KustomizationStatus.manager) { object in
            KustomizationStatus.setInventory(&object, changes.map(\.object))
            object.setCondition(
                "Healthy",
                "True",
                "Succeeded",
                "Health check passed in \(GoDuration.text(duration / 3))"
            )
            KustomizationStatus.succeeded(&object, built, duration: duration)
        }
    }

    private mutating func writeRelease(_ number: Int) throws {
        let name = "service-\(Self.digits(number, 4))"
        var object = try create([
            "apiVersion": .string(FluxKinds.helmRelease.apiVersion), "kind": "HelmRelease",
            "metadata": [
                "name": .string(name), "namespace": "flux-system", "finalizers": ["finalizers.fluxcd.io"],
            ],
            "spec": [
                "interval": "24h0m0s", "releaseName": .string(name),
                "chart": [
                    "spec": [
                        "chart": "service", "version": "1.4.2", "interval": "24h0m0s",
                        "sourceRef": ["kind": "HelmRepository", "name": "charts"],
                    ]
                ],
                "values": ["replicaCount": 0, "image": ["repository": .string("ghcr.io/acme/\(name)")]],
            ],
        ])
        let plan = HelmReleasePlan(object: object)
        guard let manifest = plan.chartManifest else { return }
        let chart = try create(manifest)
        let pulled = try ChartPull(store: store, gitHost: gitHost).chart(for: chart)
        try report(chart, by: SourceStatus.manager) { ChartPull.store(pulled, on: &$0) }
        let release = HelmReleaseStatus.Release(
            chart: pulled.name,
            version: pulled.version,
            ociDigest: nil,
            action: "install",
            configDigest: plan.configDigest
        )
        let duration = random.number(2...20)
        object[path: "status", "helmChart"] = .string("flux-system/\(chart.name)")
        HelmReleaseStatus.running(&object, release)
        HelmReleaseStatus.released(&object, release, [], duration: duration)
        let status = object["status"]
        try report(object, by: HelmReleaseStatus.manager) { $0["status"] = status }
    }

    @discardableResult
    private func create(_ object: JSON) throws -> JSON {
        guard let key = ObjectReference(object).key else { return object }
        let options = WriteOptions(fieldManager: "flux")
        return try store.create(object, type: key.type, namespace: key.namespace, options: options)
    }

    private func report(_ object: JSON, by manager: String, _ change: (inout JSON) -> Void) throws {
        guard let key = ObjectReference(object).key else { return }
        _ = try store.update(key, manager: manager, subresource: "status", change)
    }
}
