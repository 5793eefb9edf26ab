import Chrono
import Dashboard
import Git
import Kube
import Testing

/// Remote head, fetched, applied, how far behind, since when, and why.
struct StandingTests {
    private let since = Timestamp(seconds: 1_700_000_000)

    private func fleet(_ resources: [FluxResource], fetched: String = Sample.new) -> Rehearsal {
        var rehearsal = Rehearsal(["a"])
        rehearsal.show("a", resources)
        rehearsal.send(.repositoryChanged(Sample.mirror(head: Sample.new)))
        let keys = ["", "apps/x"].map {
            DistanceKey(repository: Sample.fleet, from: Sample.old, to: Sample.new, path: $0)
        }
        rehearsal.send(
            .distancesMeasured([
                keys[0]: .behind(commits: 3, touching: 3, since: since),
                keys[1]: .behind(commits: 3, touching: 1, since: since),
            ])
        )
        return rehearsal
    }

    private func standing(_ rehearsal: Rehearsal) throws -> SyncStanding {
        try #require(rehearsal.state.standing(of: Sample.ref("a", .kustomization, "apps/x")))
    }

    @Test func `level with Git has no cause and no since`() throws {
        let standing = try standing(
            fleet([Sample.source("a", at: Sample.new), Sample.applier("a", "apps/x", at: Sample.new)])
        )
        #expect(standing.follows == "branch main")
        #expect(standing.head == Sample.new)
        #expect(standing.fetched?.commit == Sample.new && standing.applied?.commit == Sample.new)
        #expect(standing.behind == .commits(0, touching: 0))
        #expect(standing.since == nil && standing.cause == nil)
    }

    @Test func `how far, and since when, is what the commits say, not when weir began to look`() throws {
        let standing = try standing(fleet([Sample.source("a"), Sample.applier("a", "apps/x")]))
        #expect(standing.behind == .commits(3, touching: 1, since: since))
        #expect(standing.since == since)
        #expect(standing.fetchedAt == Sample.start)
    }

    @Test func `the drift row of a source says since when as well`() {
        let rehearsal = fleet([Sample.source("a"), Sample.applier("a", "apps/x")])
        let rows = rehearsal.state.clusters[ClusterID("a")]?.drift ?? []
        #expect(rows.map(\.since) == [since])
    }

    @Test(arguments: [
        (SyncState.suspended, SyncState.ready, "GitRepository flux-system/fleet is suspended"),
        (.failed, .ready, "GitRepository flux-system/fleet fails: GitOperationFailed"),
        (.suspended, .failed, "GitRepository flux-system/fleet is suspended"),
    ])
    func `what was not fetched is the source's doing`(source: SyncState, applier: SyncState, words: String)
        throws
    {
        let standing = try standing(
            fleet([Sample.source("a", state: source), Sample.applier("a", "apps/x", state: applier)])
        )
        #expect(standing.cause == .words(words))
    }

    @Test(arguments: [
        (SyncState.suspended, "suspended"), (.failed, "fails: HealthCheckFailed"),
        (.waiting, "waits for Kustomization apps/db"), (.reconciling, "is at it"),
    ])
    func `what was fetched and is not applied is the applier's doing`(state: SyncState, words: String) throws
    {
        let standing = try standing(
            fleet([
                Sample.source("a", at: Sample.new),
                Sample.applier("a", "apps/x", state: state, dependsOn: ["apps/db"]),
                Sample.applier("a", "apps/db", state: .failed),
            ])
        )
        #expect(standing.cause == .words(words))
    }

    @Test func `where nothing is wrong it is just not due`() throws {
        let source = try standing(fleet([Sample.source("a"), Sample.applier("a", "apps/x")]))
        let fleetSource = Sample.ref("a", .gitRepository, "flux-system/fleet")
        #expect(source.cause == .notDue(fleetSource, every: .seconds(60), next: nil))

        var applier = Sample.applier("a", "apps/x")
        applier.applier?.history = [
            HistoryEntry(lastReconciled: Sample.start, status: "ReconciliationSucceeded")
        ]
        let standing = try standing(fleet([Sample.source("a", at: Sample.new), applier]))
        let next = Sample.start.advanced(by: .seconds(600))
        #expect(standing.cause == .notDue(applier.ref, every: .seconds(600), next: next))
    }

    private func drifted(_ rehearsal: Rehearsal) -> Int? {
        rehearsal.state.clusters[ClusterID("a")]?.summary.drifted
    }

    /// Shows the cluster as it says that it is so long after the start.
    private func show(_ rehearsal: inout Rehearsal, _ resources: [FluxResource], after seconds: Int) {
        var snapshot = Sample.snapshot("a", resources)
        snapshot.confirmed = Sample.start.advanced(by: .seconds(seconds))
        rehearsal.send(.clusterChanged(snapshot))
    }

    @Test func `what was just pushed is no drift, and what its source leaves lying is`() {
        let resources = [Sample.source("a"), Sample.applier("a", "apps/x")]
        var rehearsal = Rehearsal(["a"])
        rehearsal.show("a", resources)
        rehearsal.send(.repositoryChanged(Sample.mirror(head: Sample.old)))
        rehearsal.send(.repositoryChanged(Sample.mirror(head: Sample.new)))
        // Committed long before it was pushed: that is not how long the source has had.
        let key = DistanceKey(repository: Sample.fleet, from: Sample.old, to: Sample.new, path: "")
        rehearsal.send(.distancesMeasured([key: .behind(commits: 1, touching: 1, since: since)]))
        #expect(drifted(rehearsal) == 0)
        show(&rehearsal, resources, after: 119)
        #expect(drifted(rehearsal) == 0)
        // A source-controller that is down changes nothing at all: its interval and a minute are over.
        show(&rehearsal, resources, after: 121)
        #expect(drifted(rehearsal) == 1)
    }

    @Test func `what lay behind before weir looked counts at once`() {
        var source = Sample.source("a")
        source.source?.artifactUpdated = since
        let rehearsal = fleet([source, Sample.applier("a", "apps/x")])
        #expect(drifted(rehearsal) == 1)
    }

    @Test func `what was fetched and is not applied counts after five minutes`() {
        let resources = [Sample.source("a", at: Sample.new), Sample.applier("a", "apps/x")]
        var rehearsal = fleet(resources)
        #expect(drifted(rehearsal) == 0)
        show(&rehearsal, resources, after: 359)
        #expect(drifted(rehearsal) == 0)
        show(&rehearsal, resources, after: 361)
        #expect(drifted(rehearsal) == 1)
    }

    @Test func `X on a Kustomization that never applied anything lists its own path`() {
        var rehearsal = fleet([
            Sample.source("a"), Sample.applier("a", "apps/x", at: nil, state: .failed),
            Sample.applier("a", "flux-system/flux-system", folder: "./clusters/a"),
        ])
        rehearsal.type("<Esc><Tab>/name:x<Enter>X")
        #expect(rehearsal.state.commits.query?.path == "apps/x")
    }
}
