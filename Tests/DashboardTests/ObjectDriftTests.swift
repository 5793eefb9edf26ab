import Chrono
import Dashboard
import Git
import Kube
import Testing

struct ObjectDriftTests {
    private static let entry = InventoryEntry(
        namespace: "apps",
        name: "api",
        group: "apps",
        kind: "Deployment",
        version: "v1"
    )
    private static let applier = Sample.ref("a", .kustomization, "apps/x")

    private static func drift(
        _ manager: String = "kubectl-edit",
        nature: DriftHand.Nature = .edited,
        returns: Bool? = true,
        name: String = "api",
        time: Timestamp? = Sample.start,
        sighted: Onset? = nil
    ) -> ObjectDrift {
        ObjectDrift(
            entry: InventoryEntry(
                namespace: "apps",
                name: name,
                group: "apps",
                kind: "Deployment",
                version: "v1"
            ),
            applier: applier,
            hands: [
                DriftHand(
                    nature: nature,
                    manager: manager,
                    name: manager.replacing("-", with: " "),
                    fields: ["spec.replicas"],
                    fieldCount: 1,
                    time: time,
                    returns: returns
                )
            ],
            seen: Sample.start,
            sighted: sighted
        )
    }

    private static func corrected(_ minutesAgo: Int) -> CorrectedDrift {
        corrected(minutesAgo, seconds: 0)
    }

    private static func corrected(_ minutesAgo: Int, seconds: Int) -> CorrectedDrift {
        CorrectedDrift(
            entry: entry,
            applier: applier,
            by: ["kubectl edit"],
            fields: [],
            wasMissing: false,
            began: nil,
            ended: Sample.start.advanced(by: .seconds(-60 * minutesAgo - seconds)),
            ending: .putBack
        )
    }

    private func rehearsal(
        _ drifted: [ObjectDrift],
        corrected: [CorrectedDrift] = [],
        change: (inout FluxResource) -> Void = { _ in }
    ) -> Rehearsal {
        var rehearsal = Rehearsal(["a"])
        var applier = Sample.applier("a", "apps/x", at: Sample.new)
        applier.interval = .seconds(600)
        change(&applier)
        var snapshot = Sample.snapshot("a", [Sample.source("a", at: Sample.new), applier])
        snapshot.drifted = drifted
        snapshot.corrected = corrected
        snapshot.confirmed = Sample.start
        rehearsal.send(.clusterChanged(snapshot))
        return rehearsal
    }

    @Test func `an edited object is a row with who, since when and what brings it back`() throws {
        let rehearsal = rehearsal([ObjectDriftTests.drift()])
        let row = try #require(rehearsal.state.fleet.driftRows.first)
        #expect(row.kind == .object(ObjectDriftTests.drift()))
        #expect(row.who == ["kubectl edit"] && row.since == Sample.start)
        #expect(row.about == ObjectDriftTests.applier)
        #expect(rehearsal.state.totals.drifted == 1)
    }

    @Test func `what an applier will do about it depends on the applier`() {
        func comeback(_ returns: Bool?, _ change: (inout FluxResource) -> Void = { _ in }) -> Comeback? {
            rehearsal([ObjectDriftTests.drift(returns: returns)], change: change)
                .state.fleet.driftRows.first?.comeback
        }
        #expect(comeback(true) { $0.isSuspended = true } == .stays("suspended"))
        #expect(comeback(false) == .stays("Flux leaves it"))
        #expect(comeback(nil) == .unknown)
        let due = comeback(true) { resource in
            resource.applier?.history = [HistoryEntry(lastReconciled: Sample.start, status: "x")]
            resource.conditions = []
        }
        #expect(due == .due(Sample.start.advanced(by: .seconds(600))))
        let release = comeback(true) { resource in
            resource.kind = .helmRelease
            resource.applier?.driftDetection = .corrects
            resource.applier?.history = [HistoryEntry(lastReconciled: Sample.start, status: "deployed")]
        }
        #expect(release == .within(.seconds(600)))
        // Ready since long ago does not say when it ran last.
        #expect(comeback(true) == .within(.seconds(600)))
    }

