import Chrono
import Configuration
import Dashboard
import Git
import HashTreeCollections
import Kube
import Testing

struct ResyncTests {
    private let checkout = Sample.ref("prod-eu", .kustomization, "apps/checkout")
    private let fleetSource = Sample.ref("prod-eu", .gitRepository, "flux-system/fleet")

    private func fleet(_ state: SyncState = .ready, protected: Set<String> = []) -> Rehearsal {
        var rehearsal = Rehearsal(protected: protected)
        rehearsal.show(
            "prod-eu",
            [Sample.source("prod-eu"), Sample.applier("prod-eu", "apps/checkout", state: state)]
        )
        rehearsal.select(checkout)
        return rehearsal
    }

    /// The resource as its controller leaves it after a run that was asked for.
    private func answered(_ resource: FluxResource, _ token: String?, _ conditions: [Condition]? = nil)
        -> FluxResource
    {
        var done = resource
        done.requestedAt = token
        done.lastHandledReconcileAt = token
        done.conditions = conditions ?? resource.conditions
        return done
    }

    private func token(_ effects: [Effect]) -> String? {
        for case .requestReconcile(_, let token, _) in effects {
            return token
        }
        return nil
    }

    @Test func `a command asks a protected cluster only by its name`() {
        var rehearsal = Rehearsal(protected: ["prod-eu"])
        let applier = Sample.applier("prod-eu", "apps/checkout", at: Sample.old)
        rehearsal.show("prod-eu", [Sample.source("prod-eu"), applier])
        func order(_ confirmed: Set<String>) -> Result<Void, ActionFailure> {
            rehearsal.state.orderResync(
                of: applier.ref,
                withSource: false,
                force: false,
                confirmed: confirmed,
                now: Sample.start
            )
        }
        guard case .failure(let failure) = order(["prod-us"]) else {
            Issue.record("a protected cluster was asked without its name")
            return
        }
        #expect(failure.message.contains("add --confirm prod-eu"))
        guard case .success = order(["prod-eu"]) else {
            Issue.record("the name was given and nothing was asked")
            return
        }
    }

    @Test func `R asks first and says what it will do`() {
        var rehearsal = fleet()
        #expect(rehearsal.type("R").isEmpty)
        #expect(rehearsal.confirmation?.sentence == "Resync Kustomization apps/checkout on 1 cluster")
        #expect(rehearsal.type("<Esc>").isEmpty)
        #expect(rehearsal.confirmation == nil)
        #expect(rehearsal.state.resyncs.all.isEmpty)
    }

    @Test func `a resync is asked, followed and ends when the controller has answered`() {
        var rehearsal = fleet()
        rehearsal.type("R")
        let effects = rehearsal.type("<Enter>")
        let token = Sample.start.rfc3339Nano
        #expect(effects == [.requestReconcile(checkout, token: token, force: false)])
        #expect(rehearsal.state.resyncs.phase(of: checkout) == .asking)
        rehearsal.send(.reconcileRequested(checkout, token: token, .success(nil)))
        #expect(rehearsal.state.resyncs.phase(of: checkout) == .asked)

        let before = Sample.applier("prod-eu", "apps/checkout")
        // Another token that was handled is not ours.
        rehearsal.show("prod-eu", [answered(before, "somebody else's").with(requestedAt: token)])
        #expect(rehearsal.state.resyncs.phase(of: checkout) == .asked)
        rehearsal.now = Sample.start.advanced(by: .seconds(3))
        rehearsal.show("prod-eu", [answered(before, token)])
        #expect(rehearsal.state.resyncs.all.map(\.phase) == [.ended(.ready)])
        #expect(rehearsal.notices == ["apps/checkout on prod-eu: ready after 3.0s"])
    }

    @Test func `a later request that was answered stands for ours`() {
        var rehearsal = fleet()
        rehearsal.type("R<Enter>")
        rehearsal.show("prod-eu", [answered(Sample.applier("prod-eu", "apps/checkout"), "later than ours")])
        #expect(rehearsal.state.resyncs.all.map(\.phase) == [.ended(.ready)])
    }

