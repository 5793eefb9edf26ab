import Foundation
import NIOHTTP1
import Testing

@testable import FleetSimulator

/// The files and names of a whole fleet, and the program that starts one.
struct ServerFleetTests {
    private func temporaryDirectory() -> String {
        NSTemporaryDirectory() + "weir-sim-fleet-\(UUID().uuidString)"
    }

    @Test func `clusters have names of their own, however many there are`() {
        var options = FleetOptions(directory: "/nowhere")
        #expect(options.clusterNames == ["prod-eu", "prod-us", "staging", "edge-01", "edge-02", "dev"])
        options.clusterCount = 2
        #expect(options.clusterNames == ["prod-eu", "prod-us"])
        options.clusterCount = 12
        #expect(options.clusterNames.suffix(2) == ["cluster-11", "cluster-12"])
        #expect(Set(options.clusterNames).count == 12)
    }

    @Test func `the kubeconfig names three contexts for a cluster and is nobody else's business`() throws {
        let cluster = try ServerRecordedCluster.shared.get().cluster
        let text = KubeconfigWriter.text([cluster])
        let config = try #require(try JSON.fromYAML(text).first)
        let names = config["contexts"]?.array?.compactMap { $0["name"]?.string }
        #expect(names == ["recorded", "recorded-viewer", "recorded-tenant"])
        #expect(config["current-context"] == "recorded")
        #expect(config["contexts"]?[2]?[path: "context", "namespace"] == "apps-000")
        let path = temporaryDirectory()
        defer { try? FileManager.default.removeItem(atPath: path) }
        try KubeconfigWriter.write([cluster], to: path)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test func `a directory with files of somebody else is left alone`() throws {
        let directory = temporaryDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let path = directory + "/kubeconfig"
        try Data("apiVersion: v1\n".utf8).write(to: URL(filePath: path))
        #expect(throws: FleetFiles.Problem.self) { try FleetFiles(directory: directory) }
        #expect(try Data(contentsOf: URL(filePath: path)) == Data("apiVersion: v1\n".utf8))
    }

    @Test func `the control endpoint counts, breaks and mends`() throws {
        let live = try ServerLiveCluster(named: "control")
        let api = ControlAPI(clusters: [live.recorded.cluster], token: "secret")
        func ask(_ method: String, _ uri: String, _ token: String = "secret") throws -> APIAnswer {
            api.answer(APIRequest(method: method, uri: uri, headers: ["Authorization": "Bearer \(token)"]))
        }
        #expect(try ask("GET", "/sim/stats", "guess").status == 401)
        let broken = try ask("POST", "/sim/fault?cluster=recorded&fault=429:5,times%3D3")
        #expect(try broken.json["clusters"]?[0]?["faults"] == ["429:5,times=3"])
        #expect(try ask("POST", "/sim/fault?cluster=none&fault=500").status == 400)
        #expect(try ask("POST", "/sim/fault?fault=tired").status == 400)
        #expect(try ask("DELETE", "/sim/fault").json["clusters"]?[0]?["faults"] == [])
        live.server.counters.received(APIRequest(method: "GET", uri: "/api/v1/pods", headers: [:]))
        let stats = try ask("GET", "/sim/stats?cluster=recorded").json
        #expect(stats[path: "clusters", "recorded", "requests", "list pods"] == 1)
        _ = try ask("DELETE", "/sim/stats")
        #expect(try ask("GET", "/sim/stats").json[path: "clusters", "recorded", "requestTotal"] == 0)
    }
}
