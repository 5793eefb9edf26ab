import Clusters
import Foundation
import KubeWire
import Testing

struct KubeconfigReadingTests {
    private let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("weir-\(UUID().uuidString)")

    private func write(_ name: String, _ context: String) throws -> String {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appendingPathComponent(name)
        try Data(
            """
            clusters: [{name: c, cluster: {server: "https://\(context)"}}]
            users: [{name: u, user: {token: t}}]
            contexts: [{name: \(context), context: {cluster: c, user: u}}]
            """.utf8
        ).write(to: file)
        return file.path
    }

    private func names(_ config: Kubeconfig) -> [String] {
        defer { try? FileManager.default.removeItem(at: folder) }
        return config.contexts.map(\.name)
    }

    @Test func `the environment names files, some of which are not there`() throws {
        let (a, b) = (try write("a", "one"), try write("b", "two"))
        let list = "\(a)::\(folder.path)/none:\(b):\(a)"
        let config = Kubeconfig.read(explicit: [], environment: ["KUBECONFIG": list, "HOME": "/nowhere"])
        #expect(config.problems.isEmpty)
        #expect(names(config) == ["one", "two"])
    }

    @Test func `a named file stands in for the environment and must exist`() throws {
        let (a, b) = (try write("a", "one"), try write("b", "two"))
        #expect(names(Kubeconfig.read(explicit: [b], environment: ["KUBECONFIG": a])) == ["two"])
        let missing = Kubeconfig.read(explicit: ["\(folder.path)/none"], environment: [:])
        #expect(missing.problems.map(\.message) == ["cannot be read: there is no such file"])
    }

    @Test func `without both it is the file at home`() throws {
        let home = folder.appendingPathComponent("home")
        try FileManager.default.createDirectory(
            at: home.appendingPathComponent(".kube"),
            withIntermediateDirectories: true
        )
        let a = try write("a", "one")
        try FileManager.default.copyItem(atPath: a, toPath: home.path + "/.kube/config")
        #expect(names(Kubeconfig.read(explicit: [], environment: ["HOME": home.path])) == ["one"])
    }

    @Test func `a folder is no file`() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let config = Kubeconfig.read(explicit: [], environment: ["KUBECONFIG": folder.path])
        #expect(config.problems.count == 1 && names(config).isEmpty)
    }

    @Test func `in a pod without a kubeconfig there is its own cluster`() {
        let config = Kubeconfig.read(
            explicit: [],
            environment: [
                "HOME": "/nowhere", "KUBERNETES_SERVICE_HOST": "10.0.0.1", "KUBERNETES_SERVICE_PORT": "443",
            ]
        )
        #expect(config.contexts.map(\.name) == ["in-cluster"])
    }
}
