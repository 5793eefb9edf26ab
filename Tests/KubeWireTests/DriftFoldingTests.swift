import Chrono
import Kube
import KubeWire
import Testing

/// Edits that kustomize-controller takes for its own before it writes.
struct DriftFoldingTests {
    /// An entry of managedFields, of 11 o'clock unless said otherwise.
    private func owner(
        _ manager: String,
        _ operation: String,
        _ spec: String,
        at hour: Int = 11,
        on subresource: String = ""
    ) -> String {
        #"{"manager":"\#(manager)","operation":"\#(operation)","apiVersion":"apps/v1","#
            + (subresource.isEmpty ? "" : #""subresource":"\#(subresource)","#)
            + #""time":"2026-08-20T\#(hour):00:00Z","fieldsType":"FieldsV1","fieldsV1":{"f:spec":{\#(spec)}}}"#
    }

    /// A Deployment of an applier that owns these fields since an hour of 2026-08-20, and what kubectl edited.
    private func deployment(
        applied: String,
        at hour: Int,
        edited: String? = nil,
        others: [String] = []
    ) throws -> ObjectMetadata {
        let owners =
            [owner("kustomize-controller", "Apply", applied, at: hour)]
            + (edited.map { [owner("kubectl-edit", "Update", $0)] } ?? []) + others
        let json = """
            {"apiVersion":"apps/v1","kind":"Deployment","metadata":{
             "namespace":"apps-002","name":"catalog-0057","uid":"u","resourceVersion":"1",
             "labels":{"kustomize.toolkit.fluxcd.io/name":"catalog-0057",
                       "kustomize.toolkit.fluxcd.io/namespace":"apps-002"},
             "managedFields":[\(owners.joined(separator: ","))]}}
            """
        let reader = AnswerReader<ObjectMetadata>(cluster: prod, readsOwnership: true)
        return try #require(reader.object(Array(json.utf8)))
    }

    /// What the watch shows so many minutes after the start, and the judgement on it.
    private func see(_ tracker: inout DriftTracker, _ object: ObjectMetadata, _ minute: Int) {
        let now = DriftSample.start.advanced(by: .seconds(60 * minute))
        tracker.changed(DriftSample.sight, object, in: prod, now: now)
        tracker.judge(now: now)
    }

    @Test(arguments: ["write", "run", "removal"])
    func `an edit whose fields the applier took is not put back before it wrote or ended well`(end: String)
        throws
    {
        var tracker = DriftTracker()
        tracker.applierChanged(DriftSample.applier())
        let both = #""f:paused":{},"f:replicas":{}"#
        see(&tracker, try deployment(applied: both, at: 10), 0)
        see(&tracker, try deployment(applied: #""f:paused":{}"#, at: 10, edited: #""f:replicas":{}"#), 1)
        #expect(DriftSample.words(tracker) == ["edited kubectl edit: spec.replicas"])
        // The dry run of another object fails: nothing is written.
        see(&tracker, try deployment(applied: both, at: 10), 2)
        #expect(DriftSample.words(tracker) == ["edited kubectl edit: spec.replicas"])
        #expect(tracker.takeEnded().isEmpty)
        let now = DriftSample.start.advanced(by: .seconds(200))
        switch end {
        case "write": see(&tracker, try deployment(applied: both, at: 12), 3)
        case "run":
            var done = DriftSample.applier()
            done.applier?.history = [
                HistoryEntry(
                    firstReconciled: DriftSample.start,
                    lastReconciled: now,
                    status: "ReconciliationSucceeded",
                    revision: Revision("main@sha1:b763818"),
                    digest: nil
                )
            ]
            tracker.applierChanged(done)
        default: tracker.vanished(DriftSample.sight, ObjectName(namespace: "apps-002", name: "catalog-0057"))
        }
        tracker.judge(now: now)
        #expect(tracker.drifted.isEmpty)
        #expect(tracker.takeEnded().map(\.by) == (end == "removal" ? [] : [["kubectl edit"]]))
    }

    @Test(arguments: ["argocd-controller", "kubectl"])
    func `an edit that the applier takes is told beside a hand that it leaves`(manager: String) throws {
        var tracker = DriftTracker()
        tracker.applierChanged(DriftSample.applier())
        let (paused, both) = (#""f:paused":{}"#, #""f:paused":{},"f:replicas":{}"#)
        let isScaled = manager == "kubectl"
        // Of two hands of one program, one is taken and one stays.
        let left = owner(
            manager,
            isScaled ? "Update" : "Apply",
            isScaled ? #""f:replicas":{}"# : #""f:minReadySeconds":{}"#,
            on: isScaled ? "scale" : ""
        )
        let taken = owner(isScaled ? "kubectl" : "kubectl-edit", isScaled ? "Apply" : "Update", paused)
        let name = isScaled ? "kubectl apply --server-side" : "kubectl edit"
        let rest = isScaled ? "edited kubectl scale: spec.replicas" : "edited Argo CD: spec.minReadySeconds"
        see(&tracker, try deployment(applied: both, at: 10), 0)
        see(
            &tracker,
            try deployment(applied: isScaled ? "" : #""f:replicas":{}"#, at: 10, others: [left, taken]),
            1
        )
        let all: Set = ["edited \(name): spec.paused", rest]
        #expect(Set(DriftSample.words(tracker)) == all)
        see(&tracker, try deployment(applied: isScaled ? paused : both, at: 10, others: [left]), 2)
        #expect(Set(DriftSample.words(tracker)) == all)
        #expect(tracker.takeEnded().isEmpty)
        // What is Git's goes to the applier when it writes.
        see(&tracker, try deployment(applied: both, at: 12, others: isScaled ? [] : [left]), 3)
        #expect(tracker.takeEnded().map { Set($0.by) } == [isScaled ? [name, "kubectl scale"] : [name]])
        #expect(!DriftSample.words(tracker).contains { $0.contains(name) })
    }

    @Test func `an edit that a failing run took stays when the last good run is forgotten`() throws {
        var tracker = DriftTracker()
        func applier(_ status: String, _ minute: Int) -> FluxResource {
            var resource = DriftSample.applier()
            resource.conditions = [
                Condition(
                    type: "Ready",
                    status: .no,
                    reason: status,
                    message: "",
                    lastTransition: DriftSample.start
                )
            ]
            resource.applier?.history = [
                HistoryEntry(
                    lastReconciled: DriftSample.start.advanced(by: .seconds(60 * minute)),
                    status: status
                )
            ]
            return resource
        }
        tracker.applierChanged(applier("ReconciliationSucceeded", 0))
        let both = #""f:paused":{},"f:replicas":{}"#
        let steps = [
            try deployment(applied: both, at: 10),
            try deployment(applied: #""f:paused":{}"#, at: 10, edited: #""f:replicas":{}"#),
            try deployment(applied: both, at: 10),
        ]
        for (minute, object) in steps.enumerated() {
            see(&tracker, object, minute)
        }
        // Only so many runs are kept: those that failed push the good one out.
        tracker.applierChanged(applier("ReconciliationFailed", 5))
        tracker.judge(now: DriftSample.start.advanced(by: .seconds(300)))
        #expect(DriftSample.words(tracker) == ["edited kubectl edit: spec.replicas"])
        #expect(tracker.takeEnded().isEmpty)
        tracker.applierChanged(applier("ReconciliationSucceeded", 6))
        tracker.judge(now: DriftSample.start.advanced(by: .seconds(360)))
        #expect(tracker.drifted.isEmpty && tracker.takeEnded().map(\.by) == [["kubectl edit"]])
    }
}