    @Test func `a failing Kustomization that keeps Reconciling has ended all the same`() {
        var rehearsal = fleet(.failed)
        rehearsal.type("R<Enter>")
        let conditions = [
            Sample.ready(.no, "HealthCheckFailed", "timeout"),
            Condition(type: "Reconciling", status: .yes, reason: "ProgressingWithRetry"),
        ]
        let failing = Sample.applier("prod-eu", "apps/checkout", state: .failed)
        rehearsal.show("prod-eu", [answered(failing, Sample.start.rfc3339Nano, conditions)])
        #expect(rehearsal.state.resyncs.all.map(\.phase) == [.ended(.failed("timeout"))])
        #expect(rehearsal.state.notices.last?.tone == .problem)
    }

    @Test func `with its source the source is asked first and shared by all that read it`() {
        var rehearsal = Rehearsal()
        let appliers = ["apps/a", "apps/b"].map { Sample.applier("prod-eu", $0) }
        rehearsal.show("prod-eu", [Sample.source("prod-eu")] + appliers)
        rehearsal.select(appliers[0].ref)
        rehearsal.type("  W")
        #expect(rehearsal.confirmation?.sentence == "Resync 2 resources with their sources on 1 cluster")
        let effects = rehearsal.type("<Enter>")
        #expect(effects == [.requestReconcile(fleetSource, token: Sample.start.rfc3339Nano, force: false)])
        let next = rehearsal.show(
            "prod-eu",
            [answered(Sample.source("prod-eu", at: Sample.new), token(effects))] + appliers
        )
        let asked = next.compactMap { effect -> ObjectRef? in
            if case .requestReconcile(let ref, _, _) = effect {
                return ref
            }
            return nil
        }
        #expect(asked == appliers.map(\.ref))
        #expect(Set(next.compactMap { self.token([$0]) }).count == 2)
    }

