import Chrono
import Clusters
import Foundation
import HashTreeCollections
import Kube
import KubeWire
import ProxyTesting
import Testing

/// A cluster behind a proxy, followed by a whole session.
@Suite(.serialized, .enabled(if: Simulator.program != nil), .timeLimit(.minutes(2)))
struct ProxyStoryTests {
    private func settings(_ simulator: Simulator, through url: String) throws -> ClusterSettings {
        var access = try simulator.access("prod-eu")
        access.proxyURL = url
        return ClusterSettings(
            id: ClusterID("prod-eu"),
            access: .success(access),
            requestTimeout: .seconds(3)
        )
    }

    @Test(arguments: ["http", "socks5"])
    func `everything goes through the proxy and nothing is lost`(scheme: String) async throws {
        let simulator = try Simulator()
        let proxy = TunnelProxy()
        let client = APIClient(try simulator.access("prod-eu"))
        try await client.makeKustomization("one")
        try await withSession(
            try settings(simulator, through: "\(scheme)://127.0.0.1:\(proxy.port)")
        ) { (session, board) async throws in
            try await board.wait { $0.isComplete && $0.link == .live }
            try await client.makeKustomization("two")
            let objects = try await client.fluxObjects(ClusterID("prod-eu"))
            try await board.wait { $0.equals(objects) }
            let answer = await withCheckedContinuation { continuation in
                session.requestReconcile(ref("prod-eu", "one"), apiVersion: "", token: "t", force: false) {
                    continuation.resume(returning: $0)
                }
            }
            #expect(try answer.get()?.requestedAt == "t")
        }
        // One tunnel for all of it, to the server and nowhere else.
        let server = try simulator.access("prod-eu").server
        #expect(proxy.asked == ["\(server.host):\(server.port ?? 443)"])
        // What lets weir in is for the server alone.
        #expect(proxy.heads.allSatisfy { !$0.lowercased().contains("\r\nauthorization") })
    }

    @Test(arguments: ["http", "socks5"])
    func `a proxy that goes away and comes back is named, and the rows stay`(scheme: String) async throws {
        let simulator = try Simulator()
        let proxy = TunnelProxy()
        let url = "\(scheme)://127.0.0.1:\(proxy.port)"
        try await withSession(try settings(simulator, through: url)) { (_, board) async throws in
            let before = try await board.wait { $0.isComplete && $0.link == .live && !$0.resources.isEmpty }
            proxy.goAway(true)
            let lost = try await board.wait { $0.link.problem != nil }
            #expect(lost.resources.count == before.resources.count && lost.isStale)
            let client = APIClient(try simulator.access("prod-eu"))
            try await client.makeKustomization("meanwhile")
            proxy.goAway(false)
            // Nobody presses a key.
            let objects = try await client.fluxObjects(ClusterID("prod-eu"))
            try await board.wait { $0.link == .live && !$0.isStale && $0.equals(objects) }
        }
    }

    @Test func `a proxy that refuses says so on the row, without its password`() async throws {
        let simulator = try Simulator()
        let proxy = TunnelProxy()
        proxy.refuse("407 Proxy Authentication Required")
        let url = "http://jane:secret@127.0.0.1:\(proxy.port)"
        try await withSession(try settings(simulator, through: url)) { (session, board) async throws in
            let refused = try await board.wait { $0.link.problem != nil }
            let problem = refused.link.problem ?? ""
            #expect(problem.contains("127.0.0.1:\(proxy.port)") && problem.contains("407"), "\(problem)")
            #expect(!problem.contains("secret"))
            let found = await withCheckedContinuation { continuation in
                session.examine { continuation.resume(returning: $0) }
            }
            #expect(found.proxy == "http://127.0.0.1:\(proxy.port)")
            proxy.refuse(nil)
            session.refresh()
            try await board.wait { $0.link == .live && $0.isComplete }
            #expect(proxy.heads.last?.contains("\r\nProxy-Authorization: Basic amFuZTpzZWNyZXQ=\r\n") == true)
        }
    }
}
