import Foundation
import Testing

@testable import FleetSimulator

@Suite(.timeLimit(.minutes(4)), .serialized)
struct DemoFleetTests {
    private func get(_ store: ObjectStore, _ type: ResourceType, _ namespace: String, _ name: String) throws
        -> JSON
    {
        try store.get(ObjectKey(type, namespace: namespace, name: name))
    }

    @Test func `a fresh fleet shows what a fleet can have`() throws {
        let world = try DemoWorld()
        #expect(world.sources.map(\.name) == ["fleet", "platform", "shop"])
        #expect(world.sources.allSatisfy { $0.url.hasPrefix("http://127.0.0.1:") && $0.branch == "main" })

        let repository = try BareRepository(path: world.gitHost.path(repository: "fleet"))
        let head = try #require(try repository.commit(ofReference: "refs/heads/main"))
        let commits = try repository.firstParents(from: head, limit: 500)
        #expect((40...120).contains(commits.count))
        #expect(commits[2].subject == "checkout: api 1.9.0")
        #expect(commits.contains { $0.subject.hasPrefix("Merge branch") })
        #expect(commits.contains { $0.author == "image bot" })
        #expect(commits.map(\.seconds) == commits.map(\.seconds).sorted(by: >))

        for name in ["prod-eu", "prod-us"] {
            let checkout = try get(world.store(name), FluxKinds.kustomization, "apps", "checkout")
            #expect(checkout.condition("Ready")?["reason"] == "HealthCheckFailed")
            #expect(checkout.condition("Reconciling")?["reason"] == "ProgressingWithRetry")
            #expect(checkout.text("status", "lastAttemptedRevision") == "main@sha1:\(head)")
            #expect(checkout.text("status", "lastAppliedRevision") == "main@sha1:\(commits[3].oid)")
            let web = try get(world.store(name), FluxKinds.kustomization, "apps", "web")
            #expect(web.condition("Ready")?["message"] == "dependency 'apps/checkout' is not ready")
        }
        let staging = try get(world.store("staging"), FluxKinds.gitRepository, "flux-system", "fleet")
        #expect(staging.artifactRevision?.hasPrefix("staging@sha1:") == true)
        let pinned = try get(world.store("edge-01"), FluxKinds.gitRepository, "flux-system", "fleet")
        #expect(pinned.artifactRevision?.hasPrefix("v1.4.0@sha1:") == true)
        let slow = try get(world.store("edge-02"), FluxKinds.gitRepository, "flux-system", "fleet")
        #expect(slow.artifactRevision == "main@sha1:\(commits[3].oid)")
        let legacy = try get(world.store("staging"), FluxKinds.gitRepository, "flux-system", "legacy")
        #expect(legacy.condition("Ready")?["reason"] == "GitOperationFailed")
        #expect(legacy.artifactRevision != nil)
        let release = try get(world.store("staging"), FluxKinds.helmRelease, "apps", "recommender")
        #expect(release.condition("Stalled")?["reason"] == "RetriesExceeded")

        let production = world.store("prod-eu")
        #expect((try? get(production, FluxKinds.configMap, "ingress", "nginx")) == nil)
        let catalog = try get(production, FluxKinds.deployment, "catalog", "api")
        let managers =
            catalog[path: "metadata", "managedFields"]?.array?.compactMap { $0["manager"]?.string } ?? []
        #expect(managers.contains("kubectl-edit"))
        let monitoring = try get(production, FluxKinds.kustomization, "infra", "monitoring")
        #expect(monitoring.isSuspended)
        let suspendedAt = monitoring.text("status", "lastAppliedRevision").flatMap(Artifact.commit)
        #expect(commits.firstIndex { $0.oid == suspendedAt } ?? 0 > 5)
    }

    @Test(arguments: [12, 40, 60])
    func `each cluster has about as many Flux objects as asked for`(resources: Int) throws {
        let world = try DemoWorld(names: ["prod-eu", "dev"], resources: resources)
        for (_, store) in world.clusters {
            let counts = try FluxKinds.reconciled.map { try store.list($0).items.count }
            let count = counts.reduce(0, +) + (try store.list(FluxKinds.externalArtifact).items.count)
            #expect(abs(count - resources) <= 8)
        }
    }

    @Test func `everything that a controller has seen is settled at the start`() throws {
        let world = try DemoWorld()
        for (name, store) in world.clusters {
            for type in FluxKinds.reconciled {
                for object in try store.list(type).items where object.text("spec", "type") != "oci" {
                    let ready = object.condition("Ready")
                    #expect(ready != nil, "\(name) \(type.kind) \(object.name)")
                    #expect(ready?["status"] != "Unknown", "\(name) \(type.kind) \(object.name)")
                }
            }
            for object in try store.list(FluxKinds.deployment).items {
                let isBad = WorkloadStatus.images(of: object).contains { DemoFleet.badImages.contains($0) }
                #expect((KStatus.of(object) == .current) != isBad, "\(name) \(object.name)")
            }
        }
    }

    @Test func `times lie in the past and make sense`() throws {
        let world = try DemoWorld(names: ["prod-eu"], resources: 30)
        let now = WireTime.text(Date())
        for object in try world.store("prod-eu").list(FluxKinds.kustomization).items {
            let created = try #require(object.text("metadata", "creationTimestamp"))
            #expect(created < WireTime.text(Date().addingTimeInterval(-20 * 86_400)))
            for entry in object[path: "status", "history"]?.array ?? [] {
                let first = try #require(entry["firstReconciled"]?.string)
                let last = try #require(entry["lastReconciled"]?.string)
                #expect(first <= last && last <= now && first >= created)
            }
        }
    }

    /// The story of the product: the bad commit is reverted and pushed, and every cluster becomes ready with it.
    @Test func `a revert makes every affected cluster ready`() async throws {
        let names = ["prod-eu", "prod-us", "dev"]
        let world = try DemoWorld(names: names, resources: 14)
        let options = FluxOptions(timeFactor: 0.01, intervalFactor: 0.01)
        let runtimes = world.clusters.map { name, store in
            FluxRuntime(clusterName: name, store: store, gitHost: world.gitHost, options: options, seed: 1)
        }
        runtimes.forEach { $0.start() }
        defer { runtimes.forEach { $0.stop() } }

        let folder = TemporaryFolder()
        let clone = folder.path + "/clone"
        try run("git", "clone", "-q", world.gitHost.url(repository: "fleet"), clone)
        let bad = try run("git", "-C", clone, "log", "--format=%H", "--grep=checkout: api 1.9.0", "-1")
        try run("git", "-C", clone, "-c", "user.name=x", "-c", "user.email=x@y", "revert", "--no-edit", bad)
        try run("git", "-C", clone, "push", "-q", "origin", "main")
        let mended = "main@sha1:" + (try run("git", "-C", clone, "rev-parse", "HEAD"))

        for (name, store) in world.clusters {
            _ = try store.mergePatch(
                ObjectKey(FluxKinds.gitRepository, namespace: "flux-system", name: "fleet"),
                ["metadata": ["annotations": ["reconcile.fluxcd.io/requestedAt": "now"]]],
                options: WriteOptions(fieldManager: "weir")
            )
            for app in ["checkout", "web"] {
                let object = try await Story.first(store, FluxKinds.kustomization) { object in
                    object.name == app && object.isReady
                        && object.text("status", "lastAppliedRevision") == mended
                }
                #expect(object.condition("Reconciling") == nil, "\(name)")
            }
        }
    }
}
