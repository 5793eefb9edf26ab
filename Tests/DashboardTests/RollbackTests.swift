import Chrono
import Configuration
import Dashboard
import Foundation
import Git
import Kube
import Testing

struct RollbackTests {
    private let query = LogQuery(repository: Sample.fleet, ref: "refs/heads/main")
    private let receipt = PushReceipt(repository: Sample.fleet, branch: "main", commit: Sample.commit("fix7"))

    /// The commits view with the newest commit, which is the bad one, selected.
    private func fleet(
        isReadOnly: Bool = false,
        protected: Set<String> = [],
        readOnly: Set<String> = [],
        extra: [FluxResource] = [],
        settings: Settings = Settings()
    ) -> Rehearsal {
        var rehearsal = Rehearsal(
            isReadOnly: isReadOnly,
            protected: protected,
            readOnly: readOnly,
            settings: settings
        )
        for cluster in ["prod-eu", "prod-us"] {
            rehearsal.show(
                cluster,
                [
                    Sample.source(cluster, at: Sample.bad),
                    Sample.applier(cluster, "apps/checkout", at: Sample.bad, state: .failed),
                    Sample.applier(cluster, "apps/cart", at: Sample.bad),
                ] + extra.filter { $0.ref.cluster == ClusterID(cluster) }
            )
        }
        rehearsal.send(.repositoryChanged(Sample.mirror(head: Sample.bad)))
        rehearsal.type("3")
        let page = LogPage(
            query: query,
            tip: Sample.bad,
            offset: 0,
            commits: Sample.log([Sample.bad, Sample.old]),
            isLast: true
        )
        rehearsal.send(.logLoaded(.success(page), Ticket(1)))
        return rehearsal
    }

    private var request: RevertRequest {
        RevertRequest(
            repository: Sample.fleet,
            branch: "main",
            commit: Sample.bad,
            paths: ["apps/checkout", "apps/cart"]
        )
    }

    private func plan(
        _ request: RevertRequest? = nil,
        conflicts: [FileConflict] = [],
        isEmpty: Bool = false,
        changed: Set<String> = ["apps/checkout"],
        policies: Set<String> = []
    ) -> RevertPlan {
        let file = FileDiff(
            change: .modified,
            oldPath: "apps/checkout/api.yaml",
            newPath: "apps/checkout/api.yaml"
        )
        return RevertPlan(
            request: request ?? self.request,
            target: Sample.log([Sample.bad, Sample.old])[0],
            tip: Sample.bad,
            tree: conflicts.isEmpty ? "tree" : nil,
            message: "Revert \"change\"\n\nReason",
            author: "me",
            email: "me@example.org",
            diff: CommitDiff(files: isEmpty ? [] : [file]),
            conflicts: conflicts,
            changedPaths: changed,
            imagePolicies: policies
        )
    }

    private func ticket(_ effects: [Effect]) -> Ticket {
        for effect in effects {
            switch effect {
            case .planRevert(_, let ticket), .commitAndPush(_, let ticket): return ticket
            default: continue
            }
        }
        return Ticket(-1)
    }

    /// A rollback whose plan is on the screen.
    private func previewed(_ plan: RevertPlan? = nil, in start: Rehearsal? = nil) -> Rehearsal {
        var rehearsal = start ?? fleet()
        let effects = rehearsal.type("X")
        rehearsal.send(.revertPlanned(.success(plan ?? self.plan()), ticket(effects)))
        return rehearsal
    }

    /// From the preview to the push, by the keys an operator presses.
    private func toPush(_ rehearsal: inout Rehearsal) -> [Effect] {
        while rehearsal.rollback?.focus != .push {
            rehearsal.type("<Tab>")
        }
        return rehearsal.type("<Enter>")
    }

    @Test func `X plans the revert with the paths of all appliers`() {
        var rehearsal = fleet()
        let effects = rehearsal.type("X")
        #expect(effects == [.planRevert(request, Ticket(3))])
        #expect(rehearsal.rollback?.step == .planning)
        #expect(rehearsal.rollback?.commit?.id == Sample.bad)
    }

    @Test func `Esc leaves with nothing changed, and the plan that comes later is dropped`() {
        var rehearsal = fleet()
        let effects = rehearsal.type("X")
        #expect(rehearsal.type("<Esc>").isEmpty)
        #expect(rehearsal.rollback == nil)
        #expect(rehearsal.send(.revertPlanned(.success(plan()), ticket(effects))).isEmpty)
        #expect(rehearsal.rollback == nil)
    }

