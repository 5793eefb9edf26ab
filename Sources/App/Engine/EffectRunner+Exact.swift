import Clusters
import Dashboard
import Git
import Kube
import Repos

extension EffectRunner {
    /// Builds what an applier applied and asks its cluster what an apply would change now.
    func comparison(_ question: ExactQuestion, _ ticket: Ticket, by session: ClusterSession) -> Errand {
        let mirror = mirrors[question.repository]
        return { answer in
            let reply: @Sendable (Result<ExactDrift, ActionFailure>) -> Void = { result in
                answer(.exactlyCompared(question.applier, result, ticket))
            }
            guard let mirror else {
                let words = "no cluster reads \(question.repository) at the moment"
                reply(.failure(ActionFailure(.notFound, words)))
                return
            }
            ExactComparison(question: question, session: session, mirror: mirror).run(reply)
        }
    }
}

/// One exact comparison on its way: the applier's own object, its manifests, and a dry run of each.
///
/// - Thread: each step on the queue of whoever answered the one before.
private struct ExactComparison: Sendable {
    let question: ExactQuestion
    let session: ClusterSession
    let mirror: RepositoryMirror

    func run(_ reply: @escaping @Sendable (Result<ExactDrift, ActionFailure>) -> Void) {
        session.recipe(of: question.applier) { result in
            switch result {
            case .failure(let failure): reply(.failure(ActionFailure(failure)))
            case .success(let recipe): render(recipe, reply)
            }
        }
    }

    private func render(
        _ recipe: ApplierRecipe,
        _ reply: @escaping @Sendable (Result<ExactDrift, ActionFailure>) -> Void
    ) {
        let wanted = RenderQuestion(
            applier: question.applier,
            commit: question.commit,
            path: question.path,
            spec: recipe.spec
        )
        mirror.render(wanted) { rendered in
            switch rendered.flatMap({ $0.desired(by: question.applier, recipe) }) {
            case .failure(let failure): reply(.failure(ActionFailure(.other, failure.message)))
            case .success(let desired): compare(desired, reply)
            }
        }
    }

    private func compare(
        _ desired: DesiredState,
        _ reply: @escaping @Sendable (Result<ExactDrift, ActionFailure>) -> Void
    ) {
        var desired = desired
        var remarks = question.remarks + desired.remarks
        if let only = question.only {
            desired.objects.removeAll { !$0.entry.isSame(as: only) }
            desired.riddles.removeAll { !$0.entry.isSame(as: only) }
            if desired.objects.isEmpty, desired.riddles.isEmpty {
                remarks.append("what was built has no \(only.ref(in: question.applier.cluster).description)")
            }
        } else {
            let built = desired.objects.map(\.entry) + desired.riddles.map(\.entry)
            let gone = question.inventory.filter { entry in !built.contains { $0.isSame(as: entry) } }
            if !gone.isEmpty {
                let first = gone.prefix(3).map { $0.ref(in: question.applier.cluster).description }
                let rest = gone.count > 3 ? " and \(gone.count - 3) more" : ""
                remarks.append(
                    "the inventory has what was not built: \(first.joined(separator: ", "))\(rest)"
                )
            }
        }
        let riddles = desired.riddles.map { ExactDrift.Finding(entry: $0.entry, outcome: .unknown($0.why)) }
        session.compare(desired, of: question.applier, ignoring: question.ignores) {
            [desired, remarks] result in
            reply(
                result.mapError(ActionFailure.init).map { findings in
                    ExactDrift(
                        applier: question.applier,
                        commit: question.commit,
                        renderer: desired.renderer,
                        asked: SystemClock.now,
                        findings: findings + riddles,
                        remarks: remarks
                    )
                }
            )
        }
    }
}

extension InventoryEntry {
    /// True for the same object, whatever version it is named in.
    fileprivate func isSame(as other: InventoryEntry) -> Bool {
        kind == other.kind && name == other.name && namespace == other.namespace && group == other.group
    }
}
