import Clusters
import Dashboard
@testable import Engine
import Foundation
import Kube
import Testing

/// The fleet from config and kubeconfigs.
struct FleetAssemblyTests {
    private let folder = FileManager.default.temporaryDirectory.appending(
        path: "weir-assembly-\(UUID().uuidString)"
    )

    private func kubeconfig(_ name: String, _ contexts: [String]) throws -> String {
        let path = folder.appending(path: name)
        let list = contexts.map { "{name: \($0), context: {cluster: c, user: u}}" }.joined(separator: ", ")
        try """
        clusters: [{name: c, cluster: {server: "https://\(name).example"}}]
        users: [{name: u, user: {token: t}}]
        contexts: [\(list)]
        """.write(to: path, atomically: true, encoding: .utf8)
        return path.path
    }

    private func assemble(
        _ config: String,
        contexts: [String] = [],
        kubeconfig: String? = nil
    ) throws -> FleetAssembly {
        let settings = folder.appending(path: "config.toml")
        try config.write(to: settings, atomically: true, encoding: .utf8)
        var options = LaunchOptions()
        options.config = settings.path
        options.contexts = contexts
        options.kubeconfig = kubeconfig
        return try FleetAssembly(options)
    }

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    @Test func `every key of a cluster reaches it`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let one = try kubeconfig("one", ["prod-eu", "prod-us", "dev"])
        let two = try kubeconfig("two", ["audit"])
        let fleet = try assemble(
            """
            [[cluster]]
            kubeconfig = "\(one)"
            context = "prod-*"
            group = "production"
            protected = true
            [[cluster]]
            kubeconfig = "\(one)"
            context = "prod-eu"
            name = "Frankfurt"
            colour = "red"
            timeout = "2s"
            [[cluster]]
            kubeconfig = "\(two)"
            context = "audit"
            read_only = true
            namespaces = ["flux-system", "apps"]
            """
        )
        #expect(fleet.problems == [])
        #expect(fleet.profiles.map(\.displayName) == ["Frankfurt", "prod-us", "audit"])
        #expect(fleet.profiles.map(\.group) == ["production", "production", ""])
        #expect(fleet.profiles.map(\.isProtected) == [true, true, false])
        #expect(fleet.profiles.map(\.isReadOnly) == [false, false, true])
        #expect(fleet.profiles.map(\.colour) == ["red", nil, nil])
        #expect(fleet.clusters.map(\.namespaces) == [[], [], ["flux-system", "apps"]])
        #expect(fleet.clusters.map(\.isReadOnly) == [false, false, true])
        #expect(fleet.clusters[0].requestTimeout == .seconds(2))
        #expect(fleet.clusters[0].connectTimeout == .seconds(2))
        #expect(fleet.clusters[1].requestTimeout == .seconds(15))
    }

    @Test func `the command line picks among all kubeconfigs of the config`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let two = try kubeconfig("two", ["audit-1", "audit-2", "other"])
        let config = """
            [[cluster]]
            kubeconfig = "\(two)"
            context = "*"
            group = "audited"
            """
        let fleet = try assemble(config, contexts: ["audit-*"])
        #expect(fleet.clusters.map(\.id.name) == ["audit-1", "audit-2"])
        #expect(fleet.profiles.map(\.group) == ["audited", "audited"])
        #expect(throws: LaunchFailure.self) { try assemble(config, contexts: ["nothing-*"]) }
    }

    @Test func `what matches nothing, or two clusters at once, is told`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let one = try kubeconfig("one", ["prod"])
        let two = try kubeconfig("two", ["prod"])
        let fleet = try assemble(
            """
            [[cluster]]
            kubeconfig = "\(one)"
            context = "prod"
            [[cluster]]
            kubeconfig = "\(two)"
            context = "prod"
            [[cluster]]
            kubeconfig = "\(two)"
            context = "gone"
            """
        )
        #expect(fleet.clusters.count == 1)
        #expect(
            fleet.problems == [
                "the context prod is in several kubeconfigs: the first counts",
                "[[cluster]] context = \"gone\" matches no context of the kubeconfig",
            ]
        )
    }

    @Test func `a named kubeconfig is the only one`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let one = try kubeconfig("one", ["prod"])
        let fleet = try assemble(
            "[[cluster]]\nkubeconfig = \"/no/such/file\"\ncontext = \"prod\"\n",
            kubeconfig: one
        )
        #expect(fleet.clusters.map(\.id.name) == ["prod"])
    }
}
