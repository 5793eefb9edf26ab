/// What `weir doctor -o json` prints: everything between weir and its fleet, in a form that scripts may rely on.
///
/// - Shape: documented in docs/clusters.md; `version` grows only when a field changes its meaning or goes.
package struct DoctorReport: Report, Sendable {
    package struct Cluster: Encodable, Sendable {
        var name: String
        var server: String?
        /// Whether it answered and let weir in.
        var reachable: Bool
        /// One sentence; absent where nothing is wrong with the connection.
        var error: String?
        var tls: TLS?
        var proxy: String?
        var credentials: [String]
        /// RFC 3339; absent where they do not say.
        var credentialsExpire: String?
        var actsAs: String?
        var user: String?
        var groups: [String]?
        var serverVersion: String?
        var fluxVersion: String?
        var kinds: [Kind]
        var rights: [Right]
        /// How far the server's clock is ahead of this machine's.
        var clockSkewSeconds: Int?
        var roundTripMilliseconds: Double?
        var notes: [String]
    }

    package struct TLS: Encodable, Sendable {
        /// `kubeconfig`, `system`, `unverified` or `none`.
        var trust: String
        /// When the authority of the kubeconfig runs out, RFC 3339.
        var authorityExpires: String?
        var serverName: String?
    }

    package struct Kind: Encodable, Sendable {
        var kind: String
        var apiVersion: String?
        /// `readable`, `stale`, `forbidden`, `pending` or `absent`.
        var state: String
        var message: String?
        var objects: Int
    }

    package struct Right: Encodable, Sendable {
        var action: String
        var verb: String
        var resource: String
        /// Absent for all namespaces.
        var namespace: String?
        /// Absent where the cluster did not say.
        var allowed: Bool?
    }

    package struct Source: Encodable, Sendable {
        var url: String
        var clusters: [String]
        var reachable: Bool
        var readable: Bool
        /// Absent where it was not found out in time.
        var pushable: Bool?
        /// One sentence on each thing that does not work.
        var problems: [String]
    }

    package struct Terminal: Encodable, Sendable {
        var isTerminal: Bool
        var columns: Int?
        var rows: Int?
        var name: String
        /// `mono`, `8`, `16`, `256` or `truecolour`.
        var colours: String
        var encoding: String
        var problem: String?
    }

    var version = 1
    var generated: String
    var clusters: [Cluster]
    var sources: [Source]
    var terminal: Terminal
    /// What is wrong with the config and the kubeconfigs.
    var problems: [String]
    /// What is worth knowing of the fleet as a whole.
    var advice: [String]

    /// 0 all is well, 1 something is limited or worth knowing, 2 something cannot be reached or used.
    ///
    /// - Shape: 1 where the table has a line with `!`, 2 where it has one with `✗`, and never otherwise.
    package var exitCode: Int32 {
        if clusters.contains(where: { !$0.reachable }) || sources.contains(where: { !$0.readable }) {
            return 2
        }
        let isLimited = clusters.contains(where: \.isLimited) || sources.contains(where: \.isLimited)
        let isAdvised = !problems.isEmpty || !advice.isEmpty || terminal.isLimited
        return isLimited || isAdvised ? 1 : 0
    }
}

extension DoctorReport.Cluster {
    /// True where something does not work, or is not known to.
    fileprivate var isLimited: Bool {
        error != nil || !notes.isEmpty
            || kinds.contains { ["forbidden", "stale", "pending"].contains($0.state) }
            || rights.contains { $0.allowed != true }
    }
}

extension DoctorReport.Source {
    fileprivate var isLimited: Bool { pushable != true || !problems.isEmpty }
}

extension DoctorReport.Terminal {
    /// True where a dashboard could not be drawn on it; a pipe or a file is none, and no fault.
    var isLimited: Bool { isTerminal && problem != nil }
}
