import Chrono
import Configuration
import Dashboard
import Foundation
import Git
import Kube
import Testing

struct RollbackTests {
    let query = LogQuery(repository: Sample.fleet, ref: "refs/heads/main")
    let receipt = PushReceipt(repository: Sample.fleet, branch: "main", commit: Sample.commit("fix7"))

    /// The commits view with the newest commit, which is the bad one, selected.
    func fleet(
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

    var request: RevertRequest {
        RevertRequest(
            repository: Sample.fleet,
            branch: "main",
            commit: Sample.bad,
            paths: ["apps/checkout", "apps/cart"]
        )
    }

    func plan(
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

    func ticket(_ effects: [Effect]) -> Ticket {
        for effect in effects {
            switch effect {
            case .planRevert(_, let ticket), .commitAndPush(_, let ticket): return ticket
            default: continue
            }
        }
        return Ticket(-1)
    }

    /// A rollback whose plan is on the screen.
    func previewed(_ plan: RevertPlan? = nil, in start: Rehearsal? = nil) -> Rehearsal {
        var rehearsal = start ?? fleet()
        let effects = rehearsal.type("X")
        rehearsal.send(.revertPlanned(.success(plan ?? self.plan()), ticket(effects)))
        return rehearsal
    }

    /// From the preview to the push, by the keys an operator presses.
    func toPush(_ rehearsal: inout Rehearsal) -> [Effect] {
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
}
