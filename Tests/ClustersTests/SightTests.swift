import Chrono
import Clusters
import Foundation
import HashTreeCollections
import Kube
import KubeWire
import Testing

/// What is known of the objects of inventories when rights are few, change, or are asked for again.
// One after the other: each starts a fleet of its own.
@Suite(.serialized, .enabled(if: Simulator.program != nil), .timeLimit(.minutes(3)))
struct SightTests {
    private let settingsPath = "/api/v1/namespaces/default/configmaps/settings"

    /// Writes an object of the Kustomization `one` as Flux does.
    private func apply(_ client: APIClient, named name: String = "settings") async throws {
        let body = """
            {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"\(name)",
             "labels":{"kustomize.toolkit.fluxcd.io/name":"one","kustomize.toolkit.fluxcd.io/namespace":"default"}},
             "data":{"a":"b","c":"d"}}
            """
        let (code, _) = try await client.send(
            "PATCH",
            "/api/v1/namespaces/default/configmaps/\(name)?fieldManager=kustomize-controller&force=true",
            type: "application/apply-patch+yaml",
            body: body
        )
        #expect(code == 200 || code == 201)
    }

    private func makeApplier(_ client: APIClient) async throws {
        try await client.makeKustomization("one")
        let body = """
            {"status":{"inventory":{"entries":[{"id":"default_settings__ConfigMap","v":"v1"},
                                                {"id":"_default__Namespace","v":"v1"}]},
             "conditions":[{"type":"Ready","status":"True","reason":"ReconciliationSucceeded","message":"ok",
                            "lastTransitionTime":"2026-08-20T09:30:00Z"}]}}
            """
        let path = APIClient.kustomizations.path(namespace: "default", name: "one")
        #expect(try await client.patch("\(path)/status", body) == 200)
    }

    private func settings(_ simulator: Simulator, as group: String) throws -> ClusterSettings {
        var settings = try simulator.settings("prod-eu")
        var access = try simulator.access("prod-eu")
        access.impersonation = [
            HeaderField("Impersonate-User", "sue"), HeaderField("Impersonate-Group", group),
        ]
        settings.access = .success(access)
        return settings
    }

    private static func isOpen(_ now: ClusterSnapshot) -> Bool {
        now.blindSpots.contains { $0.contains("default/settings: whether it is missing is not known") }
    }

    private static func isMissing(_ now: ClusterSnapshot) -> Bool {
        now.missing.contains { $0.entry.name == "settings" && $0.applier.name == "one" }
    }

    /// A release that runs, with a Deployment of its own.
    private static func release(_ now: ClusterSnapshot) -> (FluxResource, InventoryEntry)? {
        for resource in now.resources.values.sorted(by: { $0.ref < $1.ref })
        where resource.kind == .helmRelease && resource.state == .ready {
            if let entry = resource.applier?.inventory.first(where: { $0.kind == "Deployment" }) {
                return (resource, entry)
            }
        }
        return nil
    }

    @Test func `the right to list and watch is enough to find what is missing`() async throws {
        let simulator = try Simulator()
        let client = APIClient(try simulator.access("prod-eu"))
        try await apply(client)
        try await makeApplier(client)
        let settings = try settings(simulator, as: "watchers")
        try await withSession(settings) { (session, board) async throws in
            try await board.wait { $0.isComplete && $0.knowsObjects }
            #expect(try await client.send("DELETE", settingsPath).0 == 200)
            try await board.wait { SightTests.isMissing($0) }
            try await apply(client)
            try await board.wait { !SightTests.isMissing($0) }

            // Where not even a list is answered, nobody knows.
            try await simulator.add("403,only=list,resource=configmaps", to: "prod-eu")
            #expect(try await client.send("DELETE", settingsPath).0 == 200)
            let snapshot = try await board.wait { SightTests.isOpen($0) }
            #expect(!SightTests.isMissing(snapshot))
            try await simulator.clearFaults(of: "prod-eu")
            session.refresh()
            try await board.wait { SightTests.isMissing($0) && !SightTests.isOpen($0) }
        }
    }