    @Test func `a source that fails ends what comes after it`() {
        var rehearsal = fleet()
        rehearsal.type("W")
        let effects = rehearsal.type("<Enter>")
        var failed = answered(Sample.source("prod-eu", state: .failed), token(effects))
        failed.conditions = [Sample.ready(.no, "GitOperationFailed", "authentication required")]
        let next = rehearsal.show("prod-eu", [failed, Sample.applier("prod-eu", "apps/checkout")])
        #expect(next.isEmpty)
        #expect(
            rehearsal.state.resyncs.all.last?.phase
                == .ended(.sourceFailed("flux-system/fleet: authentication required"))
        )
    }

    @Test func `a chart's release is asked after its repository and its chart`() {
        let repository = FluxResource(
            ref: Sample.ref("a", .helmRepository, "flux-system/charts"),
            kind: .helmRepository,
            state: .ready
        ).with(conditions: [Sample.ready(.yes)])
        let chart = FluxResource(
            ref: Sample.ref("a", .helmChart, "flux-system/apps-cart"),
            kind: .helmChart,
            state: .ready
        ).with(conditions: [Sample.ready(.yes)])
        var release = FluxResource(
            ref: Sample.ref("a", .helmRelease, "apps/cart"),
            kind: .helmRelease,
            state: .ready
        )
        release.conditions = [Sample.ready(.yes)]
        release.applier = ApplierFacts(source: repository.ref)
        var rehearsal = Rehearsal(["a"])
        rehearsal.show("a", [repository, chart, release])
        rehearsal.select(release.ref)
        rehearsal.type("W<Enter>")
        #expect(rehearsal.state.resyncs.all.map(\.ref) == [repository.ref, chart.ref, release.ref])
        #expect(rehearsal.state.resyncs.all.map(\.after) == [[], [1], [2]])
    }

    @Test func `only a few wait for an answer at once, in a cluster and in the fleet`() {
        let clusters = (1...6).map { "c\($0)" }
        var rehearsal = Rehearsal(clusters)
        for cluster in clusters {
            rehearsal.show(cluster, (1...4).map { Sample.applier(cluster, "apps/n\($0)") })
            rehearsal.type(":cluster \(cluster)<Enter>")
            while rehearsal.state.fleet.focus != .sync {
                rehearsal.type("<Tab>")
            }
            rehearsal.type("*")
        }
        #expect(rehearsal.state.marks.count == 24)
        rehearsal.type("R")
        #expect(rehearsal.confirmation?.sentence == "Resync 24 resources on 6 clusters")
        let effects = rehearsal.type("<Enter>")
        #expect(effects.count == 8)
        var perCluster: [ClusterID: Int] = [:]
        for case .requestReconcile(let ref, _, _) in effects {
            perCluster[ref.cluster, default: 0] += 1
        }
        #expect(perCluster.values.allSatisfy { $0 == 2 })
        // One answer makes room for one more; slow ones give their place up after a while.
        guard case .requestReconcile(let first, let token, _)? = effects.first else {
            return
        }
        let failure = ActionFailure(.forbidden, "may not patch")
        #expect(rehearsal.send(.reconcileRequested(first, token: token, .failure(failure))).count == 1)
        for case .requestReconcile(let ref, let token, _) in effects.dropFirst() {
            rehearsal.send(.reconcileRequested(ref, token: token, .success(nil)))
        }
        #expect(rehearsal.wait(.seconds(14)).isEmpty)
        #expect(rehearsal.wait(.seconds(2)).count == 7)
    }

    @Test func `a patch that is refused ends with the cluster's words`() {
        var rehearsal = fleet()
        rehearsal.type("R<Enter>")
        rehearsal.send(
            .reconcileRequested(
                checkout,
                token: Sample.start.rfc3339Nano,
                .failure(ActionFailure(.forbidden, "viewer may not patch kustomizations"))
            )
        )
        #expect(
            rehearsal.notices == ["apps/checkout on prod-eu: viewer may not patch kustomizations after 0ms"]
        )
        #expect(rehearsal.state.resyncs.open.isEmpty)
    }

    @Test func `silence ends after the object's own patience`() {
        var rehearsal = fleet()
        rehearsal.type("R<Enter>")
        rehearsal.send(.reconcileRequested(checkout, token: Sample.start.rfc3339Nano, .success(nil)))
        _ = rehearsal.wait(.seconds(299))
        #expect(rehearsal.state.resyncs.open.count == 1)
        _ = rehearsal.wait(.seconds(1))
        #expect(rehearsal.state.resyncs.all.map(\.phase) == [.ended(.timedOut(.seconds(300)))])
        #expect(rehearsal.notices.last?.contains("no answer within 5m0s") == true)
    }

    @Test func `an answer to another request changes nothing`() {
        var rehearsal = fleet()
        rehearsal.type("R<Enter>")
        rehearsal.send(.reconcileRequested(checkout, token: "stale", .failure(ActionFailure(.other, "no"))))
        #expect(rehearsal.state.resyncs.phase(of: checkout) == .asking)
    }

    @Test func `tokens are never the same, even in one nanosecond`() {
        var rehearsal = Rehearsal(["a", "b"])
        for cluster in ["a", "b"] {
            rehearsal.show(cluster, [Sample.applier(cluster, "apps/x")])
            rehearsal.select(Sample.ref(cluster, .kustomization, "apps/x"))
            rehearsal.type(" ")
        }
        let effects = rehearsal.type("R<Enter>")
        #expect(Set(effects.compactMap { token([$0]) }).count == 2)
    }

    @Test func `a suspended resource is refused, with the offer to resume it first`() {
        var rehearsal = fleet(.suspended)
        rehearsal.type("R")
        #expect(rehearsal.confirmation?.targets.isEmpty == true)
        #expect(rehearsal.confirmation?.problem == "apps/checkout is suspended: press r to resume first")
        #expect(rehearsal.type("<Enter>").isEmpty)
        #expect(rehearsal.confirmation != nil)
        rehearsal.type("r")
        #expect(rehearsal.confirmation?.resumesSuspended == true)
        #expect(rehearsal.type("<Enter>") == [.setSuspended(checkout, false, reason: nil)])
        #expect(rehearsal.state.resyncs.phase(of: checkout) == .resuming)
        let effects = rehearsal.send(.suspensionChanged(checkout, isSuspended: false, .success(nil)))
        #expect(effects == [.requestReconcile(checkout, token: Sample.start.rfc3339Nano, force: false)])
    }

    @Test func `protected clusters ask for their name`() {
        var rehearsal = fleet(protected: ["prod-eu"])
        rehearsal.type("R")
        #expect(rehearsal.confirmation?.requiredName == "prod-eu")
        #expect(rehearsal.type("<Enter>").isEmpty)
        #expect(rehearsal.confirmation?.problem == "type prod-eu to confirm: it is protected")
        #expect(rehearsal.type("prod-us<Enter>").isEmpty)
        #expect(rehearsal.confirmation != nil)
        #expect(rehearsal.type("<Ctrl-u>prod-eu<Enter>").count == 1)
    }

    @Test(arguments: ["R", "W", "F", "s", "r"])
    func `a read-only process changes nothing`(key: String) {
        var rehearsal = Rehearsal(isReadOnly: true)
        rehearsal.show(
            "prod-eu",
            [Sample.applier("prod-eu", "apps/checkout", state: key == "r" ? .suspended : .ready)]
        )
        rehearsal.select(checkout)
        #expect(rehearsal.type(key).isEmpty)
        #expect(rehearsal.confirmation == nil)
        #expect(rehearsal.notices == ["weir runs read-only: nothing was changed"])
        #expect(!rehearsal.state.works(.resync))
    }

    @Test func `a read-only cluster is left out and the others are not`() {
        var rehearsal = Rehearsal(readOnly: ["prod-us"])
        for cluster in ["prod-eu", "prod-us"] {
            rehearsal.show(cluster, [Sample.applier(cluster, "apps/checkout")])
            rehearsal.select(Sample.ref(cluster, .kustomization, "apps/checkout"))
            rehearsal.type(" ")
        }
        rehearsal.type("R")
        #expect(rehearsal.confirmation?.targets == [checkout])
        #expect(rehearsal.confirmation?.refused.map(\.why) == ["prod-us is read-only here"])
    }

    @Test func `what would be refused is said before anything is asked, with verb and resource`() {
        var rehearsal = Rehearsal()
        for (cluster, isAllowed) in [("prod-eu", true), ("prod-us", false)] {
            var snapshot = Sample.snapshot(cluster, [Sample.applier(cluster, "apps/checkout")])
            snapshot.rights.set(isAllowed, toPatch: .kustomization, in: "")
            snapshot.rights.set(isAllowed, toPatch: .kustomization, in: "apps")
            rehearsal.send(.clusterChanged(snapshot))
            rehearsal.select(Sample.ref(cluster, .kustomization, "apps/checkout"))
            rehearsal.type(" ")
        }
        rehearsal.type("R")
        #expect(rehearsal.confirmation?.targets == [checkout])
        let why = "needs the right to patch kustomizations.kustomize.toolkit.fluxcd.io in apps"
        #expect(rehearsal.confirmation?.refused.map(\.why) == [why])
    }

    @Test func `force is for Helm releases`() {
        var rehearsal = fleet()
        rehearsal.type("F")
        #expect(rehearsal.confirmation == nil)
        #expect(rehearsal.notices == ["nothing was changed: apps/checkout only a HelmRelease can be forced"])
        var release = FluxResource(
            ref: Sample.ref("prod-eu", .helmRelease, "apps/cart"),
            kind: .helmRelease,
            state: .ready
        )
        release.applier = ApplierFacts()
        rehearsal.show("prod-eu", [release])
        rehearsal.select(release.ref)
        rehearsal.type("F")
        #expect(
            rehearsal.type("<Enter>")
                == [.requestReconcile(release.ref, token: Sample.start.rfc3339Nano, force: true)]
        )
    }

    @Test func `what is queued can be cancelled`() {
        var rehearsal = Rehearsal(["a"])
        rehearsal.show("a", (1...5).map { Sample.applier("a", "apps/n\($0)") })
        rehearsal.select(Sample.ref("a", .kustomization, "apps/n1"))
        #expect(rehearsal.type("*R<Enter>").count == 2)
        rehearsal.type(":cancel<Enter>")
        #expect(rehearsal.state.resyncs.open.count == 2)
        #expect(rehearsal.notices.last == "3 queued resyncs cancelled")
    }
}

