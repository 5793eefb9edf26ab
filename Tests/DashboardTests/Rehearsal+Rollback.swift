import Dashboard
import Git
import Kube

/// The commits view on a small fleet, and the plans that its mirror answers with.
extension Rehearsal {
    static let log = LogQuery(repository: Sample.fleet, ref: "refs/heads/main")

    /// Two clusters at the newest of these commits, with the log open.
    static func commits(
        _ commits: [Commit] = Sample.log([Sample.new, Sample.bad, Sample.old]),
        protected: Set<String> = [],
        query: LogQuery = Rehearsal.log
    ) -> Rehearsal {
        let head = commits[0].id
        var rehearsal = Rehearsal(protected: protected)
        for cluster in ["prod-eu", "prod-us"] {
            rehearsal.show(
                cluster,
                [Sample.source(cluster, at: head), Sample.applier(cluster, "apps/checkout", at: head)]
            )
        }
        rehearsal.send(.repositoryChanged(Sample.mirror(head: head)))
        let effects = rehearsal.type("3")
        rehearsal.send(
            .logLoaded(
                .success(LogPage(query: query, tip: head, offset: 0, commits: commits, isLast: true)),
                Rehearsal.ticket(effects)
            )
        )
        return rehearsal
    }

    static func ticket(_ effects: [Effect]) -> Ticket {
        for effect in effects {
            switch effect {
            case .planRevert(_, let ticket), .commitAndPush(_, let ticket), .loadLog(_, _, _, let ticket):
                return ticket
            default: continue
            }
        }
        return Ticket(-1)
    }

    /// What was asked to be planned last among these effects.
    static func request(_ effects: [Effect]) -> RevertRequest? {
        for effect in effects.reversed() {
            if case .planRevert(let request, _) = effect {
                return request
            }
        }
        return nil
    }

    /// Answers a question for a plan with one that changes checkout.
    mutating func answer(
        _ effects: [Effect],
        target: Commit = Sample.log([Sample.new, Sample.bad])[0],
        reverted: [Commit]? = nil,
        body: String = "This reverts commit.",
        signing: CommitSigning = .none,
        notes: [String] = []
    ) {
        guard let request = Rehearsal.request(effects) else {
            return
        }
        let file = FileDiff(change: .modified, oldPath: "apps/checkout/a", newPath: "apps/checkout/a")
        let parts = ["Revert \"change\"", request.reason, body].filter { !$0.isEmpty }
        let plan = RevertPlan(
            request: request,
            target: target,
            reverted: reverted,
            tip: Sample.new,
            tree: "tree",
            message: parts.joined(separator: "\n\n"),
            author: "me",
            email: "me@example.org",
            signing: signing,
            diff: CommitDiff(files: [file]),
            conflicts: [],
            changedPaths: ["apps/checkout"],
            imagePolicies: [],
            notes: notes
        )
        send(.revertPlanned(.success(plan), Rehearsal.ticket(effects)))
    }

    /// Goes to a field of the open rollback by Tab.
    mutating func go(to field: RollbackState.Field) -> [Effect] {
        var effects: [Effect] = []
        for _ in 0..<12 where rollback?.focus != field {
            effects += type("<Tab>")
        }
        return effects
    }
}
