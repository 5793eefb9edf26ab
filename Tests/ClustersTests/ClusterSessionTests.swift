import Chrono
import Clusters
import Foundation
import HashTreeCollections
import Kube
import KubeWire
import Testing

func ref(_ cluster: String, _ name: String, namespace: String = "default") -> ObjectRef {
    ObjectRef(
        cluster: ClusterID(cluster),
        group: FluxKind.kustomizeGroup,
        kind: "Kustomization",
        namespace: namespace,
        name: name
    )
}

// One after the other: each starts a fleet of its own.
@Suite(.serialized, .enabled(if: Simulator.program != nil), .timeLimit(.minutes(2)))
struct ClusterSessionTests {
    @Test(arguments: ["prod-eu", "prod-us"])
    func `the picture equals the server's, by token and by certificate`(context: String) async throws {
        let simulator = try Simulator(["--clusters", "2"])
        let client = APIClient(try simulator.access(context))
        #expect(try await client.makeKustomization("one") == 201)
        try await withSession(try simulator.settings(context)) { (_, board) async throws in
            let snapshot = try await board.wait { $0.isComplete && $0.link == .live }
            #expect(snapshot.serverVersion?.hasPrefix("v1.") == true)
            #expect(snapshot.kinds.count == FluxKind.all.count)
            #expect(snapshot.confirmed != nil)
            let objects = try await client.fluxObjects(ClusterID(context))
            #expect(objects.count >= 1)
            try await board.wait { $0.equals(objects) }
        }
    }

    @Test func `what happens on the server is shown`() async throws {
        let simulator = try Simulator()
        let client = APIClient(try simulator.access("prod-eu"))
        let path = APIClient.kustomizations.path(namespace: "default", name: "one")
        try await withSession(try simulator.settings("prod-eu")) { (_, board) async throws in
            try await board.wait { $0.isComplete }
            #expect(try await client.makeKustomization("one") == 201)
            try await board.wait { $0.resources[ref("prod-eu", "one")]?.state == .suspended }
            #expect(try await client.patch(path, #"{"spec":{"path":"./other"}}"#) == 200)
            try await board.wait { $0.resources[ref("prod-eu", "one")]?.applier?.path == "./other" }
            #expect(try await client.delete("one") == 200)
            try await board.wait { $0.resources[ref("prod-eu", "one")] == nil }
        }
    }

    @Test func `a reconcile request is annotated with its token`() async throws {
        let simulator = try Simulator()
        let client = APIClient(try simulator.access("prod-eu"))
        try await client.makeKustomization("one")
        try await withSession(try simulator.settings("prod-eu")) { (session, board) async throws in
            try await board.wait { $0.isComplete }
            let answer = await withCheckedContinuation { continuation in
                session.requestReconcile(
                    ref("prod-eu", "one"),
                    apiVersion: "v1",
                    token: "token-1",
                    force: false
                ) { continuation.resume(returning: $0) }
            }
            #expect(try answer.get()?.requestedAt == "token-1")
            try await board.wait { $0.resources[ref("prod-eu", "one")]?.requestedAt == "token-1" }
        }
    }

    @Test func `suspending and resuming go there and back`() async throws {
        let simulator = try Simulator()
        let client = APIClient(try simulator.access("prod-eu"))
        try await client.makeKustomization("one")
        try await withSession(try simulator.settings("prod-eu")) { (session, board) async throws in
            try await board.wait { $0.isComplete }
            func set(_ suspended: Bool) async throws -> FluxResource? {
                try await withCheckedContinuation { continuation in
                    session.setSuspended(
                        ref("prod-eu", "one"),
                        suspended,
                        by: "jane",
                        reason: "incident 42"
                    ) { continuation.resume(returning: $0) }
                }.get()
            }
            #expect(try await set(false)?.isSuspended == false)
            let suspended = try #require(try await set(true))
            #expect(suspended.isSuspended && suspended.suspendedBy == "jane")
            #expect(suspended.suspendReason == "incident 42")
            let resumed = try #require(try await set(false))
            #expect(resumed.suspendedBy == nil && resumed.suspendReason == nil)
        }
    }

