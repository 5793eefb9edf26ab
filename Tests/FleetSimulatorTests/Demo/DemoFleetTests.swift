import Foundation
import Testing

@testable import FleetSimulator

struct DemoFleetTests {
    @Test func `dump`() throws {
        let fleet = try DemoWorld(resources: 40)
        for (name, store) in fleet.clusters {
            print("== \(name)")
            for type in FluxKinds.reconciled {
                for object in try store.list(type).items {
                    let ready = object.condition("Ready")
                    print(type.kind, object.namespace ?? "", object.name, ready?["status"]?.string ?? "-", ready?["lastTransitionTime"]?.string ?? "", object.isSuspended ? "SUSPENDED" : "", object.text("status", "lastAppliedRevision") ?? object.artifactRevision ?? "", (ready?["message"]?.string ?? "").prefix(90))
                }
            }
        }
        print(fleet.sources)
    }
}

/// The demo's repositories and clusters in a folder of their own, which goes with it.
final class DemoWorld {
    let directory: String
    let gitHost: GitHost
    let clusters: [(name: String, store: ObjectStore)]
    let sources: [SourceEntry]

    init(
        names: [String] = ["prod-eu", "prod-us", "staging", "edge-01", "edge-02", "dev"],
        resources: Int = 40
    ) throws {
        directory = NSTemporaryDirectory() + "weir-sim-tests-\(UUID().uuidString)"
        gitHost = try GitHost(directory: directory)
        clusters = names.enumerated().map { ($1, ObjectStore(seed: UInt64($0))) }
        sources = try DemoFleet.seed(clusters: clusters, gitHost: gitHost, resources: resources, seed: 1)
    }

    deinit {
        gitHost.stop()
        try? FileManager.default.removeItem(atPath: directory)
    }
}