struct SuspensionTests {
    private let checkout = Sample.ref("prod-eu", .kustomization, "apps/checkout")

    private func fleet(_ state: SyncState) -> Rehearsal {
        var rehearsal = Rehearsal()
        rehearsal.show("prod-eu", [Sample.applier("prod-eu", "apps/checkout", state: state)])
        rehearsal.select(checkout)
        return rehearsal
    }

    @Test func `suspend asks a reason and z takes it back`() {
        var rehearsal = fleet(.ready)
        rehearsal.type("s")
        #expect(rehearsal.confirmation?.focus == .reason)
        #expect(rehearsal.type("upgrade<Enter>") == [.setSuspended(checkout, true, reason: "upgrade")])
        rehearsal.send(.suspensionChanged(checkout, isSuspended: true, .success(nil)))
        #expect(rehearsal.notices.last == "apps/checkout on prod-eu is suspended")
        rehearsal.show("prod-eu", [Sample.applier("prod-eu", "apps/checkout", state: .suspended)])
        rehearsal.type("z")
        #expect(rehearsal.confirmation?.action == .resume)
        #expect(rehearsal.type("<Enter>") == [.setSuspended(checkout, false, reason: nil)])
        #expect(rehearsal.state.undoables.isEmpty)
        rehearsal.type("z")
        #expect(rehearsal.notices.last == "there is nothing to undo: nothing was changed from here")
    }