    @Test func `what programs added and Flux leaves is shown last and not counted`() {
        let quiet = ObjectDriftTests.drift("acme", nature: .extra, returns: false, name: "a")
        let rehearsal = rehearsal([quiet, ObjectDriftTests.drift()])
        #expect(rehearsal.state.fleet.driftRows.map { $0.entry?.name } == ["api", "a"])
        #expect(rehearsal.state.totals.drifted == 1)
    }

    @Test func `what was put back is counted for an hour and calls itself flapping`() throws {
        let past = [5, 20, 40, 70].map(ObjectDriftTests.corrected)
        let rehearsal = rehearsal([], corrected: past)
        let row = try #require(rehearsal.state.fleet.driftRows.first)
        #expect(row.timesPutBack == 3 && row.isFlapping && row.who == ["kubectl edit"])
        #expect(rehearsal.state.totals.drifted == 0)
        let again = self.rehearsal([ObjectDriftTests.drift()], corrected: Array(past.prefix(2)))
        #expect(again.state.fleet.driftRows.map(\.timesPutBack) == [2])
    }

    @Test func `three reports of one correction are one, and no flapping`() throws {
        let hands = [0, 1, 3].map { ObjectDriftTests.corrected(5, seconds: $0) }
        var rehearsal = rehearsal([], corrected: [hands[0]])
        rehearsal.send(.remembered(DriftMemory(corrected: hands)))
        let row = try #require(rehearsal.state.fleet.driftRows.first)
        #expect(row.timesPutBack == 1 && !row.isFlapping)
    }

    /// How the last run of before the restart ended, half an hour ago, and whether what began an hour or ten minutes
    /// ago may have lasted.
    private struct Lasting: CustomTestStringConvertible {
        var status = "ReconciliationSucceeded"
        var returns: Bool? = true
        var minutes = -10
        var isChecking = false
        var createdMinutesAgo = 600
        let lasts: Bool

        var testDescription: String { "\(status) \(returns.map { "\($0)" } ?? "nil") \(minutes) \(lasts)" }
    }

    @Test(
        arguments: [true, false],
        [
            Lasting(lasts: true), Lasting(returns: nil, lasts: true), Lasting(minutes: -60, lasts: false),
            Lasting(returns: nil, minutes: -60, lasts: false),
            Lasting(status: "HealthCheckFailed", minutes: -60, lasts: false),
            Lasting(status: "PruneFailed", minutes: -60, lasts: false),
            // Nothing on record that wrote: anything may have happened.
            Lasting(status: "ReconciliationFailed", lasts: false), Lasting(isChecking: true, lasts: false),
            // An object of a cluster that was there before.
            Lasting(createdMinutesAgo: 5, lasts: false),
        ]
    )
    private func `what an earlier weir saw begin has its age, unless a run may have ended it`(
        isMissing: Bool,
        lasting: Lasting
    ) throws {
        let began = Sample.start.advanced(by: .seconds(60 * lasting.minutes))
        // A scale leaves no time.
        let drift = ObjectDriftTests.drift(
            "kubectl-scale",
            returns: lasting.returns,
            time: nil,
            sighted: .unknown
        )
        var rehearsal = Rehearsal(["a"])
        var applier = Sample.applier("a", "apps/x", at: Sample.new)
        let putRight = Sample.start.advanced(by: .seconds(-60 * 30))
        applier.applier?.history = [
            HistoryEntry(
                firstReconciled: putRight,
                lastReconciled: putRight,
                status: lasting.status,
                revision: nil,
                digest: nil
            )
        ]
        applier.created = Sample.start.advanced(by: .seconds(-60 * lasting.createdMinutesAgo))
        if lasting.isChecking {
            applier.conditions = [
                Sample.ready(.unknown, "Progressing", "Running health checks for revision x")
            ]
        }
        var snapshot = Sample.snapshot("a", [applier])
        if isMissing {
            snapshot.missing = [
                MissingObject(
                    entry: drift.entry,
                    applier: drift.applier,
                    seen: Sample.start,
                    onset: .after(putRight)
                )
            ]
        } else {
            snapshot.drifted = [drift]
        }
        snapshot.confirmed = Sample.start
        rehearsal.send(.clusterChanged(snapshot))
        func since() -> [Timestamp?] {
            rehearsal.state.fleet.driftRows.filter { $0.entry == drift.entry }.map(\.since)
        }
        #expect(since() == [nil])
        let known = OpenDrift(
            entry: drift.entry,
            applier: drift.applier,
            by: isMissing ? [] : ["kubectl scale"],
            fields: isMissing ? [] : drift.fields,
            isMissing: isMissing,
            began: began
        )
        rehearsal.send(.remembered(DriftMemory(open: [known])))
        #expect(since() == [lasting.lasts ? began : nil])
        // What the ledger knows no more is not shown any more.
        rehearsal.send(.remembered(DriftMemory()))
        #expect(since() == [nil])
    }

