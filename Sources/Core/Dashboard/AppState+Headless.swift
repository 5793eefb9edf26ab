package import Chrono
import Configuration
package import Git
package import Kube

// The same flows for the commands without a screen, which ask their questions in other ways.
extension AppState {
    /// Orders a resync as if it was confirmed; what the dashboard would refuse is refused here too.
    ///
    /// - Errors: one sentence that names the object and the next step.
    package mutating func orderResync(
        of ref: ObjectRef,
        withSource: Bool,
        force: Bool,
        confirmed: Set<String> = [],
        now: Timestamp
    ) -> Result<Void, ActionFailure> {
        let profile = profile(ref.cluster)
        let name = "\(ref.description) on \(profile.displayName)"
        guard let resource = resource(ref) else {
            return .failure(ActionFailure(.notFound, "\(name) does not exist or may not be read"))
        }
        if let why = refusal(of: resource) {
            return .failure(ActionFailure(.readOnly, "\(name) was not asked: \(why)"))
        }
        if let why = refusal(toResync: resource, withSource: withSource, force: force) {
            return .failure(ActionFailure(.invalid, "\(name) was not asked: \(why)"))
        }
        guard !profile.isProtected || confirmed.contains(profile.displayName) else {
            let next = "\(profile.displayName) is protected; add --confirm \(profile.displayName)"
            return .failure(ActionFailure(.invalid, "\(name) was not asked: \(next)"))
        }
        guard !resource.isSuspended else {
            return .failure(ActionFailure(.invalid, "\(name) is suspended; resume it first, then try again"))
        }
        enqueue([ResyncQueue.Order(ref: ref, sources: withSource ? sources(of: ref) : [], force: force)], now)
        return .success(())
    }

    /// Plans a revert; the rollback is open afterwards as in the dashboard.
    package mutating func orderPlan(
        repository: RepositoryID,
        branch: String,
        aim: RevertAim,
        mainline: Int?,
        reason: String,
        newBranch: String?
    ) -> [Effect] {
        plan(
            RevertRequest(
                repository: repository,
                branch: branch,
                aim: aim,
                mainline: mainline,
                reason: reason,
                newBranch: newBranch,
                paths: paths(in: repository)
            ),
            chosen: [],
            isUndo: false
        )
    }

    /// Goes through the confirm step of the open rollback.
    ///
    /// - Shape: `typedName` is what the operator typed for a protected cluster.
    package mutating func confirmRollback(typedName: String, now: Timestamp) -> [Effect] {
        guard case .rollback(var rollback) = modal else {
            return []
        }
        rollback.typedName = TextInput(typedName)
        modal = .rollback(rollback)
        return confirm(rollback, now)
    }

    /// The rollback that is open.
    package var openRollback: RollbackState? {
        if case .rollback(let rollback) = modal {
            return rollback
        }
        return nil
    }

    /// Shows a screen by its name on the command line; false where there is none of that name.
    package mutating func show(view name: String, now: Timestamp) -> (isKnown: Bool, effects: [Effect]) {
        guard let command = AppState.views[name] else {
            return (false, [])
        }
        return (true, show(command, now))
    }

    /// Names of the screens that can be shown without anything having happened.
    package static var viewNames: [String] { views.keys.sorted() }

    private static let views: [String: Command] = [
        "fleet": .viewFleet, "matrix": .viewMatrix, "commits": .viewCommits, "drift": .viewDrift,
        "events": .viewEvents, "rollouts": .viewRollouts, "audit": .viewAudit, "wall": .wall,
    ]
}
