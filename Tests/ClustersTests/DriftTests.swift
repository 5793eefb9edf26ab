import Chrono
import Clusters
import Foundation
import HashTreeCollections
import Kube
import KubeWire
import Testing

/// What a session finds out about objects that somebody beside Git changed.
@Suite(.enabled(if: Simulator.program != nil), .timeLimit(.minutes(2)))
struct DriftTests {
    private let path = "/api/v1/namespaces/default/configmaps/settings"

    /// Writes the object as Flux does.
    private func apply(_ client: APIClient, _ value: String, policy: String = "") async throws {
        let body = """
            {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"settings",\(policy)
             "labels":{"kustomize.toolkit.fluxcd.io/name":"one","kustomize.toolkit.fluxcd.io/namespace":"default"}},
             "data":{"a":"\(value)"}}
            """
        let (code, _) = try await client.send(
            "PATCH",
            "\(path)?fieldManager=kustomize-controller&force=true",
            type: "application/apply-patch+yaml",
            body: body
        )
        #expect(code == 200 || code == 201)
    }

    private func edit(_ client: APIClient, _ body: String, as manager: String) async throws {
        let (code, _) = try await client.send(
            "PATCH",
            "\(path)?fieldManager=\(manager)",
            type: "application/merge-patch+json",
            body: body
        )
        #expect(code == 200)
    }

    private func makeApplier(_ client: APIClient) async throws {
        try await client.makeKustomization("one")
        let body = """
            {"status":{"inventory":{"entries":[{"id":"default_settings__ConfigMap","v":"v1"}]},
             "conditions":[{"type":"Ready","status":"True","reason":"ReconciliationSucceeded","message":"ok",
                            "lastTransitionTime":"2026-08-20T09:30:00Z"}]}}
            """
        let (code, _) = try await client.send(
            "PATCH",
            "\(APIClient.kustomizations.path(namespace: "default", name: "one"))/status",
            type: "application/merge-patch+json",
            body: body
        )
        #expect(code == 200)
    }

    private static func own(_ snapshot: ClusterSnapshot) -> [ObjectDrift] {
        snapshot.drifted.filter { $0.applier.name == "one" }
    }

