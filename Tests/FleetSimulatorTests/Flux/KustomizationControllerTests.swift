import Testing

@testable import FleetSimulator

@Suite(.timeLimit(.minutes(2)))
struct KustomizationControllerTests {
    private static let ready: @Sendable (JSON) -> Bool = { $0.isReady }

    @Test func `a Kustomization applies its path and says so`() async throws {
        let world = try FluxWorld([
            "app/map.yaml": Manifests.configMap("settings"), "app/api.yaml": Manifests.deployment(),
        ])
        try world.source()
        try world.kustomization("app", ["wait": true, "timeout": "3h"])
        let object = try await world.wait(FluxKinds.kustomization, "app", until: Self.ready)
        let revision = "main@sha1:\(try world.head().unwrapped())"
        #expect(object.text("status", "lastAppliedRevision") == revision)
        #expect(object.text("status", "lastAttemptedRevision") == revision)
        #expect(object.condition("Ready")?["message"]?.string == "Applied revision: \(revision)")
        #expect(object.condition("Healthy")?["message"]?.string?.hasPrefix("Health check passed in ") == true)
        #expect(object.condition("Reconciling") == nil)
        #expect(object[path: "status", "observedGeneration"]?.int == object.generation)
        #expect(object[path: "metadata", "finalizers"] == ["finalizers.fluxcd.io"])
        let ids = object[path: "status", "inventory", "entries"]?.array?.compactMap { $0["id"]?.string }
        #expect(ids == ["default_settings__ConfigMap", "default_api_apps_Deployment"])
        let history = try (object[path: "status", "history"]?[0]).unwrapped()
        #expect(history["lastReconciledStatus"] == "ReconciliationSucceeded")
        #expect(history[path: "metadata", "revision"]?.string == revision)

        let map = try world.store.get(world.key(FluxKinds.configMap, "settings"))
        #expect(map.label("kustomize.toolkit.fluxcd.io/name") == "app")
        #expect(map[path: "metadata", "managedFields"]?[0]?["manager"] == "kustomize-controller")
        #expect(map[path: "metadata", "managedFields"]?[0]?["operation"] == "Apply")

        let applied = try #require(try world.events(about: "app", reason: "Progressing").first)
        #expect(applied["message"]?.string?.contains("ConfigMap/default/settings created") == true)
        let finished = try #require(try world.events(about: "app", reason: "ReconciliationSucceeded").first)
        #expect(finished["message"]?.string?.hasSuffix("next run in 10m0s") == true)
        #expect(finished.annotation("kustomize.toolkit.fluxcd.io/commit_status") == "update")
        #expect(finished.annotation("kustomize.toolkit.fluxcd.io/revision") == revision)
    }

    @Test func `a request is acknowledged when its run ends`() async throws {
        let world = try FluxWorld(["app/map.yaml": Manifests.configMap("settings")])
        try world.source()
        try world.kustomization()
        _ = try await world.wait(FluxKinds.kustomization, "app", until: Self.ready)
        try world.request(FluxKinds.kustomization, "app", token: "t1")
        let running = try await world.wait(FluxKinds.kustomization, "app") {
            $0.conditionStatus("Ready") == "Unknown"
        }
        #expect(running.text("status", "lastHandledReconcileAt") == nil)
        #expect(running.condition("Ready")?["message"] == "Reconciliation in progress")
        let message = running.condition("Reconciling")?["message"]?.string ?? ""
        #expect(message.hasPrefix("Fetching manifests for revision main@sha1:"))
        #expect(message.hasSuffix("with a timeout of 9m30s"))
        let done = try await world.handled(token: "t1")
        #expect(done.isReady)
        #expect(done[path: "status", "history"]?[0]?["totalReconciliations"] == 2)
    }

    @Test func `a suspended one acknowledges and does nothing`() async throws {
        let world = try FluxWorld(["app/map.yaml": Manifests.configMap("settings")])
        try world.source()
        try world.kustomization()
        let before = try await world.wait(FluxKinds.kustomization, "app", until: Self.ready)
        _ = try world.store.mergePatch(
            world.key(FluxKinds.kustomization, "app"),
            ["spec": ["suspend": true]],
            options: WriteOptions(fieldManager: "weir")
        )
        try world.request(FluxKinds.kustomization, "app", token: "t1")
        let after = try await world.handled(token: "t1")
        #expect(after[path: "status", "history"] == before[path: "status", "history"])
        #expect(after.condition("Ready") == before.condition("Ready"))
        #expect(after[path: "status", "observedGeneration"]?.int == after.generation)

        _ = try world.store.mergePatch(
            world.key(FluxKinds.kustomization, "app"),
            ["spec": ["suspend": .null]],
            options: WriteOptions(fieldManager: "weir")
        )
        let resumed = try await world.wait(FluxKinds.kustomization, "app") { object in
            object[path: "status", "history"]?[0]?["totalReconciliations"] == 2 && object.isReady
        }
        #expect(resumed[path: "status", "observedGeneration"]?.int == resumed.generation)
    }

