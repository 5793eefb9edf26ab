import Chrono
import Git
import HashTreeCollections
import Kube
import Testing

struct ConvergenceTests {
    private static let pushedAt = Timestamp(seconds: 1_800_000_000)
    private static let old = String(repeating: "a", count: 40)
    private static let fix = String(repeating: "b", count: 40)
    private static let later = String(repeating: "c", count: 40)
    private static let repository = RepositoryID(url: "https://git.example/acme/fleet")
    private let cluster = ClusterID("a")

    private func ref(_ kind: FluxKind, _ name: String) -> ObjectRef {
        ObjectRef(cluster: cluster, group: kind.group, kind: kind.kind, namespace: "apps", name: name)
    }

    private func started(_ names: [String] = ["web"]) -> Convergence {
        Convergence(
            id: 1,
            receipt: PushReceipt(repository: Self.repository, branch: "main", commit: Self.fix),
            subject: "Revert",
            pushed: Self.pushedAt,
            members: names.map {
                Convergence.Member(
                    applier: ref(.kustomization, $0),
                    source: ref(.gitRepository, "fleet"),
                    before: Self.old
                )
            }
        )
    }

    private func source(_ commit: String, state: SyncState = .ready, message: String = "") -> FluxResource {
        var source = FluxResource(ref: ref(.gitRepository, "fleet"), kind: .gitRepository, state: state)
        source.source = SourceFacts(
            url: "",
            follows: .branch("main"),
            artifact: Revision("main@sha1:\(commit)")
        )
        source.conditions = [
            Condition(type: "Ready", status: state == .ready ? .yes : .no, reason: "", message: message)
        ]
        return source
    }

    private func applier(
        _ name: String = "web",
        applied: String,
        attempted: String? = nil,
        state: SyncState = .ready,
        conditions: [Condition] = []
    ) -> FluxResource {
        var applier = FluxResource(ref: ref(.kustomization, name), kind: .kustomization, state: state)
        applier.isSuspended = state == .suspended
        applier.conditions = conditions
        applier.applier = ApplierFacts(
            source: ref(.gitRepository, "fleet"),
            lastApplied: Revision("main@sha1:\(applied)"),
            lastAttempted: Revision("main@sha1:\(attempted ?? applied)")
        )
        return applier
    }

    private func observe(
        _ convergence: inout Convergence,
        _ resources: [FluxResource],
        link: ClusterLink = .live,
        distances: [DistanceKey: Distance] = [:],
        after seconds: Int64 = 5
    ) -> Set<DistanceKey> {
        var snapshot = ClusterSnapshot(id: cluster, link: link)
        for resource in resources {
            snapshot.resources[resource.ref] = resource
        }
        return convergence.observe(
            snapshot,
            distances: distances,
            now: Timestamp(seconds: Self.pushedAt.seconds + seconds)
        )
    }

    private func ready(_ status: Condition.Status, _ reason: String, _ message: String = "") -> Condition {
        Condition(type: "Ready", status: status, reason: reason, message: message)
    }

    @Test func `who tells no commit of the repository is shown and not waited for`() {
        var convergence = Convergence(
            id: 1,
            receipt: PushReceipt(repository: Self.repository, branch: "main", commit: Self.fix),
            subject: "Revert",
            pushed: Self.pushedAt,
            members: [
                Convergence.Member(
                    applier: ref(.kustomization, "web"),
                    source: ref(.gitRepository, "fleet"),
                    before: Self.old
                ),
                Convergence.Member(
                    applier: ref(.kustomization, "other"),
                    source: ref(.gitRepository, "all"),
                    before: Self.later,
                    tellsCommit: false
                ),
            ]
        )
        // Its own commit is no question about the repository.
        let other = applier("other", applied: Self.later)
        #expect(observe(&convergence, [source(Self.fix), applier(applied: Self.fix), other]).isEmpty)
        #expect(convergence.finished != nil && convergence.done == 1 && convergence.held == 1)
        let row = convergence.rows.first { $0.member.applier == other.ref }
        #expect(row?.stuck == nil && row?.note == "reads it through apps/all and tells no commit of it")
    }

