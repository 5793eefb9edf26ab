import Chrono
import Kube
import KubeWire
import Testing

private let first = Timestamp(seconds: 1_000)
private let revision = Revision("main@sha1:705f74ba5bd5309ca9e6a3de50df9ea722fb280c")

private func applier(_ kind: FluxKind = .kustomization) -> FluxResource {
    let ref = ObjectRef(
        cluster: prod,
        group: kind.group,
        kind: kind.kind,
        namespace: "flux-system",
        name: "webshop"
    )
    var resource = FluxResource(ref: ref, kind: kind, state: .ready)
    resource.applier = ApplierFacts(
        inventory: Inventory([
            (id: "webshop_webshop_apps_Deployment", version: "v1"),
            (id: "webshop_settings__ConfigMap", version: "v1"), (id: "_webshop__Namespace", version: "v1"),
        ]),
        history: [
            HistoryEntry(firstReconciled: first, status: "ReconciliationSucceeded", revision: revision)
        ]
    )
    return resource
}

private func event(
    _ message: String,
    at seconds: Int64,
    reason: String = "Progressing",
    isWarning: Bool = false,
    revision: Revision? = revision
) -> FluxEvent {
    FluxEvent(
        uid: "u",
        about: applier().ref,
        at: Timestamp(seconds: seconds),
        isWarning: isWarning,
        reason: reason,
        message: message,
        count: 1,
        revision: revision
    )
}

private let message =
    "Deployment/webshop/webshop configured ConfigMap/webshop/settings created Namespace/webshop deleted"

struct CorrectedDriftTests {
    @Test func `objects that change while their revision is old were put back`() {
        let told = CorrectedDrift.told(by: event(message, at: 1_100), of: applier())
        #expect(told.map(\.entry.kind) == ["Deployment", "ConfigMap"])
        #expect(told.map(\.wasMissing) == [false, true])
        #expect(told.allSatisfy { $0.by.isEmpty && $0.ending == .putBack })
    }

    @Test(arguments: [
        event(message, at: 900), event(message, at: 1_100, revision: Revision("main@sha1:0000000")),
        event(message, at: 1_100, revision: nil), event(message, at: 1_100, isWarning: true),
        event("Reconciliation finished in 1s, next run in 10m0s", at: 1_100),
        event("Deployment/other/other configured", at: 1_100),
    ])
    func `a new revision, a failure and words without objects put nothing back`(event: FluxEvent) {
        #expect(CorrectedDrift.told(by: event, of: applier()).isEmpty)
    }

    @Test func `helm-controller says itself that it put something back`() {
        let words =
            "Cluster state of release webshop/webshop has been corrected: Deployment/webshop/webshop configured"
        let release = applier(.helmRelease)
        let corrected = event(words, at: 900, reason: "DriftCorrected", revision: nil)
        #expect(CorrectedDrift.told(by: corrected, of: release).map(\.entry.name) == ["webshop"])
        let detected = event(words, at: 900, reason: "DriftDetected", revision: nil)
        #expect(CorrectedDrift.told(by: detected, of: release).isEmpty)
    }

    @Test func `two reports within half a minute are one`() throws {
        let one = try #require(CorrectedDrift.told(by: event(message, at: 1_100), of: applier()).first)
        let soon = try #require(CorrectedDrift.told(by: event(message, at: 1_110), of: applier()).first)
        let late = try #require(CorrectedDrift.told(by: event(message, at: 1_200), of: applier()).first)
        #expect(one.isSame(as: soon) && !one.isSame(as: late))
    }
}
