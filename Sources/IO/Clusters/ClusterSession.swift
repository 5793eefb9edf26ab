package import Kube

/// weir's live connection to one cluster: discovery, lists, watches, credentials, health, and changes.
///
/// - Thread: callable from anywhere; everything happens on the session's own serial queue, where `publish`
///   and completions are called too. They must return at once.
package final class ClusterSession: Sendable {
    private let settings: ClusterSettings
    private let publish: @Sendable (ClusterSnapshot) -> Void

    /// Makes a session that does nothing until it is started.
    ///
    /// - Shape: the first change is published at once, a burst at most every 30 ms.
    /// - Source: `seed` decides jitter and watch lengths.
    package init(
        settings: ClusterSettings,
        seed: UInt64,
        publish: @escaping @Sendable (ClusterSnapshot) -> Void
    ) {
        self.settings = settings
        self.publish = publish
    }

    package var id: ClusterID { settings.id }

    /// Connects and follows the cluster until `stop`.
    package func start() {
        publish(ClusterSnapshot(id: settings.id))
    }

    /// Ends everything; `then` is called once nothing of the session runs any more.
    package func stop(then: @escaping @Sendable () -> Void) {
        then()
    }

    /// Tries again at once where it waits for a retry, and looks at discovery again.
    package func refresh() {
        publish(ClusterSnapshot(id: settings.id))
    }

    /// Asks Flux to reconcile an object by the annotation `reconcile.fluxcd.io/requestedAt`.
    ///
    /// - Shape: `token` must be new, or nothing happens; `force` repeats it in `forceAt`. The answer is the
    ///   object as the server then had it, nil where it could not be read.
    /// - Errors: never retried; after `.unreachable` the change may have happened.
    package func requestReconcile(
        _ ref: ObjectRef,
        apiVersion: String,
        token: String,
        force: Bool,
        completion: @escaping @Sendable (Result<FluxResource?, ClusterFailure>) -> Void
    ) {
        completion(.failure(ClusterFailure(.unreachable, "not connected")))
    }

    /// Suspends or resumes an object in the way its kind knows.
    ///
    /// - Shape: `by` and `reason` are kept in annotations while it is suspended.
    package func setSuspended(
        _ ref: ObjectRef,
        _ suspended: Bool,
        by: String?,
        reason: String?,
        completion: @escaping @Sendable (Result<FluxResource?, ClusterFailure>) -> Void
    ) {
        completion(.failure(ClusterFailure(.unreachable, "not connected")))
    }

    /// The whole object as YAML for a detail view, without managedFields; every line is harmless.
    package func describe(
        _ ref: ObjectRef,
        completion: @escaping @Sendable (Result<[String], ClusterFailure>) -> Void
    ) {
        completion(.failure(ClusterFailure(.unreachable, "not connected")))
    }
}
