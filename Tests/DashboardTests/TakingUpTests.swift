import Chrono
import Dashboard
import Git
import Kube
import Testing

/// Pushes of an earlier weir, suspensions of an earlier rollback, and histories that were rewritten.
struct TakingUpTests {
    private let fix = Sample.commit("fix7")

    private func remembered(
        isPushed: Bool = true,
        clusters: [String] = ["prod-eu", "prod-us"]
    ) -> RememberedRollout {
        RememberedRollout(
            key: "1.2.3",
            repository: Sample.fleet,
            branch: "main",
            subject: "Revert \"change\"",
            members: clusters.map { cluster in
                Convergence.Member(
                    applier: Sample.ref(cluster, .kustomization, "apps/checkout"),
                    source: Sample.ref(cluster, .gitRepository, "flux-system/fleet"),
                    before: Sample.bad
                )
            },
            planned: Sample.start.advanced(by: .seconds(-3_605)),
            pushed: isPushed
                ? RememberedRollout.Pushed(commit: fix, at: Sample.start.advanced(by: .seconds(-3_600))) : nil
        )
    }

    private func resources(_ cluster: String, at commit: String, reconciled: Int64 = 0) -> [FluxResource] {
        var applier = Sample.applier(cluster, "apps/checkout", at: commit)
        applier.conditions = [
            Condition(
                type: "Ready",
                status: .yes,
                reason: "",
                message: "",
                lastTransition: Sample.start.advanced(by: .seconds(reconciled))
            )
        ]
        return [Sample.source(cluster, at: commit), applier]
    }

