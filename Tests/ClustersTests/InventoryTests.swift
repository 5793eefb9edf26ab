import Chrono
import Clusters
import Foundation
import HashTreeCollections
import Kube
import KubeWire
import Testing

/// What a session finds out beside the Flux objects themselves.
// One after the other: each starts a fleet of its own.
@Suite(.serialized, .enabled(if: Simulator.program != nil), .timeLimit(.minutes(2)))
struct InventoryTests {
    private let path = APIClient.kustomizations.path(namespace: "default", name: "one")

    private func makeConfigMap(_ client: APIClient, _ name: String, isLabelled: Bool = true) async throws {
        let labels =
            isLabelled
            ? #""labels":{"kustomize.toolkit.fluxcd.io/name":"one","kustomize.toolkit.fluxcd.io/namespace":"default"},"#
            : ""
        let body = """
            {"apiVersion":"v1","kind":"ConfigMap","metadata":{\(labels)"name":"\(name)"},"data":{"a":"b"}}
            """
        let (code, _) = try await client.send("POST", "/api/v1/namespaces/default/configmaps", body: body)
        #expect(code == 201)
    }

    /// A Kustomization that says it applied these objects.
    private func makeApplier(_ client: APIClient, _ ids: [String]) async throws {
        try await client.makeKustomization("one")
        let entries = ids.map { #"{"id":"\#($0)","v":"v1"}"# }.joined(separator: ",")
        let body = """
            {"status":{"inventory":{"entries":[\(entries)]},
             "conditions":[{"type":"Ready","status":"True","reason":"ReconciliationSucceeded","message":"ok",
                            "lastTransitionTime":"2026-08-20T09:30:00Z"}]}}
            """
        let (code, _) = try await client.send(
            "PATCH",
            "\(path)/status",
            type: "application/merge-patch+json",
            body: body
        )
        #expect(code == 200)
    }

    @Test func `an object that somebody removed is missing until it is back`() async throws {
        let simulator = try Simulator()
        let client = APIClient(try simulator.access("prod-eu"))
        try await makeConfigMap(client, "kept")
        try await makeConfigMap(client, "gone")
        try await makeConfigMap(client, "unlabelled", isLabelled: false)
        try await makeApplier(
            client,
            ["kept", "gone", "unlabelled"].map { "default_\($0)__ConfigMap" } + ["default_s__Secret"]
        )
        try await withSession(try simulator.settings("prod-eu")) { (_, board) async throws in
            try await board.wait { $0.isComplete }
            _ = try await client.send("DELETE", "/api/v1/namespaces/default/configmaps/gone")
            // The demo has missing objects of its own.
            let snapshot = try await board.wait { $0.missing.contains { $0.applier.name == "one" } }
            let own = snapshot.missing.filter { $0.applier.name == "one" }
            #expect(own.map(\.entry.name) == ["gone"])
            try await makeConfigMap(client, "gone")
            try await board.wait { !$0.missing.contains { $0.applier.name == "one" } }
        }
    }

    @Test func `an object that was never there is missing as well`() async throws {
        let simulator = try Simulator()
        let client = APIClient(try simulator.access("prod-eu"))
        try await makeApplier(client, ["default_never__ConfigMap"])
        try await withSession(try simulator.settings("prod-eu")) { (_, board) async throws in
            let snapshot = try await board.wait { $0.missing.contains { $0.applier.name == "one" } }
            let own = snapshot.missing.filter { $0.applier.name == "one" }
            #expect(own.map(\.entry.name) == ["never"])
            #expect(
                try await client.patch(path, #"{"spec":{"kubeConfig":{"secretRef":{"name":"x"}}}}"#) == 200
            )
            try await board.wait { !$0.missing.contains { $0.applier.name == "one" } }
        }
    }

    @Test func `events of Flux objects are kept, and tell of finished runs`() async throws {
        let simulator = try Simulator()
        let client = APIClient(try simulator.access("prod-eu"))
        try await client.makeKustomization("one")
        func makeEvent(_ name: String, _ kind: String, _ version: String) async throws {
            let body = """
                {"apiVersion":"v1","kind":"Event","metadata":{"name":"\(name)","namespace":"default"},
                 "involvedObject":{"apiVersion":"\(version)","kind":"\(kind)","namespace":"default","name":"one"},
                 "reason":"ReconciliationSucceeded","type":"Normal","count":1,
                 "message":"Reconciliation finished in 1.48s, next run in 10m0s",
                 "firstTimestamp":"2026-08-20T09:30:00Z","lastTimestamp":"2026-08-20T09:30:00Z"}
                """
            let (code, _) = try await client.send("POST", "/api/v1/namespaces/default/events", body: body)
            #expect(code == 201)
        }
        try await withSession(try simulator.settings("prod-eu")) { (_, board) async throws in
            try await board.wait { $0.isComplete }
            try await makeEvent("one.1", "Pod", "v1")
            try await makeEvent("one.2", "Kustomization", "kustomize.toolkit.fluxcd.io/v1")
            let snapshot = try await board.wait { $0.events.contains { $0.about.name == "one" } }
            let event = try #require(snapshot.events.first { $0.about.name == "one" })
            #expect(event.about.kind == "Kustomization" && event.duration == .milliseconds(1480))
            let record = try #require(snapshot.recent.first { $0.ref.name == "one" })
            #expect(record.finished == Timestamp(rfc3339: "2026-08-20T09:30:00Z"))
            #expect(record.duration == .milliseconds(1480))
        }
    }
}
