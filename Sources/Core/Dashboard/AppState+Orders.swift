package import Chrono
package import Git
import HashTreeCollections
package import Kube

// What the commands without a screen order, besides resyncs and rollbacks.
extension AppState {
    /// Suspends or resumes as if it was confirmed; what the dashboard would refuse is refused here too.
    ///
    /// - Shape: already as it is wanted is done: no effect and no failure.
    /// - Errors: one sentence that names the object and the next step.
    package mutating func orderSuspension(
        of ref: ObjectRef,
        _ suspends: Bool,
        reason: String,
        confirmed: Set<String>
    ) -> Result<[Effect], ActionFailure> {
        let profile = profile(ref.cluster)
        let name = "\(ref.description) on \(profile.displayName)"
        guard let resource = resource(ref) else {
            let problem = clusters[ref.cluster]?.snapshot.link.problem
            let why = problem ?? "it does not exist or may not be read"
            return .failure(ActionFailure(.notFound, "\(name) was not changed: \(why)"))
        }
        if let why = refusal(of: resource) {
            return .failure(ActionFailure(.readOnly, "\(name) was not changed: \(why)"))
        }
        guard resource.kind.suspension != .unsupported else {
            return .failure(ActionFailure(.invalid, "\(name) cannot be suspended"))
        }
        guard resource.isSuspended != suspends else {
            return .success([])
        }
        guard !profile.isProtected || confirmed.contains(profile.displayName) else {
            let next = "\(profile.displayName) is protected; add --confirm \(profile.displayName)"
            return .failure(ActionFailure(.invalid, "\(name) was not changed: \(next)"))
        }
        refusedSuspensions[ref] = nil
        return .success([.setSuspended(ref, suspends, reason: reason.isEmpty ? nil : reason)])
    }

    /// Asks for the newest commits of a log; they are in `commits` when the answer came.
    package mutating func orderLog(_ query: LogQuery, limit: Int) -> [Effect] {
        go(to: .commits)
        show(query)
        commits.isLoading = true
        commits.askedHead = repositories[query.repository]?.heads[query.ref]
        return [.loadLog(query, offset: 0, limit: limit, ask(.log))]
    }

    /// Follows a commit that is in Git already to everything that reads its branch.
    ///
    /// - Shape: returns the effects, and the number of the convergence; nil where nothing reads the branch.
    package mutating func orderWatch(
        for commit: String,
        subject: String,
        of repository: RepositoryID,
        branch: String,
        now: Timestamp
    ) -> (id: Int?, effects: [Effect]) {
        var members: [Convergence.Member] = []
        for picture in clusters.values where picture.repositories.contains(repository) {
            for track in picture.tracks
            where track.repository == repository && !track.isSource && track.follows.branch == branch {
                members.append(Convergence.Member(applier: track.ref, source: track.source, before: nil))
            }
        }
        guard !members.isEmpty else {
            return (nil, [])
        }
        let id = rollouts.nextID
        rollouts.nextID += 1
        let receipt = PushReceipt(repository: repository, branch: branch, commit: commit)
        rollouts.convergences.append(
            Convergence(id: id, receipt: receipt, subject: subject, pushed: now, members: members)
        )
        let here = Set(members.map(\.applier.cluster)).sorted()
        return (id, here.compactMap { newest($0) }.flatMap { observeConvergences($0, now) })
    }
}
