import Chrono
@testable import Dashboard
@testable import Engine
import Git
import Kube
import Testing

/// What `weir drift` may say, and with which exit code.
struct DriftReportTests {
    private static let id = ClusterID("a")
    private static let now = Timestamp(seconds: 1_800_000_000)
    private static let applier = ObjectRef(
        cluster: id,
        group: FluxKind.kustomizeGroup,
        kind: "Kustomization",
        namespace: "apps",
        name: "x"
    )
    private static let entry = InventoryEntry(
        namespace: "apps",
        name: "token",
        group: "",
        kind: "Secret",
        version: "v1"
    )

    private static func state(_ change: (inout ClusterSnapshot) -> Void = { _ in }) -> AppState {
        var state = AppState(profiles: [ClusterProfile(id: id)])
        var snapshot = ClusterSnapshot(id: id, link: .live)
        snapshot.kinds = [.kustomization: .watching]
        snapshot.knowsObjects = true
        change(&snapshot)
        _ = reduce(&state, .clusterChanged(snapshot), now: now)
        return state
    }

    private static func text(_ state: AppState, exactly: [ObjectRef] = []) -> (text: String, code: Int32) {
        let report = DriftReport(state, exactly: exactly, now: now)
        return (DriftTable(report, now: now).text, report.exitCode)
    }

    @Test func `nothing differs is said only where everything was compared`() {
        let (text, code) = DriftReportTests.text(DriftReportTests.state())
        #expect(text.hasPrefix("nothing differs from Git") && code == 0)
    }

    private enum Gap: String, CaseIterable {
        case objects = "not every object"
        case forbidden = "may not be listed"
        case limits = "40 kinds"
        case kind = "may not be read"
        case stale = "stale"
        case unreachable = "refused"
        case connecting = "no answer yet"

        func apply(to snapshot: inout ClusterSnapshot) {
            switch self {
            case .objects: snapshot.knowsObjects = false
            case .forbidden: snapshot.blindSpots = ["Service: its objects may not be listed"]
            case .limits: snapshot.blindSpots = ["40 kinds of objects are watched, and not Zebra"]
            case .kind: snapshot.kinds[.helmRelease] = .forbidden("no rights")
            case .stale: snapshot.kinds[.kustomization] = .stale("the watch was closed")
            case .unreachable: snapshot.link = .unreachable("connection refused", since: DriftReportTests.now)
            case .connecting: snapshot.link = .connecting
            }
        }
    }

    @Test(arguments: Gap.allCases)
    private func `what was not compared is told, and the exit code is 2`(gap: Gap) {
        let (text, code) = DriftReportTests.text(DriftReportTests.state { gap.apply(to: &$0) })
        #expect(!text.contains("nothing differs") && text.contains(gap.rawValue) && code == 2)
    }

    @Test func `a cluster without Flux has nothing to compare`() {
        let (_, code) = DriftReportTests.text(DriftReportTests.state { $0.link = .withoutFlux })
        #expect(code == 0)
    }

    private static func row(_ type: String, who: String, counts: Bool) -> DriftReport.Row {
        DriftReport.Row(
            type: type,
            counts: counts,
            applier: DriftReport.Object(applier),
            object: DriftReport.Object(entry.ref(in: id)),
            message: "withdrawn",
            who: [who],
            hands: [],
            since: "2027-01-15T07:00:00Z",
            comesBack: nil,
            stays: nil,
            putBackLastHour: 1,
            putBackBy: "kustomize-controller",
            flapping: false
        )
    }

    private static func answer(_ outcome: ExactDrift.Finding.Outcome) -> ExactDrift {
        ExactDrift(
            applier: applier,
            basis: .commit("9f2c1ab"),
            renderer: "kubectl kustomize",
            asked: now,
            findings: [ExactDrift.Finding(entry: entry, outcome: outcome)],
            remarks: []
        )
    }

