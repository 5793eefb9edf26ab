import Chrono
import Dashboard
import Kube
import Testing

/// When an applier puts an object back: not before its next run, and not when that ends before it writes.
struct ComebackTests {
    private static let applier = Sample.ref("a", .kustomization, "apps/x")

    private static func row(_ change: (inout FluxResource) -> Void) -> (AppState, DriftRow?) {
        var rehearsal = Rehearsal(["a"])
        var resource = Sample.applier("a", "apps/x", at: Sample.new)
        resource.interval = .seconds(3_600)
        resource.retryInterval = .seconds(60)
        resource.applier?.history = [
            HistoryEntry(lastReconciled: Sample.start, status: "ReconciliationSucceeded")
        ]
        change(&resource)
        let hand = DriftHand(
            nature: .edited,
            manager: "kubectl",
            name: "kubectl scale",
            fields: ["spec.replicas"],
            fieldCount: 1,
            time: nil,
            returns: true
        )
        let entry = InventoryEntry(
            namespace: "apps",
            name: "api",
            group: "apps",
            kind: "Deployment",
            version: "v1"
        )
        var snapshot = Sample.snapshot("a", [Sample.source("a", at: Sample.new), resource])
        snapshot.drifted = [
            ObjectDrift(entry: entry, applier: resource.ref, hands: [hand], seen: Sample.start)
        ]
        rehearsal.send(.clusterChanged(snapshot))
        return (rehearsal.state, rehearsal.state.clusters[ClusterID("a")]?.drift.first { $0.entry != nil })
    }

    private static func after(_ seconds: Int64) -> Comeback {
        .due(Sample.start.advanced(by: .seconds(seconds)))
    }

    @Test(arguments: [
        // What became of the last run, its message, and the run before.
        ("ReconciliationSucceeded", "", "ReconciliationSucceeded", after(3_600)),
        ("HealthCheckFailed", "timeout", "HealthCheckFailed", after(60)),
        ("PruneFailed", "no rights", "PruneFailed", after(60)),
        ("ReconciliationFailed", "apply failed", "ReconciliationFailed", after(60)),
        (
            "ReconciliationFailed", "Widget/apps/w dry-run failed: no matches", "ReconciliationFailed",
            .stays("until its dry run succeeds")
        ),
        ("BuildFailed", "no such file", "ReconciliationSucceeded", .stays("until it builds again")),
        ("ArtifactFailed", "", "ReconciliationSucceeded", .stays("until its artifact is there")),
        ("DependencyNotReady", "", "ReconciliationSucceeded", .stays("until its dependency is ready")),
        // Under way: what the run before came to is what is known.
        ("Progressing", "Building manifests", "HealthCheckFailed", after(60)),
        ("Progressing", "Building manifests", "ReconciliationFailed", .stays("until its dry run succeeds")),
        ("Progressing", "Building manifests", "ReconciliationSucceeded", after(3_600)),
    ])
    func `a run that fails is tried again, and puts back only what it gets to`(
        reason: String,
        message: String,
        last: String,
        comeback: Comeback
    ) {
        let (_, row) = Self.row { resource in
            let status: Condition.Status =
                reason == "Progressing" ? .unknown : reason == "ReconciliationSucceeded" ? .yes : .no
            resource.state =
                switch status {
                case .yes: .ready
                case .no: reason == "DependencyNotReady" ? .waiting : .failed
                case .unknown: .reconciling
                }
            resource.conditions = [Sample.ready(status, reason, message)]
            resource.applier?.history[0].status = last
        }
        #expect(row?.comeback == comeback)
    }

    @Test func `without an interval of its own for that, a failed run comes again with the others`() {
        let (_, row) = Self.row { resource in
            resource.state = .failed
            resource.retryInterval = nil
            resource.conditions = [Sample.ready(.no, "HealthCheckFailed")]
            resource.applier?.history[0].status = "HealthCheckFailed"
        }
        #expect(row?.comeback == Self.after(3_600))
    }

    @Test(arguments: [
        (SyncState.ready, Comeback.within(.seconds(3_600))), (.failed, .unknown),
        (.stalled, .stays("until its release succeeds")), (.waiting, .stays("until its dependency is ready")),
    ])
    func `helm-controller corrects what a release in sync differs in`(state: SyncState, comeback: Comeback) {
        let (_, row) = Self.row { resource in
            resource.kind = .helmRelease
            resource.state = state
            resource.applier?.driftDetection = .corrects
            resource.applier?.history[0].status = "deployed"
            let reason = state == .waiting ? "DependencyNotReady" : "UpgradeFailed"
            resource.conditions = [Sample.ready(state == .ready ? .yes : .no, state == .ready ? "" : reason)]
        }
        #expect(row?.comeback == comeback)
    }

    @Test func `what a suspended applier would do is told beside that it does nothing`() throws {
        let (state, row) = Self.row { resource in
            resource.isSuspended = true
            resource.state = .suspended
        }
        let suspended = try #require(row)
        #expect(suspended.comeback == .stays("suspended"))
        #expect(state.comebackOnceResumed(suspended) == Self.after(3_600))
        let (broken, held) = Self.row { resource in
            resource.isSuspended = true
            resource.state = .suspended
            resource.conditions = [Sample.ready(.no, "DependencyNotReady")]
        }
        #expect(broken.comebackOnceResumed(try #require(held)) == .stays("until its dependency is ready"))
    }
}
