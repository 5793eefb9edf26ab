import Clusters
import KubeWire

/// Runs the exec plugins that insist on a terminal (`interactiveMode: Always`), while no screen is up.
enum SignIn {
    /// True where a cluster's credentials come from such a plugin.
    static func isNeeded(_ cluster: ClusterSettings) -> Bool {
        guard case .success(let access) = cluster.access, access.server.isSecure else {
            return false
        }
        return access.credentials.exec?.interaction == .always
    }

    /// Runs each of these plugins once, one after the other; blocks for as long as somebody types.
    ///
    /// - Shape: what fails is told on standard error, and on the row of its cluster.
    static func run(_ clusters: [ClusterSettings]) {
        var done: Set<ExecSpec> = []
        for cluster in clusters where isNeeded(cluster) {
            guard case .success(let access) = cluster.access, let spec = access.credentials.exec,
                done.insert(spec).inserted
            else {
                continue
            }
            let names = clusters.filter { other in
                if case .success(let access) = other.access { access.credentials.exec == spec } else { false }
            }.map(\.displayName)
            CommandLineOutput.complain("weir: signing in to \(names.joined(separator: ", "))")
            if let fault = ExecPlugins.shared.runOnTerminal(for: access) {
                CommandLineOutput.complain("weir: \(fault.message)")
            }
        }
    }
}
