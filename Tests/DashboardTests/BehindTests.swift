import Chrono
import Dashboard
import Git
import HashTreeCollections
import Kube
import Testing

struct BehindTests {
    private let cluster = ClusterID("a")

    private func key(_ path: String, from: String = Sample.old) -> DistanceKey {
        DistanceKey(repository: Sample.fleet, from: from, to: Sample.new, path: path)
    }

    private func fleet() -> Rehearsal {
        var rehearsal = Rehearsal(["a"])
        rehearsal.show(
            "a",
            [Sample.source("a"), Sample.applier("a", "apps/x"), Sample.applier("a", "apps/y")]
        )
        return rehearsal
    }

    private func behind(_ rehearsal: Rehearsal, _ path: String) -> Behind? {
        rehearsal.state.clusters[cluster]?.behind[Sample.ref("a", .kustomization, path)]
    }

    @Test func `repositories are followed as soon as a source names them, once`() {
        var rehearsal = Rehearsal(["a", "b"])
        let demand = RepositoryDemand(id: Sample.fleet, url: Sample.fleetURL, refs: ["refs/heads/main"])
        #expect(rehearsal.show("a", [Sample.source("a")]) == [.followRepositories([demand])])
        #expect(rehearsal.show("b", [Sample.source("b", url: "https://git.example/acme/fleet")]).isEmpty)
        let staging = Sample.source("b", follows: .branch("staging"), url: "https://git.example/acme/fleet")
        #expect(
            rehearsal.show("b", [staging]) == [
                .followRepositories([
                    RepositoryDemand(
                        id: Sample.fleet,
                        url: Sample.fleetURL,
                        refs: ["refs/heads/main", "refs/heads/staging"]
                    )
                ])
            ]
        )
    }

    @Test func `distances are asked once, in one batch, and then known`() {
        var rehearsal = fleet()
        #expect(behind(rehearsal, "apps/x") == .measuring)
        let effects = rehearsal.send(.repositoryChanged(Sample.mirror(head: Sample.new)))
        #expect(effects == [.measure([key(""), key("apps/x"), key("apps/y")])])
        #expect(rehearsal.show("a", [Sample.source("a"), Sample.applier("a", "apps/x")]).isEmpty)
        rehearsal.send(
            .distancesMeasured([
                key(""): .behind(commits: 3, touching: 3), key("apps/x"): .behind(commits: 3, touching: 1),
            ])
        )
        #expect(behind(rehearsal, "apps/x") == .commits(3, touching: 1))
        #expect(rehearsal.state.clusters[cluster]?.summary.behind == 3)
        #expect(rehearsal.state.totals.clustersBehind == 1)
        // The answers are facts: the same question is not asked again.
        #expect(rehearsal.send(.repositoryChanged(Sample.mirror(head: Sample.new))).isEmpty)
    }

    @Test func `large fleets are asked about in batches`() {
        var rehearsal = Rehearsal(["a"])
        let many = (0..<450).map { Sample.applier("a", "apps/n\($0)") }
        rehearsal.show("a", [Sample.source("a")] + many)
        let effects = rehearsal.send(.repositoryChanged(Sample.mirror(head: Sample.new)))
        let sizes = effects.map { effect -> Int in
            if case .measure(let keys) = effect {
                return keys.count
            }
            return 0
        }
        #expect(sizes == [200, 200, 51])
    }

    @Test func `the head itself is level without a question`() {
        var rehearsal = fleet()
        #expect(rehearsal.send(.repositoryChanged(Sample.mirror(head: Sample.old))).isEmpty)
        #expect(behind(rehearsal, "apps/x") == .commits(0, touching: 0))
        #expect(rehearsal.state.totals.clustersBehind == 0)
    }

    @Test(arguments: [
        (Distance.diverged, Behind.diverged),
        (.unknown, .unknown("the mirror has no \(Sample.old.prefix(7))")),
        (.behind(commits: 12, touching: 0), .commits(12, touching: 0)),
    ])
    func `answers are shown as what they are`(distance: Distance, expected: Behind) {
        var rehearsal = fleet()
        rehearsal.send(.repositoryChanged(Sample.mirror(head: Sample.new)))
        rehearsal.send(.distancesMeasured([key("apps/x"): distance]))
        #expect(behind(rehearsal, "apps/x") == expected)
    }

    @Test func `what the mirror did not know is asked again when the mirror moved`() {
        var rehearsal = Rehearsal(["a"])
        rehearsal.show("a", [Sample.source("a")])
        rehearsal.send(.repositoryChanged(Sample.mirror(head: Sample.new)))
        rehearsal.send(.distancesMeasured([key(""): .unknown]))
        let later = Sample.commit("later")
        #expect(
            rehearsal.send(.repositoryChanged(Sample.mirror(head: later))) == [
                .measure([DistanceKey(repository: Sample.fleet, from: Sample.old, to: later, path: "")])
            ]
        )
        #expect(rehearsal.send(.repositoryChanged(Sample.mirror(head: Sample.new))) == [.measure([key("")])])
    }

    @Test func `a mirror that fails says so`() {
        var rehearsal = fleet()
        rehearsal.send(
            .repositoryChanged(
                RepositorySnapshot(
                    id: Sample.fleet,
                    url: Sample.fleetURL,
                    health: .failed("host key changed")
                )
            )
        )
        #expect(behind(rehearsal, "apps/x") == .unknown("no mirror: host key changed"))
    }

    @Test func `a branch that the remote has not is told`() {
        var rehearsal = fleet()
        rehearsal.send(.repositoryChanged(Sample.mirror(head: Sample.new, branch: "trunk")))
        #expect(behind(rehearsal, "apps/x") == .unknown("the remote has no branch main"))
    }

    @Test(arguments: [
        (FollowedRef.semver("1.x"), Behind.pinned("versions 1.x")),
        (.commit(Sample.old), .pinned("commit \(Sample.old.prefix(7))")),
    ])
    func `pinned sources are neither level nor behind`(follows: FollowedRef, expected: Behind) {
        var rehearsal = Rehearsal(["a"])
        rehearsal.show("a", [Sample.source("a", follows: follows), Sample.applier("a", "apps/x")])
        rehearsal.send(.repositoryChanged(Sample.mirror(head: Sample.new)))
        #expect(behind(rehearsal, "apps/x") == expected)
    }

    @Test func `suspended appliers do not make their cluster behind`() {
        var rehearsal = Rehearsal(["a"])
        rehearsal.show("a", [Sample.source("a"), Sample.applier("a", "apps/x", state: .suspended)])
        rehearsal.send(.repositoryChanged(Sample.mirror(head: Sample.new)))
        rehearsal.send(.distancesMeasured([key("apps/x"): .behind(commits: 9, touching: 9)]))
        #expect(behind(rehearsal, "apps/x") == .commits(9, touching: 9))
        #expect(rehearsal.state.totals.clustersBehind == 0)
        #expect(rehearsal.state.clusters[cluster]?.summary.behind == nil)
    }

    @Test func `an artifact that CI packed is measured by the commit behind it`() {
        var source = FluxResource(
            ref: Sample.ref("a", .ociRepository, "flux-system/oci"),
            kind: .ociRepository,
            state: .ready
        )
        source.source = SourceFacts(
            url: "oci://registry.example/fleet",
            follows: .none,
            artifact: Revision("latest@sha256:\(String(repeating: "a", count: 64))"),
            origin: Sample.revision(Sample.old),
            originURL: "https://git.example/acme/fleet.git"
        )
        var applier = Sample.applier("a", "apps/x", at: nil)
        applier.applier?.source = source.ref
        applier.applier?.lastApplied = source.source?.artifact
        applier.applier?.origin = Sample.revision(Sample.old)
        var rehearsal = Rehearsal(["a"])
        let effects = rehearsal.show("a", [source, applier])
        #expect(
            effects == [
                .followRepositories([
                    RepositoryDemand(
                        id: Sample.fleet,
                        url: "https://git.example/acme/fleet.git",
                        refs: ["refs/heads/main"]
                    )
                ])
            ]
        )
        #expect(
            rehearsal.send(.repositoryChanged(Sample.mirror(head: Sample.new))) == [
                .measure([key(""), key("apps/x")])
            ]
        )
    }
}

