import Chrono
import Configuration
import Dashboard
import Git
import Kube
import Testing

/// What can be rolled back besides one commit, and where to.
struct RollbackChoiceTests {
    private let root = Sample.commit("root")

    private var log: [Commit] { Sample.log([Sample.new, Sample.bad, Sample.old, root]) }

    private func merge(_ id: String, parents: [String]) -> Commit {
        Commit(
            id: id,
            parents: parents,
            author: "dev",
            email: "dev@example.org",
            committed: Sample.start,
            subject: "merge"
        )
    }

    // MARK: Marks and ranges

    @Test func `Space marks commits, and X plans all of them as one`() {
        var rehearsal = Rehearsal.commits(log)
        rehearsal.type(" j ")
        #expect(Set(rehearsal.state.commits.marked.keys) == [Sample.new, Sample.old])
        let request = Rehearsal.request(rehearsal.type("X"))
        #expect(request?.aim == .commits([Sample.new, Sample.old]))
        #expect(request?.mainline == nil)
    }

    @Test func `one marked commit is that commit, wherever the cursor is`() {
        var rehearsal = Rehearsal.commits(log)
        rehearsal.type("j jj")
        #expect(Rehearsal.request(rehearsal.type("X"))?.aim == .commit(Sample.bad))
    }

    @Test func `marks stay while the list is filtered otherwise, and Esc takes them away`() {
        var rehearsal = Rehearsal.commits(log)
        rehearsal.type(" /nginx<Enter>")
        #expect(rehearsal.state.commits.marked.keys.map(\.self) == [Sample.new])
        rehearsal.type("<Esc>")
        #expect(rehearsal.state.commits.marked.isEmpty)
        #expect(rehearsal.state.screen == .commits)
        rehearsal.type("<Esc>")
        #expect(rehearsal.state.screen == .fleet)
    }

    @Test func `a range goes from where it began to the cursor`() {
        var rehearsal = Rehearsal.commits(log)
        rehearsal.type("jvj")
        #expect(rehearsal.state.commits.range == 1...2)
        #expect(Rehearsal.request(rehearsal.type("X"))?.aim == .range(from: root, to: Sample.bad))
        rehearsal.type("<Esc>v")
        #expect(rehearsal.state.commits.range == nil)
    }

    @Test func `a range down to the first commit of all names each commit`() {
        var rehearsal = Rehearsal.commits(log)
        rehearsal.type("vG")
        #expect(Rehearsal.request(rehearsal.type("X"))?.aim == .commits(log.map(\.id)))
    }

    @Test func `between the rows of a filtered list nothing hidden is undone`() {
        var rehearsal = Rehearsal.commits(log)
        let effects = rehearsal.type("/change<Enter>")
        var filtered = Rehearsal.log
        filtered.text = "change"
        let page = LogPage(
            query: filtered,
            tip: Sample.new,
            offset: 0,
            commits: [log[0], log[2]],
            isLast: true
        )
        rehearsal.send(.logLoaded(.success(page), Rehearsal.ticket(effects)))
        rehearsal.type("vj")
        #expect(Rehearsal.request(rehearsal.type("X"))?.aim == .commits([log[0].id, log[2].id]))
    }

    @Test func `after the push nothing is marked any more`() {
        var rehearsal = Rehearsal.commits(log)
        rehearsal.type("  ")
        rehearsal.answer(rehearsal.type("X"))
        _ = rehearsal.go(to: .push)
        let push = Rehearsal.ticket(rehearsal.type("<Enter>"))
        let receipt = PushReceipt(repository: Sample.fleet, branch: "main", commit: Sample.commit("fix"))
        rehearsal.send(.pushed(.success(receipt), push))
        #expect(rehearsal.state.commits.marked.isEmpty)
    }

    // MARK: Merges

    @Test func `a range with a merge keeps the first side, and the other can be chosen and is explained`() {
        let commits =
            [merge(Sample.new, parents: [Sample.bad, Sample.old])] + Sample.log([Sample.bad, Sample.old])
        var rehearsal = Rehearsal.commits(commits)
        rehearsal.type("vj")
        let effects = rehearsal.type("X")
        #expect(Rehearsal.request(effects)?.mainline == 1)
        rehearsal.answer(
            effects,
            reverted: Array(commits.prefix(2)),
            notes: ["it is a merge: parent 1 stays"]
        )
        #expect(rehearsal.rollback?.blastRadius?.traps.map(\.sentence) == ["it is a merge: parent 1 stays"])
        #expect(rehearsal.rollback?.fields.contains(.mainline) == true)
        _ = rehearsal.go(to: .mainline)
        #expect(Rehearsal.request(rehearsal.type(" "))?.mainline == 2)
        #expect(rehearsal.rollback?.plan != nil)
    }