    @Test func `a failing health check keeps Reconciling and the old generation`() async throws {
        let world = try FluxWorld(["app/api.yaml": Manifests.deployment()])
        try world.source()
        try world.kustomization("app", ["wait": true, "timeout": "3h"])
        let good = try await world.wait(FluxKinds.kustomization, "app", until: Self.ready)
        try world.push(["app/api.yaml": Manifests.deployment(image: "ghcr.io/acme/api:2.0.0-bad")])
        try world.kustomization("app", ["wait": true, "timeout": "20s"])
        try world.request(FluxKinds.gitRepository, "fleet", token: "s1")
        let bad = try await world.wait(FluxKinds.kustomization, "app") { object in
            object.conditionStatus("Ready") == "False"
                && object.text("status", "lastAttemptedRevision")
                    != good.text("status", "lastAppliedRevision")
        }
        #expect(bad.condition("Ready")?["reason"] == "HealthCheckFailed")
        let message = bad.condition("Ready")?["message"]?.string ?? ""
        #expect(message.hasPrefix("health check failed after "))
        #expect(message.hasSuffix("timeout waiting for: [Deployment/default/api status: 'InProgress']"))
        #expect(
            bad.condition("Healthy")?["message"]
                == "timeout waiting for: [Deployment/default/api status: 'InProgress']"
        )
        #expect(bad.condition("Reconciling")?["reason"] == "ProgressingWithRetry")
        #expect(bad.conditionStatus("Reconciling") == "True")
        #expect(bad.text("status", "lastAppliedRevision") == good.text("status", "lastAppliedRevision"))
        #expect(bad[path: "status", "history"]?[0]?["lastReconciledStatus"] == "HealthCheckFailed")
        let deployment = try world.store.get(world.key(FluxKinds.deployment, "api"))
        #expect(deployment[path: "status", "availableReplicas"] == 2)