    @Test func `an object is described without what nobody reads`() async throws {
        let simulator = try Simulator()
        let client = APIClient(try simulator.access("prod-eu"))
        try await client.makeKustomization("one")
        try await withSession(try simulator.settings("prod-eu")) { (session, board) async throws in
            try await board.wait { $0.isComplete }
            let lines = try await withCheckedContinuation { continuation in
                session.describe(ref("prod-eu", "one")) { continuation.resume(returning: $0) }
            }.get()
            #expect(lines.first == "apiVersion: kustomize.toolkit.fluxcd.io/v1")
            #expect(lines.contains("  path: ./x"))
            #expect(!lines.contains { $0.contains("managedFields") })
        }
    }

    @Test func `a read-only session changes nothing`() async throws {
        let simulator = try Simulator()
        let client = APIClient(try simulator.access("prod-eu"))
        try await client.makeKustomization("one")
        var settings = try simulator.settings("prod-eu")
        settings.isReadOnly = true
        try await withSession(settings) { (session, board) async throws in
            try await board.wait { $0.isComplete }
            try await simulator.resetStats(of: "prod-eu")
            let answer = await withCheckedContinuation { continuation in
                session.requestReconcile(ref("prod-eu", "one"), apiVersion: "v1", token: "t", force: true) {
                    continuation.resume(returning: $0)
                }
            }
            #expect(throws: ClusterFailure.self) { try answer.get() }
            let other = await withCheckedContinuation { continuation in
                session.setSuspended(ref("prod-eu", "one"), false, by: nil, reason: nil) {
                    continuation.resume(returning: $0)
                }
            }
            guard case .failure(let failure) = other else {
                Issue.record("expected a refusal")
                return
            }
            #expect(failure.cause == .readOnly)
            #expect(try await simulator.stats(of: "prod-eu").classes["write"] == nil)
        }
    }

    @Test func `a viewer is told which verb on what is missing`() async throws {
        let simulator = try Simulator()
        let client = APIClient(try simulator.access("prod-eu"))
        try await client.makeKustomization("one")
        try await withSession(try simulator.settings("prod-eu-viewer")) { (session, board) async throws in
            try await board.wait { $0.isComplete }
            let answer = await withCheckedContinuation { continuation in
                session.requestReconcile(ref("prod-eu", "one"), apiVersion: "", token: "t", force: false) {
                    continuation.resume(returning: $0)
                }
            }
            guard case .failure(let failure) = answer else {
                Issue.record("expected a refusal")
                return
            }
            #expect(failure.cause == .forbidden(verb: "patch", resource: "kustomizations"))
            try await board.wait { $0.rights.mayPatch(.kustomization, in: "default") == false }
        }
    }

    @Test func `a tenant sees its own namespace`() async throws {
        let simulator = try Simulator()
        let client = APIClient(try simulator.access("prod-eu"))
        var settings = try simulator.settings("prod-eu-tenant")
        let namespace = try #require(try simulator.access("prod-eu-tenant").namespace)
        try await client.makeKustomization("mine", namespace: namespace)
        settings.id = ClusterID("prod-eu")
        try await withSession(settings) { (_, board) async throws in
            let snapshot = try await board.wait { $0.isComplete && $0.link == .live }
            #expect(snapshot.kinds[.kustomization] == .watching)
            let objects = try await client.fluxObjects(ClusterID("prod-eu"), namespace: namespace)
            try await board.wait { $0.equals(objects) }
        }
    }

    @Test func `named namespaces are looked at one by one`() async throws {
        let simulator = try Simulator()
        let client = APIClient(try simulator.access("prod-eu"))
        try await client.makeKustomization("in", namespace: "default")
        try await client.makeKustomization("out", namespace: "kube-system")
        var settings = try simulator.settings("prod-eu")
        settings.namespaces = ["default", "no-such-namespace"]
        try await withSession(settings) { (_, board) async throws in
            let snapshot = try await board.wait { $0.isComplete }
            #expect(snapshot.resources[ref("prod-eu", "in")] != nil)
            #expect(snapshot.resources.keys.allSatisfy { $0.namespace == "default" })
        }
    }

    @Test func `a wrong token is refused and says so`() async throws {
        let simulator = try Simulator()
        var access = try simulator.access("prod-eu")
        access.credentials = Credentials(bearer: .token(Secret("wrong")))
        let settings = ClusterSettings(id: ClusterID("prod-eu"), access: .success(access))
        try await withSession(settings) { (_, board) async throws in
            let snapshot = try await board.wait { $0.link.problem != nil }
            guard case .refused(let reason, _) = snapshot.link else {
                Issue.record("expected a refusal, not \(snapshot.link)")
                return
            }
            #expect(reason.contains("Unauthorized") && !reason.contains("wrong"))
            #expect(snapshot.isComplete)
        }
    }

