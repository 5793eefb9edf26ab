import Chrono
import Dashboard
import Git
import HashTreeCollections
import Kube
import Testing

/// What is read of one changed object is what reading everything would tell.
struct IncrementalReadingTests {
    private static let states: [SyncState] = [.ready, .failed, .reconciling, .suspended, .ready]
    private static let commits = [Sample.old, Sample.bad, Sample.new]

    private func resources(_ cluster: String, round: Int) -> [FluxResource] {
        var source = Sample.source(cluster, at: Sample.new)
        source.resourceVersion = "1"
        return [source]
            + (0..<12).map { number in
                // Each round changes some of them.
                let turn = number % 3 == round % 3 ? round : round - round % 3
                var applier = Sample.applier(
                    cluster,
                    "apps/n\(number)",
                    at: Self.commits[(number + turn) % 3],
                    state: Self.states[(number + turn) % 5]
                )
                applier.resourceVersion = "\(100 + turn)"
                applier.applier?.inventory = Inventory()
                return applier
            }
    }

    private func answer(_ effects: [Effect], in rehearsal: inout Rehearsal) {
        for effect in effects {
            if case .measure(let keys) = effect {
                let answers = keys.map { ($0, Distance.behind(commits: $0.path.count, touching: 1)) }
                rehearsal.send(.distancesMeasured(Dictionary(uniqueKeysWithValues: answers)))
            }
        }
    }

    @Test func `many small changes end where one large one does`() {
        var small = Rehearsal(["a", "b"])
        var effects = small.send(.repositoryChanged(Sample.mirror(head: Sample.new)))
        answer(effects, in: &small)
        for round in 0..<20 {
            for cluster in ["a", "b"] {
                effects = small.show(cluster, resources(cluster, round: round))
                answer(effects, in: &small)
            }
        }
        var whole = Rehearsal(["a", "b"])
        answer(whole.send(.repositoryChanged(Sample.mirror(head: Sample.new))), in: &whole)
        for cluster in ["a", "b"] {
            answer(whole.show(cluster, resources(cluster, round: 19)), in: &whole)
        }
        #expect(small.state.totals == whole.state.totals)
        for cluster in [ClusterID("a"), ClusterID("b")] {
            guard let one = small.state.clusters[cluster], let two = whole.state.clusters[cluster] else {
                Issue.record("\(cluster) is not there")
                continue
            }
            #expect(one.summary == two.summary)
            #expect(one.drift == two.drift)
            #expect(one.trouble == two.trouble)
            for track in two.tracks {
                #expect(one.behind[track.ref] == two.behind[track.ref])
            }
        }
        for rehearsal in [small, whole] {
            #expect(rehearsal.state.fleet.clusterRows == small.state.fleet.clusterRows)
        }
        small.type("3")
        whole.type("3")
        for commit in Self.commits {
            #expect(small.state.markers(at: commit) == whole.state.markers(at: commit))
        }
        #expect(small.state.markers(at: Sample.new).isEmpty == false)
    }

    @Test func `an object that goes takes its numbers along`() {
        var rehearsal = Rehearsal(["a"])
        rehearsal.show("a", resources("a", round: 0))
        rehearsal.type("2")
        #expect(rehearsal.state.matrix.rows.count == 12)
        rehearsal.show("a", Array(resources("a", round: 0).dropLast(2)))
        #expect(rehearsal.state.totals.counts.total == 11)
        #expect(rehearsal.state.matrix.rows.count == 10)
    }

    @Test func `a source that moves has all that reads it read again`() {
        var rehearsal = Rehearsal(["a"])
        rehearsal.show("a", resources("a", round: 0))
        var changed = resources("a", round: 0)
        changed[0] = Sample.source("a", at: Sample.new, follows: .branch("staging"))
        changed[0].resourceVersion = "2"
        rehearsal.show("a", changed)
        let tracks = rehearsal.state.clusters[ClusterID("a")]?.tracks ?? []
        #expect(tracks.allSatisfy { $0.follows == .branch("staging") })
    }

    @Test func `a matrix filtered by state follows the cells`() {
        var rehearsal = Rehearsal(["a"])
        rehearsal.show("a", resources("a", round: 0))
        rehearsal.type("2/state:failed<Enter>")
        let before = rehearsal.state.matrix.rows.map(\.name)
        var changed = resources("a", round: 0)
        let place = changed.firstIndex { $0.state == .ready && $0.kind == .kustomization } ?? 1
        changed[place].state = .failed
        changed[place].resourceVersion = "7"
        rehearsal.show("a", changed)
        let name = changed[place].ref.name
        #expect(!before.contains(name))
        #expect(rehearsal.state.matrix.rows.map(\.name).contains(name))
    }
}
