import Chrono
import Dashboard
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

    @Test func `exact drift has no values of Secrets, and what could not be asked makes it incomplete`() {
        var state = DriftReportTests.state()
        #expect(state.orderExactDrift(of: [DriftReportTests.applier]).isEmpty)
        let (text, code) = DriftReportTests.text(state, exactly: [DriftReportTests.applier])
        #expect(text.contains("not compared: by dry run") && code == 2)

        let drift = ExactDrift(
            applier: DriftReportTests.applier,
            commit: "9f2c1ab",
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
        cluster.add(drift.findings[0], of: drift, DriftReportTests.applier)
        let row = cluster.drift.first
        #expect(row?.type == "exact" && row?.counts == true && row?.exact == "differs")
        #expect(row?.fields?.first?.desired == nil && row?.fields?.first?.live == nil)
        #expect(row?.fields?.first?.path == "data.key")
    }
}
