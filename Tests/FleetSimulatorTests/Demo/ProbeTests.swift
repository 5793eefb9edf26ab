import Foundation
import Testing

@testable import FleetSimulator

struct ProbeTests {
    @Test func `probe`() throws {
        let store = ObjectStore(seed: 1)
        let world = NSTemporaryDirectory() + "probe-\(UUID().uuidString)"
        let host = try GitHost(directory: world)
        do {
            _ = try DemoFleet.seed(clusters: [("prod-eu", store)], gitHost: host, resources: 40, seed: 1)
        } catch { print("ERR", error) }
        for type in FluxKinds.reconciled + [FluxKinds.namespace, FluxKinds.deployment] {
            for object in try store.list(type).items { print(type.kind, object.namespace ?? "", object.name, object.metadataText) }
        }
        host.stop()
    }
}
extension JSON { var metadataText: String { String(decoding: (self["status"] ?? .null).encoded(), as: UTF8.self).prefix(300).description } }