    @Test func `a push that was under way is followed again, and its end is told with a bell`() {
        var rehearsal = Rehearsal()
        rehearsal.show("prod-eu", resources("prod-eu", at: fix, reconciled: -3_580))
        #expect(!rehearsal.send(.rolloutsRemembered([remembered()])).contains(.bell))
        #expect(rehearsal.notices == ["Revert \"change\", pushed 60m ago, is followed again: 5 shows it"])
        let taken = rehearsal.state.rollouts.convergences.first
        #expect(taken?.done == 1)
        // What was reached while nobody looked is dated by the cluster, not by now.
        #expect(taken?.rows.first?.healthy == Sample.start.advanced(by: .seconds(-3_580)))
        #expect(rehearsal.state.rollouts.keys == [1: "1.2.3"])
        rehearsal.now = Sample.start.advanced(by: .seconds(10))
        #expect(rehearsal.show("prod-us", resources("prod-us", at: fix, reconciled: 9)).contains(.bell))
        rehearsal.type("5")
        #expect(rehearsal.state.screen == .convergence(1))
        #expect(rehearsal.state.rollouts.convergences.first?.finished == rehearsal.now)
        #expect(
            rehearsal.notices.contains { $0.hasPrefix("Revert \"change\": healthy on 2 clusters after 1h0m") }
        )
    }

    @Test func `what ended while weir was away says so`() {
        var rehearsal = Rehearsal()
        for cluster in ["prod-eu", "prod-us"] {
            rehearsal.show(cluster, resources(cluster, at: fix, reconciled: -3_580))
        }
        #expect(rehearsal.send(.rolloutsRemembered([remembered()])).contains(.bell))
        #expect(rehearsal.notices.last?.contains("after 20s") == true)
        #expect(rehearsal.notices.last?.contains("while weir was away") == true)
    }

    @Test(arguments: [true, false])
    func `a push of which nobody knew is followed once it turns out to be on the branch`(isLedgerFirst: Bool)
    {
        var rehearsal = Rehearsal()
        let remnant = PushRemnant(
            repository: Sample.fleet,
            branch: "main",
            commit: fix,
            subject: "Revert \"change\"",
            fate: .onBranch
        )
        let events: [Event] = [.rolloutsRemembered([remembered(isPushed: false)]), .pushSettled(remnant)]
        for event in isLedgerFirst ? events : events.reversed() {
            #expect(rehearsal.state.rollouts.convergences.isEmpty)
            rehearsal.send(event)
        }
        #expect(rehearsal.state.rollouts.convergences.map(\.receipt.commit) == [fix])
        #expect(rehearsal.notices.contains(remnant.sentence))
    }

    @Test func `a push that never arrived is told and not followed`() {
        var rehearsal = Rehearsal()
        rehearsal.send(.rolloutsRemembered([remembered(isPushed: false)]))
        let remnant = PushRemnant(
            repository: Sample.fleet,
            branch: "main",
            commit: fix,
            subject: "Revert \"change\"",
            fate: .nothingHappened
        )
        rehearsal.send(.pushSettled(remnant))
        #expect(rehearsal.notices == [remnant.sentence])
        #expect(rehearsal.state.rollouts.convergences.isEmpty)
    }

    @Test func `of clusters that this weir does not have nothing is waited for, and the end is not theirs`() {
        var rehearsal = Rehearsal()
        rehearsal.send(.rolloutsRemembered([remembered(clusters: ["prod-eu", "elsewhere"])]))
        #expect(rehearsal.state.rollouts.convergences.first?.rows.count == 1)
        #expect(rehearsal.state.rollouts.keys.isEmpty)
        rehearsal.send(.rolloutsRemembered([remembered(clusters: ["elsewhere"])]))
        #expect(rehearsal.state.rollouts.convergences.count == 1)
    }

    // MARK: Suspensions

    private func bot(since: Timestamp?, reason: String?) -> FluxResource {
        var bot = FluxResource(
            ref: Sample.ref("prod-eu", .imageUpdateAutomation, "shop/bot"),
            kind: .imageUpdateAutomation,
            state: .suspended
        )
        bot.isSuspended = true
        bot.suspendedBy = "ada"
        bot.suspendReason = reason
        bot.suspendedSince = since
        bot.automation = AutomationFacts()
        return bot
    }

    @Test func `image automation that a rollback suspended is told when its cluster is seen first, once`() {
        var rehearsal = Rehearsal()
        let since = Sample.start.advanced(by: .seconds(-172_800))
        let left = bot(since: since, reason: "would redo what the revert of 9f2c1ab takes back")
        rehearsal.show("prod-eu", [left])
        #expect(
            rehearsal.notices == [
                "shop/bot on prod-eu suspended for 2d by ada for a rollback; resume with r when it is safe"
            ]
        )
        rehearsal.type("<Esc>")
        rehearsal.show("prod-eu", [left])
        #expect(rehearsal.notices.isEmpty)
    }

    @Test func `what others suspended is no rollback's`() {
        var rehearsal = Rehearsal()
        rehearsal.show("prod-eu", [bot(since: nil, reason: "quiet please")])
        #expect(rehearsal.notices.isEmpty)
    }

    @Test func `rollouts list what is suspended, the longest first, and resume it`() {
        var rehearsal = Rehearsal()
        var younger = Sample.applier("prod-us", "apps/checkout", state: .suspended)
        younger.suspendedSince = Sample.start.advanced(by: .seconds(-60))
        younger.suspendedBy = "sre"
        younger.suspendReason = "upgrade"
        let older = bot(since: Sample.start.advanced(by: .seconds(-172_800)), reason: "quiet please")
        let unknown = Sample.applier("prod-us", "apps/cart", state: .suspended)
        rehearsal.show("prod-eu", [older])
        rehearsal.show("prod-us", [younger, unknown])
        rehearsal.type("8")
        #expect(
            rehearsal.state.rollouts.rows.map(\.title) == [
                "\(older.kind.short) shop/bot on prod-eu by ada: quiet please",
                "ks apps/checkout on prod-us by sre: upgrade", "ks apps/cart on prod-us",
            ]
        )
        rehearsal.type("jr")
        #expect(rehearsal.confirmation?.targets == [younger.ref])
        rehearsal.type("<Esc><Enter>")
        #expect(rehearsal.state.screen == .resource(younger.ref))
    }

    @Test func `a suspended row tells by whom, why and since when`() {
        var rehearsal = Rehearsal()
        let left = bot(since: Sample.start, reason: "quiet please")
        rehearsal.show("prod-eu", [left])
        rehearsal.select(left.ref)
        let row = rehearsal.state.fleet.syncRows.first { $0.ref == left.ref }
        let line = row.map { rehearsal.state.line($0) }
        #expect(line?.message == "by ada: quiet please")
        #expect(line?.suspendedSince == Sample.start)
    }

    // MARK: Rewritten history

    private func rewritten(_ upheaval: RefUpheaval, heads: [String: String]) -> RepositorySnapshot {
        RepositorySnapshot(
            id: Sample.fleet,
            url: Sample.fleetURL,
            heads: heads,
            fetched: Sample.start,
            health: .current,
            upheavals: ["refs/heads/main": upheaval]
        )
    }

    @Test(arguments: [
        (RefUpheaval.rewritten(from: Sample.old, to: Sample.new), "main was force-pushed"),
        (.deleted(was: Sample.old), "main was deleted on the remote"),
        (.renamed(to: "refs/heads/trunk"), "main is gone, and trunk is at the same commit"),
    ])
    func `what happened to a branch is told, once, and stays on its source and in the commits`(
        upheaval: RefUpheaval,
        words: String
    ) {
        var rehearsal = Rehearsal.commits(Sample.log([Sample.old]))
        let heads =
            upheaval == .rewritten(from: Sample.old, to: Sample.new) ? ["refs/heads/main": Sample.new] : [:]
        rehearsal.send(.repositoryChanged(rewritten(upheaval, heads: heads)))
        #expect(rehearsal.notices.filter { $0.hasPrefix("fleet: \(words)") }.count == 1)
        #expect(rehearsal.state.shownUpheaval?.hasPrefix(words) == true)
        let source = Sample.ref("prod-eu", .gitRepository, "flux-system/fleet")
        rehearsal.select(source)
        let row = rehearsal.state.fleet.syncRows.first { $0.ref == source }
        #expect(row.map { rehearsal.state.line($0).message.hasPrefix(words) } == true)
    }

    @Test func `a source that took the rewritten branch in has nothing to say any more`() {
        var rehearsal = Rehearsal.commits(Sample.log([Sample.new]))
        let upheaval = RefUpheaval.rewritten(from: Sample.old, to: Sample.new)
        rehearsal.send(.repositoryChanged(rewritten(upheaval, heads: ["refs/heads/main": Sample.new])))
        let source = Sample.ref("prod-eu", .gitRepository, "flux-system/fleet")
        rehearsal.select(source)
        let row = rehearsal.state.fleet.syncRows.first { $0.ref == source }
        #expect(row.map { rehearsal.state.line($0).message } == "")
    }
}
