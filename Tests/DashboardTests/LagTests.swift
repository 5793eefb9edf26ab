import Chrono
import Dashboard
import Git
import HashTreeCollections
import Kube
import Testing

/// Since when sources and appliers lag, and when that counts: a newer push begins nothing anew.
struct LagTests {
    private static let third = Sample.commit("third7")
    private static let cluster = ClusterID("a")
    private static let source = Sample.ref("a", .gitRepository, "flux-system/fleet")
    private static let applier = Sample.ref("a", .kustomization, "apps/x")

    /// Minutes after the beginning.
    private static func at(_ minutes: Int64) -> Timestamp {
        Sample.start.advanced(by: .seconds(minutes * 60))
    }

    private static func fetched(_ commit: String, at minutes: Int64, interval: Int64 = 60) -> FluxResource {
        var source = Sample.source("a", at: commit)
        source.source?.artifactUpdated = at(minutes)
        source.interval = .seconds(interval)
        return source
    }

    /// What a cluster shows at some minute, with all its distances answered from `since`.
    private static func show(
        _ resources: [FluxResource],
        at minutes: Int64,
        in rehearsal: inout Rehearsal,
        since: Int64? = nil,
        commits: Int = 2
    ) {
        rehearsal.now = at(minutes)
        var snapshot = Sample.snapshot("a", resources)
        snapshot.confirmed = rehearsal.now
        answer(rehearsal.send(.clusterChanged(snapshot)), in: &rehearsal, since, commits)
    }

    private static func push(
        _ head: String,
        at minutes: Int64,
        in rehearsal: inout Rehearsal,
        since: Int64? = nil,
        commits: Int = 2
    ) {
        rehearsal.now = at(minutes)
        answer(rehearsal.send(.repositoryChanged(Sample.mirror(head: head))), in: &rehearsal, since, commits)
    }

    private static func answer(
        _ effects: [Effect],
        in rehearsal: inout Rehearsal,
        _ since: Int64?,
        _ commits: Int
    ) {
        for case .measure(let keys) in effects {
            let answer = Distance.behind(commits: commits, touching: 1, since: since.map(at))
            rehearsal.send(
                .distancesMeasured(Dictionary(uniqueKeysWithValues: keys.map { ($0, answer) }))
            )
        }
    }

    private static func row(_ rehearsal: Rehearsal, _ ref: ObjectRef = applier) throws -> DriftRow {
        try #require(rehearsal.state.clusters[cluster]?.drift.first { $0.about == ref })
    }

    @Test func `a newer fetch does not begin an applier's lag anew`() throws {
        var rehearsal = Rehearsal(["a"])
        let applier = Sample.applier("a", "apps/x", at: Sample.old, state: .suspended)
        Self.show([Self.fetched(Sample.old, at: -60), applier], at: 0, in: &rehearsal)
        Self.show([Self.fetched(Sample.bad, at: 1), applier], at: 1, in: &rehearsal)
        #expect(try Self.row(rehearsal).since == Self.at(1))
        Self.show([Self.fetched(Sample.new, at: 20), applier], at: 20, in: &rehearsal)
        #expect(try Self.row(rehearsal).since == Self.at(1))
        // What runs another revision begins anew.
        let later = Sample.applier("a", "apps/x", at: Sample.bad, state: .suspended)
        Self.show([Self.fetched(Sample.new, at: 20), later], at: 21, in: &rehearsal)
        #expect(try Self.row(rehearsal).since == Self.at(20))
    }