    @Test(arguments: ["refresh", "link"])
    func `a kind that was forbidden is seen again when rights are looked at anew`(by: String) async throws {
        let simulator = try Simulator()
        let client = APIClient(try simulator.access("prod-eu"))
        try await apply(client)
        try await makeApplier(client)
        try await simulator.add("403,only=list,resource=configmaps", to: "prod-eu")
        @Sendable func isBlind(_ now: ClusterSnapshot) -> Bool {
            now.blindSpots.contains { $0 == "ConfigMap: its objects may not be listed" }
        }
        try await withSession(try simulator.settings("prod-eu")) { (session, board) async throws in
            try await board.wait { isBlind($0) && $0.knowsObjects }
            if by == "link" {
                try await simulator.add("down", to: "prod-eu")
                try await board.wait { $0.link != .live }
            }
            try await simulator.clearFaults(of: "prod-eu")
            session.refresh()
            try await board.wait { !isBlind($0) && $0.link == .live }
            #expect(try await client.send("DELETE", settingsPath).0 == 200)
            try await board.wait { SightTests.isMissing($0) }
        }
    }

    @Test func `while rights are asked for again, what is known of a few namespaces stays known`()
        async throws
    {
        let simulator = try Simulator()
        let client = APIClient(try simulator.access("prod-eu"))
        try await apply(client)
        // Named by no inventory: when it goes, its applier is judged, and nothing else comes of it.
        try await apply(client, named: "settings-passing")
        try await makeApplier(client)
        var settings = try settings(simulator, as: "teams")
        settings.requestTimeout = .seconds(30)
        try await withSession(settings) { (session, board) async throws in
            let first = try await board.wait { $0.isComplete && $0.knowsObjects && $0.watchedSince != nil }
            #expect(first.resources[ref("prod-eu", "one")] != nil)
            #expect(
                first.blindSpots.contains("Namespace: is in no namespace, and only namespaces are looked at"),
                "\(first.blindSpots)"
            )
            // Inventories are judged long before the answers about rights are there.
            try await simulator.add("slow:8000,only=review", to: "prod-eu")
            session.refresh()
            try await board.wait { $0.kinds[.kustomization] == .listing }
            #expect(try await client.send("DELETE", "\(settingsPath)-passing").0 == 200)
            try await client.makeKustomization("two")
            try await board.wait {
                $0.kinds[.kustomization] == .watching && $0.resources[ref("prod-eu", "two")] != nil
            }
            try await simulator.clearFaults(of: "prod-eu")
            #expect(board.now?.watchedSince == first.watchedSince)
            // Nobody's name stands on a removal: only who remembers the object sees it.
            #expect(try await client.patch(settingsPath, #"{"data":{"c":null}}"#) == 200)
            let after = try await board.wait { now in now.drifted.contains { $0.applier.name == "one" } }
            #expect(after.drifted.first { $0.applier.name == "one" }?.hands.map(\.nature) == [.removed])
            #expect(after.watchedSince == first.watchedSince)
        }
    }

    @Test(arguments: [true, false])
    func `an object of a release that somebody deletes is missing`(hasInventory: Bool) async throws {
        let simulator = try Simulator()
        let client = APIClient(try simulator.access("prod-eu"))
        let whole = try await withSession(try simulator.settings("prod-eu")) { (_, board) async throws in
            try await board.wait { $0.knowsObjects && SightTests.release($0) != nil }
        }
        let (release, entry) = try #require(SightTests.release(whole))
        let ref = release.ref
        #expect(!whole.missing.contains { $0.applier.kind == "HelmRelease" })
        let resource = "/apis/helm.toolkit.fluxcd.io/v2/namespaces/\(ref.namespace)/helmreleases/\(ref.name)"
        #expect(try await client.patch(resource, #"{"spec":{"suspend":true}}"#) == 200)
        if !hasInventory {
            #expect(try await client.patch("\(resource)/status", #"{"status":{"inventory":null}}"#) == 200)
        }
        try await withSession(try simulator.settings("prod-eu")) { (_, board) async throws in
            try await board.wait { now in
                now.knowsObjects && now.resources[ref]?.isSuspended == true
                    && now.resources[ref]?.applier?.inventory.isEmpty == !hasInventory
            }
            let path = "/apis/apps/v1/namespaces/\(entry.namespace)/deployments/\(entry.name)"
            #expect(try await client.send("DELETE", path).0 == 200)
            let snapshot = try await board.wait { now in now.missing.contains { $0.applier == ref } }
            let missing = try #require(snapshot.missing.first { $0.applier == ref })
            #expect(missing.entry == entry && missing.onset.exact != nil)
            #expect(try await client.patch(resource, #"{"spec":{"suspend":false}}"#) == 200)
        }
    }
}
