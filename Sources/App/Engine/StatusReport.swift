/// What `weir status -o json` prints: one snapshot of the fleet in a form that scripts may rely on.
///
/// - Shape: documented in docs/json.md; `version` grows only when a field changes its meaning or goes.
package struct StatusReport: Report, Sendable {
    package struct Cluster: Encodable, Sendable {
        var name: String
        var group: String?
        var reachable: Bool
        /// One sentence; absent where nothing is wrong with the connection.
        var error: String?
        /// False while kinds are still being listed, or where appliers may not be read.
        var complete: Bool
        /// `live`, `stale` or `none`.
        var freshness: String
        /// When the cluster last confirmed anything, RFC 3339.
        var confirmed: String?
        var serverVersion: String?
        var fluxVersion: String?
        var notes: [String]
        var resources: [Resource]
    }

    package struct Resource: Encodable, Sendable {
        var kind: String
        var namespace: String
        var name: String
        var state: String
        var reason: String
        var message: String
        var revision: String?
        /// Commits between what runs and the remote head; absent where Git does not tell.
        var behind: Int?
        /// Those of `behind` that change what the applier builds from.
        var behindHere: Int?
        /// Since when it does not run what it could, RFC 3339: when the oldest commit that is missing came to the
        /// branch, or when what is not applied was fetched.
        var behindSince: String?
        /// The commit that the remote has where its source looks.
        var head: String?
        /// What the cluster holds of it.
        var fetched: String?
        /// Why it does not run what it could, in a few words.
        var why: String?
        var suspended: Bool
        var lastReconciled: String?
        var missing: [String]?
        /// What a source or a release may be, `branch main`, `versions 6.x`, `tag latest`; absent for the rest.
        var follows: String?
        /// What the source offers within that, as far as the cluster fetched it: of a release, its chart's version.
        var offered: String?
        /// The digest of an OCI artifact, `sha256:…`.
        var digest: String?
        /// The Git revision behind an OCI artifact, as CI noted it.
        var origin: String?
    }

    var version = 1
    var generated: String
    var clusters: [Cluster]

    /// The worst that the fleet is: the exit code of `weir status`.
    package var exitCode: Int32 {
        if clusters.contains(where: { !$0.reachable || !$0.complete }) {
            return 2
        }
        let isCalm = clusters.allSatisfy { cluster in
            cluster.resources.allSatisfy { ["ready", "suspended"].contains($0.state) }
        }
        return isCalm ? 0 : 1
    }
}
