import Chrono
import Git
import HashTreeCollections
import Kube
import Testing

@testable import Dashboard

struct BlastRadiusTests {
    private func plan(
        _ objects: ManifestChanges = ManifestChanges(),
        changed: Set<String> = ["apps/checkout"],
        policies: Set<String> = [],
        email: String = "dev@example.org",
        signing: CommitSigning = .none,
        notes: [String] = [],
        newBranch: String? = nil
    ) -> RevertPlan {
        RevertPlan(
            request: RevertRequest(
                repository: Sample.fleet,
                branch: "main",
                aim: .commit(Sample.bad),
                newBranch: newBranch
            ),
            target: Sample.log([Sample.bad], email: email)[0],
            tip: Sample.bad,
            tree: "tree",
            message: "Revert",
            author: "",
            email: "",
            signing: signing,
            diff: CommitDiff(files: []),
            conflicts: [],
            changedPaths: changed,
            imagePolicies: policies,
            objects: objects,
            notes: notes
        )
    }

    private func survey(
        _ plan: RevertPlan,
        _ resources: [FluxResource],
        link: ClusterLink = .live,
        isReadOnly: Bool = false
    ) -> BlastRadius {
        var rehearsal = Rehearsal(["a"])
        rehearsal.show("a", resources, link: link)
        return BlastRadius(of: plan, clusters: rehearsal.state.clusters, isReadOnly: isReadOnly)
    }

    private let checkout = Sample.ref("a", .kustomization, "apps/checkout")
    private let source = Sample.ref("a", .gitRepository, "flux-system/fleet")

    @Test func `who reads the branch and the path changes, who reads another path is not listed`() {
        let radius = survey(
            plan(),
            [Sample.source("a"), Sample.applier("a", "apps/checkout"), Sample.applier("a", "apps/cart")]
        )
        #expect(radius.rows.map(\.ref) == [checkout])
        #expect(radius.rows.map(\.reach) == [.changes])
        #expect(radius.traps.isEmpty)
    }

    @Test(arguments: [
        (FollowedRef.branch("staging"), "tracks branch staging", false),
        (.tag("v1.2"), "tracks tag v1.2", true),
        (.semver("1.x"), "tracks versions 1.x", true),
        (.commit(Sample.old), "tracks commit \(Sample.old.prefix(7))", true),
    ])
    func `who follows another ref is not affected, with the reason`(
        follows: FollowedRef,
        why: String,
        isPinned: Bool
    ) {
        let radius = survey(
            plan(),
            [Sample.source("a", follows: follows), Sample.applier("a", "apps/checkout")]
        )
        #expect(radius.rows.map(\.reach) == [.notAffected(why)])
        #expect(radius.affected.isEmpty)
        #expect(radius.traps.contains(.pinned(checkout, to: follows.words)) == isPinned)
    }

    @Test func `a full name of the branch is the branch`() {
        let radius = survey(
            plan(),
            [Sample.source("a", follows: .name("refs/heads/main")), Sample.applier("a", "apps/checkout")]
        )
        #expect(radius.rows.map(\.reach) == [.changes])
    }

    @Test func `a suspended applier and a suspended source change later`() {
        let own = survey(
            plan(),
            [Sample.source("a"), Sample.applier("a", "apps/checkout", state: .suspended)]
        )
        #expect(own.rows.map(\.reach) == [.later("is suspended")])
        #expect(own.traps == [.suspended(checkout, by: checkout)])
        let fed = survey(
            plan(),
            [Sample.source("a", state: .suspended), Sample.applier("a", "apps/checkout")]
        )
        #expect(fed.rows.map(\.reach) == [.later("its source is suspended")])
        #expect(fed.traps == [.suspended(checkout, by: source)])
    }

    @Test func `a packed artifact waits for CI`() {
        var oci = FluxResource(
            ref: Sample.ref("a", .ociRepository, "flux-system/oci"),
            kind: .ociRepository,
            state: .ready
        )
        oci.source = SourceFacts(
            url: "oci://registry.example/fleet",
            follows: .none,
            origin: Sample.revision(Sample.old),
            originURL: "https://git.example/acme/fleet"
        )
        var applier = Sample.applier("a", "apps/checkout")
        applier.applier?.source = oci.ref
        let radius = survey(plan(), [oci, applier])
        #expect(radius.rows.map(\.reach) == [.later("when CI has packed it")])
        #expect(radius.traps == [.packed(oci.ref)])
    }

