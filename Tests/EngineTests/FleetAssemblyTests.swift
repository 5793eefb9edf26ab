import Clusters
import Dashboard
@testable import Engine
import Foundation
import Git
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

    @Test func `a context that does not exist is told with what was meant and how many there are`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let names = (1...12).map { "cluster-\($0)" } + ["prod-eu"]
        let path = try kubeconfig("many", names)
        let failure = #expect(throws: LaunchFailure.self) {
            _ = try assemble("", contexts: ["prod-ue"], kubeconfig: path)
        }
        let words = try #require(failure?.description)
        #expect(words.contains("did you mean prod-eu?"), "\(words)")
        #expect(words.hasSuffix("cluster-8 and 5 more"), "\(words)")
    }

    @Test(arguments: [("statsu", "did you mean status?"), ("zzzzzz", "weir --help lists all")])
    func `a word that is no command is told with what was meant`(word: String, advice: String) {
        let sentence = UnknownCommand.sentence(word, commands: ["status", "drift", "wait"])
        #expect(sentence.hasPrefix("unknown command '\(word)'") && sentence.hasSuffix(advice))
    }

    @Test(arguments: [
        ("abcd..1234", RevertAim.range(from: "abcd", to: "1234")),
        ("abcd~1..abcd", .range(from: "abcd~1", to: "abcd")),
        ("abcd..", .range(from: "abcd", to: "HEAD")), ("abcd~2", .commit("abcd~2")),
    ])
    func `ranges are written as git writes them`(text: String, aim: RevertAim) throws {
        var request = RollbackCommand.Request()
        request.commits = [text]
        #expect(try RollbackCommand.aim(of: request) == aim)
    }

    @Test(arguments: ["..abcd", "a...b", ".."]) func `what is no range is refused`(text: String) {
        var request = RollbackCommand.Request()
        request.commits = [text]
        #expect(throws: LaunchFailure.self) { try RollbackCommand.aim(of: request) }
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
