import Chrono
import Dashboard
import Git
import HashTreeCollections
import Kube

/// Four clusters: one fails, one cannot be reached, one is stale and behind, one is fine.
struct SampleFleet: Sendable {
    enum Outcome: Sendable {
        case possible, conflict, impossible, merge
    }

    static let now = Timestamp(seconds: 1_800_000_000)
    static let url = "ssh://git@git.example/acme/fleet.git"
    static let id = RepositoryID(url: url)

    var outcome = Outcome.possible
    /// The file that sets the fields of the objects.
    var manifests = "apps/checkout/api.yaml"
    /// What happened to the branch besides new commits.
    var upheaval: RefUpheaval?
    /// Changes every text that comes from outside; names stay what they are where it is the identity.
    var taint: @Sendable (String) -> String = { $0 }

    /// 40 hex digits that begin with a few known ones.
    static func commit(_ digits: String) -> String {
        digits + String(repeating: "0", count: 40 - digits.count)
    }

    let head = commit("9f2c1ab")
    let before = commit("a41be07")
    let old = commit("77de012")

    static func ago(_ seconds: Int64) -> Timestamp {
        Timestamp(seconds: now.seconds - seconds)
    }

    // MARK: Clusters

    private func cluster(_ name: String) -> ClusterID { ClusterID(taint(name)) }

    var profiles: [ClusterProfile] {
        // A name that cannot be typed must not be asked for.
        let isTyped = taint("prod-eu") == "prod-eu"
        return [
            ClusterProfile(id: cluster("dev")),
            ClusterProfile(id: cluster("edge-01")),
            ClusterProfile(id: cluster("prod-eu"), isProtected: isTyped),
            ClusterProfile(id: cluster("prod-us"), isProtected: isTyped),
        ]
    }

    var snapshots: [ClusterSnapshot] { [prodEU, prodUS, edge, dev] }

    private var prodEU: ClusterSnapshot {
        let name = "prod-eu"
        var snapshot = snapshot(
            name,
            [
                source(name, at: head),
                chartSource(name),
                bot(name),
                applier(name, "flux-system/flux-system", at: head, since: 126),
                applier(
                    name,
                    "apps/checkout",
                    at: before,
                    state: .failed,
                    since: 840,
                    message: "health check failed after 2m3s: timeout waiting for: "
                        + "[Deployment/checkout/api status: 'InProgress': 1 out of 3 new replicas have been updated]"
                ),
                applier(
                    name,
                    "apps/web",
                    at: before,
                    state: .waiting,
                    since: 835,
                    message: "dependency 'apps/checkout' is not ready",
                    dependsOn: ["apps/checkout"]
                ),
                release(
                    name,
                    "apps/cart",
                    "6.1.4",
                    state: .reconciling,
                    since: 5,
                    message: "Running 'upgrade' action with timeout of 5m0s"
                ),
                applier(name, "infra/ingress", at: head, since: 130),
                applier(name, "infra/monitoring", at: old, state: .suspended, since: 518_400),
                release(name, "shop/redis", "19.6.0", since: 3_600, isDrifted: true),
            ]
        )
        let checkout = ref(name, .kustomization, "apps/checkout")
        snapshot.missing = [
            MissingObject(
                entry: InventoryEntry(
                    namespace: taint("checkout"),
                    name: taint("feature-flags"),
                    group: "",
                    kind: "ConfigMap",
                    version: "v1"
                ),
                applier: checkout,
                seen: SampleFleet.ago(120),
                onset: .after(SampleFleet.ago(660))
            )
        ]
        (snapshot.drifted, snapshot.corrected) = objectDrift(of: checkout)
        snapshot.watchedSince = SampleFleet.ago(300)
        let runs: [(String, FluxKind, Int64, Duration, SyncState, String)] = [
            ("apps/cart", .helmRelease, 12, .milliseconds(1_200), .ready, "6.1.4"),
            ("infra/ingress", .kustomization, 28, .milliseconds(800), .ready, "main@sha1:\(head)"),
            ("flux-system/flux-system", .kustomization, 40, .milliseconds(640), .ready, "main@sha1:\(head)"),
            ("apps/checkout", .kustomization, 71, .seconds(123), .failed, "main@sha1:\(head)"),
            ("shop/redis", .helmRelease, 95, .milliseconds(910), .ready, "19.6.0"),
            ("infra/ingress", .kustomization, 160, .milliseconds(760), .ready, "main@sha1:\(before)"),
        ]
        snapshot.recent = runs.map { path, kind, seconds, took, outcome, revision in
            ReconcileRecord(
                ref: ref(name, kind, path),
                finished: SampleFleet.ago(seconds),
                duration: took,
                outcome: outcome,
                revision: Revision(taint(revision))
            )
        }
        snapshot.events = [
            event(
                name,
                "1",
                checkout,
                71,
                isWarning: true,
                "HealthCheckFailed",
                "health check failed after 2m3s: timeout waiting for: [Deployment/checkout/api status: 'InProgress']",
                count: 4
            ),
            event(
                name,
                "2",
                ref(name, .helmRelease, "apps/cart"),
                95,
                isWarning: false,
                "UpgradeSucceeded",
                "Helm upgrade succeeded for release apps/cart.v12 with chart cart@6.1.4"
            ),
            event(
                name,
                "3",
                ref(name, .gitRepository, "flux-system/fleet"),
                130,
                isWarning: false,
                "NewArtifact",
                "stored artifact for commit 'checkout: api 1.9.0'"
            ),
        ]
        return snapshot
    }

