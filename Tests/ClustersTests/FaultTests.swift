import Clusters
import Foundation
import HashTreeCollections
import Kube
import KubeWire
import Testing

/// A way in which the cluster misbehaves while a session follows it.
struct Misbehaviour: Sendable, CustomTestStringConvertible {
    let fault: String
    /// What the session says meanwhile; nil where it may well notice nothing.
    let notices: (@Sendable (ClusterSnapshot) -> Bool)?

    init(_ fault: String, notices: (@Sendable (ClusterSnapshot) -> Bool)? = nil) {
        self.fault = fault
        self.notices = notices
    }

    var testDescription: String { fault }

    static let isUnreachable: @Sendable (ClusterSnapshot) -> Bool = { snapshot in
        guard case .unreachable = snapshot.link else {
            return false
        }
        return snapshot.isStale
    }

    static let isRefused: @Sendable (ClusterSnapshot) -> Bool = { snapshot in
        guard case .refused = snapshot.link else {
            return false
        }
        return true
    }

    static let isStale: @Sendable (ClusterSnapshot) -> Bool = { $0.isStale }

    static let all: [Misbehaviour] = [
        Misbehaviour("down", notices: isUnreachable),
        Misbehaviour("hang"),
        Misbehaviour("stall"),
        Misbehaviour("slow:300"),
        Misbehaviour("drip:4000"),
        Misbehaviour("cut:400", notices: isStale),
        Misbehaviour("reset:400", notices: isStale),
        Misbehaviour("401", notices: isRefused),
        Misbehaviour("403,only=list", notices: nil),
        Misbehaviour("429:1"),
        Misbehaviour("500"),
        Misbehaviour("502"),
        Misbehaviour("503:1"),
        Misbehaviour("504"),
        Misbehaviour("gone"),
        Misbehaviour("goaway"),
        Misbehaviour("garbage,only=watch", notices: isStale),
        Misbehaviour("html"),
    ]
}

@Suite(.enabled(if: Simulator.program != nil), .timeLimit(.minutes(3)))
struct FaultTests {
    /// The rows stay while the cluster misbehaves, and equal the server's when it is over.
    @Test(arguments: Misbehaviour.all)
    func `after a fault the picture equals the server's`(misbehaviour: Misbehaviour) async throws {
        let simulator = try Simulator()
        let client = APIClient(try simulator.access("prod-eu"))
        let id = ClusterID("prod-eu")
        for number in 0..<5 {
            try await client.makeKustomization("k\(number)")
        }
        try await withSession(try simulator.settings("prod-eu")) { (session, board) async throws in
            let before = try await board.wait { $0.isComplete && $0.link == .live }
            #expect(before.resources.count >= 5)
            try await simulator.add(misbehaviour.fault, to: "prod-eu")
            session.refresh()
            if let notices = misbehaviour.notices {
                let during = try await board.wait(until: notices)
                #expect(during.resources.count >= 5)
            }
            try await simulator.clearFaults(of: "prod-eu")
            try await client.delete("k0")
            try await client.makeKustomization("new")
            session.refresh()
            let objects = try await client.fluxObjects(id)
            try await board.wait { $0.link == .live && $0.isComplete && !$0.isStale && $0.equals(objects) }
        }
    }

    @Test(arguments: ["wrong-certificate", "expired-certificate"])
    func `a certificate that is not to be trusted is named`(fault: String) async throws {
        let simulator = try Simulator(["--clusters", "1", "--fault", "prod-eu=\(fault)"])
        try await withSession(try simulator.settings("prod-eu")) { (session, board) async throws in
            let snapshot = try await board.wait { $0.link.problem != nil }
            #expect(snapshot.link.problem?.contains("certificate") == true)
            try await simulator.clearFaults(of: "prod-eu")
            session.refresh()
            try await board.wait { $0.link == .live && $0.isComplete }
        }
    }

    @Test(arguments: ["mute", "hang"])
    func `a cluster that never answers says so within its time`(fault: String) async throws {
        let simulator = try Simulator(["--clusters", "1", "--fault", "prod-eu=\(fault)"])
        var settings = try simulator.settings("prod-eu")
        settings.connectTimeout = .milliseconds(500)
        settings.requestTimeout = .milliseconds(500)
        try await withSession(settings) { (_, board) async throws in
            let snapshot = try await board.wait { $0.link.problem != nil }
            guard case .unreachable = snapshot.link else {
                Issue.record("expected no answer, not \(snapshot.link)")
                return
            }
        }
    }

    @Test func `a server without HTTP/2 is followed as well`() async throws {
        let simulator = try Simulator(["--clusters", "1", "--fault", "prod-eu=http1"])
        let client = APIClient(try simulator.access("prod-eu"))
        try await client.makeKustomization("one")
        try await withSession(try simulator.settings("prod-eu")) { (_, board) async throws in
            try await board.wait { $0.isComplete && $0.link == .live }
            let objects = try await client.fluxObjects(ClusterID("prod-eu"))
            try await board.wait { $0.equals(objects) }
        }
    }

    @Test func `a dead cluster slows no other`() async throws {
        let simulator = try Simulator(["--clusters", "2", "--fault", "prod-eu=mute"])
        try await withSession(try simulator.settings("prod-eu")) { (_, dead) async throws in
            try await withSession(try simulator.settings("prod-us")) { (_, alive) async throws in
                let snapshot = try await alive.wait { $0.isComplete && $0.link == .live }
                #expect(snapshot.id == ClusterID("prod-us"))
            }
            #expect(dead.now?.link != .live)
        }
    }

    @Test func `401 until the plugin is run again is one refusal too few to show`() async throws {
        let simulator = try Simulator()
        var access = try simulator.access("prod-eu")
        guard case .token(let good)? = access.credentials.bearer else {
            Issue.record("expected a token")
            return
        }
        let runs = Counter()
        let plugins = ExecPlugins { _, _ in
            let token = runs.next() == 1 ? "stale" : good.revealed
            return .success(
                Array(
                    """
                    {"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1",
                     "status":{"token":"\(token)"}}
                    """.utf8
                )
            )
        }
        access.credentials = Credentials(
            exec: ExecSpec(
                apiVersion: "client.authentication.k8s.io/v1",
                command: "emit",
                interaction: .never
            )
        )
        let settings = ClusterSettings(id: ClusterID("prod-eu"), access: .success(access))
        try await withSession(settings, plugins: plugins) { (_, board) async throws in
            try await board.wait { $0.isComplete && $0.link == .live }
            #expect(runs.value == 2)
        }
    }
}

/// Counts calls from any thread.
final class Counter: @unchecked Sendable {
    private let lock = NSLock()
    private var count = 0

    func next() -> Int {
        lock.withLock {
            count += 1
            return count
        }
    }

    var value: Int { lock.withLock { count } }
}
