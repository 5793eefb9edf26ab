import Chrono
import Clusters
import Foundation
import HashTreeCollections
import Kube
import KubeWire
import Testing

/// Faults that need a story of their own.
// One after the other: each starts a fleet of its own.
@Suite(.serialized, .enabled(if: Simulator.program != nil), .timeLimit(.minutes(3)))
struct FaultStoryTests {
    @Test func `a cluster that was gone for long comes back by itself`() async throws {
        let simulator = try Simulator()
        let client = APIClient(try simulator.access("prod-eu"))
        try await client.makeKustomization("one")
        try await withSession(try simulator.settings("prod-eu")) { (_, board) async throws in
            let before = try await board.wait { $0.isComplete && $0.link == .live }
            try await simulator.add("down", to: "prod-eu")
            let lost = try await board.wait(until: Misbehaviour.isUnreachable)
            #expect(lost.resources.count == before.resources.count)
            guard case .unreachable(_, let since) = lost.link else {
                return
            }
            let count = board.count
            try await simulator.clearFaults(of: "prod-eu")
            // Another one: the connection of the first broke.
            let later = APIClient(try simulator.access("prod-eu"))
            try await later.makeKustomization("two")
            // Nobody presses a key.
            let objects = try await later.fluxObjects(ClusterID("prod-eu"))
            try await board.wait { $0.link == .live && !$0.isStale && $0.equals(objects) }
            #expect(board.count > count && since.seconds > 0)
        }
    }

    @Test func `a cluster that was away while its history was compacted is listed anew`() async throws {
        let simulator = try Simulator(["--clusters", "1", "--churn", "20"])
        let client = APIClient(try simulator.access("prod-eu"))
        try await client.makeKustomization("one")
        try await withSession(try simulator.settings("prod-eu")) { (_, board) async throws in
            let before = try await board.wait { $0.isComplete && $0.link == .live }
            try await simulator.add("down", to: "prod-eu")
            try await board.wait(until: Misbehaviour.isUnreachable)
            // The world goes on, and forgets what weir saw last.
            try await simulator.add("gone", to: "prod-eu")
            try await simulator.clearFaults(of: "prod-eu")
            let later = APIClient(try simulator.access("prod-eu"))
            try await later.makeKustomization("two")
            let after = try await board.wait { snapshot in
                snapshot.link == .live && !snapshot.isStale
                    && snapshot.resources.keys.contains { $0.name == "two" }
            }
            #expect(Set(after.resources.keys).isSuperset(of: before.resources.keys))
        }
    }

    @Test func `a cluster restored from a backup is shown as it is now`() async throws {
        let simulator = try Simulator()
        let client = APIClient(try simulator.access("prod-eu"))
        let id = ClusterID("prod-eu")
        try await client.makeKustomization("kept")
        try await simulator.add("backup", to: "prod-eu")
        try await client.makeKustomization("lost")
        try await withSession(try simulator.settings("prod-eu")) { (_, board) async throws in
            let before = try await board.wait { $0.isComplete && $0.link == .live }
            #expect(before.resources.keys.contains { $0.name == "lost" })
            try await simulator.add("restore", to: "prod-eu")
            try await board.wait { snapshot in
                snapshot.link == .live && !snapshot.isStale
                    && !snapshot.resources.keys.contains { $0.name == "lost" }
            }
            // Another one: the connection of the first broke.
            let later = APIClient(try simulator.access("prod-eu"))
            try await later.makeKustomization("after")
            let objects = try await later.fluxObjects(id)
            try await board.wait { $0.equals(objects) }
        }
    }

    /// Discovery is asked for about once a minute, which must not count as a word of the watches.
    @Test(arguments: [false, true])
    func `a connection that is dead and says nothing is found out`(isRefreshed: Bool) async throws {
        let simulator = try Simulator()
        let client = APIClient(try simulator.access("prod-eu"))
        var settings = try simulator.settings("prod-eu")
        settings.silenceLimit = isRefreshed ? .seconds(3) : .milliseconds(700)
        try await withSession(settings) { (session, board) async throws in
            try await board.wait { $0.isComplete && $0.link == .live }
            try await simulator.add("freeze", to: "prod-eu")
            try await client.makeKustomization("one")
            let refreshing = Task {
                while isRefreshed, !Task.isCancelled {
                    session.refresh()
                    try await simulator.calm("prod-eu")
                }
            }
            defer { refreshing.cancel() }
            try await board.wait { $0.resources.keys.contains { $0.name == "one" } }
        }
    }