    @Test func `no credentials are a lost token`() async throws {
        let simulator = try Simulator()
        var access = try simulator.access("prod-eu")
        access.credentials = Credentials()
        let settings = ClusterSettings(id: ClusterID("prod-eu"), access: .success(access))
        try await withSession(settings) { (_, board) async throws in
            let snapshot = try await board.wait { $0.link.problem != nil }
            guard case .refused = snapshot.link else {
                Issue.record("expected a refusal, not \(snapshot.link)")
                return
            }
        }
    }

    @Test func `a dead cluster says so and comes back by itself`() async throws {
        let simulator = try Simulator(["--clusters", "1", "--down", "prod-eu"])
        try await withSession(try simulator.settings("prod-eu")) { (session, board) async throws in
            let snapshot = try await board.wait { $0.link.problem != nil }
            guard case .unreachable(let reason, _) = snapshot.link else {
                Issue.record("expected no answer, not \(snapshot.link)")
                return
            }
            #expect(reason.contains("refused"))
            try await simulator.clearFaults(of: "prod-eu")
            session.refresh()
            try await board.wait { $0.link == .live && $0.isComplete }
        }
    }

    @Test func `a broken entry never connects`() async throws {
        let problem = KubeconfigProblem(file: "k", line: 3, context: "x", key: "users[x]", message: "is bad")
        let settings = ClusterSettings(id: ClusterID("x"), access: .failure(problem))
        try await withSession(settings) { (_, board) async throws in
            let snapshot = try await board.wait { $0.link.problem != nil }
            #expect(snapshot.link == .misconfigured("k:3: context \"x\": users[x]: is bad"))
        }
    }

    @Test func `a file that is not there is named`() async throws {
        let simulator = try Simulator()
        var access = try simulator.access("prod-eu")
        access.credentials = Credentials(bearer: .file("/no/such/token", fallback: nil))
        let settings = ClusterSettings(id: ClusterID("x"), access: .success(access))
        try await withSession(settings) { (_, board) async throws in
            let snapshot = try await board.wait { $0.link.problem != nil }
            #expect(
                snapshot.link
                    == .misconfigured("tokenFile /no/such/token cannot be read: there is no such file")
            )
        }
    }

    @Test func `rights that are missing for one kind leave the others alone`() async throws {
        let simulator = try Simulator()
        try await simulator.add("403,only=list,namespace=default", to: "prod-eu")
        var settings = try simulator.settings("prod-eu")
        settings.namespaces = ["default", "kube-system"]
        try await withSession(settings) { (session, board) async throws in
            let snapshot = try await board.wait { $0.isComplete }
            guard case .forbidden? = snapshot.kinds[.kustomization] else {
                Issue.record("expected forbidden")
                return
            }
            try await simulator.clearFaults(of: "prod-eu")
            session.refresh()
            try await board.wait { $0.kinds.values.allSatisfy { $0 == .watching } }
        }
    }

    @Test func `in steady state there are watches over one connection and no lists`() async throws {
        let simulator = try Simulator()
        try await withSession(try simulator.settings("prod-eu")) { (_, board) async throws in
            try await board.wait { $0.isComplete && $0.link == .live }
            // All that belongs to the beginning is over once nothing is asked any more.
            let stats = try await simulator.calm("prod-eu")
            #expect(stats.connections.accepted == 1 && stats.connections.open == 1)
            try await simulator.resetStats(of: "prod-eu")
            let client = APIClient(try simulator.access("prod-eu"))
            try await client.makeKustomization("one")
            try await board.wait { $0.resources[ref("prod-eu", "one")] != nil }
            let after = try await simulator.stats(of: "prod-eu")
            #expect(after.classes["list"] == nil && after.classes["discovery"] == nil)
            // The test's own.
            #expect(after.connections.accepted == 1)
            #expect(
                after.requests.keys.filter { $0.contains("toolkit.fluxcd.io") }.sorted() == [
                    "create kustomizations.kustomize.toolkit.fluxcd.io"
                ]
            )
        }
    }
}