    @Test func `an applier lags since the oldest commit that it misses, as status says`() throws {
        var rehearsal = Rehearsal(["a"])
        Self.push(Sample.new, at: 0, in: &rehearsal)
        let applier = Sample.applier("a", "apps/x", at: Sample.old, state: .suspended)
        Self.show([Self.fetched(Sample.new, at: 0), applier], at: 0, in: &rehearsal, since: -500)
        #expect(try Self.row(rehearsal).since == Self.at(-500))
        // While a newer head is being measured it is as it was.
        rehearsal.now = Self.at(3)
        rehearsal.send(.repositoryChanged(Sample.mirror(head: Self.third)))
        #expect(try Self.row(rehearsal).since == Self.at(-500))
        Self.show([Self.fetched(Self.third, at: 3), applier], at: 3, in: &rehearsal, since: -500)
        #expect(try Self.row(rehearsal).since == Self.at(-500))
        #expect(rehearsal.state.standing(of: Self.applier)?.since == Self.at(-500))
    }

    @Test func `without Git an applier lags since it first failed with something newer`() throws {
        var rehearsal = Rehearsal(["a"])
        var applier = Sample.applier("a", "apps/x", at: Sample.old, state: .failed)
        func run(_ status: String, _ commit: String, _ first: Int64, _ last: Int64) -> HistoryEntry {
            HistoryEntry(
                firstReconciled: Self.at(first),
                lastReconciled: Self.at(last),
                status: status,
                revision: Sample.revision(commit)
            )
        }
        applier.applier?.history = [
            run("HealthCheckFailed", Sample.new, -2, -1), run("HealthCheckFailed", Sample.bad, -30, -3),
            run("ReconciliationSucceeded", Sample.old, -90, -40),
        ]
        Self.show([Self.fetched(Sample.new, at: -2), applier], at: 0, in: &rehearsal)
        #expect(try Self.row(rehearsal).since == Self.at(-30))
        // The same was tried before the last good run, and came back.
        applier.applier?.history[1].firstReconciled = Self.at(-80)
        applier.resourceVersion = "2"
        var again = Rehearsal(["a"])
        Self.show([Self.fetched(Sample.new, at: -2), applier], at: 0, in: &again)
        #expect(try Self.row(again).since == Self.at(-40))
    }

    @Test func `an applier that does nothing is overdue although pushes go on`() throws {
        var rehearsal = Rehearsal(["a"])
        let applier = Sample.applier("a", "apps/x", at: Sample.old)
        let commits = [Sample.bad, Sample.new, Self.third, Sample.commit("fourth")]
        Self.show([Self.fetched(Sample.old, at: -60), applier], at: 0, in: &rehearsal)
        for (place, commit) in commits.enumerated() {
            let minute = 1 + Int64(place) * 3
            Self.show([Self.fetched(commit, at: minute), applier], at: minute, in: &rehearsal)
            // Five minutes and one after the first.
            #expect(rehearsal.state.totals.drifted == (minute >= 7 ? 1 : 0), "minute \(minute)")
        }
    }

    @Test func `who looks once sees that an applier is overdue, whatever was pushed just now`() {
        func drifted(committed: Int64, commits: Int = 4) -> Int {
            var rehearsal = Rehearsal(["a"])
            Self.push(Sample.new, at: 0, in: &rehearsal)
            var applier = Sample.applier("a", "apps/x", at: Sample.old)
            applier.applier?.history = [
                HistoryEntry(lastReconciled: Self.at(-90), status: "ReconciliationSucceeded")
            ]
            Self.show(
                [Self.fetched(Sample.new, at: 0), applier],
                at: 0,
                in: &rehearsal,
                since: committed,
                commits: commits
            )
            return rehearsal.state.totals.drifted
        }
        #expect(drifted(committed: -30) == 1)
        #expect(drifted(committed: -3) == 0)
        // One commit was fetched when the artifact was made, however long it lay on somebody's disk.
        #expect(drifted(committed: -30, commits: 1) == 0)
    }