struct DriftTests {
    private func key(_ path: String) -> DistanceKey {
        DistanceKey(repository: Sample.fleet, from: Sample.old, to: Sample.new, path: path)
    }

    @Test func `a source that lags behind Git is drift, with how much of it is here and since when`() {
        var rehearsal = Rehearsal(["a"])
        rehearsal.show("a", [Sample.source("a"), Sample.applier("a", "apps/x")])
        rehearsal.send(.repositoryChanged(Sample.mirror(head: Sample.old)))
        rehearsal.now = Sample.start.advanced(by: .seconds(60))
        rehearsal.send(.repositoryChanged(Sample.mirror(head: Sample.new)))
        rehearsal.send(
            .distancesMeasured([
                key(""): .behind(commits: 3, touching: 3), key("apps/x"): .behind(commits: 3, touching: 1),
            ])
        )
        let row = rehearsal.state.fleet.driftRows.first
        #expect(row?.kind == .source(commits: 3, here: 1))
        #expect(row?.branch == "main")
        #expect(row?.since == Sample.start.advanced(by: .seconds(60)))
        // A rollout that nothing holds up.
        #expect(row?.isCounted == true && rehearsal.state.totals.drifted == 0)
    }

    @Test func `rewritten history is told as such`() {
        var rehearsal = Rehearsal(["a"])
        rehearsal.show("a", [Sample.source("a")])
        rehearsal.send(.repositoryChanged(Sample.mirror(head: Sample.new)))
        rehearsal.send(.distancesMeasured([key(""): .diverged]))
        #expect(rehearsal.state.fleet.driftRows.map(\.kind) == [.rewritten])
    }

