import Testing

@testable import FleetSimulator

@Suite(.timeLimit(.minutes(2)))
struct ScaleFleetTests {
    @Test func `a large cluster is quiet, and a request in it is real`() async throws {
        let folder = TemporaryFolder()
        let gitHost = try GitHost(directory: folder.path)
        let store = ObjectStore(seed: 1)
        let sources = try DemoFleet.seedForScale(
            clusters: [("big", store)],
            gitHost: gitHost,
            objects: 122,
            seed: 1
        )
        defer { gitHost.stop() }
        #expect(sources.map(\.name) == ["fleet"])
        let counts = try FluxKinds.reconciled.map { try store.list($0).items.count }
        #expect(counts.reduce(0, +) == 122)
        for type in FluxKinds.reconciled {
            #expect(try store.list(type).items.allSatisfy(\.isReady))
        }

        let runtime = FluxRuntime(
            clusterName: "big",
            store: store,
            gitHost: gitHost,
            options: FluxOptions(timeFactor: 0.002, intervalFactor: 1),
            seed: 1
        )
        let before = store.resourceVersion
        runtime.start()
        defer { runtime.stop() }
        #expect(store.resourceVersion == before)
        let key = ObjectKey(FluxKinds.kustomization, namespace: "team-000", name: "app-0007")
        _ = try store.mergePatch(
            key,
            ["metadata": ["annotations": ["reconcile.fluxcd.io/requestedAt": "t1"]]],
            options: WriteOptions(fieldManager: "weir")
        )
        let object = try await Story.first(store, FluxKinds.kustomization) { object in
            object.text("status", "lastHandledReconcileAt") == "t1"
        }
        #expect(object.name == "app-0007")
        #expect(object.isReady)
        #expect(object[path: "status", "history"]?.array?.count == 1)
        let map = try store.get(ObjectKey(FluxKinds.configMap, namespace: "team-000", name: "app-0007"))
        #expect(map.generation == 0)
        let events = try store.list(try store.type(group: "", version: "v1", plural: "events").unwrapped())
            .items
        #expect(events.compactMap { $0["reason"]?.string } == ["ReconciliationSucceeded"])
    }

    @Test func `churn changes the status of appliers`() async throws {
        let folder = TemporaryFolder()
        let gitHost = try GitHost(directory: folder.path)
        let store = ObjectStore(seed: 1)
        _ = try DemoFleet.seedForScale(clusters: [("big", store)], gitHost: gitHost, objects: 22, seed: 1)
        defer { gitHost.stop() }
        var options = FluxOptions(timeFactor: 0.002, intervalFactor: 1)
        options.statusChangesPerSecond = 400
        let runtime = FluxRuntime(
            clusterName: "big",
            store: store,
            gitHost: gitHost,
            options: options,
            seed: 1
        )
        runtime.start()
        defer { runtime.stop() }
        let busy = try await Story.first(store, FluxKinds.kustomization) {
            $0.conditionStatus("Ready") == "Unknown"
        }
        let name = busy.name
        let calm = try await Story.first(store, FluxKinds.kustomization) { $0.name == name && $0.isReady }
        #expect(calm.condition("Reconciling") == nil)
    }
}