    @Test func `an edit shows with name and fields, and is told as put back when Flux applied again`()
        async throws
    {
        let simulator = try Simulator()
        let client = APIClient(try simulator.access("prod-eu"))
        try await apply(client, "b")
        try await makeApplier(client)
        try await withSession(try simulator.settings("prod-eu")) { (_, board) async throws in
            try await board.wait { $0.isComplete }
            try await edit(client, #"{"data":{"a":"c"}}"#, as: "kubectl-edit")
            let snapshot = try await board.wait { !DriftTests.own($0).isEmpty }
            let drift = try #require(DriftTests.own(snapshot).first)
            #expect(drift.hands.map(\.name) == ["kubectl edit"] && drift.hands[0].fields == ["data.a"])
            #expect(drift.entry.name == "settings" && drift.hands[0].time != nil)
            try await apply(client, "b")
            let after = try await board.wait { $0.corrected.contains { $0.applier.name == "one" } }
            #expect(DriftTests.own(after).isEmpty)
            let corrected = try #require(after.corrected.first { $0.applier.name == "one" })
            #expect(corrected.by == ["kubectl edit"] && corrected.ending == .putBack)
        }
    }

    @Test func `what happened before weir came shows too, and what is let alone never`() async throws {
        let simulator = try Simulator()
        let client = APIClient(try simulator.access("prod-eu"))
        try await apply(client, "b")
        try await makeApplier(client)
        try await edit(client, #"{"metadata":{"annotations":{"note":"x"}}}"#, as: "kubectl-annotate")
        try await withSession(try simulator.settings("prod-eu")) { (_, board) async throws in
            let snapshot = try await board.wait { !DriftTests.own($0).isEmpty }
            #expect(DriftTests.own(snapshot).first?.hands.map(\.name) == ["kubectl annotate"])
            try await edit(
                client,
                #"{"metadata":{"annotations":{"kustomize.toolkit.fluxcd.io/reconcile":"disabled"}}}"#,
                as: "kubectl-annotate"
            )
            try await board.wait { DriftTests.own($0).isEmpty }
        }
    }

    @Test func `programs that the operator named own what they own`() async throws {
        let simulator = try Simulator()
        let client = APIClient(try simulator.access("prod-eu"))
        try await apply(client, "b")
        try await makeApplier(client)
        var settings = try simulator.settings("prod-eu")
        settings.ownerRules = [OwnerRule(manager: "acme-*")]
        try await withSession(settings) { (_, board) async throws in
            try await board.wait { $0.isComplete }
            try await edit(client, #"{"data":{"a":"c"}}"#, as: "acme-tuner")
            try await edit(client, #"{"data":{"other":"c"}}"#, as: "k9s")
            let snapshot = try await board.wait { !DriftTests.own($0).isEmpty }
            #expect(DriftTests.own(snapshot).flatMap(\.hands).map(\.name) == ["k9s"])
        }
    }

    @Test func `an object that came back is told as put back`() async throws {
        let simulator = try Simulator()
        let client = APIClient(try simulator.access("prod-eu"))
        try await apply(client, "b")
        try await makeApplier(client)
        try await withSession(try simulator.settings("prod-eu")) { (_, board) async throws in
            try await board.wait { $0.isComplete }
            _ = try await client.send("DELETE", path)
            try await board.wait { $0.missing.contains { $0.applier.name == "one" } }
            try await apply(client, "b")
            let after = try await board.wait { $0.corrected.contains { $0.applier.name == "one" } }
            #expect(after.corrected.first { $0.applier.name == "one" }?.wasMissing == true)
        }
    }

    @Test func `an object without its owner's label, or with another's, stays in drift`() async throws {
        let simulator = try Simulator()
        let client = APIClient(try simulator.access("prod-eu"))
        let label = "kustomize.toolkit.fluxcd.io/name"
        try await apply(client, "b")
        try await makeApplier(client)
        try await withSession(try simulator.settings("prod-eu")) { (_, board) async throws in
            try await board.wait { $0.isComplete && $0.knowsObjects }
            try await edit(client, #"{"metadata":{"labels":{"\#(label)":null}}}"#, as: "kubectl-label")
            let lost = try await board.wait { !DriftTests.own($0).isEmpty }
            let drift = try #require(DriftTests.own(lost).first)
            #expect(drift.hands.map(\.nature) == [.removed])
            #expect(drift.fields == ["metadata.labels[\(label)]"] && drift.onset.exact != nil)
            #expect(!lost.missing.contains { $0.applier.name == "one" })
            try await apply(client, "b")
            let after = try await board.wait { $0.corrected.contains { $0.applier.name == "one" } }
            #expect(DriftTests.own(after).isEmpty)

            try await edit(
                client,
                #"{"metadata":{"labels":{"\#(label)":"two"}},"data":{"a":"c"}}"#,
                as: "kubectl-edit"
            )
            let taken = try await board.wait { !DriftTests.own($0).isEmpty }
            let hands = try #require(DriftTests.own(taken).first).hands
            #expect(hands.map(\.name) == ["kubectl edit"])
            #expect(Set(hands[0].fields) == ["data.a", "metadata.labels[\(label)]"])
            // What is done to it later is seen as well.
            try await edit(client, #"{"data":{"b":"d"}}"#, as: "k9s")
            try await board.wait { DriftTests.own($0).first?.hands.count == 2 }
            #expect(try await client.send("DELETE", path).0 == 200)
            try await board.wait { now in
                DriftTests.own(now).isEmpty && now.missing.contains { $0.applier.name == "one" }
            }
        }
    }
}