    @Test func `the preview shows whom it touches`() {
        let rehearsal = previewed()
        #expect(
            rehearsal.rollback?.blastRadius?.affected.map(\.ref.path) == ["apps/checkout", "apps/checkout"]
        )
        #expect(rehearsal.rollback?.fields == [.diff, .message, .destination, .subject, .reason, .push])
    }

    @Test func `Enter and d toggle the diff, keys scroll it, Esc closes it first`() {
        var rehearsal = previewed()
        rehearsal.type("<Enter>")
        #expect(rehearsal.rollback?.showsDiff == true)
        rehearsal.type("djd")
        #expect(rehearsal.rollback?.showsDiff == true)
        rehearsal.type("<Esc>")
        #expect(rehearsal.rollback?.showsDiff == false)
        rehearsal.type("<Esc>")
        #expect(rehearsal.rollback == nil)
    }

    @Test func `a confirmed plan is pushed, just as it was read`() {
        var rehearsal = previewed()
        let effects = toPush(&rehearsal)
        #expect(effects == [.commitAndPush(Confirmed(byOperator: plan()), Ticket(4))])
        // On its way there is no way back.
        #expect(rehearsal.type("<Esc>q<Enter>").isEmpty)
        #expect(rehearsal.type("Q<Ctrl-c>").isEmpty)
        #expect(rehearsal.rollback?.problem?.contains("wait for the answer") == true)
        #expect(rehearsal.rollback?.isCommitted == true)
    }

    @Test func `after the push what is affected is resynced and watched`() {
        var rehearsal = previewed()
        let push = ticket(toPush(&rehearsal))
        let effects = rehearsal.send(.pushed(.success(receipt), push))
        #expect(rehearsal.rollback == nil)
        #expect(rehearsal.state.screen == .convergence(1))
        #expect(effects.first == .check(Sample.fleet))
        let asked = effects.compactMap { effect -> String? in
            if case .requestReconcile(let ref, _, _) = effect {
                return "\(ref.cluster) \(ref.path)"
            }
            return nil
        }
        #expect(asked == ["prod-eu flux-system/fleet", "prod-us flux-system/fleet"])
        #expect(rehearsal.state.resyncs.all.map(\.isSource) == [true, false, true, false])
        #expect(rehearsal.state.rollouts.convergences.first?.rows.count == 2)
        #expect(rehearsal.state.undoables == [.pushed(receipt)])
    }

    @Test func `convergence ends with a bell when every cluster is healthy`() {
        var rehearsal = previewed()
        let push = ticket(toPush(&rehearsal))
        rehearsal.send(.pushed(.success(receipt), push))
        rehearsal.now = rehearsal.now.advanced(by: .seconds(20))
        func healthy(_ cluster: String) -> [FluxResource] {
            [
                Sample.source(cluster, at: receipt.commit),
                Sample.applier(cluster, "apps/checkout", at: receipt.commit),
            ]
        }
        #expect(!rehearsal.show("prod-eu", healthy("prod-eu")).contains(.bell))
        #expect(rehearsal.state.rollouts.convergences.first?.done == 1)
        #expect(rehearsal.show("prod-us", healthy("prod-us")).contains(.bell))
        #expect(rehearsal.state.rollouts.convergences.first?.finished == rehearsal.now)
        let summary =
            "Revert \"change\": healthy on 2 clusters after 20s, fetched at once, applied after 20s"
        #expect(rehearsal.notices.contains(summary))
        rehearsal.type("<Esc>:rollouts<Enter>")
        #expect(rehearsal.state.rollouts.rows.first { $0.id == .push(1) }?.isFinished == true)
    }

    @Test func `the reason goes into the message by planning anew`() {
        var rehearsal = previewed()
        rehearsal.type("<Tab><Tab><Tab><Tab>bad image")
        #expect(rehearsal.rollback?.reason.text == "bad image")
        let effects = rehearsal.type("<Enter>")
        var reasoned = request
        reasoned.reason = "bad image"
        #expect(effects == [.planRevert(reasoned, Ticket(4))])
        // The old plan stays to be read and cannot be confirmed meanwhile.
        #expect(rehearsal.rollback?.plan == plan())
        #expect(rehearsal.type("<Enter>").isEmpty)
        #expect(rehearsal.rollback?.problem == "the plan is being made anew: wait for it and read it")
        rehearsal.send(.revertPlanned(.success(plan(reasoned)), Ticket(4)))
        let push = rehearsal.type("<Enter>")
        #expect(push == [.commitAndPush(Confirmed(byOperator: plan(reasoned)), Ticket(5))])
    }

    @Test func `a conflict shows what stands against it and nothing can be confirmed`() {
        let conflict = FileConflict(path: "apps/checkout/api.yaml", lines: ["<<<<<<<"], changedBy: [])
        var rehearsal = previewed(plan(conflicts: [conflict]))
        #expect(
            rehearsal.rollback?.obstacle == "1 file was changed by newer commits too: nothing can be pushed"
        )
        #expect(rehearsal.rollback?.fields == [.diff])
        #expect(rehearsal.type("<Tab><Enter><Tab><Enter>y<Enter>").filter(\.isMutating) == [])
        #expect(rehearsal.rollback?.isCommitted == false)
    }

    @Test func `a revert that changes nothing says so`() {
        let rehearsal = previewed(plan(isEmpty: true))
        #expect(
            rehearsal.rollback?.obstacle == "the revert would change nothing: main has none of it any more"
        )
    }

    @Test func `a plan that failed says why`() {
        var rehearsal = fleet()
        let effects = rehearsal.type("X")
        let failure = GitFailure(.authentication, "git.example refused the key")
        rehearsal.send(.revertPlanned(.failure(failure), ticket(effects)))
        #expect(rehearsal.rollback?.step == .impossible(failure))
        #expect(rehearsal.rollback?.obstacle == "git.example refused the key")
        rehearsal.type("<Esc>")
        #expect(rehearsal.rollback == nil)
    }

    @Test func `a tip that moved is planned anew and must be confirmed anew`() {
        var rehearsal = previewed()
        let push = ticket(toPush(&rehearsal))
        let effects = rehearsal.send(.pushed(.failure(GitFailure(.movedTip(Sample.new), "main moved")), push))
        #expect(effects == [.planRevert(request, Ticket(5))])
        #expect(
            rehearsal.rollback?.problem?.hasPrefix("main moved to \(Sample.new.prefix(7)) meanwhile") == true
        )
        #expect(rehearsal.rollback?.focus == .diff)
        rehearsal.send(.revertPlanned(.success(plan()), Ticket(5)))
        #expect(toPush(&rehearsal) == [.commitAndPush(Confirmed(byOperator: plan()), Ticket(6))])
    }

    @Test(arguments: [
        (
            GitFailure(.rejected, "the server refused main: protected branch"),
            "nothing was pushed: the server refused main: protected branch"
        ),
        (GitFailure(.authentication, "no right to push"), "nothing was pushed: no right to push"),
        (GitFailure(.unclear, "the connection broke: look at main"), "the connection broke: look at main"),
    ])
    func `a push that failed says what became of it and changes nothing else`(
        failure: GitFailure,
        sentence: String
    ) {
        var rehearsal = previewed()
        let push = ticket(toPush(&rehearsal))
        #expect(rehearsal.send(.pushed(.failure(failure), push)).isEmpty)
        let advice = failure.cause == .rejected ? "; a new branch and a pull request may do" : ""
        #expect(rehearsal.rollback?.problem == sentence + advice)
        #expect(rehearsal.rollback?.isUnclear == (failure.cause == .unclear))
        #expect(rehearsal.rollback?.isCommitted == false)
        #expect(rehearsal.state.rollouts.convergences.isEmpty)
        #expect(rehearsal.state.undoables.isEmpty)
    }

    @Test func `a protected cluster asks for its name`() {
        var rehearsal = previewed(in: fleet(protected: ["prod-eu"]))
        #expect(rehearsal.rollback?.requiredName == "prod-eu")
        #expect(toPush(&rehearsal).isEmpty)
        #expect(rehearsal.rollback?.problem == "type prod-eu to confirm: it is protected")
        #expect(rehearsal.rollback?.focus == .name)
        #expect(rehearsal.type("prod-e<Enter>").isEmpty)
        #expect(rehearsal.type("u<Enter>").count == 1)
    }

    @Test(arguments: [
        ("prod-eu prod-us", true), ("prod-us  prod-eu", true), ("prod-eu", false),
        ("prod-eu prod-us dev", false), ("prod-euprod-us", false),
    ])
    func `several protected clusters ask for all their names`(typed: String, isEnough: Bool) {
        var rehearsal = previewed(in: fleet(protected: ["prod-eu", "prod-us"]))
        #expect(rehearsal.rollback?.requiredNames.names == ["prod-eu", "prod-us"])
        #expect(toPush(&rehearsal).isEmpty)
        #expect(rehearsal.rollback?.problem == "type prod-eu prod-us to confirm: 2 are protected")
        #expect(rehearsal.type("\(typed)<Enter>").isEmpty == !isEnough)
    }

    @Test func `a protected cluster that has told nothing asks for its name as well`() {
        var rehearsal = fleet(protected: ["prod-us"])
        rehearsal.send(.clusterChanged(ClusterSnapshot(id: ClusterID("prod-us"), link: .connecting)))
        rehearsal = previewed(in: rehearsal)
        #expect(rehearsal.rollback?.blastRadius?.unseen == [ClusterID("prod-us")])
        #expect(rehearsal.rollback?.requiredName == "prod-us")
        #expect(toPush(&rehearsal).isEmpty)
    }

    @Test func `a read-only process does not even plan`() {
        var rehearsal = fleet(isReadOnly: true)
        #expect(rehearsal.type("X").isEmpty)
        #expect(rehearsal.notices == ["weir runs read-only: nothing was changed"])
        #expect(rehearsal.type("z").isEmpty)
    }

    @Test func `a read-only cluster that would change forbids the push`() {
        var rehearsal = previewed(in: fleet(readOnly: ["prod-us"]))
        #expect(rehearsal.rollback?.obstacle == "prod-us would change and is read-only here")
        #expect(rehearsal.type("<Tab><Tab><Enter><Enter>").filter(\.isMutating) == [])
    }

    @Test func `a branch that is none cannot take a revert`() {
        var rehearsal = Rehearsal(["a"])
        rehearsal.show("a", [Sample.source("a", follows: .tag("v1"))])
        rehearsal.send(
            .repositoryChanged(
                RepositorySnapshot(
                    id: Sample.fleet,
                    url: Sample.fleetURL,
                    heads: ["refs/tags/v1": Sample.old],
                    health: .current
                )
            )
        )
        rehearsal.type("3")
        let tagged = LogQuery(repository: Sample.fleet, ref: "refs/tags/v1")
        let page = LogPage(
            query: tagged,
            tip: Sample.old,
            offset: 0,
            commits: Sample.log([Sample.old]),
            isLast: true
        )
        rehearsal.send(.logLoaded(.success(page), Ticket(1)))
        #expect(rehearsal.type("X").isEmpty)
        #expect(rehearsal.notices == ["refs/tags/v1 is no branch: a revert needs one to be pushed to"])
    }

    // MARK: Bots

    private func bot(_ cluster: String) -> FluxResource {
        var bot = FluxResource(
            ref: Sample.ref(cluster, .imageUpdateAutomation, "shop/checkout"),
            kind: .imageUpdateAutomation,
            state: .ready
        )
        bot.automation = AutomationFacts(source: Sample.ref(cluster, .gitRepository, "flux-system/fleet"))
        return bot
    }

    @Test func `a bot that would do it again is suspended before the push`() {
        let bot = bot("prod-eu")
        var rehearsal = previewed(plan(policies: ["shop:checkout"]), in: fleet(extra: [bot]))
        #expect(rehearsal.rollback?.blastRadius?.bots == [bot.ref])
        #expect(rehearsal.rollback?.suspendsBots == true)
        #expect(
            rehearsal.rollback?.fields == [.diff, .message, .destination, .bots, .subject, .reason, .push]
        )
        let reason = "would redo what the revert of \(Sample.bad.prefix(7)) takes back"
        #expect(toPush(&rehearsal) == [.setSuspended(bot.ref, true, reason: reason)])
        let effects = rehearsal.send(.suspensionChanged(bot.ref, isSuspended: true, .success(nil)))
        #expect(
            effects == [.commitAndPush(Confirmed(byOperator: plan(policies: ["shop:checkout"])), Ticket(4))]
        )
        rehearsal.send(.pushed(.success(receipt), Ticket(4)))
        #expect(rehearsal.state.undoables == [.suspended([bot.ref]), .pushed(receipt)])
    }

    @Test func `a bot that cannot be suspended stops the push`() {
        let bot = bot("prod-eu")
        var rehearsal = previewed(plan(policies: ["shop:checkout"]), in: fleet(extra: [bot]))
        _ = toPush(&rehearsal)
        let failure = ActionFailure(.forbidden, "may not patch")
        #expect(rehearsal.send(.suspensionChanged(bot.ref, isSuspended: true, .failure(failure))).isEmpty)
        #expect(
            rehearsal.rollback?.problem
                == "nothing was pushed: shop/checkout could not be suspended: may not patch"
        )
        #expect(rehearsal.rollback?.isCommitted == false)
    }

    @Test func `the operator may leave the bot alone`() {
        let bot = bot("prod-eu")
        var rehearsal = previewed(plan(policies: ["shop:checkout"]), in: fleet(extra: [bot]))
        rehearsal.type("<Tab><Tab><Tab> ")
        #expect(rehearsal.rollback?.suspendsBots == false)
        guard case .commitAndPush? = toPush(&rehearsal).first else {
            Issue.record("it was not pushed")
            return
        }
    }

    @Test func `no bot is suspended for a commit on a branch of its own`() {
        let bot = bot("prod-eu")
        var rehearsal = previewed(plan(policies: ["shop:checkout"]), in: fleet(extra: [bot]))
        let effects = rehearsal.type("<Tab><Tab> ")
        var branched = request
        branched.newBranch = "weir/revert-\(Sample.bad.prefix(7))"
        let proposal = plan(branched, policies: ["shop:checkout"])
        rehearsal.send(.revertPlanned(.success(proposal), ticket(effects)))
        #expect(rehearsal.rollback?.fields.contains(.bots) == false)
        let pushed = toPush(&rehearsal)
        #expect(pushed == [.commitAndPush(Confirmed(byOperator: proposal), ticket(pushed))])
    }

    // MARK: Undo and merges

    @Test func `z after a push plans the revert of the revert`() {
        var rehearsal = previewed()
        rehearsal.send(.pushed(.success(receipt), ticket(toPush(&rehearsal))))
        let effects = rehearsal.type("z")
        var back = request
        back.commit = receipt.commit
        guard case .planRevert(back, _)? = effects.first else {
            Issue.record("no plan was asked for")
            return
        }
        #expect(rehearsal.rollback?.isUndo == true)
    }

    @Test func `a merge goes back to its first parent, and m chooses another`() {
        var rehearsal = fleet()
        let merge = Commit(
            id: Sample.bad,
            parents: [Sample.old, Sample.new],
            author: "dev",
            email: "dev@example.org",
            committed: Sample.start,
            subject: "merge"
        )
        rehearsal.send(.repositoryChanged(Sample.mirror(head: Sample.commit("moved"))))
        let page = LogPage(query: query, tip: Sample.bad, offset: 0, commits: [merge], isLast: true)
        rehearsal.send(.logLoaded(.success(page), Ticket(3)))
        var first = request
        first.mainline = 1
        let planned = rehearsal.type("X")
        #expect(planned.first == .planRevert(first, ticket(planned)))
        var second = request
        second.mainline = 2
        let replanned = rehearsal.type("m")
        #expect(replanned == [.planRevert(second, ticket(replanned))])
    }

    @Test func `keys at any moment and any size leave a state that holds`() {
        var rehearsal = previewed()
        for size in [(1, 1), (40, 12), (400, 120)] {
            rehearsal.send(.resized(columns: size.0, rows: size.1))
            rehearsal.type("jkGg<PgDn><Tab>x<Tab>")
        }
        rehearsal.show("prod-eu", [])
        rehearsal.show("prod-us", [], link: .unreachable("gone", since: Sample.start))
        #expect(rehearsal.rollback != nil)
    }

    @Test func `only the confirm step makes a plan that may be pushed`() throws {
        let room = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources/Core/Dashboard")
        let files = try FileManager.default.contentsOfDirectory(atPath: room.path)
        var makers: [String] = []
        for name in files {
            let text = try String(contentsOf: room.appending(path: name), encoding: .utf8)
            if text.contains("Confirmed(byOperator:") {
                makers.append(name)
            }
        }
        #expect(makers == ["AppState+RollbackKeys.swift"])
    }

    @Test func `what was suspended for a push that failed stays suspended, and that is said`() {
        let bot = bot("prod-eu")
        var rehearsal = previewed(plan(policies: ["shop:checkout"]), in: fleet(extra: [bot]))
        _ = toPush(&rehearsal)
        let effects = rehearsal.send(.suspensionChanged(bot.ref, isSuspended: true, .success(nil)))
        rehearsal.show("prod-eu", [Sample.source("prod-eu", at: Sample.bad), suspended(bot)])
        rehearsal.send(.pushed(.failure(GitFailure(.rejected, "the hook said no")), ticket(effects)))
        #expect(
            rehearsal.rollback?.problem
                == "nothing was pushed: the hook said no; shop/checkout stays suspended: z resumes it"
                + "; a new branch and a pull request may do"
        )
        rehearsal.type("<Esc>")
        #expect(rehearsal.notices == ["nothing was pushed; shop/checkout stays suspended: z resumes it"])
        rehearsal.type("z")
        #expect(rehearsal.confirmation?.action == .resume)
        #expect(rehearsal.confirmation?.targets == [bot.ref])
    }

    private func suspended(_ bot: FluxResource) -> FluxResource {
        var bot = bot
        bot.isSuspended = true
        bot.state = .suspended
        return bot
    }

    @Test func `the end of a rollback says which bot is still suspended`() {
        let bot = bot("prod-eu")
        var rehearsal = previewed(plan(policies: ["shop:checkout"]), in: fleet(extra: [bot]))
        _ = toPush(&rehearsal)
        let effects = rehearsal.send(.suspensionChanged(bot.ref, isSuspended: true, .success(nil)))
        rehearsal.send(.pushed(.success(receipt), ticket(effects)))
        rehearsal.type("1")
        for cluster in ["prod-us", "prod-eu"] {
            rehearsal.show(
                cluster,
                [
                    Sample.source(cluster, at: receipt.commit),
                    Sample.applier(cluster, "apps/checkout", at: receipt.commit),
                ] + (cluster == "prod-eu" ? [suspended(bot)] : [])
            )
        }
        let told = rehearsal.notices.last ?? ""
        #expect(told.contains("healthy on 2 clusters"))
        #expect(told.hasSuffix("; shop/checkout still suspended: resume with r when it is safe"))
    }

    // MARK: Wording and freezes

    @Test func `the subject can be worded otherwise and the rest of the message stays`() {
        var rehearsal = previewed()
        #expect(rehearsal.rollback?.subject.text == "Revert \"change\"")
        while rehearsal.rollback?.focus != .subject {
            rehearsal.type("<Tab>")
        }
        rehearsal.type("<Ctrl-u>Take back the change")
        let effects = toPush(&rehearsal)
        guard case .commitAndPush(let confirmed, _) = effects.first else {
            Issue.record("nothing is pushed: \(effects)")
            return
        }
        #expect(confirmed.value.message == "Take back the change\n\nReason")
    }

    @Test func `a commit without a subject is not pushed`() {
        var rehearsal = previewed()
        while rehearsal.rollback?.focus != .subject {
            rehearsal.type("<Tab>")
        }
        rehearsal.type("<Ctrl-u>")
        #expect(toPush(&rehearsal).isEmpty)
        #expect(rehearsal.rollback?.problem == "the commit needs a subject")
    }

    @Test func `a frozen cluster is told and asks for its name`() {
        var settings = Settings()
        let from = Sample.start.advanced(by: .seconds(-60))
        let until = Sample.start.advanced(by: .seconds(3_600))
        settings.freezes = [
            FreezeWindow(context: "prod-us", name: "holidays", span: .once(from: from, until: until))
        ]
        var rehearsal = previewed(in: fleet(settings: settings))
        #expect(rehearsal.rollback?.requiredName == "prod-us")
        let sentence = rehearsal.rollback?.blastRadius?.traps.map(\.sentence).first
        #expect(
            sentence == "prod-us is in a freeze (holidays) until \(until.rfc3339): its name must be typed"
        )
        #expect(toPush(&rehearsal).isEmpty)
        #expect(rehearsal.rollback?.problem == "type prod-us to confirm: it is frozen")
        #expect(rehearsal.type("prod-us<Enter>").filter(\.isMutating).count == 1)
    }

    @Test func `after a freeze nothing is asked`() {
        var settings = Settings()
        settings.freezes = [
            FreezeWindow(
                context: "*",
                name: "past",
                span: .once(from: Timestamp(seconds: 0), until: Sample.start)
            )
        ]
        let rehearsal = previewed(in: fleet(settings: settings))
        #expect(rehearsal.rollback?.requiredName == nil)
        #expect(rehearsal.rollback?.blastRadius?.frozen == [])
    }

    @Test func `all lines of a long conflict can be scrolled to`() {
        let conflict = FileConflict(
            path: "apps/checkout/api.yaml",
            lines: (0..<80).map { "line \($0)" },
            changedBy: Sample.log([Sample.new])
        )
        var rehearsal = previewed(plan(conflicts: [conflict]))
        rehearsal.type("G")
        #expect(rehearsal.rollback?.scroll ?? 0 >= 80)
    }
}
