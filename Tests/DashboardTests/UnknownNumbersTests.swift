import Dashboard
import Git
import Kube
import Testing

/// What nobody knows is never told as none.
struct UnknownNumbersTests {
    private func summary(_ rehearsal: Rehearsal, _ cluster: String) -> ClusterSummary? {
        rehearsal.state.clusters[ClusterID(cluster)]?.summary
    }

    private func snapshot(_ cluster: String, knowsObjects: Bool, blind: [String] = []) -> ClusterSnapshot {
        var snapshot = Sample.snapshot(
            cluster,
            [Sample.source(cluster, at: Sample.new), Sample.applier(cluster, "apps/x", at: Sample.new)]
        )
        snapshot.knowsObjects = knowsObjects
        snapshot.blindSpots = blind
        return snapshot
    }

    @Test func `a cluster that never answered has no numbers, and the fleet says so`() {
        var rehearsal = Rehearsal(["a", "b"])
        #expect(rehearsal.state.totals.driftFigure == nil)
        #expect(rehearsal.state.totals.behindFigure == nil)
        rehearsal.show("a", [], link: .unreachable("a refused the connection.", since: Sample.start))
        #expect(summary(rehearsal, "a")?.isKnown == false)
        #expect(summary(rehearsal, "a")?.driftFigure == nil)
        #expect(summary(rehearsal, "a")?.behindFigure == nil)
        rehearsal.send(.clusterChanged(snapshot("b", knowsObjects: true)))
        #expect(summary(rehearsal, "b")?.driftFigure == "0")
        #expect(rehearsal.state.totals.driftFigure == "0+")
    }

    @Test func `what was not looked at may hold more`() {
        var rehearsal = Rehearsal(["a"])
        rehearsal.send(.clusterChanged(snapshot("a", knowsObjects: false)))
        #expect(summary(rehearsal, "a")?.driftFigure == nil)
        rehearsal.send(
            .clusterChanged(snapshot("a", knowsObjects: true, blind: ["Widgets may not be listed"]))
        )
        #expect(summary(rehearsal, "a")?.driftFigure == "0+")
        rehearsal.send(.clusterChanged(snapshot("a", knowsObjects: true)))
        #expect(summary(rehearsal, "a")?.driftFigure == "0")
        #expect(rehearsal.state.totals.driftFigure == "0")
    }

    @Test func `how far nobody knows it lies behind is not level`() {
        var rehearsal = Rehearsal(["a"])
        rehearsal.send(.clusterChanged(snapshot("a", knowsObjects: true)))
        #expect(summary(rehearsal, "a")?.behindFigure == nil)
        #expect(rehearsal.state.totals.behindFigure == nil)
        rehearsal.send(.repositoryChanged(Sample.mirror(head: Sample.new)))
        #expect(summary(rehearsal, "a")?.behindFigure == "0")
        #expect(rehearsal.state.totals.behindFigure == "0")
    }

    @Test func `a problem is told without its full stop, as words follow it`() {
        let link = ClusterLink.unreachable("a refused the connection.", since: Sample.start)
        #expect(link.problem == "a refused the connection")
    }
}
