import Chrono
import Configuration
import Dashboard
import Foundation
import Git
import Kube
import Testing

// Image automation that would do again what is undone.
extension RollbackTests {
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

    @Test func `undoing a rollback says which bot stays suspended`() {
        let bot = bot("prod-eu")
        var rehearsal = previewed(plan(policies: ["shop:checkout"]), in: fleet(extra: [bot]))
        _ = toPush(&rehearsal)
        rehearsal.send(.suspensionChanged(bot.ref, isSuspended: true, .success(nil)))
        rehearsal.send(.pushed(.success(receipt), Ticket(4)))
        var held = bot
        held.isSuspended = true
        held.state = .suspended
        rehearsal.show(
            "prod-eu",
            [
                Sample.source("prod-eu", at: Sample.bad),
                Sample.applier("prod-eu", "apps/checkout", at: Sample.bad, state: .failed), held,
            ]
        )
        #expect(rehearsal.state.undoWords == "revert \(Revision.cut(receipt.commit)) on main")
        let effects = rehearsal.type("z")
        var undo = request
        undo.aim = .commit(receipt.commit)
        rehearsal.send(.revertPlanned(.success(plan(undo)), ticket(effects)))
        #expect(rehearsal.rollback?.isUndo == true)
        #expect(rehearsal.rollback?.heldBots == [bot.ref])
        let again = PushReceipt(repository: Sample.fleet, branch: "main", commit: Sample.commit("fix8"))
        let push = toPush(&rehearsal)
        rehearsal.send(.pushed(.success(again), ticket(push)))
        let sentence = "shop/checkout on prod-eu stays suspended, as the rollback left it: r resumes it"
        #expect(rehearsal.notices.contains { $0.hasSuffix(sentence) }, "\(rehearsal.notices)")
    }

    @Test func `a rollback says that marks do not count`() {
        var rehearsal = fleet()
        rehearsal.select(Sample.ref("prod-eu", .kustomization, "apps/checkout"))
        rehearsal.type("*X")
        #expect(rehearsal.state.screen == .commits)
        #expect(rehearsal.notices.last?.hasSuffix("; marks of resources do not count") == true)
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
}
