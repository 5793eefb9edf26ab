import Clusters
import Foundation
import Kube
import KubeWire
import ProgramTesting
import Testing

/// A fleet of simulated clusters in a process of its own, for one test or for a suite.
// SAFETY: everything is set once, in `init`.
final class Simulator: @unchecked Sendable {
    private let process: Child
    private let lifeline = Pipe()
    let directory: URL

    /// The program, from the environment or beside the tests; nil where it was not built.
    static let program: URL? = {
        if let path = ProcessInfo.processInfo.environment["WEIR_SIM"] {
            return URL(fileURLWithPath: path)
        }
        let beside = Bundle.main.bundleURL.deletingLastPathComponent().appendingPathComponent("weir-sim")
        let own = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        return [beside, own.appendingPathComponent("weir-sim")].first {
            FileManager.default.isExecutableFile(atPath: $0.path)
        }
    }()

    /// Starts a fleet and returns when it is served; it ends with this object, even if the tests crash.
    init(_ arguments: [String] = ["--clusters", "1"]) throws {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("weir-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let size = arguments.contains("--resources") ? [] : ["--resources", "12"]
        let output = Pipe()
        process = try Child(
            Simulator.program?.path ?? "",
            ["--directory", directory.path, "--end-with-input"] + size + arguments,
            input: lifeline,
            output: output
        )
        var text = ""
        while !text.contains("ready\n") {
            let data = output.fileHandleForReading.availableData
            guard !data.isEmpty else {
                throw CocoaError(.executableLoad)
            }
            text += String(decoding: data, as: UTF8.self)
        }
    }

    deinit {
        try? lifeline.fileHandleForWriting.close()
        process.wait()
        try? FileManager.default.removeItem(at: directory)
    }

    var kubeconfig: Kubeconfig {
        Kubeconfig.read(explicit: [directory.appendingPathComponent("kubeconfig").path], environment: [:])
    }

    func access(_ context: String) throws -> ClusterAccess {
        try #require(kubeconfig.context(named: context)).access.get()
    }

    func settings(_ context: String) throws -> ClusterSettings {
        ClusterSettings(
            id: ClusterID(context),
            access: .success(try access(context)),
            requestTimeout: .seconds(3)
        )
    }

    // MARK: - Control

    private struct Door: Decodable {
        let url: String
        let token: String
    }

    /// Adds a fault to a cluster, `hang,only=watch`.
    func add(_ fault: String, to cluster: String) async throws {
        try await control("POST", "/sim/fault", ["cluster": cluster, "fault": fault])
    }

    func clearFaults(of cluster: String) async throws {
        try await control("DELETE", "/sim/fault", ["cluster": cluster])
    }

    struct Stats: Decodable {
        struct Connections: Decodable {
            let accepted: Int
            let open: Int
        }

        let connections: Connections
        let watchesOpen: Int
        let requests: [String: Int]
        let classes: [String: Int]
    }

    func stats(of cluster: String) async throws -> Stats {
        struct Answer: Decodable {
            let clusters: [String: Stats]
        }
        let data = try await control("GET", "/sim/stats", ["cluster": cluster])
        return try #require(try JSONDecoder().decode(Answer.self, from: data).clusters[cluster])
    }

    /// Waits until a session has asked everything that belongs to its beginning.
    @discardableResult
    func calm(_ cluster: String) async throws -> Stats {
        var stats = try await stats(of: cluster)
        var calm = 0
        while calm < 20 {
            let next = try await self.stats(of: cluster)
            calm = next.requests == stats.requests && next.watchesOpen > FluxKind.all.count ? calm + 1 : 0
            stats = next
        }
        return stats
    }

    func resetStats(of cluster: String) async throws {
        try await control("DELETE", "/sim/stats", ["cluster": cluster])
    }

    @discardableResult
    private func control(_ method: String, _ path: String, _ query: [String: String]) async throws -> Data {
        let file = try Data(contentsOf: directory.appendingPathComponent("control.json"))
        let door = try JSONDecoder().decode(Door.self, from: file)
        let server = try #require(URL(string: door.url))
        let client = APIClient(
            ClusterAccess(
                server: ServerAddress(isSecure: false, host: server.host ?? "", port: server.port)
            ),
            bearer: door.token
        )
        let target =
            path + "?"
            + query.map { name, value in
                "\(name)=\(value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")"
            }.joined(separator: "&")
        let (code, body) = try await client.send(method, target)
        guard code == 200 else {
            throw KubeStatus.decode(code: code, body: body)
        }
        return Data(body)
    }
}
