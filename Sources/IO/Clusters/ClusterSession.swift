import Dispatch
package import Kube
import Wire

/// weir's live connection to one cluster: discovery, lists, watches, credentials, health, and changes.
///
/// - Thread: callable from anywhere; everything happens on the session's own serial queue, where `publish`
///   and completions are called too. They must return at once.
package final class ClusterSession: Sendable {
    package let id: ClusterID
    private let queue: DispatchQueue
    private let worker: QueueBound<ClusterWorker>

    /// Makes a session that does nothing until it is started.
    ///
    /// - Shape: the first change is published at once, a burst at most every 30 ms.
    /// - Source: `seed` decides jitter and watch lengths.
    package convenience init(
        settings: ClusterSettings,
        seed: UInt64,
        publish: @escaping @Sendable (ClusterSnapshot) -> Void
    ) {
        self.init(settings: settings, seed: seed, plugins: .shared, publish: publish)
    }

    package init(
        settings: ClusterSettings,
        seed: UInt64,
        plugins: ExecPlugins,
        publish: @escaping @Sendable (ClusterSnapshot) -> Void
    ) {
        id = settings.id
        queue = DispatchQueue(label: "weir.cluster.\(settings.id)", qos: .userInitiated)
        worker = QueueBound(
            ClusterWorker(settings: settings, seed: seed, queue: queue, plugins: plugins, publish: publish),
            on: queue
        )
    }

    /// Connects and follows the cluster until `stop`.
    package func start() {
        queue.async { [worker] in worker.value.start() }
    }

    /// Ends everything; `then` is called once nothing of the session runs any more.
    package func stop(then: @escaping @Sendable () -> Void) {
        queue.async { [worker] in worker.value.stop(then: then) }
    }

    /// Tries again at once where it waits for a retry, looks at discovery, and asks again what was forbidden.
    package func refresh() {
        queue.async { [worker] in worker.value.refresh() }
    }

    /// Asks Flux to reconcile an object by the annotation `reconcile.fluxcd.io/requestedAt`.
    ///
    /// - Shape: `token` must be new, or nothing happens; `force` repeats it in `forceAt`; an empty `apiVersion`
    ///   means the one that is watched. The answer is the object as the server then had it, nil where it
    ///   could not be read.
    /// - Errors: never retried; after `.unreachable` the change may have happened.
    package func requestReconcile(
        _ ref: ObjectRef,
        apiVersion: String,
        token: String,
        force: Bool,
        completion: @escaping @Sendable (Result<FluxResource?, ClusterFailure>) -> Void
    ) {
        queue.async { [worker] in
            worker.value.requestReconcile(
                ref,
                apiVersion: apiVersion,
                token: token,
                force: force,
                completion: completion
            )
        }
    }

    /// Suspends or resumes an object in the way its kind knows.
    ///
    /// - Shape: `by`, `reason` and the moment are kept in annotations while it is suspended.
    package func setSuspended(
        _ ref: ObjectRef,
        _ suspended: Bool,
        by: String?,
        reason: String?,
        completion: @escaping @Sendable (Result<FluxResource?, ClusterFailure>) -> Void
    ) {
        queue.async { [worker] in
            worker.value.setSuspended(ref, suspended, by: by, reason: reason, completion: completion)
        }
    }

    /// The whole object as YAML for a detail view, without managedFields; every line is harmless.
    package func describe(
        _ ref: ObjectRef,
        completion: @escaping @Sendable (Result<[String], ClusterFailure>) -> Void
    ) {
        queue.async { [worker] in worker.value.describe(ref, completion: completion) }
    }

    /// Follows what the controller of an object logs about it, in place of the log followed before.
    ///
    /// - Shape: the end of the log first, then each line as it is written, until `stopLog`.
    package func followLog(_ ref: ObjectRef, tell: @escaping @Sendable (LogNews) -> Void) {
        queue.async { [worker] in worker.value.followLog(ref, tell: tell) }
    }

    /// Lets the log go that is followed; nothing more is told of it.
    package func stopLog() {
        queue.async { [worker] in worker.value.stopLog() }
    }

    /// What an applier's own object says about building its manifests, with the ConfigMaps its variables come from.
    package func recipe(
        of ref: ObjectRef,
        completion: @escaping @Sendable (Result<ApplierRecipe, ClusterFailure>) -> Void
    ) {
        queue.async { [worker] in worker.value.recipe(of: ref, completion: completion) }
    }

    /// The revision of a release that runs, from the Secret where Helm stored it, which is fetched for nothing else.
    ///
    /// - Errors: one sentence, also where the Secret may not be read; `.readOnly` sends nothing.
    package func release(
        of ref: ObjectRef,
        completion: @escaping @Sendable (Result<StoredRelease, ClusterFailure>) -> Void
    ) {
        queue.async { [worker] in worker.value.release(of: ref, completion: completion) }
    }

    /// Asks the API server by dry runs what an apply of these objects by their controller would change.
    ///
    /// - Shape: one finding for each object, in their order; values of Secrets are in none of them. `progress` is
    ///   called at each answer of the cluster.
    /// - Errors: `.readOnly` where the cluster may not be written to; what goes wrong with one object is its finding.
    package func compare(
        _ desired: DesiredState,
        of ref: ObjectRef,
        ignoring ignores: [IgnoreRule],
        completion: @escaping @Sendable (Result<[ExactDrift.Finding], ClusterFailure>) -> Void,
        progress: @escaping @Sendable () -> Void = {}
    ) {
        queue.async { [worker] in
            worker.value.compare(
                desired,
                of: ref,
                ignoring: ignores,
                progress: progress,
                completion: completion
            )
        }
    }

    /// Looks closely at the connection: who we are, what we may do, how far away the server is.
    ///
    /// - Shape: where there is no connection, what is known without one, at once.
    package func examine(completion: @escaping @Sendable (ClusterExamination) -> Void) {
        queue.async { [worker] in worker.value.examine(completion) }
    }

    /// Goes on over new connections, as after a sleep of the machine: this process was stopped for long.
    ///
    /// - Shape: a sleep itself is noticed without being told.
    package func wakeUp() {
        queue.async { [worker] in worker.value.woke() }
    }
}