    private var prodUS: ClusterSnapshot {
        let name = "prod-us"
        var snapshot = snapshot(
            name,
            [
                source(name, at: head),
                applier(name, "flux-system/flux-system", at: head, since: 96),
                applier(name, "apps/checkout", at: head, since: 60),
                applier(name, "apps/web", at: head, since: 58),
                applier(name, "infra/ingress", at: head, since: 3),
            ]
        )
        snapshot.events = [
            event(
                name,
                "4",
                ref(name, .kustomization, "apps/checkout"),
                60,
                isWarning: false,
                "ReconciliationSucceeded",
                "Reconciliation finished in 1.4s, next run in 10m0s"
            )
        ]
        return snapshot
    }

    private var edge: ClusterSnapshot {
        let name = "edge-01"
        var snapshot = snapshot(
            name,
            [
                source(name, at: before),
                applier(name, "flux-system/flux-system", at: before, since: 400),
                applier(name, "apps/kiosk", at: before, since: 380),
            ]
        )
        snapshot.link = .unreachable(
            taint("10.8.0.4:6443 refused the connection"),
            since: SampleFleet.ago(130)
        )
        snapshot.confirmed = SampleFleet.ago(140)
        return snapshot
    }

    private var dev: ClusterSnapshot {
        let name = "dev"
        var snapshot = snapshot(
            name,
            [
                source(name, at: old),
                applier(name, "flux-system/flux-system", at: old, since: 600),
                applier(name, "apps/checkout", at: old, since: 580),
                applier(
                    name,
                    "apps/web",
                    at: old,
                    state: .reconciling,
                    since: 250,
                    message: "Detecting drift for revision main@sha1:77de012 with a timeout of 9m30s"
                ),
            ]
        )
        snapshot.kinds[.kustomization] = .stale(taint("the watch was closed"))
        snapshot.confirmed = SampleFleet.ago(240)
        return snapshot
    }

    /// The clusters 42 seconds after the push: one has it, one fails on it, one has fetched it.
    var snapshotsAfterPush: [ClusterSnapshot] {
        let pushed = SampleFleet.commit("c0ffee5")
        var eu = prodEU
        var source = source("prod-eu", at: pushed)
        source.source?.artifactUpdated = SampleFleet.now.advanced(by: .seconds(4))
        eu.resources[source.ref] = source
        let failed = applier(
            "prod-eu",
            "apps/checkout",
            at: before,
            attempted: pushed,
            state: .failed,
            since: -30,
            message:
                "kustomize build failed: accumulating resources: accumulation err='accumulating resources from "
                + "'api.yaml': open /tmp/api.yaml: no such file or directory'"
        )
        eu.resources[failed.ref] = failed
        var us = prodUS
        var other = self.source("prod-us", at: pushed)
        other.source?.artifactUpdated = SampleFleet.now.advanced(by: .seconds(6))
        us.resources[other.ref] = other
        let healthy = applier("prod-us", "apps/checkout", at: pushed, since: -20)
        us.resources[healthy.ref] = healthy
        return [eu, us]
    }

    private func snapshot(_ name: String, _ resources: [FluxResource]) -> ClusterSnapshot {
        var snapshot = ClusterSnapshot(id: cluster(name), link: .live)
        snapshot.confirmed = SampleFleet.ago(2)
        snapshot.knowsObjects = true
        snapshot.kinds = [.gitRepository: .watching, .kustomization: .watching, .helmRelease: .watching]
        for resource in resources {
            snapshot.resources[resource.ref] = resource
        }
        return snapshot
    }

    // MARK: Resources

    func ref(_ name: String, _ kind: FluxKind, _ path: String) -> ObjectRef {
        let parts = path.split(separator: "/").map(String.init)
        return ObjectRef(
            cluster: cluster(name),
            group: kind.group,
            kind: kind.kind,
            namespace: taint(parts[0]),
            name: taint(parts[1])
        )
    }

    private func condition(_ state: SyncState, _ message: String, since: Int64) -> Condition {
        let (status, reason): (Condition.Status, String) =
            switch state {
            case .failed: (.no, "HealthCheckFailed")
            case .waiting: (.no, "DependencyNotReady")
            case .reconciling: (.unknown, "Progressing")
            default: (.yes, "ReconciliationSucceeded")
            }
        return Condition(
            type: "Ready",
            status: status,
            reason: taint(reason),
            message: taint(message),
            lastTransition: SampleFleet.ago(since)
        )
    }