    @Test func `stages are reached one after another, each with its time`() {
        var convergence = started()
        #expect(observe(&convergence, [source(Self.old), applier(applied: Self.old)], after: 1).isEmpty)
        #expect(convergence.rows[0].stage == .pushed)

        _ = observe(&convergence, [source(Self.fix), applier(applied: Self.old)], after: 2)
        #expect(convergence.rows[0].stage == .fetched)
        #expect(convergence.rows[0].fetched == Timestamp(seconds: Self.pushedAt.seconds + 2))

        let checking = applier(
            applied: Self.old,
            attempted: Self.fix,
            state: .reconciling,
            conditions: [ready(.unknown, "Progressing", "Running health checks for revision main@sha1:b")]
        )
        _ = observe(&convergence, [source(Self.fix), checking], after: 3)
        #expect(convergence.rows[0].stage == .applied)
        #expect(convergence.finished == nil)

        _ = observe(&convergence, [source(Self.fix), applier(applied: Self.fix)], after: 4)
        #expect(convergence.rows[0].stage == .healthy)
        #expect(convergence.done == 1)
        #expect(convergence.finished == Timestamp(seconds: Self.pushedAt.seconds + 4))
    }

    @Test func `an attempt that still builds is not applied`() {
        var convergence = started()
        let building = applier(
            applied: Self.old,
            attempted: Self.fix,
            state: .reconciling,
            conditions: [ready(.unknown, "Progressing", "Building manifests")]
        )
        _ = observe(&convergence, [source(Self.fix), building])
        #expect(convergence.rows[0].stage == .fetched)
    }

    @Test func `a later commit that contains the pushed one counts, once that is known`() {
        var convergence = started()
        let resources = [source(Self.later), applier(applied: Self.later)]
        let key = DistanceKey(repository: Self.repository, from: Self.fix, to: Self.later, path: "")
        #expect(observe(&convergence, resources) == [key])
        #expect(convergence.rows[0].stage == .pushed)
        let known: [DistanceKey: Distance] = [key: .behind(commits: 1, touching: 1)]
        #expect(observe(&convergence, resources, distances: known).isEmpty)
        #expect(convergence.rows[0].stage == .healthy)
        #expect(convergence.rows[0].supersededBy == Self.later)
    }

    @Test(arguments: [Distance.diverged, .unknown])
    func `a commit without the pushed one does not count`(distance: Distance) {
        var convergence = started()
        let key = DistanceKey(repository: Self.repository, from: Self.fix, to: Self.later, path: "")
        _ = observe(
            &convergence,
            [source(Self.later), applier(applied: Self.later)],
            distances: [key: distance]
        )
        #expect(convergence.rows[0].stage == .pushed)
    }

    @Test func `who is stuck says why`() {
        let cases: [(FluxResource, FluxResource, String?)] = [
            (source(Self.old), applier(applied: Self.old, state: .suspended), "is suspended"),
            (
                source(Self.old, state: .failed, message: "authentication required"),
                applier(applied: Self.old),
                "its source apps/fleet failed: authentication required"
            ),
            (
                source(Self.fix),
                applier(
                    applied: Self.old,
                    attempted: Self.fix,
                    state: .failed,
                    conditions: [ready(.no, "HealthCheckFailed", "timeout")]
                ), "timeout"
            ),
            (
                source(Self.fix),
                applier(
                    applied: Self.old,
                    state: .waiting,
                    conditions: [ready(.no, "DependencyNotReady", "dependency 'apps/db' is not ready")]
                ), "dependency 'apps/db' is not ready"
            ),
            // Still failing with what was before: the fix has not been tried.
            (
                source(Self.old),
                applier(
                    applied: Self.old,
                    state: .failed,
                    conditions: [ready(.no, "HealthCheckFailed", "old trouble")]
                ),
                nil
            ),
        ]
        for (source, applier, expected) in cases {
            var convergence = started()
            _ = observe(&convergence, [source, applier])
            #expect(convergence.rows[0].stuck == expected)
        }
    }