        try world.kustomization("app", ["wait": true, "timeout": "21s"])
        try world.request(FluxKinds.kustomization, "app", token: "t1")
        let again = try await world.handled(token: "t1")
        #expect(again.conditionStatus("Ready") == "False")
        #expect(again.conditionStatus("Reconciling") == "True")
        #expect(again[path: "status", "observedGeneration"] == 2)
        #expect(again.generation == 3)
        #expect(try world.events(about: "app", reason: "HealthCheckFailed").first?["type"] == "Warning")
    }

    @Test func `drift is put back by the next run`() async throws {
        let world = try FluxWorld([
            "app/map.yaml": Manifests.configMap("settings"), "app/api.yaml": Manifests.deployment(),
        ])
        try world.source()
        try world.kustomization()
        _ = try await world.wait(FluxKinds.kustomization, "app", until: Self.ready)
        _ = try world.store.delete(
            world.key(FluxKinds.configMap, "settings"),
            options: WriteOptions(fieldManager: "kubectl")
        )
        _ = try world.store.update(world.key(FluxKinds.deployment, "api"), manager: "kubectl-edit") {
            object in
            object[path: "spec", "replicas"] = 9
            object[path: "spec", "paused"] = true
            object[path: "metadata", "annotations", "note"] = "by hand"
        }
        try world.request(FluxKinds.kustomization, "app", token: "t1")
        _ = try await world.handled(token: "t1")
        let deployment = try world.store.get(world.key(FluxKinds.deployment, "api"))
        #expect(deployment[path: "spec", "replicas"] == 2)
        #expect(deployment[path: "spec", "paused"] == nil)
        #expect(deployment.annotation("note") == nil)
        let managers =
            deployment[path: "metadata", "managedFields"]?.array?.compactMap { $0["manager"]?.string } ?? []
        #expect(!managers.contains("kubectl-edit"))
        #expect((try? world.store.get(world.key(FluxKinds.configMap, "settings"))) != nil)
        let messages = try world.events(about: "app", reason: "Progressing").compactMap {
            $0["message"]?.string
        }
        #expect(messages.contains("ConfigMap/default/settings created\nDeployment/default/api configured"))
    }

    @Test func `fields of other managers are left alone`() async throws {
        let world = try FluxWorld(["app/map.yaml": Manifests.configMap("settings")])
        try world.source()
        try world.kustomization()
        _ = try await world.wait(FluxKinds.kustomization, "app", until: Self.ready)
        _ = try world.store.update(world.key(FluxKinds.configMap, "settings"), manager: "operator") {
            object in
            object[path: "data", "b"] = "added"
        }
        try world.request(FluxKinds.kustomization, "app", token: "t1")
        _ = try await world.handled(token: "t1")
        let map = try world.store.get(world.key(FluxKinds.configMap, "settings"))
        #expect(map.strings("data") == ["a": "1", "b": "added"])
    }

    @Test func `what leaves Git is pruned, unless it is marked or owned by others`() async throws {
        let world = try FluxWorld([
            "app/a.yaml": Manifests.configMap("a"), "app/b.yaml": Manifests.configMap("b"),
            "app/c.yaml": Manifests.configMap("c"), "app/d.yaml": Manifests.configMap("d"),
        ])
        try world.source()
        try world.kustomization()
        _ = try await world.wait(FluxKinds.kustomization, "app", until: Self.ready)
        _ = try world.store.update(world.key(FluxKinds.configMap, "b"), manager: "person") { object in
            object[path: "metadata", "annotations", "kustomize.toolkit.fluxcd.io/prune"] = "disabled"
        }
        _ = try world.store.update(world.key(FluxKinds.configMap, "c"), manager: "person") { object in
            object[path: "metadata", "labels", "kustomize.toolkit.fluxcd.io/name"] = "other"
        }
        let commit = try world.push(["app/a.yaml": nil, "app/b.yaml": nil, "app/c.yaml": nil])
        try world.request(FluxKinds.gitRepository, "fleet", token: "s1")
        let object = try await world.wait(FluxKinds.kustomization, "app") { object in
            object.text("status", "lastAppliedRevision") == "main@sha1:\(commit)"
        }
        #expect((try? world.store.get(world.key(FluxKinds.configMap, "a"))) == nil)
        #expect((try? world.store.get(world.key(FluxKinds.configMap, "b"))) != nil)
        #expect((try? world.store.get(world.key(FluxKinds.configMap, "c"))) != nil)
        #expect(object[path: "status", "inventory", "entries"]?.array?.count == 1)
        let messages = try world.events(about: "app", reason: "Progressing").compactMap {
            $0["message"]?.string
        }
        #expect(messages.contains { $0.contains("ConfigMap/default/a deleted") })
    }

    @Test(arguments: [
        (["app/bad.yaml": "a: [1"], "./app", "BuildFailed", "kustomize build failed: "),
        (["app/a.yaml": ""], "./nowhere", "ArtifactFailed", "kustomization path not found: stat /tmp/"),
        (
            [
                "app/a.yaml":
                    "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: a, namespace: default}"
            ], "./app",
            "ReconciliationFailed", "no matches for kind \"Thing\" in version \"example.com/v1\""
        ),
        (
            ["app/a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}"], "./app",
            "ReconciliationFailed",
            "namespace not specified"
        ),
    ])
    func `what cannot be built or applied fails with its reason`(
        files: [String: String],
        path: String,
        reason: String,
        words: String
    ) async throws {
        let world = try FluxWorld(files)
        try world.source()
        try world.kustomization("app", ["path": .string(path)])
        let object = try await world.wait(FluxKinds.kustomization, "app") { object in
            object.condition("Ready")?["message"]?.string?.contains(words) == true
        }
        #expect(object.condition("Ready")?["reason"]?.string == reason)
        #expect(object.conditionStatus("Ready") == "False")
        #expect(object[path: "status", "observedGeneration"] == -1)
        #expect((object[path: "status", "history"] == nil) == (reason != "ReconciliationFailed"))
    }

    @Test func `a failure goes away with the commit that mends it`() async throws {
        let world = try FluxWorld(["app/a.yaml": "a: [1"])
        try world.source()
        try world.kustomization()
        _ = try await world.wait(FluxKinds.kustomization, "app") { $0.conditionStatus("Ready") == "False" }
        try world.push(["app/a.yaml": Manifests.configMap("a")])
        try world.request(FluxKinds.gitRepository, "fleet", token: "s1")
        let object = try await world.wait(FluxKinds.kustomization, "app", until: Self.ready)
        #expect(object.condition("Reconciling") == nil)
    }

    @Test func `a dependency holds back those behind it`() async throws {
        let world = try FluxWorld([
            "app/a.yaml": Manifests.configMap("a"),
            "base/api.yaml": Manifests.deployment(image: "ghcr.io/acme/api:1-bad"),
        ])
        try world.source()
        try world.kustomization("app", ["dependsOn": [["name": "base"]]])
        let missing = try await world.wait(FluxKinds.kustomization, "app") {
            $0.conditionStatus("Ready") == "False"
        }
        #expect(
            missing.condition("Ready")?["reason"] == "DependencyNotReady"
                || missing.condition("Ready")?["reason"] == "ArtifactFailed"
        )
        try world.kustomization("base", ["path": "./base", "wait": true, "timeout": "20s"])
        let waiting = try await world.wait(FluxKinds.kustomization, "app") { object in
            object.condition("Ready")?["message"] == "dependency 'default/base' is not ready"
        }
        #expect(waiting.condition("Ready")?["reason"] == "DependencyNotReady")
        #expect((try? world.store.get(world.key(FluxKinds.configMap, "a"))) == nil)
        let event = try #require(try world.events(about: "app", reason: "DependencyNotReady").last)
        #expect(
            event["message"]?.string?.hasPrefix("Dependencies do not meet ready condition, retrying in")
                == true
        )
        #expect(event["type"] == "Normal")
    }

    @Test func `dependants go on when the dependency is at the same revision`() async throws {
        let world = try FluxWorld(
            ["app/a.yaml": Manifests.configMap("a"), "base/b.yaml": Manifests.configMap("b")],
            intervalFactor: 0.002
        )
        try world.source()
        try world.kustomization("app", ["dependsOn": [["name": "base"]]])
        try world.kustomization("base", ["path": "./base"])
        let object = try await world.wait(FluxKinds.kustomization, "app", until: Self.ready)
        #expect(object.text("status", "lastAppliedRevision") == "main@sha1:\(try world.head().unwrapped())")
    }

    @Test func `variables come from the spec and from ConfigMaps`() async throws {
        let world = try FluxWorld([
            "app/a.yaml": Manifests.configMap("a", ["cluster": "${name}-${region:=eu}"])
        ])
        try world.source()
        _ = try world.store.create(
            [
                "apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "vars"],
                "data": ["name": "prod"],
            ],
            type: FluxKinds.configMap,
            namespace: "default",
            options: WriteOptions(fieldManager: "person")
        )
        let from: JSON = [["kind": "ConfigMap", "name": "vars"]]
        try world.kustomization(
            "app",
            ["postBuild": ["substituteFrom": from, "substitute": ["region": "us"]]]
        )
        _ = try await world.wait(FluxKinds.kustomization, "app", until: Self.ready)
        let map = try world.store.get(world.key(FluxKinds.configMap, "a"))
        #expect(map.strings("data") == ["cluster": "prod-us"])
    }

    @Test func `a root Kustomization creates its children, which then run`() async throws {
        let world = try FluxWorld([
            "clusters/one/child.yaml": """
            apiVersion: kustomize.toolkit.fluxcd.io/v1
            kind: Kustomization
            metadata: {name: child, namespace: default}
            spec:
              interval: 5m0s
              path: ./app
              prune: true
              sourceRef: {kind: GitRepository, name: fleet}
            """,
            "app/a.yaml": Manifests.configMap("a"),
        ])
        try world.source()
        try world.kustomization("root", ["path": "./clusters/one"])
        let child = try await world.wait(FluxKinds.kustomization, "child", until: Self.ready)
        #expect(child.label("kustomize.toolkit.fluxcd.io/name") == "root")
        #expect((try? world.store.get(world.key(FluxKinds.configMap, "a"))) != nil)
    }

    @Test func `deleting a Kustomization deletes what it applied`() async throws {
        let world = try FluxWorld(["app/a.yaml": Manifests.configMap("a")])
        try world.source()
        try world.kustomization()
        _ = try await world.wait(FluxKinds.kustomization, "app", until: Self.ready)
        _ = try world.store.delete(
            world.key(FluxKinds.kustomization, "app"),
            options: WriteOptions(fieldManager: "kubectl")
        )
        try await world.gone(world.key(FluxKinds.kustomization, "app"))
        #expect((try? world.store.get(world.key(FluxKinds.configMap, "a"))) == nil)
    }

    @Test func `intervals make it run again by itself`() async throws {
        let world = try FluxWorld(["app/a.yaml": Manifests.configMap("a")], intervalFactor: 0.0001)
        try world.source()
        try world.kustomization()
        let object = try await world.wait(FluxKinds.kustomization, "app") { object in
            (object[path: "status", "history"]?[0]?["totalReconciliations"]?.int ?? 0) >= 3
        }
        #expect(object[path: "status", "history"]?.array?.count == 1)
    }
}
