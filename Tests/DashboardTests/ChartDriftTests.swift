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