    @Test(arguments: [["corrected"], ["edited"], ["corrected", "edited"], ["edited", "corrected"]])
    func `one object has one row, with what a dry run told and who it was`(types: [String]) throws {
        var cluster = DriftReport(DriftReportTests.state(), now: DriftReportTests.now).clusters[0]
        cluster.drift = types.map { DriftReportTests.row($0, who: "by \($0)", counts: $0 == "edited") }
        let fields = [FieldDifference(path: "data.key", desired: "a", live: "b")]
        let drift = DriftReportTests.answer(.differs(fields))
        cluster.add([drift])
        #expect(cluster.drift.count == 1)
        let row = try #require(cluster.drift.first)
        #expect(row.exact == "differs" && row.counts && row.fields?.count == 1 && row.putBackLastHour == 1)
        #expect(row.putBackBy == "kustomize-controller")
        // Whoever made the change that is over did not make this one.
        let isOpen = types.contains("edited")
        #expect(row.type == (isOpen ? "edited" : "exact") && (row.since != nil) == isOpen)
        #expect(row.who == (isOpen ? ["by edited"] : []))
        #expect(isOpen || row.message == "data.key")
    }

    @Test func `what an apply would not change counts no more, and what is over stays over`() throws {
        let drift = DriftReportTests.answer(.same)
        for (type, exact) in [("edited", "same"), ("corrected", nil)] {
            var cluster = DriftReport(DriftReportTests.state(), now: DriftReportTests.now).clusters[0]
            cluster.drift = [DriftReportTests.row(type, who: "ann", counts: type == "edited")]
            cluster.add([drift])
            #expect(cluster.drift.map(\.exact) == [exact] && cluster.drift[0].counts == false)
        }
    }

    @Test func `a cluster that falls silent is given up, and one that answers is waited for`() {
        let other = ObjectRef(
            cluster: ClusterID("b"),
            group: "",
            kind: "Kustomization",
            namespace: "",
            name: "y"
        )
        let second = Int64(1_000_000_000)
        var state = DriftReportTests.state()
        var progress = ExactProgress([DriftReportTests.applier, other], limit: .seconds(20), now: 0)
        // Both are asked; neither answers within 19 s.
        var asked = ExactTally()
        (asked.open, asked.asked) = (1, 1)
        state.exact.tallies = [DriftReportTests.id: asked, other.cluster: asked]
        progress.take(state, now: 0)
        progress.take(state, now: 19 * second)
        #expect(progress.isOpen && !progress.isNew(state))
        #expect(progress.left(now: 19 * second) == .seconds(1))
        // One of them did, so the other is given up alone.
        var answered = ExactTally()
        answered.heard = 1
        state.exact.tallies[DriftReportTests.id] = answered
        #expect(progress.isNew(state))
        progress.take(state, now: 19 * second)
        #expect(progress.isOpen)
        progress.take(state, now: 20 * second)
        #expect(!progress.isOpen)
    }

    @Test func `exact drift has no values of Secrets, and what could not be asked makes it incomplete`() {
        var state = DriftReportTests.state()
        #expect(state.orderExactDrift(of: [DriftReportTests.applier]).isEmpty)
        let (text, code) = DriftReportTests.text(state, exactly: [DriftReportTests.applier])
        #expect(text.contains("not compared: by dry run") && code == 2)

        let drift = ExactDrift(
            applier: DriftReportTests.applier,
            basis: .commit("9f2c1ab"),
            renderer: "kubectl kustomize",
            asked: DriftReportTests.now,
            findings: [
                ExactDrift.Finding(
                    entry: DriftReportTests.entry,
                    outcome: .differs([
                        FieldDifference(path: "data.key", desired: "", live: "", isHidden: true)
                    ])
                )
            ],
            remarks: []
        )
        var cluster = DriftReport(DriftReportTests.state(), now: DriftReportTests.now).clusters[0]
        cluster.add([drift])
        let row = cluster.drift.first
        #expect(row?.type == "exact" && row?.counts == true && row?.exact == "differs")
        #expect(row?.fields?.first?.desired == nil && row?.fields?.first?.live == nil)
        #expect(row?.fields?.first?.path == "data.key")
    }
}
