import Chrono
import Git
package import Kube

// Exact drift: what an applier would change if it ran now, as the API server answers to dry runs.
extension AppState {
    /// What is known of the exact drift of an applier; nil where nobody asked.
    package func exactStanding(of ref: ObjectRef) -> ExactStanding? {
        guard exact.awaited[ref] == nil, !exact.waiting.contains(ref) else {
            return .asking
        }
        return exact.answers[ref].map { answer in
            switch answer {
            case .success(let drift): .answered(drift)
            case .failure(let failure): .failed(failure.message)
            }
        }
    }

    /// Shows the drift of what is selected, and asks the cluster what would change where that is allowed.
    mutating func showExactDrift(_ now: Timestamp) -> [Effect] {
        guard let ref = selectedRef else {
            return openResource(.drift, now)
        }
        let only = driftedObject?.entry
        let effects = openResource(ref, .drift)
        guard ref.kind == FluxKind.kustomization.kind else {
            return effects
        }
        exact = ExactBook()
        return effects + compareExactly(ref, only: only)
    }

    private mutating func compareExactly(_ ref: ObjectRef, only: InventoryEntry?) -> [Effect] {
        switch exactQuestion(of: ref, only: only) {
        case .failure(let failure):
            exact.answers[ref] = .failure(failure)
            return []
        case .success(let question):
            lastTicket += 1
            exact.answers[ref] = nil
            exact.awaited[ref] = Ticket(lastTicket)
            return [.compareExactly(question, Ticket(lastTicket))]
        }
    }

    /// Asks for the exact drift of these appliers, one after the other on each cluster.
    ///
    /// - Shape: their answers are in `exactStanding`, also why one cannot be asked for.
    package mutating func orderExactDrift(of refs: [ObjectRef]) -> [Effect] {
        exact.waiting += refs.sorted()
        return Set(refs.map(\.cluster)).sorted().flatMap { askNextExactly(on: $0) }
    }

    mutating func takeExact(_ ref: ObjectRef, _ result: Result<ExactDrift, ActionFailure>) -> [Effect] {
        exact.awaited[ref] = nil
        exact.answers[ref] = result
        return askNextExactly(on: ref.cluster)
    }

    private mutating func askNextExactly(on cluster: ClusterID) -> [Effect] {
        while let place = exact.waiting.firstIndex(where: { $0.cluster == cluster }) {
            let effects = compareExactly(exact.waiting.remove(at: place), only: nil)
            guard effects.isEmpty else {
                return effects
            }
        }
        return []
    }

    /// What must be asked to compare an applier's objects exactly.
    ///
    /// - Errors: one sentence that says why it cannot be asked.
    func exactQuestion(of ref: ObjectRef, only: InventoryEntry?) -> Result<ExactQuestion, ActionFailure> {
        func no(_ cause: ActionFailure.Cause, _ why: String) -> Result<ExactQuestion, ActionFailure> {
            .failure(ActionFailure(cause, why))
        }
        guard let resource = resource(ref), let facts = resource.applier, resource.kind == .kustomization
        else {
            return no(.invalid, "only what Kustomizations apply can be compared with Git exactly")
        }
        guard !isReadOnly(ref.cluster) else {
            return no(
                .readOnly,
                "read-only: no dry run was sent, as it needs the right to patch and audit logs count it as a write"
            )
        }
        guard !facts.isRemote else {
            return no(.invalid, "its objects are on another cluster (spec.kubeConfig)")
        }
        guard let commit = resource.appliedCommit else {
            return no(.notFound, "nothing of it was applied yet, or its source tells no Git commit")
        }
        let track = clusters[ref.cluster]?.tracks.first { $0.ref == ref }
        guard let track else {
            return no(.notFound, "weir knows no Git repository that it is built from")
        }
        var remarks: [String] = []
        if commit != resource.commit {
            remarks.append("\(Revision.cut(commit)) was applied, and its health check failed")
        }
        if track.isPacked {
            remarks.append("CI packed it from this commit: what CI changed on the way is not known")
        }
        if self.resource(track.source)?.source?.composition != nil {
            remarks.append("its source is put together from others, of which the mirror has one")
        }
        return .success(
            ExactQuestion(
                applier: ref,
                repository: track.repository,
                commit: commit,
                path: track.path,
                only: only,
                ignores: facts.ignores,
                inventory: facts.inventory,
                remarks: remarks
            )
        )
    }
}

extension AppState {
    /// Lines that an exact comparison takes at most.
    func exactLineCount(of ref: ObjectRef) -> Int {
        guard case .success(let drift)? = exact.answers[ref] else {
            return 3
        }
        return drift.findings.reduce(3 + drift.remarks.count * 3) { sum, finding in
            guard case .differs(let fields) = finding.outcome else {
                return sum + 1
            }
            return sum + 1 + fields.count * 4
        }
    }
}

extension FluxResource {
    /// The commit whose manifests were applied last, be it that they never became healthy.
    var appliedCommit: String? {
        reason == "HealthCheckFailed" ? applier?.lastAttempted?.commit ?? commit : commit
    }
}
