import Testing

@testable import FleetSimulator

@Suite(.timeLimit(.minutes(2)))
struct HelmReleaseControllerTests {
    private func world(versions: [String] = ["1.0.0", "1.1.0"]) throws -> FluxWorld {
        let world = try FluxWorld(["a.txt": "1"])
        for version in versions { world.gitHost.registry.publish(chart: "cart", version: version) }
        try world.apply(
            FluxKinds.helmRepository,
            "charts",
            spec: ["interval": "1h0m0s", "url": "https://charts.acme.example"]
        )
        return world
    }

    private func release(_ world: FluxWorld, version: String, _ extra: [String: JSON] = [:]) throws {
        let chart: JSON = [
            "chart": "cart", "version": .string(version),
            "sourceRef": ["kind": "HelmRepository", "name": "charts"],
        ]
        var spec: [String: JSON] = ["interval": "10m0s", "timeout": "3h", "chart": ["spec": chart]]
        spec.merge(extra) { $1 }
        try world.apply(FluxKinds.helmRelease, "cart", spec: .object(spec))
    }

    private func ready(_ world: FluxWorld, chart: String) async throws -> JSON {
        try await world.wait(FluxKinds.helmRelease, "cart") { object in
            object.isReady && object[path: "status", "history"]?[0]?["chartVersion"]?.string == chart
        }
    }