    @Test func `who changed an object and who put it back are two`() throws {
        let row = try #require(
            rehearsal([], corrected: [ObjectDriftTests.corrected(5)]).state.fleet.driftRows.first
        )
        #expect(row.who == ["kubectl edit"] && row.corrector == "kustomize-controller")
        let open = try #require(rehearsal([ObjectDriftTests.drift()]).state.fleet.driftRows.first)
        #expect(open.corrector == nil)
    }

    @Test func `a beginning that nobody knows is told as its bound, or as unknown`() throws {
        func row(_ sighted: Onset) throws -> DriftRow {
            let drift = ObjectDriftTests.drift("kubectl-scale", time: nil, sighted: sighted)
            return try #require(rehearsal([drift]).state.fleet.driftRows.first)
        }
        let bound = Sample.start.advanced(by: .seconds(-180))
        #expect(try row(.after(bound)).since == nil)
        #expect(try row(.after(bound)).notBefore == bound)
        #expect(try row(.unknown).since == nil && row(.unknown).notBefore == nil)
        #expect(try row(.at(bound)).since == bound)
    }

    @Test func `a rollout under way is no drift in the count, and one that is held up is`() {
        func count(_ change: (inout FluxResource) -> Void) -> Int {
            var rehearsal = Rehearsal(["a"])
            var applier = Sample.applier("a", "apps/x", at: Sample.old)
            change(&applier)
            rehearsal.send(
                .clusterChanged(Sample.snapshot("a", [Sample.source("a", at: Sample.new), applier]))
            )
            #expect(rehearsal.state.fleet.driftRows.count == 1)
            return rehearsal.state.totals.drifted
        }
        #expect(count { _ in } == 0)
        #expect(count { $0.state = .reconciling } == 0)
        #expect(count { $0.state = .failed } == 1)
        #expect(count { $0.state = .suspended } == 1)
    }

    @Test func `what the ledger remembers counts beside what is seen, each once`() {
        var rehearsal = rehearsal([], corrected: [ObjectDriftTests.corrected(5)])
        rehearsal.send(.remembered(DriftMemory(corrected: [5, 30].map(ObjectDriftTests.corrected))))
        #expect(rehearsal.state.fleet.driftRows.map(\.timesPutBack) == [2])
    }

    @Test(arguments: [
        ("by:kubectl", 1), ("by:lens", 0), ("kind:deployment", 1), ("state:edited", 1), ("age:<1h", 1),
        ("age:>1h", 0), ("age:>2d", 0), ("age:soon", 0), ("spec.replicas", 1), ("!by:kubectl", 0),
    ])
    func `drift is filtered by who, kind, age and field`(filter: String, count: Int) {
        var rehearsal = rehearsal([ObjectDriftTests.drift()])
        rehearsal.now = Sample.start.advanced(by: .seconds(60))
        rehearsal.type("6/\(filter)<Enter>")
        #expect(rehearsal.state.drift.list.rows.count == count)
    }

    @Test func `S sorts the drift of all clusters by another column`() {
        let one = ObjectDriftTests.drift("kubectl-set", name: "a")
        let two = ObjectDriftTests.drift("k9s", name: "b")
        var rehearsal = rehearsal([one, two])
        rehearsal.type("6")
        #expect(rehearsal.state.drift.list.rows.map { $0.entry?.name } == ["a", "b"])
        rehearsal.type("SS")
        #expect(rehearsal.state.drift.sort == .who)
        #expect(rehearsal.state.drift.list.rows.map { $0.entry?.name } == ["b", "a"])
    }

    @Test func `from a drifted object Enter shows its fields, 3 its manifest's commits, R resyncs`() {
        var rehearsal = rehearsal([ObjectDriftTests.drift()])
        rehearsal.send(.repositoryChanged(Sample.mirror(head: Sample.new)))
        rehearsal.type("6<Enter>")
        #expect(rehearsal.state.screen == .resource(ObjectDriftTests.applier))
        #expect(rehearsal.state.resource?.tab == .drift)
        rehearsal.type("<Esc>3")
        #expect(rehearsal.state.screen == .commits)
        #expect(rehearsal.state.commits.query?.path == "apps/x")
        rehearsal.type("<Esc>R")
        guard case .confirm = rehearsal.state.modal else {
            Issue.record("a resync asks first")
            return
        }
    }

    @Test func `rows of objects are put together only where a snapshot tells of them`() throws {
        let id = ClusterID("a")
        var applier = Sample.applier("a", "apps/x", at: Sample.new)
        var other = Sample.applier("a", "apps/y", at: Sample.new)
        (applier.interval, applier.resourceVersion, other.resourceVersion) = (.seconds(600), "1", "1")
        var snapshot = ClusterSnapshot(id: id, link: .live, journal: ChangeJournal())
        [Sample.source("a", at: Sample.new), applier, other].forEach { snapshot.put($0) }
        snapshot.drifted = [ObjectDriftTests.drift()]
        snapshot.corrected = [ObjectDriftTests.corrected(50)]
        snapshot.confirmed = Sample.start
        var rehearsal = Rehearsal(["a"])
        rehearsal.send(.clusterChanged(snapshot))
        let readings = try #require(rehearsal.state.clusters[id]?.objectReadings)
        func show(_ change: (inout ClusterSnapshot) -> Void) -> Int {
            change(&snapshot)
            rehearsal.send(.clusterChanged(snapshot))
            return (rehearsal.state.clusters[id]?.objectReadings ?? 0) - readings
        }
        other.resourceVersion = "2"
        // What other appliers and the link tell is no reason.
        #expect(show { $0.put(other) } == 0)
        #expect(show { $0.confirmed = Sample.start.advanced(by: .seconds(60)) } == 0)
        // Its own applier is: suspended, nothing comes back.
        applier.isSuspended = true
        applier.resourceVersion = "2"
        #expect(show { $0.put(applier) } == 1)
        #expect(rehearsal.state.fleet.driftRows.first?.comeback == .stays("suspended"))
        #expect(rehearsal.state.fleet.driftRows.first?.timesPutBack == 1)
        // And so is the end of the hour in which corrections are told.
        #expect(show { $0.confirmed = Sample.start.advanced(by: .seconds(700)) } == 2)
        #expect(rehearsal.state.fleet.driftRows.first?.timesPutBack == 0)
        #expect(show { $0.drifted = [] } == 3)
        #expect(rehearsal.state.fleet.driftRows.isEmpty)
    }

    @Test func `a rule that cannot be judged is named, and nothing is called whole`() {
        for (name, spots) in [("api-.*", 0), ("(api", 1)] {
            let rehearsal = rehearsal([ObjectDriftTests.drift()]) { applier in
                applier.applier?.ignores = [IgnoreRule(paths: [""], name: name)]
            }
            let told = rehearsal.state.blindSpots(of: ClusterID("a")).filter {
                $0.contains("counts as drift")
            }
            #expect(told.count == spots)
            #expect(told.allSatisfy { $0.contains("name (api is no regular expression") })
        }
    }
}
