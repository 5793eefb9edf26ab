import Chrono
import Dashboard
@testable import Engine
import Foundation
import Kube
import Ledger
import Synchronization
import Testing

/// Every change goes into the ledger before it leaves, whatever becomes of it.
struct AuditTrailTests {
    private let folder = FileManager.default.temporaryDirectory.appending(
        path: "weir-audit-\(UUID().uuidString)"
    )
    private let ref = ObjectRef(
        cluster: ClusterID("a"),
        group: FluxKind.kustomizeGroup,
        kind: "Kustomization",
        namespace: "apps",
        name: "checkout"
    )

    /// What a runner of one cluster, at which nobody listens, writes about these effects.
    private func records(
        isReadOnly: Bool,
        _ effects: [Effect],
        as identity: String? = nil
    ) async throws -> [AuditRecord] {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let kubeconfig = folder.appending(path: "kubeconfig")
        try """
        apiVersion: v1
        kind: Config
        clusters: [{name: a, cluster: {server: "https://127.0.0.1:1"}}]
        users: [{name: a, user: {token: secret}}]
        contexts: [{name: a, context: {cluster: a, user: a}}]
        """.write(to: kubeconfig, atomically: true, encoding: .utf8)
        let config = folder.appending(path: "config.toml")
        try "[git]\nauthor_name = \"On call\"\nauthor_email = \"oncall@example.org\"".write(
            to: config,
            atomically: true,
            encoding: .utf8
        )
        var options = LaunchOptions()
        options.kubeconfig = kubeconfig.path
        options.config = config.path
        options.isReadOnly = isReadOnly
        var fleet = try FleetAssembly(options)
        fleet.isDashboard = true
        let path = folder.appending(path: "ledger.sqlite").path
        let desk = LedgerDesk(path: path) { Issue.record("\($0)") }
        let runner = EffectRunner(fleet, mailbox: Mailbox {}, seed: 1, desk: desk)
        for effect in effects {
            #expect(runner.run(effect, as: identity))
        }
        // Every answer is in the ledger when the runner has stopped.
        await withCheckedContinuation { continuation in
            runner.stop { continuation.resume() }
        }
        return try Ledger(path: path).audit(since: Timestamp(seconds: 0))
    }

    @Test func `a refused change is noted with who, what, why and the refusal`() async throws {
        let all = try await records(isReadOnly: true, [.setSuspended(ref, true, reason: "upgrade")])
        let record = try #require(all.first)
        #expect(record.action == "suspend" && record.subject == "Kustomization apps/checkout")
        #expect(record.cluster == "a" && record.clusterIdentity == "bearer token")
        #expect(record.gitIdentity == "On call <oncall@example.org>" && !record.user.isEmpty)
        #expect(record.plan == "upgrade" && record.confirmation == "in the dashboard")
        #expect(record.result == "refused" && record.ended != nil)
    }

    @Test func `the same change twice is two changes, and looking is none`() async throws {
        let suspend = Effect.setSuspended(ref, true, reason: nil)
        let all = try await records(isReadOnly: true, [suspend, .refresh(nil), suspend])
        #expect(all.map(\.result) == ["refused", "refused"])
        #expect(Set(all.map(\.change)).count == 2)
    }

    @Test func `a change that nobody takes is noted with why, and by the name that the cluster knows`()
        async throws
    {
        let all = try await records(
            isReadOnly: false,
            [.requestReconcile(ref, token: "t", force: true)],
            as: "jane@example.org"
        )
        let record = try #require(all.first)
        #expect(record.action == "force" && record.clusterIdentity == "jane@example.org")
        #expect(record.result == "failed" && !record.message.isEmpty)
    }

    @Test func `nothing leaves before it is noted, and all of it where nothing can be noted`() async throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let trail = try AuditTrailTests.trail(at: folder.appending(path: "ledger.sqlite").path) {
            Issue.record("\($0)")
        }
        let path = folder.appending(path: "ledger.sqlite").path
        let effect = Effect.setSuspended(ref, true, reason: "why")
        let noted = await withCheckedContinuation { continuation in
            trail.asked(effect, number: 1, identity: nil) { _ in
                // Another weir sees it already.
                let all = try? Ledger(path: path).audit(since: Timestamp(seconds: 0))
                continuation.resume(returning: all?.map(\.action))
            }
        }
        #expect(noted == ["suspend"])
        // A folder is no ledger.
        let told = Told()
        let broken = try AuditTrailTests.trail(at: folder.path) { told.add($0.description) }
        for number in 0..<3 {
            await withCheckedContinuation { continuation in
                broken.asked(effect, number: number, identity: nil) { _ in continuation.resume() }
            }
        }
        #expect(told.all.count == 1)
    }

    private final class Told: Sendable {
        private let sentences = Mutex<[String]>([])
        var all: [String] { sentences.withLock { $0 } }
        func add(_ sentence: String) { sentences.withLock { $0.append(sentence) } }
    }

    private static func trail(
        at path: String,
        failed: @escaping @Sendable (LedgerFailure) -> Void
    ) throws -> AuditTrail {
        let kubeconfig = FileManager.default.temporaryDirectory.appending(path: "weir-\(UUID().uuidString)")
        try """
        apiVersion: v1
        kind: Config
        clusters: [{name: a, cluster: {server: "https://127.0.0.1:1"}}]
        users: [{name: a, user: {token: secret}}]
        contexts: [{name: a, context: {cluster: a, user: a}}]
        """.write(to: kubeconfig, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: kubeconfig) }
        var options = LaunchOptions()
        options.kubeconfig = kubeconfig.path
        return AuditTrail(try FleetAssembly(options), desk: LedgerDesk(path: path, failed: failed))
    }
}
