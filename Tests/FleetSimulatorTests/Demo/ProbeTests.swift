import Foundation
import Testing

@testable import FleetSimulator

struct ProbeTests {
    @Test func `probe`() throws {
        let start = Date()
        let world = try DemoWorld(names: ["prod-eu"], resources: 14)
        print("seeded", Date().timeIntervalSince(start))
        let store = world.clusters[0].store
        var n = 0
        for type in FluxKinds.reconciled { n += try store.list(type).items.count }
        print("flux objects", n)
        let runtime = FluxRuntime(clusterName: "prod-eu", store: store, gitHost: world.gitHost, options: FluxOptions(timeFactor: 0.01, intervalFactor: 0.05), seed: 1)
        let ticket = try store.watch(FluxKinds.kustomization) { events in
            for e in events { let r = e.object.condition("Ready"); print(e.object.name, r?["status"]?.string ?? "-", e.object.condition("Reconciling")?["message"]?.string ?? "", (r?["message"]?.string ?? "").prefix(80)) }
        }
        let t2 = try store.watch(ResourceTypes.type(apiVersion: "v1", kind: "Event")!) { events in
            for e in events { print("EVENT", e.object["reason"]!.string!, e.object[path: "involvedObject", "name"]!.string!, e.object["message"]!.string!.prefix(100)) }
        }
        runtime.start()
        Thread.sleep(forTimeInterval: 8)
        runtime.stop()
        ticket.cancel(); t2.cancel()
    }
}