    @Test func `a suspension that failed is nothing to undo`() {
        var rehearsal = fleet(.ready)
        rehearsal.type("s<Enter>")
        rehearsal.send(
            .suspensionChanged(
                checkout,
                isSuspended: true,
                .failure(ActionFailure(.forbidden, "may not patch"))
            )
        )
        #expect(rehearsal.state.undoables.isEmpty)
        #expect(rehearsal.notices.last == "apps/checkout on prod-eu could not be suspended: may not patch")
    }

    @Test func `undoing a resume suspends again with the old reason`() {
        var rehearsal = fleet(.suspended)
        var suspended = Sample.applier("prod-eu", "apps/checkout", state: .suspended)
        suspended.suspendReason = "upgrade"
        rehearsal.show("prod-eu", [suspended])
        #expect(rehearsal.type("r<Enter>") == [.setSuspended(checkout, false, reason: nil)])
        rehearsal.show("prod-eu", [Sample.applier("prod-eu", "apps/checkout")])
        rehearsal.type("z")
        #expect(rehearsal.type("<Enter>") == [.setSuspended(checkout, true, reason: "upgrade")])
    }

    @Test func `what is suspended already is told with who, why and since when`() {
        var rehearsal = fleet(.suspended)
        var suspended = Sample.applier("prod-eu", "apps/checkout", state: .suspended)
        suspended.suspendedBy = "sre"
        suspended.suspendReason = "upgrade"
        suspended.suspendedSince = Sample.start.advanced(by: .seconds(-7_200))
        rehearsal.show("prod-eu", [suspended])
        rehearsal.type("s")
        #expect(rehearsal.confirmation == nil)
        #expect(
            rehearsal.notices
                == ["nothing was changed: apps/checkout is suspended already (by sre: upgrade, 2h ago)"]
        )
    }

    @Test func `help says what undo would take back`() {
        var rehearsal = fleet(.ready)
        #expect(rehearsal.state.undoWords == nil)
        rehearsal.type("s<Enter>")
        #expect(rehearsal.state.undoWords == "resume apps/checkout on prod-eu")
        rehearsal.type("?")
        #expect(
            rehearsal.help?.all.first { $0.command == .undo }?.text == "undo: resume apps/checkout on prod-eu"
        )
    }

    @Test func `what is already so is told and left`() {
        var rehearsal = fleet(.ready)
        rehearsal.type("r")
        #expect(rehearsal.notices == ["nothing was changed: apps/checkout is not suspended"])
    }
}

extension FluxResource {
    func with(requestedAt token: String) -> FluxResource {
        var copy = self
        copy.requestedAt = token
        return copy
    }

    func with(conditions: [Condition]) -> FluxResource {
        var copy = self
        copy.conditions = conditions
        return copy
    }
}