    @Test func `a source that fetches nothing is overdue although pushes go on`() throws {
        var rehearsal = Rehearsal(["a"])
        let source = Self.fetched(Sample.old, at: -60, interval: 1_800)
        Self.push(Sample.old, at: 0, in: &rehearsal)
        Self.show([source], at: 0, in: &rehearsal)
        for (place, head) in [Sample.bad, Sample.new, Self.third].enumerated() {
            let minute = 1 + Int64(place) * 8
            // Committed on a disk, long before it was pushed.
            Self.push(head, at: minute, in: &rehearsal, since: -40)
            Self.show([source], at: minute, in: &rehearsal, since: -40)
            #expect(try Self.row(rehearsal, Self.source).since == Self.at(-40))
            // Ten minutes and one after the first came.
            #expect(rehearsal.state.totals.drifted == (minute >= 12 ? 1 : 0), "minute \(minute)")
        }
    }

    @Test func `a source that was behind before weir looked stays overdue when the next push comes`() {
        var rehearsal = Rehearsal(["a"])
        let source = Self.fetched(Sample.old, at: -60, interval: 1_800)
        Self.push(Sample.bad, at: 0, in: &rehearsal, since: -22)
        Self.show([source], at: 0, in: &rehearsal, since: -22)
        #expect(rehearsal.state.totals.drifted == 1)
        Self.push(Sample.new, at: 1, in: &rehearsal, since: -22)
        #expect(rehearsal.state.totals.drifted == 1)
        // What was not there when the source last fetched was pushed after that.
        var fresh = Rehearsal(["a"])
        Self.push(Sample.bad, at: 0, in: &fresh, since: -22)
        Self.show([Self.fetched(Sample.old, at: -5, interval: 1_800)], at: 0, in: &fresh, since: -22)
        #expect(fresh.state.totals.drifted == 0)
    }

    @Test func `a rewritten branch is rewritten since the first push that the source misses`() throws {
        var rehearsal = Rehearsal(["a"])
        Self.push(Sample.old, at: 0, in: &rehearsal)
        Self.show([Self.fetched(Sample.old, at: -60)], at: 0, in: &rehearsal)
        for (minute, head) in [(Int64(2), Sample.bad), (9, Sample.new)] {
            rehearsal.now = Self.at(minute)
            for case .measure(let keys) in rehearsal.send(.repositoryChanged(Sample.mirror(head: head))) {
                let answers = keys.map { ($0, Distance.diverged) }
                rehearsal.send(.distancesMeasured(Dictionary(uniqueKeysWithValues: answers)))
            }
            #expect(try Self.row(rehearsal, Self.source).since == Self.at(2))
        }
    }

    @Test(arguments: [
        ("HealthCheckFailed", "HealthCheckFailed", 1), ("ReconciliationSucceeded", "", 0),
        ("HealthCheckCanceled", "", 0),
    ])
    func `a run that tries again is as held up as the one that failed`(
        last: String,
        why: String,
        count: Int
    ) throws {
        var rehearsal = Rehearsal(["a"])
        var applier = Sample.applier("a", "apps/x", at: Sample.old, state: .reconciling)
        applier.applier?.history = [
            HistoryEntry(
                lastReconciled: Self.at(-1),
                status: last,
                revision: Sample.revision(last == "ReconciliationSucceeded" ? Sample.old : Sample.new)
            )
        ]
        Self.show([Self.fetched(Sample.new, at: -1), applier], at: 0, in: &rehearsal)
        #expect(try Self.row(rehearsal).why == why)
        #expect(rehearsal.state.totals.drifted == count)
    }

    @Test func `a fetch that is tried again is as held up as the one that failed`() throws {
        var rehearsal = Rehearsal(["a"])
        var source = Self.fetched(Sample.old, at: -2)
        source.state = .reconciling
        source.conditions = [
            Sample.ready(.unknown, "Progressing"),
            Condition(
                type: "FetchFailed",
                status: .yes,
                reason: "GitOperationFailed",
                message: "",
                lastTransition: Self.at(-1)
            ),
        ]
        Self.push(Sample.new, at: 0, in: &rehearsal, since: -1)
        Self.show([source], at: 0, in: &rehearsal, since: -1)
        #expect(try Self.row(rehearsal, Self.source).why == "GitOperationFailed")
        #expect(rehearsal.state.totals.drifted == 1)
    }
}