    @Test func `a cluster that is gone is stuck and comes back`() {
        var convergence = started()
        _ = observe(&convergence, [], link: .unreachable("connection refused", since: Self.pushedAt))
        #expect(convergence.rows[0].stuck == "the cluster cannot be seen: connection refused")
        #expect(convergence.stuck == 1)
        _ = observe(&convergence, [source(Self.fix), applier(applied: Self.fix)])
        #expect(convergence.rows[0].stuck == nil)
        #expect(convergence.finished != nil)
    }

    @Test func `an applier that is no more is not waited for`() {
        var convergence = started(["api", "web"])
        _ = observe(&convergence, [source(Self.fix), applier("web", applied: Self.fix)])
        #expect(convergence.rows.map(\.isGone) == [true, false])
        #expect(convergence.finished != nil)
    }

    @Test func `other clusters say nothing about this one`() {
        var convergence = started()
        var other = ClusterSnapshot(id: ClusterID("b"), link: .live)
        other.resources[source(Self.fix).ref] = source(Self.fix)
        _ = convergence.observe(other, distances: [:], now: Self.pushedAt)
        #expect(convergence.rows[0].stage == .pushed)
    }

    @Test func `a suspended member is shown, not waited for, and still followed when it is resumed`() {
        var convergence = started(["api", "web"])
        let held = applier("api", applied: Self.old, state: .suspended)
        _ = observe(&convergence, [source(Self.fix), held, applier("web", applied: Self.fix)])
        #expect(convergence.finished != nil)
        #expect(convergence.isOpen)
        #expect(convergence.held == 1)
        #expect(convergence.done == 1)
        _ = observe(&convergence, [source(Self.fix), applier("api", applied: Self.fix)], after: 60)
        #expect(convergence.done == 2)
        #expect(!convergence.isOpen)
        #expect(convergence.finished == Timestamp(seconds: Self.pushedAt.seconds + 5))
    }

    @Test func `without members it is complete at once`() {
        #expect(started([]).finished == Self.pushedAt)
    }

    // MARK: Charts from Git

    private func release(_ version: String, attempted: String? = nil, state: SyncState = .ready)
        -> FluxResource
    {
        var release = FluxResource(ref: ref(.helmRelease, "web"), kind: .helmRelease, state: state)
        release.applier = ApplierFacts(
            source: ref(.gitRepository, "fleet"),
            lastApplied: Revision(version),
            lastAttempted: Revision(attempted ?? version)
        )
        return release
    }

    private func startedRelease() -> Convergence {
        Convergence(
            id: 1,
            receipt: PushReceipt(repository: Self.repository, branch: "main", commit: Self.fix),
            subject: "Revert",
            pushed: Self.pushedAt,
            members: [
                Convergence.Member(
                    applier: ref(.helmRelease, "web"),
                    source: ref(.gitRepository, "fleet"),
                    before: nil
                )
            ]
        )
    }

    @Test func `a release whose chart version ends in the commit arrives with it`() {
        var convergence = startedRelease()
        _ = observe(
            &convergence,
            [source(Self.fix), release("1.2.3+\(Self.old.prefix(12))", state: .reconciling)]
        )
        #expect(convergence.rows[0].stage == .fetched)
        #expect(convergence.finished == nil)
        _ = observe(&convergence, [source(Self.fix), release("1.2.3+\(Self.fix.prefix(12)).2")])
        #expect(convergence.rows[0].stage == .healthy)
        #expect(convergence.finished != nil)
    }

    @Test func `a release whose chart tells a version alone is shown and not waited for`() {
        var convergence = startedRelease()
        _ = observe(&convergence, [source(Self.old), release("1.2.3")])
        #expect(convergence.finished == nil)
        _ = observe(&convergence, [source(Self.fix), release("1.2.3")])
        #expect(convergence.rows[0].isHeld)
        #expect(!convergence.rows[0].isDone)
        #expect(convergence.rows[0].note.contains("version 1.2.3 and no commit"))
        #expect(convergence.finished != nil)
    }
}
