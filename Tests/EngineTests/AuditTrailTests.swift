import Chrono
import Dashboard
@testable import Engine
import Foundation
import Kube
import Ledger
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
    private func records(isReadOnly: Bool, _ effects: [Effect]) throws -> [AuditRecord] {
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
            #expect(runner.run(effect))
        }
        // What the desk was given before is done before this.
        #expect(desk.performNow { _ in })
        return try Ledger(path: path).audit(since: Timestamp(seconds: 0))
    }

    @Test func `a refused change is noted with who, what, why and the refusal`() throws {
        let all = try records(isReadOnly: true, [.setSuspended(ref, true, reason: "upgrade")])
        let record = try #require(all.first)
        #expect(record.action == "suspend" && record.subject == "Kustomization apps/checkout")
        #expect(record.cluster == "a" && record.clusterIdentity == "bearer token")
        #expect(record.gitIdentity == "On call <oncall@example.org>" && !record.user.isEmpty)
        #expect(record.plan == "upgrade" && record.confirmation == "in the dashboard")
        #expect(record.result == "refused" && record.ended != nil)
    }

    @Test func `the same change twice is two changes, and looking is none`() throws {
        let suspend = Effect.setSuspended(ref, true, reason: nil)
        let all = try records(isReadOnly: true, [suspend, .refresh(nil), suspend])
        #expect(all.map(\.result) == ["refused", "refused"])
        #expect(Set(all.map(\.change)).count == 2)
    }

    @Test func `a change that was sent is noted before its answer`() throws {
        let all = try records(isReadOnly: false, [.requestReconcile(ref, token: "t", force: true)])
        #expect(all.map(\.action) == ["force"])
    }
}