    @Test func `a side without a plan is said, and nothing can be confirmed before another is chosen`() {
        var rehearsal = Rehearsal.commits([merge(Sample.new, parents: [Sample.bad, Sample.old])])
        rehearsal.answer(rehearsal.type("X"), target: merge(Sample.new, parents: [Sample.bad, Sample.old]))
        let effects = rehearsal.type("m")
        let failure = GitFailure(.invalid, "there is no such side")
        rehearsal.send(.revertPlanned(.failure(failure), Rehearsal.ticket(effects)))
        #expect(rehearsal.rollback?.planProblem == "there is no such side")
        _ = rehearsal.go(to: .push)
        #expect(rehearsal.type("<Enter>").isEmpty)
        #expect(rehearsal.rollback?.problem == "there is no plan for this: there is no such side")
        rehearsal.answer(rehearsal.type("m"), target: merge(Sample.new, parents: [Sample.bad, Sample.old]))
        #expect(rehearsal.rollback?.planProblem == nil)
        _ = rehearsal.go(to: .push)
        #expect(rehearsal.type("<Enter>").filter(\.isMutating).count == 1)
    }

    // MARK: A path

    @Test func `B puts a path back to how it was at the selected commit`() {
        var rehearsal = Rehearsal.commits(log)
        rehearsal.type("jB")
        #expect(rehearsal.prompt?.completions.map(\.line) == ["apps/checkout"])
        rehearsal.type("apps/che<Tab>")
        #expect(rehearsal.prompt?.input.text == "apps/checkout")
        let request = Rehearsal.request(rehearsal.type("<Enter>"))
        #expect(request?.aim == .path("apps/checkout", at: Sample.bad))
        #expect(rehearsal.rollback?.branch.text == "weir/put-back-\(Sample.bad.prefix(7))")
    }

    @Test func `the path that the list was opened for is proposed, and none is no plan`() {
        var rehearsal = Rehearsal.commits(log)
        rehearsal.select(Sample.ref("prod-eu", .kustomization, "apps/checkout"))
        let effects = rehearsal.type("X")
        var limited = Rehearsal.log
        limited.path = "apps/checkout"
        limited.isApplierPath = true
        let page = LogPage(query: limited, tip: Sample.new, offset: 0, commits: log, isLast: true)
        rehearsal.send(.logLoaded(.success(page), Rehearsal.ticket(effects)))
        rehearsal.type("B")
        #expect(rehearsal.prompt?.input.text == "apps/checkout")
        #expect(Rehearsal.request(rehearsal.type("<Ctrl-u> <Enter>")) == nil)
        #expect(rehearsal.notices.last == "nothing was planned: name a path, or . for the whole repository")
    }

    @Test func `Esc leaves the question for a path with nothing changed`() {
        var rehearsal = Rehearsal.commits(log)
        #expect(rehearsal.type("B<Esc>").isEmpty)
        #expect(rehearsal.state.modal == nil)
    }

    @Test func `a read-only process asks for no path`() {
        var rehearsal = Rehearsal(isReadOnly: true)
        rehearsal.type("3B")
        #expect(rehearsal.prompt == nil)
        #expect(!rehearsal.state.works(.putBack))
    }

    // MARK: A branch for a pull request

