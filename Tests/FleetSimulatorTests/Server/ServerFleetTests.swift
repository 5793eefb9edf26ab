import Foundation
import NIOHTTP1
import ProgramTesting
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

/// The program itself: it starts, says so, serves, and leaves nothing behind.
@Suite(.serialized)
struct ServerProgramTests {
    /// The program beside the test bundle.
    private static let program = URL(filePath: CommandLine.arguments[0])
        .deletingLastPathComponent().appending(path: "weir-sim").path

    private func temporaryDirectory() -> String {
        NSTemporaryDirectory() + "weir-sim-program-\(UUID().uuidString)"
    }

    @Test(.timeLimit(.minutes(5)))
    func `it prints ready when all is served and cleans up when told to stop`() async throws {
        let directory = temporaryDirectory()
        let program = try ServerTool(
            Self.program,
            ["--directory", directory, "--clusters", "2", "--resources", "12", "--down", "prod-us"]
        )
        defer { program.stop() }
        #expect(await program.line { _ in true } == "ready")
        let files = try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
        #expect(files == ["control.json", "kubeconfig", "repositories", "sources.json"])
        let sources = try JSON(parsing: Data(contentsOf: URL(filePath: directory + "/sources.json")))
        let first = try #require(sources.array?.first)
        #expect(first["name"]?.string?.isEmpty == false)
        #expect(first["url"]?.string?.hasPrefix("http://127.0.0.1:") == true)
        #expect(first["branch"] == "main")
        if let kubectl = ServerTool.kubectl {
            let kubeconfig = ["--kubeconfig", directory + "/kubeconfig", "--cache-dir", directory + "-cache"]
            defer { try? FileManager.default.removeItem(atPath: directory + "-cache") }
            let up = try await ServerTool.run(
                kubectl,
                kubeconfig + ["--context", "prod-eu", "get", "kustomizations", "-A", "-o", "name"]
            )
            #expect(up.output.contains("kustomization.kustomize.toolkit.fluxcd.io/flux-system"))
            let down = try await ServerTool.run(kubectl, kubeconfig + ["--context", "prod-us", "get", "ns"])
            // Another test's server may have the port by now; it is not this cluster.
            #expect(down.errors.contains("refused") || down.errors.contains("server API group list"))
        }
        program.stop()
        #expect(await program.exitStatus == 0)
        #expect(!FileManager.default.fileExists(atPath: directory))
    }

    @Test(arguments: [
        (["--clusters", "0"], "--clusters must be between 1 and 500."),
        (["--fault", "prod-eu"], "--fault needs CLUSTER=FAULT"),
        (["--fault", "prod-eu=tired"], "unknown fault \"tired\""),
        (["--down", "prod-xx"], "there is no cluster \"prod-xx\""),
        (["--port-base", "65535"], "--port-base leaves no room"),
        (["--speed", "0"], "--speed and --interval-speed must be above 0."),
    ])
    func `a mistake is one sentence`(_ arguments: [String], _ sentence: String) async throws {
        let directory = temporaryDirectory()
        let result = try await ServerTool.run(Self.program, ["--directory", directory] + arguments)
        #expect(result.status != 0)
        #expect(result.output.isEmpty)
        #expect(result.errors.contains(sentence), "\(result.errors)")
        #expect(!FileManager.default.fileExists(atPath: directory))
    }

    @Test func `a directory of somebody else is refused`() async throws {
        let directory = temporaryDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try FileManager.default.createDirectory(
            atPath: directory + "/repositories",
            withIntermediateDirectories: true
        )
        let result = try await ServerTool.run(Self.program, ["--directory", directory])
        #expect(result.status == 1)
        #expect(
            result.errors
                == "weir-sim: \(directory)/repositories was not made by weir-sim; choose another directory\n"
        )
    }
}
