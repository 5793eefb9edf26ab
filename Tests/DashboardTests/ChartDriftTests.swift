import Chrono
import Dashboard
import HashTreeCollections
import Kube
import Testing

/// Charts and OCI artifacts: what is offered within the range, and what is deployed.
struct ChartDriftTests {
    private static let digest = "9f2c1ab2ff00" + String(repeating: "a", count: 52)

    private static func release(_ version: String, from chart: ObjectRef) -> FluxResource {
        var resource = FluxResource(
            ref: Sample.ref("a", .helmRelease, "apps/shop"),
            kind: .helmRelease,
            state: .ready
        )
        resource.applier = ApplierFacts(source: chart, lastApplied: Revision(version), chart: "shop")
        resource.applier?.chartObject = chart
        return resource
    }

    private static func source(_ kind: FluxKind, _ name: String, _ artifact: String) -> FluxResource {
        var resource = FluxResource(ref: Sample.ref("a", kind, name), kind: kind, state: .ready)
        resource.source = SourceFacts(url: "shop", follows: .none, artifact: Revision(artifact))
        return resource
    }

    private static func rows(_ resources: [FluxResource]) -> [DriftRow] {
        var rehearsal = Rehearsal(["a"])
        rehearsal.show("a", resources)
        return rehearsal.state.clusters[ClusterID("a")]?.drift ?? []
    }

    @Test(arguments: [
        (FluxKind.helmChart, "6.2.0", "6.1.0", true), (.helmChart, "6.2.0", "6.2.0", false),
        (.helmChart, "6.2.0+1", "6.2.0+1", false), (.ociRepository, "6.2.0@sha256:\(digest)", "6.2.0", false),
        (.ociRepository, "6.2.0@sha256:\(digest)", "6.2.0+9f2c1ab2ff00", false),
        (.ociRepository, "6.2.0@sha256:\(digest)", "6.2.0+000000000000", true),
        (.ociRepository, "6.2.0@sha256:\(digest)", "6.1.0", true),
        (.ociRepository, "latest@sha256:\(digest)", "6.1.0", false),
        (.ociRepository, "latest@sha256:\(digest)", "6.1.0+9f2c1ab2ff00", false),
    ])
    func `a chart that is offered and not deployed is drift`(
        kind: FluxKind,
        offered: String,
        deployed: String,
        isDrift: Bool
    ) {
        let chart = ChartDriftTests.source(kind, "apps/shop", offered)
        let rows = ChartDriftTests.rows([chart, ChartDriftTests.release(deployed, from: chart.ref)])
        #expect(rows.map(\.id.what) == (isDrift ? [.apply] : []))
        #expect(rows.allSatisfy { $0.isCounted && $0.about.kind == "HelmRelease" })
    }

    @Test(arguments: [
        // Nothing but the failure: it was never installed.
        (["failed 6.2.0"], SyncState.failed, "nothing", true),
        (["failed 6.2.0", "deployed 6.1.0"], .failed, "6.1.0", true),
        (["failed 6.2.0", "superseded 6.1.0"], .stalled, "6.1.0", true),
        // It is tried again, which is no rollout that goes well.
        (["failed 6.2.0", "deployed 6.1.0"], .reconciling, "6.1.0", true),
        (["failed 6.2.0", "deployed 6.2.0"], .failed, "an earlier release", true),
        (["deployed 6.1.0", "failed 6.2.0", "superseded 6.1.0"], .failed, "6.1.0", true),
        (["pending-upgrade 6.2.0", "deployed 6.1.0"], .reconciling, "6.1.0", false),
        (["uninstalled 6.2.0", "deployed 6.1.0"], .failed, "nothing", true),
        ([], .waiting, "nothing", true), ([], .reconciling, "nothing", false),
    ])
    func `a release that failed leaves what ran before, and says why`(
        history: [String],
        state: SyncState,
        runs: String,
        counts: Bool
    ) throws {
        var chart = ChartDriftTests.source(.helmChart, "apps/shop", "6.2.0")
        chart.source?.artifactUpdated = Timestamp(rfc3339: "2026-11-22T20:09:00Z")
        let entries = history.enumerated().map { place, release in
            let parts = release.split(separator: " ")
            return """
                {"chartVersion":"\(parts[1])","status":"\(parts[0])","version":\(9 - place),
                 "firstDeployed":"2026-11-22T20:00:00Z","lastDeployed":"2026-11-22T20:0\(9 - place):00Z"}
                """
        }
        let json = """
            {"apiVersion":"helm.toolkit.fluxcd.io/v2","kind":"HelmRelease",
             "metadata":{"namespace":"apps","name":"shop"},
             "spec":{"interval":"10m","chart":{"spec":{"chart":"shop","version":"6.x",
              "sourceRef":{"kind":"HelmRepository","name":"charts"}}}},
             "status":{"helmChart":"apps/shop","history":[\(entries.joined(separator: ","))]}}
            """
        let cluster = FluxDecoding(cluster: ClusterID("a"))
        var release = try #require(FluxResource.decode(Array(json.utf8), in: cluster))
        release.state = state
        let row = try #require(ChartDriftTests.rows([chart, release]).first)
        #expect(row.kind == .apply(fetched: "6.2.0", applied: runs))
        #expect(row.why.isEmpty == !counts)
        #expect(row.counts(at: Timestamp(rfc3339: "2026-11-22T20:09:30Z")) == counts)
    }

    @Test func `an index that is newer than the one looked at is told and not counted`() {
        let index = ChartDriftTests.source(
            .helmRepository,
            "flux-system/charts",
            "sha256:\(ChartDriftTests.digest)"
        )
        var chart = ChartDriftTests.source(.helmChart, "flux-system/shop", "6.2.0")
        chart.source?.chartSource = index.ref
        chart.source?.range = "versions 6.x"
        chart.source?.observedIndex = Revision("sha256:\(String(repeating: "b", count: 64))")
        let rows = ChartDriftTests.rows([index, chart])
        #expect(rows.map(\.kind) == [.index(chart: "shop", range: "versions 6.x")])
        #expect(rows.allSatisfy { !$0.isCounted })
        chart.source?.observedIndex = index.source?.artifact
        #expect(ChartDriftTests.rows([index, chart]).isEmpty)
    }
}
