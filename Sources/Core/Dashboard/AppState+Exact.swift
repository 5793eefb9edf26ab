import Chrono
import Git
import HashTreeCollections
package import Kube

// Exact drift: what an applier would change if it ran now, as the API server answers to dry runs.
extension AppState {
    /// What is known of the exact drift of an applier; nil where nobody asked.
    package func exactStanding(of ref: ObjectRef) -> ExactStanding? {
        guard exact.awaited[ref] == nil, !exact.isWaiting.contains(ref) else {
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
        guard FluxKind.of(group: ref.group, kind: ref.kind)?.category == .applier else {
            let words =
                "a \(ref.kind) applies nothing: Kustomizations and HelmReleases can be compared exactly"
            notice(words, .told, now)
            return effects
        }
        exact = ExactBook()
        exact.tallies[ref.cluster] = ExactTally()
        exact.tallies[ref.cluster]?.open = 1
        return effects + compareExactly(ref, only: only)
    }

    private mutating func compareExactly(_ ref: ObjectRef, only: InventoryEntry?) -> [Effect] {
        switch exactQuestion(of: ref, only: only) {
        case .failure(let failure):
            exact.answers[ref] = .failure(failure)
            exact.tallies[ref.cluster]?.open -= 1
            exact.tallies[ref.cluster]?.heard += 1
            return []
        case .success(let question):
            lastTicket += 1
            exact.answers[ref] = nil
            exact.awaited[ref] = Ticket(lastTicket)
            exact.before[ref] = openHands(of: ref)
            exact.tallies[ref.cluster]?.asked += 1
            exact.tallies[ref.cluster]?.heard += 1
            return [.compareExactly(question, Ticket(lastTicket))]
        }
    }

    /// The appliers whose objects can be compared exactly: those of other clusters' objects are named elsewhere.
    package var exactlyComparable: [ObjectRef] {
        clusters.values.flatMap { picture in
            guard picture.snapshot.link == .live else {
                return [ObjectRef]()
            }
            return picture.snapshot.resources.values.filter { resource in
                [.kustomization, .helmRelease].contains(resource.kind) && resource.applier?.isRemote == false
            }
            .map(\.ref)
        }
    }

    /// Asks for the exact drift of these appliers, a few at a time on each cluster, whatever other clusters do.
    ///
    /// - Shape: their answers are in `exactStanding`, also why one cannot be asked for.
    package mutating func orderExactDrift(of refs: [ObjectRef]) -> [Effect] {
        for (cluster, refs) in Dictionary(grouping: refs, by: \.cluster) {
            exact.waiting[cluster, default: []] += refs.sorted().reversed()
            exact.isWaiting.formUnion(refs)
            exact.tallies[cluster, default: ExactTally()].open += refs.count
        }
        return Set(refs.map(\.cluster)).sorted().flatMap { cluster in
            (0..<ExactBook.atOnce).flatMap { _ in askNextExactly(on: cluster) }
        }
    }

    mutating func takeExact(_ ref: ObjectRef, _ result: Result<ExactDrift, ActionFailure>) -> [Effect] {
        takeProgress(of: ref, isBuilding: false)
        exact.awaited[ref] = nil
        exact.answers[ref] = result
        exact.tallies[ref.cluster]?.open -= 1
        exact.tallies[ref.cluster]?.asked -= 1
        return askNextExactly(on: ref.cluster)
    }

    /// How far a cluster is with the exact comparisons that it was asked for.
    package func exactTally(of cluster: ClusterID) -> ExactTally {
        exact.tallies[cluster] ?? ExactTally()
    }

    /// Notes that an applier's comparison goes on, by a step of weir's own or by an answer of its cluster.
    mutating func takeProgress(of ref: ObjectRef, isBuilding: Bool) {
        var building = exact.building[ref.cluster] ?? []
        if isBuilding {
            building.insert(ref)
        } else {
            building.remove(ref)
        }
        exact.building[ref.cluster] = building
        exact.tallies[ref.cluster]?.building = building.count
        exact.tallies[ref.cluster]?.heard += 1
    }

    private mutating func askNextExactly(on cluster: ClusterID) -> [Effect] {
        while let ref = exact.waiting[cluster]?.popLast() {
            exact.isWaiting.remove(ref)
            let effects = compareExactly(ref, only: nil)
            guard effects.isEmpty else {
                return effects
            }
        }
        return []
    }

    /// What must be asked to compare an applier's objects exactly.
    ///
    /// - Errors: one sentence that says why it cannot be asked, and what to do instead.
    func exactQuestion(of ref: ObjectRef, only: InventoryEntry?) -> Result<ExactQuestion, ActionFailure> {
        guard let resource = resource(ref), let facts = resource.applier,
            [.kustomization, .helmRelease].contains(resource.kind)
        else {
            return .failure(
                ActionFailure(
                    .invalid,
                    "what a \(ref.kind) applies is not compared exactly: select a Kustomization or a HelmRelease"
                )
            )
        }
        guard !isReadOnly(ref.cluster) else {
            return .failure(
                ActionFailure(
                    .readOnly,
                    "read-only: no dry run was sent, as it needs the right to patch and audit logs count it as a "
                        + "write. Field ownership tells without"
                )
            )
        }
        guard !facts.isRemote else {
            return .failure(
                ActionFailure(
                    .invalid,
                    "its objects are on another cluster (spec.kubeConfig), where weir does not act in its name: "
                        + "ask there, with kubectl diff"
                )
            )
        }
        var remarks = facts.ignores.compactMap(\.problem).map {
            "what may differ by a rule of its own is compared as well: \($0)"
        }
        let wanted: ExactQuestion.Wanted
        if resource.kind == .helmRelease {
            wanted = .release
            if facts.driftDetection != .corrects {
                remarks.append("helm-controller puts nothing back: what differs stays until the next release")
            }
        } else {
            switch built(resource, &remarks) {
            case .failure(let failure): return .failure(failure)
            case .success(let built): wanted = built
            }
        }
        return .success(
            ExactQuestion(
                applier: ref,
                wanted: wanted,
                only: only,
                ignores: facts.ignores,
                inventory: facts.inventory,
                remarks: remarks
            )
        )
    }

    /// What a Kustomization was built from, as far as a mirror can have it.
    private func built(
        _ resource: FluxResource,
        _ remarks: inout [String]
    ) -> Result<ExactQuestion.Wanted, ActionFailure> {
        guard let commit = resource.appliedCommit else {
            let words =
                "nothing of it was applied yet, or its source tells no Git commit: its summary says why"
            return .failure(ActionFailure(.notFound, words))
        }
        guard let track = clusters[resource.ref.cluster]?.track(of: resource.ref)
        else {
            return .failure(
                ActionFailure(
                    .notFound,
                    "weir knows no Git repository that it is built from: what CI packs must name it, in "
                        + "org.opencontainers.image.source"
                )
            )
        }
        if commit != resource.commit {
            remarks.append("\(Revision.cut(commit)) was applied, and \(resource.applyRemark)")
        }
        if track.isPacked {
            remarks.append("CI packed it from this commit: what CI changed on the way is not known")
        }
        if self.resource(track.source)?.source?.composition != nil {
            remarks.append("its source is put together from others, of which the mirror has one")
        }
        return .success(.built(track.repository, commit: commit, path: track.path))
    }
}

extension AppState {
    /// Lines that an exact comparison takes at most.
    func exactLineCount(of ref: ObjectRef) -> Int {
        guard case .success(let drift)? = exact.answers[ref] else {
            return 3
        }
        return drift.findings.reduce(3 + drift.remarks.count * 3) { sum, finding in
            switch finding.outcome {
            case .differs(let fields): sum + 1 + fields.count * 4
            // Each reason may take a few lines.
            case .unknown: sum + 4
            case .same, .missing, .letAlone: sum + 1
            }
        }
    }
}

extension FluxResource {
    /// The commit whose manifests were applied last, be it that they never became healthy.
    ///
    /// - Shape: what failed before it wrote says nothing of what is there, so the run before it counts.
    var appliedCommit: String? {
        if isCheckingHealth {
            return applier?.lastAttempted?.commit ?? commit
        }
        guard let run = lastWrite else {
            return reason == "HealthCheckFailed" ? applier?.lastAttempted?.commit ?? commit : commit
        }
        return run.status == "ReconciliationSucceeded"
            ? commit : run.revision?.commit ?? run.origin?.commit ?? commit
    }

    /// What became of the applied commit, where its run did not end well.
    fileprivate var applyRemark: String {
        if isCheckingHealth {
            return "its health is being checked"
        }
        return lastWrite?.status == "PruneFailed"
            ? "what it no longer has was not removed" : "its health check failed"
    }
}