    @Test func `image automation is a trap only where it would write again`() {
        var bot = FluxResource(
            ref: Sample.ref("a", .imageUpdateAutomation, "shop/bot"),
            kind: .imageUpdateAutomation,
            state: .ready
        )
        bot.automation = AutomationFacts(
            source: source,
            authorEmail: "bot@example.org",
            lastPushCommit: Sample.old
        )
        let fleet = [Sample.source("a"), Sample.applier("a", "apps/checkout"), bot]
        #expect(survey(plan(), fleet).bots.isEmpty)
        #expect(survey(plan(policies: ["other:policy"]), fleet).bots.isEmpty)
        #expect(survey(plan(policies: ["shop:policy"]), fleet).bots == [bot.ref])
        #expect(survey(plan(email: "bot@example.org"), fleet).bots == [bot.ref])
        bot.automation?.lastPushCommit = Sample.bad
        #expect(
            survey(plan(), [Sample.source("a"), Sample.applier("a", "apps/checkout"), bot]).bots == [bot.ref]
        )
        bot.automation?.pushBranch = "bot"
        #expect(survey(plan(), [Sample.source("a"), Sample.applier("a", "apps/checkout"), bot]).bots.isEmpty)
        bot.automation?.pushBranch = "main"
        bot.isSuspended = true
        #expect(survey(plan(), [Sample.source("a"), Sample.applier("a", "apps/checkout"), bot]).bots.isEmpty)
    }

    private let flags = ManifestChanges(removed: [
        ManifestObject(group: "", kind: "ConfigMap", namespace: nil, name: "flags", file: "bases/flags.yaml"),
        ManifestObject(
            group: "",
            kind: "Secret",
            namespace: "vault",
            name: "token",
            file: "bases/flags.yaml"
        ),
    ])

    @Test func `pruning lists what is deleted, whatever base it comes from`() {
        var applier = Sample.applier("a", "apps/checkout")
        applier.applier?.inventory = Inventory([
            (id: "checkout_flags__ConfigMap", version: "v1"), (id: "checkout_flags__Service", version: "v1"),
            (id: "vault_token__Secret", version: "v1"), (id: "other_token__Secret", version: "v1"),
        ])
        let radius = survey(plan(flags), [Sample.source("a"), applier])
        #expect(
            radius.traps == [
                .prune(
                    objects: ["ConfigMap checkout/flags", "Secret vault/token"],
                    clusters: [ClusterID("a")]
                )
            ]
        )
        #expect(
            radius.traps.first?.sentence == "prune: deletes ConfigMap checkout/flags, Secret vault/token on a"
        )
        applier.applier?.prunes = false
        #expect(survey(plan(flags), [Sample.source("a"), applier]).traps.isEmpty)
    }

    @Test func `dependencies, health checks and signatures delay or prevent it`() {
        var applier = Sample.applier("a", "apps/checkout", state: .reconciling, dependsOn: ["apps/db"])
        applier.applier?.waits = true
        applier.timeout = .seconds(120)
        var signed = Sample.source("a")
        signed.source?.verifies = true
        let radius = survey(plan(), [signed, applier, Sample.applier("a", "apps/db", state: .failed)])
        #expect(
            radius.traps == [
                .verifies(source), .dependency(checkout, on: Sample.ref("a", .kustomization, "apps/db")),
                .healthCheck(checkout, timeout: .seconds(120)),
            ]
        )
    }

    @Test func `a dependency that the revert changes too is none to wait for`() {
        let radius = survey(
            plan(changed: ["apps/checkout", "apps/db"]),
            [
                Sample.source("a"), Sample.applier("a", "apps/checkout", dependsOn: ["apps/db"]),
                Sample.applier("a", "apps/db", state: .failed),
            ]
        )
        #expect(radius.traps.isEmpty)
    }

    @Test func `a cluster that cannot be seen or changed is named`() {
        let fleet = [Sample.source("a"), Sample.applier("a", "apps/checkout")]
        let unseen = survey(plan(), fleet, link: .unreachable("no route", since: Sample.start))
        #expect(unseen.traps == [.unreachable(ClusterID("a"))])
        #expect(survey(plan(), fleet, isReadOnly: true).traps == [.readOnly(ClusterID("a"))])
    }

    @Test(arguments: [
        (ClusterLink.connecting, true), (.unreachable("refused", since: Sample.start), true),
        (.refused("401", since: Sample.start), true), (.misconfigured("no such user"), true),
        (.withoutFlux, false),
    ])
    func `a cluster that never told anything may take the commit, whatever keeps it silent`(
        link: ClusterLink,
        isUnseen: Bool
    ) {
        let radius = survey(plan(), [], link: link)
        #expect(radius.unseen == (isUnseen ? [ClusterID("a")] : []))
    }

    @Test func `a chart in the repository changes with its version`() {
        var release = FluxResource(
            ref: Sample.ref("a", .helmRelease, "apps/cart"),
            kind: .helmRelease,
            state: .ready
        )
        release.applier = ApplierFacts(source: source, chart: "./charts/cart")
        let radius = survey(plan(changed: ["charts/cart"]), [Sample.source("a"), release])
        #expect(radius.rows.map(\.reach) == [.later("when the chart's version changes")])
    }

    // MARK: Preflight

    private func changed(_ kind: FluxKind, _ name: String) -> ManifestChanges {
        ManifestChanges(changed: [
            ManifestObject(group: kind.group, kind: kind.kind, namespace: nil, name: name, file: "a.yaml")
        ])
    }

    @Test func `a signed revert is no trap for a source that verifies`() {
        var source = Sample.source("a")
        source.source?.verifies = true
        let fleet = [source, Sample.applier("a", "apps/checkout")]
        #expect(survey(plan(), fleet).traps == [.verifies(self.source)])
        #expect(survey(plan(signing: .ssh(key: "k")), fleet).traps.isEmpty)
    }

    @Test func `what applies it is suspended: it runs on, and its own object stays as it is`() {
        let root = Sample.ref("a", .kustomization, "flux-system/root")
        var applier = Sample.applier("a", "apps/checkout")
        applier.parent = root
        let radius = survey(
            plan(),
            [Sample.source("a"), applier, Sample.applier("a", "flux-system/root", state: .suspended)]
        )
        #expect(radius.rows.map(\.reach) == [.changes])
        #expect(radius.traps == [.heldAbove(root, below: [checkout])])
    }

    @Test func `those that wait for it are named, unless they change too`() {
        let web = Sample.ref("a", .kustomization, "apps/web")
        let fleet = [
            Sample.source("a"), Sample.applier("a", "apps/checkout"),
            Sample.applier("a", "apps/web", dependsOn: ["apps/checkout"]),
        ]
        #expect(survey(plan(), fleet).traps == [.dependants([web], of: checkout)])
        #expect(survey(plan(changed: ["apps/checkout", "apps/web"]), fleet).traps.isEmpty)
    }

    @Test func `a release that the commit changes and that is suspended, or out of retries, is named`() {
        var release = FluxResource(
            ref: Sample.ref("a", .helmRelease, "apps/cart"),
            kind: .helmRelease,
            state: .suspended
        )
        release.isSuspended = true
        var applier = Sample.applier("a", "apps/checkout")
        applier.applier?.inventory = Inventory([
            (id: "apps_cart_helm.toolkit.fluxcd.io_HelmRelease", version: "v2")
        ])
        let change = plan(changed(.helmRelease, "cart"))
        #expect(
            survey(change, [Sample.source("a"), applier, release]).traps
                == [.suspended(release.ref, by: release.ref)]
        )
        release.isSuspended = false
        release.state = .stalled
        release.conditions = [
            Condition(
                type: "Stalled",
                status: .yes,
                reason: "RetriesExceeded",
                message: "",
                lastTransition: nil
            )
        ]
        #expect(survey(change, [Sample.source("a"), applier, release]).traps == [.remediated(release.ref)])
        #expect(survey(plan(), [Sample.source("a"), applier, release]).traps.isEmpty)
    }

    @Test
    func `what the files give away and how the plan came about is told too`() {
        let radius = survey(
            plan(ManifestChanges(remarks: ["a job is not undone"]), notes: ["parent 1 stays"]),
            [Sample.source("a"), Sample.applier("a", "apps/checkout")]
        )
        #expect(radius.traps == [.manifest("a job is not undone"), .plan("parent 1 stays")])
        #expect(radius.traps.map(\.sentence) == ["a job is not undone", "parent 1 stays"])
    }

    @Test func `a branch of its own touches no cluster that is read-only`() {
        let fleet = [Sample.source("a"), Sample.applier("a", "apps/checkout")]
        let radius = survey(plan(newBranch: "weir/x"), fleet, isReadOnly: true)
        #expect(radius.traps.isEmpty)
        #expect(radius.rows.map(\.reach) == [.later("once it is merged into main")])
    }
}
