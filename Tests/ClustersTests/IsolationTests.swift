import Clusters
import HashTreeCollections
import Kube
import Testing

/// Clusters have nothing to do with each other.
// One after the other: each starts a fleet of its own.
@Suite(.serialized, .enabled(if: Simulator.program != nil), .timeLimit(.minutes(2)))
struct IsolationTests {
    /// The other cluster tells its news while the bad one is still bad.
    @Test(arguments: ["mute", "hang", "stall", "drip:50", "garbage", "cut:10", "429:60", "down"])
    func `a bad cluster holds up no other`(fault: String) async throws {
        let simulator = try Simulator(["--clusters", "2", "--resources", "12", "--fault", "prod-eu=\(fault)"])
        let client = APIClient(try simulator.access("prod-us"))
        try await withSession(try simulator.settings("prod-eu")) { (_, bad) async throws in
            try await withSession(try simulator.settings("prod-us")) { (_, good) async throws in
                try await good.wait { $0.isComplete && $0.link == .live }
                for number in 0..<20 {
                    try await client.makeKustomization("k\(number)")
                    try await good.wait { $0.resources.keys.contains { $0.name == "k\(number)" } }
                }
            }
            #expect(bad.now?.link != .live)
        }
    }
}
