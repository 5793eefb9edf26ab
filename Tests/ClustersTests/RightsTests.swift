import Chrono
import Clusters
import Foundation
import HashTreeCollections
import Kube
import KubeWire
import Testing

/// What a cluster serves, and what the user may do with it.
// One after the other: each starts a fleet of its own.
@Suite(.serialized, .enabled(if: Simulator.program != nil), .timeLimit(.minutes(2)))
struct RightsTests {
    @Test func `a user of some namespaces sees those that may be read`() async throws {
        let simulator = try Simulator()
        let client = APIClient(try simulator.access("prod-eu"))
        try await client.makeKustomization("in", namespace: "kube-system")
        try await client.makeKustomization("out", namespace: "kube-public")
        var access = try simulator.access("prod-eu")
        access.impersonation = [
            HeaderField("Impersonate-User", "sue"), HeaderField("Impersonate-Group", "teams"),
        ]
        let settings = ClusterSettings(id: ClusterID("prod-eu"), access: .success(access))
        try await withSession(settings) { (_, board) async throws in
            let snapshot = try await board.wait { $0.isComplete && $0.link == .live }
            #expect(snapshot.kinds[.kustomization] == .watching)
            #expect(snapshot.resources[ref("prod-eu", "in", namespace: "kube-system")] != nil)
            #expect(snapshot.resources.keys.allSatisfy { ["default", "kube-system"].contains($0.namespace) })
            let told = try await board.wait {
                $0.notes.contains { $0.contains("only default, kube-system are shown") }
            }
            #expect(told.link == .live)
            try await client.makeKustomization("later", namespace: "default")
            try await board.wait { $0.resources[ref("prod-eu", "later")] != nil }
        }
    }

    @Test(arguments: [("prod-eu", true), ("prod-eu-viewer", false)])
    func `what may be patched is known before anybody tries`(context: String, isAllowed: Bool) async throws {
        let simulator = try Simulator()
        try await withSession(try simulator.settings(context)) { (_, board) async throws in
            let snapshot = try await board.wait { $0.rights.mayPatch(.helmRelease, in: "apps") != nil }
            #expect(snapshot.rights.mayPatch(.helmRelease, in: "apps") == isAllowed)
            try await board.wait { $0.rights.mayPatch(.kustomization, in: "flux-system") != nil }
            let refusal = board.now?.rights.refusal(of: ref(context, "x", namespace: "flux-system"))
            let needed = "needs the right to patch kustomizations.kustomize.toolkit.fluxcd.io in flux-system"
            #expect(refusal == (isAllowed ? nil : needed))
        }
    }

    @Test func `a tenant's rights are known for its namespace`() async throws {
        let simulator = try Simulator()
        let client = APIClient(try simulator.access("prod-eu"))
        let namespace = try #require(try simulator.access("prod-eu-tenant").namespace)
        try await client.makeKustomization("mine", namespace: namespace)
        try await withSession(try simulator.settings("prod-eu-tenant")) { (_, board) async throws in
            try await board.wait { $0.rights.mayPatch(.kustomization, in: namespace) == true }
            #expect(board.now?.rights.mayPatch(.kustomization, in: "elsewhere") == nil)
        }
    }

    @Test func `a close look tells who we are and what we may`() async throws {
        let simulator = try Simulator()
        try await withSession(try simulator.settings("prod-eu-viewer")) { (session, board) async throws in
            try await board.wait { $0.isComplete && $0.link == .live }
            let found = await withCheckedContinuation { continuation in
                session.examine { continuation.resume(returning: $0) }
            }
            #expect(found.user?.user == "viewer" && found.user?.groups.contains("viewers") == true)
            #expect(found.credentials == ["token"])
            let trip = try #require(found.roundTrip)
            #expect(trip > .zero)
            guard case .given(let until?)? = found.trust else {
                Issue.record("expected the authority's end, not \(String(describing: found.trust))")
                return
            }
            #expect(until.seconds > 1_700_000_000)
            let patches = found.rights.filter { $0.verb == "patch" }
            #expect(patches.count == FluxKind.all.count && patches.allSatisfy { $0.isAllowed == false })
            #expect(found.rights.contains { $0.resource == "events" && $0.isAllowed == true })
        }
    }

    @Test func `a kind whose definition goes and comes back does so here`() async throws {
        let simulator = try Simulator()
        let client = APIClient(try simulator.access("prod-eu"))
        let definition =
            "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/buckets.source.toolkit.fluxcd.io"
        try await withSession(try simulator.settings("prod-eu")) { (session, board) async throws in
            let before = try await board.wait { $0.isComplete && $0.link == .live }
            let bucket = try #require(FluxKind.of(group: FluxKind.sourceGroup, kind: "Bucket"))
            #expect(before.kinds[bucket] == .watching)
            let (code, body) = try await client.send("GET", definition)
            #expect(code == 200)
            #expect(try await client.send("DELETE", definition).0 == 200)
            // The end of the watch tells.
            try await board.wait { $0.kinds[bucket] == nil && $0.link == .live }
            #expect(board.now?.resources.keys.contains { $0.kind == "Bucket" } == false)
            var object = try #require(
                try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any]
            )
            var metadata = object["metadata"] as? [String: Any] ?? [:]
            for key in ["uid", "resourceVersion", "creationTimestamp", "generation", "managedFields"] {
                metadata[key] = nil
            }
            object["metadata"] = metadata
            object["status"] = nil
            let text = String(decoding: try JSONSerialization.data(withJSONObject: object), as: UTF8.self)
            let target = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
            #expect(try await client.send("POST", target, body: text).0 == 201)
            session.refresh()
            try await board.wait { $0.kinds[bucket] == .watching }
        }
    }
}
