import Chrono
import Dashboard
import Kube
import Testing

/// A list that is merged where it is looked at shows what sorting all of it would.
struct FleetListTests {
    private static let clusters = ["a", "b", "c", "d"]

    private func event(_ cluster: String, _ name: String, _ seconds: Int64) -> FluxEvent {
        FluxEvent(
            uid: "\(cluster)-\(name)",
            about: Sample.ref(cluster, .kustomization, "apps/\(name)"),
            at: Sample.start.advanced(by: .seconds(-seconds)),
            isWarning: seconds % 3 == 0,
            reason: "Progressing",
            message: "\(name)",
            count: 1,
            revision: nil
        )
    }

    /// Events of some clusters, newest first, many at the same second.
    private func send(_ round: Int, _ rehearsal: inout Rehearsal, only: [String] = clusters) {
        for cluster in only {
            var snapshot = ClusterSnapshot(id: ClusterID(cluster), link: .live)
            let shift = cluster.utf8.reduce(round) { $0 + Int($1) }
            snapshot.events = (0..<40).map { number in
                event(cluster, "n\(number + round)", Int64(number / 3 + shift % 5))
            }
            rehearsal.send(.clusterChanged(snapshot))
        }
    }

    private func expected(_ rehearsal: Rehearsal) -> [EventID] {
        Self.clusters.flatMap { rehearsal.state.clusters[ClusterID($0)]?.snapshot.events ?? [] }
            .enumerated()
            .sorted { ($1.element.at, $0.offset) < ($0.element.at, $1.offset) }
            .map(\.element.id)
    }

    @Test func `it is the sorted list, wherever it is looked at`() {
        var rehearsal = Rehearsal(Self.clusters)
        send(0, &rehearsal)
        rehearsal.type("7")
        let all = expected(rehearsal)
        #expect(rehearsal.state.events.list.rows.map(\.id) == all)
        for (keys, place) in [
            ("G", 159), ("k", 158), ("g", 0), ("jjj", 3), ("<Ctrl-f>", nil), ("G<Ctrl-u>k", nil),
        ] {
            rehearsal.type(keys)
            let list = rehearsal.state.events.list
            let index = list.cursor.index
            #expect(place == nil || index == place)
            #expect(list.cursor.selected == all[index])
            #expect(list.selected?.id == all[index])
            for near in max(0, index - 20)..<min(all.count, index + 20) {
                #expect(list[near]?.id == all[near])
            }
        }
    }

    @Test func `the selected row keeps the cursor while others come and go`() {
        var rehearsal = Rehearsal(Self.clusters)
        send(0, &rehearsal)
        rehearsal.type("7jjjjjjjjjjjjjjjjjjjj")
        let selected = rehearsal.state.events.list.cursor.selected
        let others = Self.clusters.filter { $0 != selected?.cluster.name }
        for round in 1..<4 {
            send(round, &rehearsal, only: others)
            let list = rehearsal.state.events.list
            #expect(list.cursor.selected == selected)
            #expect(list.rows[list.cursor.index].id == selected)
            #expect(list.rows.map(\.id) == expected(rehearsal))
        }
    }

    @Test func `where the selected row goes its place keeps the selection`() {
        var rehearsal = Rehearsal(["a"])
        var snapshot = ClusterSnapshot(id: ClusterID("a"), link: .live)
        snapshot.events = (0..<5).map { event("a", "n\($0)", Int64($0)) }
        rehearsal.send(.clusterChanged(snapshot))
        rehearsal.type("7jj")
        snapshot.events.remove(at: 2)
        rehearsal.send(.clusterChanged(snapshot))
        #expect(rehearsal.state.events.list.cursor.index == 2)
        #expect(rehearsal.state.events.list.selected?.about.name == "n3")
        snapshot.events = []
        rehearsal.send(.clusterChanged(snapshot))
        #expect(rehearsal.state.events.list.selected == nil)
        #expect(rehearsal.state.events.list.count == 0)
    }

    @Test func `a warning is found around the end`() {
        var rehearsal = Rehearsal(["a"])
        var snapshot = ClusterSnapshot(id: ClusterID("a"), link: .live)
        snapshot.events = (1..<6).map { event("a", "n\($0)", Int64($0)) }
        rehearsal.send(.clusterChanged(snapshot))
        rehearsal.type("7n")
        #expect(rehearsal.state.events.list.selected?.about.name == "n3")
        rehearsal.type("n")
        #expect(rehearsal.state.events.list.selected?.about.name == "n3")
    }
}
