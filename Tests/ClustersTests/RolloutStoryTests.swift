import Chrono
import Clusters
import Foundation
import HashTreeCollections
import Kube
import ProgramTesting
import Testing

/// Somebody commits, Flux rolls it out, and weir watches: nothing of that is drift.
@Suite(.enabled(if: Simulator.program != nil, "needs weir-sim"), .timeLimit(.minutes(5)))
struct RolloutStoryTests {
    /// A clone of the fleet's repository.
    private struct Clone {
        let folder: URL
        let url: String

        init(_ simulator: Simulator) throws {
            struct Source: Decodable {
                let name: String
                let url: String
            }
            let list = simulator.directory.appendingPathComponent("sources.json")
            let sources = try JSONDecoder().decode([Source].self, from: Data(contentsOf: list))
            url = try #require(sources.first { $0.name == "fleet" }?.url)
            folder = simulator.directory.appendingPathComponent("clone")
            try git("clone", "-q", url, folder.path, in: simulator.directory)
        }

        @discardableResult
        func git(_ arguments: String..., in place: URL? = nil) throws -> String {
            let ended = try Child.run(
                "/usr/bin/env",
                [
                    "git", "-C", (place ?? folder).path, "-c", "user.name=Storyteller",
                    "-c", "user.email=story@example.com",
                ] + arguments
            )
            let text = ended.output + ended.errors
            #expect(ended.status == 0, "git \(arguments): \(text)")
            return text
        }

        func edit(_ path: String, _ change: (String) -> String) throws {
            let file = folder.appendingPathComponent(path)
            let old = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
            try Data(change(old).utf8).write(to: file)
        }

        /// Commits everything and gives the commit.
        func push(_ subject: String) throws -> String {
            try git("add", "-A")
            try git("commit", "-q", "-m", subject)
            return try pushHead()
        }

        func pushHead() throws -> String {
            try git("push", "-q", "origin", "HEAD:main")
            return try git("rev-parse", "HEAD").trimmingCharacters(in: .whitespacesAndNewlines)
        }
    }

    /// Every object that any snapshot called missing, changed or put back.
    private final class Alarms: @unchecked Sendable {
        private let lock = NSLock()
        private var names: Set<String> = []
        /// What the demo's past holds.
        private let made: Set = ["Deployment catalog/api", "ConfigMap ingress/nginx", "Service checkout/api"]

        var all: [String] { lock.withLock { names.sorted() } }

        func note(_ now: ClusterSnapshot) {
            func words(_ entry: InventoryEntry) -> String { entry.ref(in: now.id).description }
            let found =
                now.drifted.map { "changed: \(words($0.entry))" }
                + now.missing.map { "missing: \(words($0.entry))" }
                + now.corrected.map { "put back: \(words($0.entry))" }
            let alarms = found.filter { text in !made.contains { text.hasSuffix($0) } }
            lock.withLock { names.formUnion(alarms) }
        }
    }

    private static let applier = ("apps", "payments")

    private static func runs(_ commit: String, _ now: ClusterSnapshot) -> Bool {
        now.resources.values.contains { resource in
            resource.kind == .kustomization && resource.ref.namespace == applier.0
                && resource.ref.name == applier.1 && resource.state == .ready
                && resource.applier?.lastApplied?.commit == commit
        }
    }

    @Test func `commits that change, add, rename and remove, and their reverts, are no drift`() async throws {
        let simulator = try Simulator([
            "--clusters", "1", "--resources", "40", "--interval-speed", "60", "--speed", "10",
        ])
        let clone = try Clone(simulator)
        let alarms = Alarms()
        try await withSession(try simulator.settings("prod-eu")) { (_, board) async throws in
            func arrives(_ commit: String) async throws {
                try await board.wait { now in
                    alarms.note(now)
                    return RolloutStoryTests.runs(commit, now)
                }
                // Two more runs, and the looks at what an inventory names.
                let began = try #require(board.now?.confirmed)
                try await board.wait { now in
                    alarms.note(now)
                    return now.confirmed.map { $0.since(began) >= .seconds(4) } ?? false
                }
                #expect(alarms.all.isEmpty)
            }
            try await board.wait { $0.knowsObjects && $0.watchedSince != nil }

            let base = "apps/payments/base"
            try clone.edit("\(base)/api.yaml") {
                $0.replacing("spec:\n  replicas", with: "spec:\n  minReadySeconds: 3\n  replicas")
            }
            let names = (1...60).map { "many-\($0)" }
            try clone.edit("\(base)/many.yaml") { _ in
                names.map {
                    "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: \($0)\ndata:\n  key: value\n"
                }.joined(separator: "---\n")
            }
            try clone.edit("\(base)/kustomization.yaml") {
                $0.replacing("resources:\n", with: "resources:\n  - many.yaml\n")
            }
            try await arrives(try clone.push("payments: many settings"))

            // The same objects again: Flux tells of them in the same words, by the same Event.
            try clone.edit("\(base)/api.yaml") {
                $0.replacing("minReadySeconds: 3", with: "minReadySeconds: 4")
            }
            try await arrives(try clone.push("payments: wait longer"))
            try clone.edit("\(base)/api.yaml") {
                $0.replacing("minReadySeconds: 4", with: "minReadySeconds: 5")
            }
            try await arrives(try clone.push("payments: wait longer still"))

            try clone.edit("\(base)/service.yaml") {
                $0.replacing("name: api\n", with: "name: api-renamed\n")
            }
            try clone.edit("\(base)/many.yaml") { $0.replacing("name: many-1\n", with: "name: one\n") }
            try await arrives(try clone.push("payments: other names"))

            // What was there before comes back under the digest that it had.
            try clone.git("revert", "--no-edit", "HEAD")
            try await arrives(try clone.pushHead())
            try clone.git("revert", "--no-edit", "HEAD~2")
            try await arrives(try clone.pushHead())

            try clone.edit("\(base)/many.yaml") { _ in "" }
            try clone.edit("\(base)/kustomization.yaml") { $0.replacing("  - many.yaml\n", with: "") }
            try await arrives(try clone.push("payments: no settings"))
        }
    }
}
