import Dispatch

/// The Flux controllers of one simulated cluster, ready to start and stop.
///
/// - Thread: all members may be used from any thread but the cluster's own queue.
package final class FluxRuntime: Sendable {
    private let cluster: FluxCluster

    /// Prepares controllers for a cluster; nothing runs before `start`.
    package init(
        clusterName: String,
        store: ObjectStore,
        gitHost: GitHost,
        options: FluxOptions,
        seed: UInt64
    ) {
        cluster = FluxCluster(
            name: clusterName,
            store: store,
            gitHost: gitHost,
            options: options,
            files: ManifestFiles.shared,
            seed: seed
        )
    }

    /// Takes the cluster up as it is: settled objects wait for their interval, the others run at once.
    package func start() {
        let cluster = cluster
        cluster.executor.queue.sync { cluster.assumeIsolated { $0.begin() } }
    }

    /// Ends all runs; when this returns no controller writes any more.
    package func stop() {
        let cluster = cluster
        cluster.executor.queue.sync { cluster.assumeIsolated { $0.end() } }
    }
}
