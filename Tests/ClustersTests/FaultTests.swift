import Chrono
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

    static let isForbidden: @Sendable (ClusterSnapshot) -> Bool = { snapshot in
        snapshot.kinds.values.contains { state in
            if case .forbidden = state {
                return true
            }
            return false
        }
    }

    static let all: [Misbehaviour] = [
        Misbehaviour("down", notices: isUnreachable),
        Misbehaviour("mute", notices: isUnreachable),
        Misbehaviour("hang", notices: isUnreachable),
        Misbehaviour("hang,only=watch", notices: isUnreachable),
        Misbehaviour("stall"),
        Misbehaviour("slow:300"),
        Misbehaviour("drip:4000"),
        Misbehaviour("cut:400", notices: isStale),
        Misbehaviour("reset:400", notices: isStale),
        Misbehaviour("401", notices: isRefused),
        Misbehaviour("403,only=list+watch", notices: isForbidden),
        Misbehaviour("404,only=watch"),
        Misbehaviour("429:1,only=watch", notices: isStale),
        Misbehaviour("429:1"),
        Misbehaviour("500,only=watch", notices: isStale),
        Misbehaviour("500"),
        Misbehaviour("502", notices: isStale),
        Misbehaviour("503:1", notices: isStale),
        Misbehaviour("504", notices: isStale),
        Misbehaviour("initializing", notices: isStale),
        Misbehaviour("gone", notices: isStale),
        Misbehaviour("goaway"),
        Misbehaviour("garbage", notices: isStale),
        Misbehaviour("garbage,only=watch", notices: isStale),
        Misbehaviour("html", notices: isStale),
        Misbehaviour("http1"),
        Misbehaviour("wrong-certificate", notices: isUnreachable),
        Misbehaviour("expired-certificate", notices: isUnreachable),
    ]

    /// One fleet for all of them, a cluster for each: starting a process for each would take most of the time.
    static let fleet = Result {
        try Simulator(["--clusters", "\(all.count)", "--resources", "12"])
    }

    /// The cluster that misbehaves in this way.
    func context() throws -> String {
        let place = try #require(Misbehaviour.all.firstIndex { $0.fault == fault })
        return try #require(
            try Misbehaviour.fleet.get().kubeconfig.contexts.map(\.name)
                .filter { !$0.hasSuffix("-viewer") && !$0.hasSuffix("-tenant") }
                .dropFirst(place).first
        )
    }
}

@Suite(.enabled(if: Simulator.program != nil), .timeLimit(.minutes(6)))
struct FaultTests {
    /// The rows stay while the cluster misbehaves, and equal the server's when it is over.
    @Test(arguments: Misbehaviour.all)
    func `after a fault the picture equals the server's`(misbehaviour: Misbehaviour) async throws {
        let simulator = try Misbehaviour.fleet.get()
        let context = try misbehaviour.context()
        let client = APIClient(try simulator.access(context))
        let id = ClusterID(context)
        for number in 0..<5 {
            try await client.makeKustomization("k\(number)")
        }
        var settings = try simulator.settings(context)
        settings.connectTimeout = .seconds(2)
        // A watch that stalls looks like a quiet one until then, and the one after it may have stalled as well.
        settings.silenceLimit = .seconds(5)
        try await withSession(settings) { (session, board) async throws in
            let before = try await board.wait { $0.isComplete && $0.link == .live }
            #expect(before.resources.count >= 5)
            try await simulator.add(misbehaviour.fault, to: context)
            // What runs already would notice nothing: watches are to be asked for anew, as they are every few minutes.
            try await simulator.add("end", to: context)
            session.refresh()
            if let notices = misbehaviour.notices {
                let during = try await board.wait(until: notices)
                #expect(during.resources.count >= 5)
            }
            try await simulator.clearFaults(of: context)
            // Another one: the connection of the first had its share of the fault.
            let later = APIClient(try simulator.access(context))
            try await later.delete("k0")
            try await later.makeKustomization("new")
            session.refresh()
            let objects = try await later.fluxObjects(id)
            try await board.wait { $0.link == .live && $0.isComplete && !$0.isStale && $0.equals(objects) }
        }
    }

}