    @Test func `a release is installed and upgraded`() async throws {
        let world = try world()
        try release(world, version: "1.0.0")
        let first = try await ready(world, chart: "1.0.0")
        #expect(first.condition("Released")?["reason"] == "InstallSucceeded")
        #expect(first.text("status", "helmChart") == "default/default-cart")
        #expect(first[path: "status", "history"]?[0]?["action"] == "install")
        #expect(first[path: "status", "inventory", "entries"]?.array?.count == 3)
        let deployment = try world.store.get(world.key(FluxKinds.deployment, "cart"))
        #expect(deployment.label("helm.toolkit.fluxcd.io/name") == "cart")
        #expect(deployment.annotation("meta.helm.sh/release-name") == "cart")

        try release(world, version: "1.x")
        let second = try await ready(world, chart: "1.1.0")
        #expect(
            second.condition("Ready")?["message"]
                == "Helm upgrade succeeded for release default/cart.v2 with chart cart@1.1.0"
        )
        let statuses = second[path: "status", "history"]?.array?.map { $0["status"]?.string }
        #expect(statuses == ["deployed", "superseded"])
        #expect(second[path: "status", "observedGeneration"]?.int == second.generation)
    }

    @Test func `each revision is stored in a Secret as Helm stores it, and goes with the release`()
        async throws
    {
        let world = try world()
        _ = try world.store.create(
            ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "helm"]],
            type: FluxKinds.namespace,
            options: WriteOptions(fieldManager: "test")
        )
        try release(world, version: "1.0.0", ["storageNamespace": "helm"])
        _ = try await ready(world, chart: "1.0.0")
        try release(world, version: "1.x", ["storageNamespace": "helm"])
        _ = try await ready(world, chart: "1.1.0")
        let keys = [1, 2].map { HelmStorage.key("cart", $0, in: "helm") }
        let secrets = try keys.map { try world.store.get($0) }
        #expect(secrets.map { $0.text("type") } == ["helm.sh/release.v1", "helm.sh/release.v1"])
        #expect(secrets.map { $0.label("status") } == ["superseded", "deployed"])
        #expect(secrets.allSatisfy { $0.label("owner") == "helm" && $0.label("name") == "cart" })
        let stored = try secrets.map { try #require(HelmStorage.release(in: $0)) }
        #expect(stored.map { $0.text("info", "status") } == ["superseded", "deployed"])
        #expect(stored[1][path: "chart", "metadata", "version"] == "1.1.0")
        let manifest = try JSON.fromYAML(try #require(stored[1].text("manifest")))
        #expect(Set(manifest.map(\.kind)) == ["ConfigMap", "Deployment", "Service"])
        // The post-renderer's labels are in it, what Helm adds when it applies is not.
        #expect(manifest.allSatisfy { $0.label("helm.toolkit.fluxcd.io/name") == "cart" })
        #expect(manifest.allSatisfy { $0.annotation("meta.helm.sh/release-name") == nil })
        #expect(manifest.allSatisfy { $0[path: "metadata", "namespace"] == nil })
        HelmStorage(store: world.store).forget(try world.store.get(world.key(FluxKinds.helmRelease, "cart")))
        #expect(keys.allSatisfy { (try? world.store.get($0)) == nil })
    }

    @Test func `a request without news only acknowledges, force releases again`() async throws {
        let world = try world()
        try release(world, version: "1.0.0")
        let before = try await ready(world, chart: "1.0.0")
        try world.request(FluxKinds.helmRelease, "cart", token: "t1")
        let plain = try await world.wait(FluxKinds.helmRelease, "cart") { object in
            object.text("status", "lastHandledReconcileAt") == "t1"
        }
        #expect(plain[path: "status", "history"] == before[path: "status", "history"])
        #expect(plain.condition("Ready") == before.condition("Ready"))
        try world.request(
            FluxKinds.helmRelease,
            "cart",
            token: "t2",
            extra: ["reconcile.fluxcd.io/forceAt": "t2"]
        )
        let forced = try await world.wait(FluxKinds.helmRelease, "cart") { object in
            object.text("status", "lastHandledReconcileAt") == "t2"
        }
        #expect(forced[path: "status", "history"]?[0]?["version"] == 2)
        #expect(forced.text("status", "lastHandledForceAt") == "t2")
    }

    @Test func `a bad release stalls and a reset with a good tag mends it`() async throws {
        let world = try world()
        let values = { (tag: String) -> [String: JSON] in
            [
                "values": ["image": ["repository": "ghcr.io/acme/cart", "tag": .string(tag)]],
                // A good release has all the time that a busy machine may need, a bad one is given up soon.
                "timeout": tag.hasSuffix("-bad") ? "20s" : "3h",
            ]
        }
        try release(world, version: "1.0.0", values("1.0.0"))
        _ = try await ready(world, chart: "1.0.0")
        try release(world, version: "1.0.0", values("1.1.0-bad"))
        let stalled = try await world.wait(FluxKinds.helmRelease, "cart") {
            $0.conditionStatus("Stalled") == "True"
        }
        #expect(stalled.condition("Stalled")?["reason"] == "RetriesExceeded")
        #expect(stalled.condition("Stalled")?["message"] == "Failed to upgrade after 1 attempt(s)")
        #expect(stalled.condition("Ready")?["reason"] == "UpgradeFailed")
        #expect(stalled[path: "status", "upgradeFailures"] == 1)
        #expect(stalled[path: "status", "observedGeneration"]?.int == stalled.generation)
        try release(world, version: "1.0.0", values("1.0.1"))
        let mended = try await world.wait(FluxKinds.helmRelease, "cart") { $0.isReady && $0.generation == 3 }
        #expect(mended.condition("Stalled") == nil)
        #expect(mended[path: "status", "upgradeFailures"] == nil)
    }

    @Test func `remediation rolls back and leaves Ready False`() async throws {
        let world = try world()
        let spec = { (tag: String) -> [String: JSON] in
            [
                "values": ["image": ["repository": "ghcr.io/acme/cart", "tag": .string(tag)]],
                "upgrade": ["remediation": ["retries": 0, "remediateLastFailure": true]],
                "timeout": tag.hasSuffix("-bad") ? "20s" : "3h",
            ]
        }
        try release(world, version: "1.0.0", spec("1.0.0"))
        _ = try await ready(world, chart: "1.0.0")
        try release(world, version: "1.0.0", spec("1.1.0-bad"))
        let object = try await world.wait(FluxKinds.helmRelease, "cart") { $0.condition("Remediated") != nil }
        #expect(object.conditionStatus("Remediated") == "True")
        #expect(object.conditionStatus("Ready") == "False")
        #expect(object.condition("Ready")?["reason"] == "RollbackSucceeded")
        let actions = object[path: "status", "history"]?.array?.map { $0["action"]?.string }
        #expect(actions?.prefix(2) == ["rollback", "upgrade"])
    }

    @Test(arguments: ["warn", "enabled"])
    func `drift of a release is told, and mended where that is wanted`(mode: String) async throws {
        let world = try world()
        try release(world, version: "1.0.0", ["driftDetection": ["mode": .string(mode)]])
        _ = try await ready(world, chart: "1.0.0")
        _ = try world.store.delete(world.key(FluxKinds.configMap, "cart-config"))
        try world.request(FluxKinds.helmRelease, "cart", token: "t1")
        let object = try await world.wait(FluxKinds.helmRelease, "cart") { object in
            object.text("status", "lastHandledReconcileAt") == "t1"
        }
        #expect(object.isReady)
        #expect(object.conditionStatus("Drifted") == (mode == "warn" ? "True" : "False"))
        let told = try #require(try world.events(about: "cart", reason: "DriftDetected").first)
        #expect(told["message"]?.string?.contains("ConfigMap/default/cart-config removed") == true)
        #expect(try world.events(about: "cart", reason: "DriftCorrected").isEmpty == (mode == "warn"))
        let restored = (try? world.store.get(world.key(FluxKinds.configMap, "cart-config"))) != nil
        #expect(restored == (mode == "enabled"))
    }

    @Test func `a chart that is not there holds the release up`() async throws {
        let world = try world()
        try release(world, version: "9.9.9")
        _ = try await world.wait(FluxKinds.helmChart, "default-cart") {
            $0.conditionStatus("Ready") == "False"
        }
        try world.request(FluxKinds.helmRelease, "cart", token: "t0")
        let object = try await world.wait(FluxKinds.helmRelease, "cart") { object in
            object.condition("Ready")?["message"]?.string?.contains("no 'cart' chart with version") == true
        }
        #expect(object.condition("Ready")?["reason"] == "SourceNotReady")
        #expect(object[path: "status", "observedGeneration"] == -1)
        world.gitHost.registry.publish(chart: "cart", version: "9.9.9")
        try world.request(FluxKinds.helmChart, "default-cart", token: "t1")
        _ = try await ready(world, chart: "9.9.9")
    }
}