    @Test func `an object of a megabyte is one line of many`() async throws {
        let simulator = try Simulator()
        let client = APIClient(try simulator.access("prod-eu"))
        try await withSession(try simulator.settings("prod-eu")) { (_, board) async throws in
            try await board.wait { $0.isComplete && $0.link == .live }
            let patch = String(repeating: "x", count: 1_200_000)
            let body = """
                {"apiVersion":"kustomize.toolkit.fluxcd.io/v1","kind":"Kustomization",
                 "metadata":{"name":"huge","namespace":"default"},
                 "spec":{"interval":"10m","prune":true,"suspend":true,"path":"./x",
                         "patches":[{"patch":"\(patch)"}],
                         "sourceRef":{"kind":"GitRepository","name":"none"}}}
                """
            let target = APIClient.kustomizations.path(namespace: "default")
            #expect(try await client.send("POST", target, body: body).0 == 201)
            try await client.makeKustomization("small")
            try await board.wait { snapshot in
                let names = Set(snapshot.resources.keys.map(\.name))
                return names.isSuperset(of: ["huge", "small"])
            }
        }
    }

    @Test(arguments: [0, 1])
    func `a server whose clock is wrong is named`(ahead: Int) async throws {
        let simulator = try Simulator(["--clusters", "1", "--fault", "prod-eu=skew:\(ahead * 900)"])
        try await withSession(try simulator.settings("prod-eu")) { (_, board) async throws in
            let snapshot = try await board.wait { $0.clockSkew != nil && $0.isComplete }
            let skew = try #require(snapshot.clockSkew)
            #expect(abs((skew - .seconds(ahead * 900)).inSeconds) < 60)
            #expect(snapshot.notes.contains { $0.contains("clock") } == (ahead > 0))
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

    /// libcurl 7.88 would go on using the connection, on which nothing new is ever sent.
    @Test func `a server that asks to go elsewhere is asked elsewhere, and nothing is lost`() async throws {
        let simulator = try Simulator()
        let client = APIClient(try simulator.access("prod-eu"))
        try await client.makeKustomization("one")
        try await withSession(try simulator.settings("prod-eu")) { (session, board) async throws in
            let before = try await board.wait { $0.isComplete && $0.link == .live && !$0.resources.isEmpty }
            let object = try #require(before.resources.keys.first { $0.name == "one" })
            for round in 0..<3 {
                try await simulator.calm("prod-eu")
                try await simulator.add("goaway", to: "prod-eu")
                try await simulator.clearFaults(of: "prod-eu")
                let lines = try await withCheckedContinuation { continuation in
                    session.describe(object) { continuation.resume(returning: $0) }
                }.get()
                #expect(!lines.isEmpty)
                let other = APIClient(try simulator.access("prod-eu"))
                try await other.makeKustomization("round-\(round)")
                // The watches that were open go on over the connection that they have.
                try await board.wait { $0.resources.keys.contains { $0.name == "round-\(round)" } }
                #expect(board.now?.link == .live)
            }
        }
    }

    @Test func `after a sleep new connections are made and nothing is lost`() async throws {
        let simulator = try Simulator()
        let client = APIClient(try simulator.access("prod-eu"))
        try await withSession(try simulator.settings("prod-eu")) { (session, board) async throws in
            try await board.wait { $0.isComplete && $0.link == .live }
            try await simulator.calm("prod-eu")
            try await simulator.resetStats(of: "prod-eu")
            try await simulator.add("freeze", to: "prod-eu")
            session.wakeUp()
            try await client.makeKustomization("one")
            let objects = try await client.fluxObjects(ClusterID("prod-eu"))
            let snapshot = try await board.wait { !$0.isStale && $0.equals(objects) }
            #expect(snapshot.link == .live)
            // One for the session, one for the test.
            #expect(try await simulator.stats(of: "prod-eu").connections.accepted == 2)
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

    /// A whole issuer: the tokens of before are worth nothing, and the plugin knows the new ones.
    @Test func `tokens that are revoked are replaced by running the plugin once`() async throws {
        let simulator = try Simulator()
        var access = try simulator.access("prod-eu")
        guard case .token(let good)? = access.credentials.bearer else {
            Issue.record("expected a token")
            return
        }
        let runs = Counter()
        let plugins = ExecPlugins { _, _ in
            let token = runs.next() == 1 ? good.revealed : "\(good.revealed).2"
            let json =
                "{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\","
                + "\"status\":{\"token\":\"\(token)\"}}"
            return .success(Array(json.utf8))
        }
        access.credentials = Credentials(
            exec: ExecSpec(
                apiVersion: "client.authentication.k8s.io/v1",
                command: "emit",
                interaction: .never
            )
        )
        let settings = ClusterSettings(id: ClusterID("prod-eu"), access: .success(access))
        try await withSession(settings, plugins: plugins) { (session, board) async throws in
            try await board.wait { $0.isComplete && $0.link == .live }
            let client = APIClient(try simulator.access("prod-eu"))
            try await client.makeKustomization("one")
            try await board.wait { $0.resources.keys.contains { $0.name == "one" } }
            try await simulator.add("revoked:2", to: "prod-eu")
            try await simulator.add("end", to: "prod-eu")
            let other = APIClient(try simulator.access("prod-eu"), bearer: "\(good.revealed).2")
            try await other.makeKustomization("two")
            try await board.wait { $0.link == .live && $0.resources.keys.contains { $0.name == "two" } }
            try await board.wait { !$0.isStale }
            #expect(runs.value == 2)
        }
    }
}
