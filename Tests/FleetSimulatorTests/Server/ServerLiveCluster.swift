import Foundation

@testable import FleetSimulator

/// A recorded cluster that listens, with a kubeconfig in a directory of its own; both go with it.
final class ServerLiveCluster {
    let recorded: ServerRecordedCluster
    let directory: String
    var server: ClusterServer { recorded.cluster.server }
    var kubeconfig: String { directory + "/kubeconfig" }

    init(named test: String) throws {
        recorded = try ServerRecordedCluster()
        directory = NSTemporaryDirectory() + "weir-sim-test-\(test)-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try recorded.cluster.start()
        try KubeconfigWriter.write([recorded.cluster], to: kubeconfig)
        let authority = recorded.cluster.authority.certificatePEM
        try Data(authority.utf8).write(to: URL(filePath: directory + "/ca.crt"))
    }

    deinit {
        recorded.cluster.stop()
        try? FileManager.default.removeItem(atPath: directory)
    }

    /// Runs kubectl as `admin`, `viewer` or `tenant`.
    func kubectl(_ arguments: String..., as user: String = "admin", input: String = "") async throws
        -> ServerTool.Result
    {
        try await ServerTool.run(ServerTool.kubectl ?? "", kubectlArguments(user) + arguments, input: input)
    }

    func kubectlArguments(_ user: String = "admin") -> [String] {
        let context = user == "admin" ? "recorded" : "recorded-\(user)"
        return ["--kubeconfig", kubeconfig, "--context", context, "--cache-dir", directory + "/cache"]
    }

    /// The arguments of a curl call that asks for a path as the administrator.
    func curlArguments(_ path: String, _ options: String...) -> [String] {
        [
            "--silent", "--show-error", "--no-buffer", "--cacert", directory + "/ca.crt", "--user-agent",
            "weir/test",
            "--header", "Authorization: Bearer \(recorded.cluster.tokens.admin)",
        ] + options + [recorded.cluster.url + path]
    }

    func curl(_ path: String, _ options: String...) async throws -> ServerTool.Result {
        var arguments = curlArguments(path)
        arguments.insert(contentsOf: options, at: 0)
        return try await ServerTool.run(ServerTool.curl ?? "", arguments)
    }
}
