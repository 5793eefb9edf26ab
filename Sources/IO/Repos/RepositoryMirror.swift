import Dispatch
package import Git

/// weir's own bare copy of one remote repository, and the only way to ask it or to change its remote.
///
/// - Thread: every call returns at once; completions and `publish` run on a queue of the mirror, each exactly once
///   per call, also after `cancelAll` and `stop`.
package final class RepositoryMirror: Sendable {
    package let id: RepositoryID
    private let desk: DispatchQueue

    /// Opens nothing yet: the first job does. `publish` gets every new state, the first one on the first job.
    package init(
        settings: RepositorySettings,
        publish: @escaping @Sendable (RepositorySnapshot) -> Void
    ) {
        id = settings.id
        desk = DispatchQueue(label: "weir.mirror.\(settings.id.name)")
    }

    /// Brings the mirror up to its remote; calls during a running fetch share its end or one more.
    package func fetch(
        completion: (@Sendable (Result<RepositorySnapshot, GitFailure>) -> Void)? = nil
    ) {
        desk.async { completion?(.failure(Self.missing)) }
    }

    /// Asks the remote for its heads only, and fetches where one of them moved.
    package func checkRemote(
        completion: (@Sendable (Result<RepositorySnapshot, GitFailure>) -> Void)? = nil
    ) {
        fetch(completion: completion)
    }

    /// Says which refs are in use from now on, full names; a new one is fetched at once.
    package func follow(refs: Set<String>) {}

    /// Reads one page of the log from the mirror; never waits for the remote once a mirror exists.
    ///
    /// - Errors: `.notFound` for a ref that the remote does not have.
    package func log(
        _ query: LogQuery,
        offset: Int,
        limit: Int,
        completion: @escaping @Sendable (Result<LogPage, GitFailure>) -> Void
    ) {
        desk.async { completion(.failure(Self.missing)) }
    }

    /// What one commit changed against its first parent, cut to what can be shown.
    package func diff(
        commit: String,
        completion: @escaping @Sendable (Result<CommitDiff, GitFailure>) -> Void
    ) {
        desk.async { completion(.failure(Self.missing)) }
    }

    /// How far each commit lies behind; answers are remembered for the life of the mirror.
    package func distances(
        _ keys: [DistanceKey],
        completion: @escaping @Sendable ([DistanceKey: Distance]) -> Void
    ) {
        desk.async { completion([:]) }
    }

    /// Works out a revert in memory against the tip that the mirror knows.
    package func plan(
        _ request: RevertRequest,
        completion: @escaping @Sendable (Result<RevertPlan, GitFailure>) -> Void
    ) {
        desk.async { completion(.failure(Self.missing)) }
    }

    /// Makes the commit of a confirmed plan and pushes it, never by force.
    ///
    /// - Errors: `.readOnly`, `.movedTip`, `.rejected`; after `.unclear` the branch itself must be asked.
    package func commitAndPush(
        _ plan: Confirmed<RevertPlan>,
        completion: @escaping @Sendable (Result<PushReceipt, GitFailure>) -> Void
    ) {
        desk.async { completion(.failure(Self.missing)) }
    }

    /// Ends queued and running jobs with a failure; a push that has begun is left to finish.
    package func cancelAll() {}

    /// Cancels, waits for what must not be cut, and takes no more jobs.
    package func stop(then: (@Sendable () -> Void)? = nil) {
        desk.async { then?() }
    }

    private static let missing = GitFailure(.other, "The mirror is not opened.")
}