    @Test func `what is fetched and not applied is drift, with the reason`() {
        var rehearsal = Rehearsal(["a"])
        rehearsal.show(
            "a",
            [
                Sample.source("a", at: Sample.new), Sample.applier("a", "apps/x", state: .failed),
                Sample.applier("a", "apps/y", state: .suspended),
                Sample.applier("a", "apps/z", at: Sample.new),
            ]
        )
        let rows = rehearsal.state.fleet.driftRows
        #expect(rows.map(\.about.name) == ["x", "y"])
        #expect(
            rows[0].kind
                == .apply(fetched: "main@\(Sample.new.prefix(7))", applied: "main@\(Sample.old.prefix(7))")
        )
        #expect(rows.map(\.why) == ["HealthCheckFailed", "suspended"])
        #expect(rows[0].since == Sample.start)
    }

    @Test func `the same commit under another name of its ref is no drift`() {
        var rehearsal = Rehearsal(["a"])
        var source = Sample.source("a")
        source.source?.artifact = Revision("refs/heads/main@sha1:\(Sample.old)")
        rehearsal.show("a", [source, Sample.applier("a", "apps/x")])
        #expect(rehearsal.state.fleet.driftRows.isEmpty)
    }

    @Test func `missing objects and Helm's own findings stand first`() {
        var rehearsal = Rehearsal(["a"])
        var release = FluxResource(
            ref: Sample.ref("a", .helmRelease, "apps/cart"),
            kind: .helmRelease,
            state: .ready
        )
        release.applier = ApplierFacts(helmDrifted: true)
        release.conditions = [
            Condition(type: "Drifted", status: .yes, reason: "DriftDetected", message: "2 objects")
        ]
        var snapshot = Sample.snapshot(
            "a",
            [Sample.source("a", at: Sample.new), Sample.applier("a", "apps/x"), release]
        )
        let entry = InventoryEntry(
            namespace: "apps",
            name: "flags",
            group: "",
            kind: "ConfigMap",
            version: "v1"
        )
        snapshot.missing = [
            MissingObject(
                entry: entry,
                applier: Sample.ref("a", .kustomization, "apps/x"),
                seen: Sample.start,
                onset: .at(Sample.start)
            )
        ]
        rehearsal.send(.clusterChanged(snapshot))
        let kinds = rehearsal.state.fleet.driftRows.map(\.kind)
        #expect(kinds.count == 3)
        #expect(kinds[0] == .missing(entry))
        #expect(kinds[1] == .helm("2 objects"))
        rehearsal.type("6")
        #expect(rehearsal.state.drift.list.rows.count == 3)
        rehearsal.type("/kind:configmap<Enter>")
        #expect(rehearsal.state.drift.list.rows.map(\.kind) == [.missing(entry)])
    }
}