    @Test func `a new branch changes no cluster: no name is asked, and who changes waits for the merge`() {
        var rehearsal = Rehearsal.commits(log, protected: ["prod-eu", "prod-us"])
        rehearsal.answer(rehearsal.type("X"))
        #expect(rehearsal.rollback?.requiredNames.isEmpty == false)
        _ = rehearsal.go(to: .destination)
        let effects = rehearsal.type(" ")
        let name = "weir/revert-\(Sample.new.prefix(7))"
        #expect(Rehearsal.request(effects)?.newBranch == name)
        rehearsal.answer(effects)
        #expect(rehearsal.rollback?.requiredNames.isEmpty == true)
        #expect(rehearsal.rollback?.blastRadius?.isProposal == true)
        #expect(
            rehearsal.rollback?.blastRadius?.rows.map(\.reach)
                == Array(repeating: .later("once it is merged into main"), count: 2)
        )
        #expect(rehearsal.rollback?.fields.contains(.branch) == true)
    }

    @Test func `a new branch that a cluster follows already is no proposal`() {
        var rehearsal = Rehearsal.commits(log)
        rehearsal.answer(rehearsal.type("X"))
        _ = rehearsal.go(to: .destination)
        rehearsal.answer(rehearsal.type(" "))
        _ = rehearsal.go(to: .branch)
        rehearsal.type("<Ctrl-u>main")
        rehearsal.answer(rehearsal.type("<Enter>"))
        #expect(rehearsal.rollback?.obstacle == "prod-eu follows main: choose a name that nobody follows")
        _ = rehearsal.go(to: .push)
        #expect(!rehearsal.type("<Enter>").contains { if case .commitAndPush = $0 { true } else { false } })
    }

    @Test func `the branch can be called otherwise, and the server's words and the address are kept`() {
        var rehearsal = Rehearsal.commits(log)
        rehearsal.answer(rehearsal.type("X"))
        _ = rehearsal.go(to: .destination)
        rehearsal.answer(rehearsal.type(" "))
        _ = rehearsal.go(to: .branch)
        rehearsal.type("<Ctrl-u>fix/night")
        let replanned = rehearsal.type("<Enter>")
        #expect(Rehearsal.request(replanned)?.newBranch == "fix/night")
        rehearsal.answer(replanned)
        _ = rehearsal.go(to: .push)
        let push = rehearsal.type("<Enter>")
        let receipt = PushReceipt(
            repository: Sample.fleet,
            branch: "fix/night",
            commit: Sample.commit("fix"),
            remarks: ["Create a pull request"],
            compare: "https://git.example/pr/1"
        )
        let effects = rehearsal.send(.pushed(.success(receipt), Rehearsal.ticket(push)))
        #expect(effects == [.check(Sample.fleet)])
        let proposal = rehearsal.state.rollouts.convergences.first
        #expect(proposal?.isProposal == true)
        #expect(proposal?.finished != nil)
        #expect(rehearsal.state.screen == .convergence(1))
        #expect(rehearsal.type("c") == [.copy("https://git.example/pr/1")])
        // What no cluster has cannot be taken back by a revert on the branch.
        #expect(rehearsal.state.undoables.isEmpty)
    }

    @Test func `a push that the server refuses leads to the new branch`() {
        var rehearsal = Rehearsal.commits(log)
        rehearsal.answer(rehearsal.type("X"))
        _ = rehearsal.go(to: .push)
        let push = Rehearsal.ticket(rehearsal.type("<Enter>"))
        rehearsal.send(.pushed(.failure(GitFailure(.rejected, "main is protected")), push))
        #expect(
            rehearsal.rollback?.problem
                == "nothing was pushed: main is protected; a new branch and a pull request may do"
        )
        #expect(rehearsal.rollback?.focus == .destination)
    }

    // MARK: The message

    @Test func `the text below the subject is edited line by line, and pushed as it is worded`() {
        var rehearsal = Rehearsal.commits(log)
        rehearsal.answer(rehearsal.type("X"))
        _ = rehearsal.go(to: .message)
        rehearsal.type("<Enter>")
        #expect(rehearsal.rollback?.editsBody == true)
        // Letters that are commands elsewhere are text here.
        rehearsal.type("Xq m<Enter><Enter>")
        rehearsal.type("<Esc>")
        #expect(rehearsal.rollback?.editsBody == false)
        #expect(rehearsal.rollback?.isBodyOwn == true)
        _ = rehearsal.go(to: .push)
        guard case .commitAndPush(let confirmed, _)? = rehearsal.type("<Enter>").first else {
            Issue.record("nothing is pushed")
            return
        }
        #expect(confirmed.value.message == "Revert \"change\"\n\nXq m\n\nThis reverts commit.")
    }

    @Test func `a reason typed after the text was worded goes to its head`() {
        var rehearsal = Rehearsal.commits(log)
        rehearsal.answer(rehearsal.type("X"))
        _ = rehearsal.go(to: .message)
        rehearsal.type("<Enter>mine: <Tab>")
        _ = rehearsal.go(to: .reason)
        rehearsal.type("bad check")
        rehearsal.answer(rehearsal.type("<Enter>"))
        #expect(rehearsal.rollback?.body.text == "bad check\n\nmine: This reverts commit.")
        _ = rehearsal.go(to: .reason)
        rehearsal.type("<Ctrl-u>worse")
        rehearsal.answer(rehearsal.type("<Enter>"))
        #expect(rehearsal.rollback?.body.text == "worse\n\nmine: This reverts commit.")
    }

    @Test func `what was worded stays when the push fails and the plan is made anew`() {
        var rehearsal = Rehearsal.commits(log)
        rehearsal.answer(rehearsal.type("X"))
        _ = rehearsal.go(to: .message)
        rehearsal.type("<Enter>mine <Tab>")
        _ = rehearsal.go(to: .subject)
        rehearsal.type("<Ctrl-u>Take it back")
        _ = rehearsal.go(to: .push)
        let push = Rehearsal.ticket(rehearsal.type("<Enter>"))
        let failure = GitFailure(.movedTip(Sample.commit("tip")), "main moved")
        rehearsal.answer(rehearsal.send(.pushed(.failure(failure), push)))
        #expect(rehearsal.rollback?.subject.text == "Take it back")
        #expect(rehearsal.rollback?.body.text == "mine This reverts commit.")
    }

    @Test func `a commit that must be signed and cannot be is not pushed`() {
        var rehearsal = Rehearsal.commits(log)
        rehearsal.answer(rehearsal.type("X"), signing: .impossible("gpg is not there"))
        #expect(
            rehearsal.rollback?.obstacle
                == "the commit cannot be signed, so it is not pushed: gpg is not there"
        )
        #expect(rehearsal.type("<Tab><Enter><Tab><Enter>").filter(\.isMutating).isEmpty)
    }
}