    private func source(_ name: String, at commit: String) -> FluxResource {
        var resource = FluxResource(
            ref: ref(name, .gitRepository, "flux-system/fleet"),
            kind: .gitRepository,
            state: .ready
        )
        resource.interval = .seconds(60)
        resource.conditions = [
            condition(.ready, "stored artifact for revision 'main@sha1:\(commit)'", since: 130)
        ]
        resource.source = SourceFacts(
            url: SampleFleet.url,
            follows: .branch("main"),
            artifact: Revision("main@sha1:\(commit)"),
            artifactUpdated: SampleFleet.ago(720)
        )
        return resource
    }

    private func chartSource(_ name: String) -> FluxResource {
        var resource = FluxResource(
            ref: ref(name, .helmRepository, "infra/charts"),
            kind: .helmRepository,
            state: .ready
        )
        resource.conditions = [condition(.ready, "stored artifact", since: 7_300)]
        resource.source = SourceFacts(
            url: taint("https://charts.example"),
            follows: .none,
            artifact: Revision("sha256:\(String(repeating: "5e1f", count: 16))")
        )
        return resource
    }

    private func bot(_ name: String) -> FluxResource {
        var resource = FluxResource(
            ref: ref(name, .imageUpdateAutomation, "shop/checkout"),
            kind: .imageUpdateAutomation,
            state: .ready
        )
        resource.conditions = [condition(.ready, "repository up-to-date", since: 300)]
        resource.automation = AutomationFacts(source: ref(name, .gitRepository, "flux-system/fleet"))
        return resource
    }

    private func applier(
        _ name: String,
        _ path: String,
        at commit: String,
        attempted: String? = nil,
        state: SyncState = .ready,
        since: Int64,
        message: String = "Applied revision",
        dependsOn: [String] = []
    ) -> FluxResource {
        var resource = FluxResource(ref: ref(name, .kustomization, path), kind: .kustomization, state: state)
        resource.isSuspended = state == .suspended
        resource.suspendedBy = state == .suspended ? taint("sre") : nil
        resource.suspendedSince = state == .suspended ? SampleFleet.ago(518_400) : nil
        resource.suspendReason = state == .suspended ? taint("upgrade of the node pool") : nil
        resource.interval = .seconds(600)
        resource.timeout = .seconds(120)
        resource.conditions = [condition(state, message, since: since)]
        var facts = ApplierFacts(
            source: ref(name, .gitRepository, "flux-system/fleet"),
            path: "./\(path)",
            prunes: true,
            dependsOn: dependsOn.map { ref(name, .kustomization, $0) },
            lastApplied: Revision("main@sha1:\(commit)"),
            lastAttempted: Revision("main@sha1:\(attempted ?? commit)")
        )
        facts.inventory = Inventory([
            (id: "checkout_api_apps_Deployment", version: "v1"), (id: "checkout_api__Service", version: "v1"),
            (id: "checkout_feature-flags__ConfigMap", version: "v1"),
        ])
        facts.history = [
            HistoryEntry(
                lastReconciled: SampleFleet.ago(since),
                duration: .milliseconds(1_400),
                status: taint("ReconciliationSucceeded"),
                revision: Revision("main@sha1:\(commit)"),
                count: 3
            )
        ]
        resource.applier = facts
        return resource
    }

    private func release(
        _ name: String,
        _ path: String,
        _ version: String,
        state: SyncState = .ready,
        since: Int64,
        message: String = "Helm upgrade succeeded",
        isDrifted: Bool = false
    ) -> FluxResource {
        var resource = FluxResource(ref: ref(name, .helmRelease, path), kind: .helmRelease, state: state)
        resource.conditions = [condition(state, message, since: since)]
        if isDrifted {
            let drifted = Condition(
                type: "Drifted",
                status: .yes,
                reason: "DriftDetected",
                message: taint("Deployment/shop/redis changed (0 additions, 1 changes, 0 removals)"),
                lastTransition: SampleFleet.ago(240)
            )
            resource.conditions.append(drifted)
        }
        resource.applier = ApplierFacts(
            source: ref(name, .helmRepository, "infra/charts"),
            lastApplied: Revision(taint(version)),
            chart: taint("cart"),
            helmDrifted: isDrifted
        )
        return resource
    }

    private func event(
        _ name: String,
        _ uid: String,
        _ about: ObjectRef,
        _ seconds: Int64,
        isWarning: Bool,
        _ reason: String,
        _ message: String,
        count: Int = 1
    ) -> FluxEvent {
        FluxEvent(
            uid: "\(name)-\(uid)",
            about: about,
            at: SampleFleet.ago(seconds),
            isWarning: isWarning,
            reason: taint(reason),
            message: taint(message),
            count: count,
            revision: nil
        )
    }
}
