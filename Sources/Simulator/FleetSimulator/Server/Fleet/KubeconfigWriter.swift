import Foundation

/// Writes the kubeconfig by which every tool reaches the fleet.
///
/// A cluster has a context of its own name for its administrator, and `-viewer` and `-tenant` contexts beside it.
enum KubeconfigWriter {
    /// The first line of each kubeconfig written here, by which it is known again.
    static let mark = "# Written by weir-sim: it is removed when the fleet stops."

    /// Writes the file, readable by its owner alone, in one step.
    static func write(_ clusters: [SimulatedCluster], to path: String) throws {
        try FleetFiles.writePrivately(text(clusters), to: path)
    }

    /// The whole file; the first cluster's administrator is the current context.
    static func text(_ clusters: [SimulatedCluster]) -> String {
        var lines = [mark, "apiVersion: v1", "kind: Config", "preferences: {}"]
        if let first = clusters.first { lines.append("current-context: \(first.name)") }
        lines.append("clusters:")
        for cluster in clusters {
            lines += [
                "- name: \(cluster.name)",
                "  cluster:",
                "    server: \(cluster.url)",
                "    certificate-authority-data: \(base64(cluster.authority.certificatePEM))",
            ]
        }
        lines.append("contexts:")
        for cluster in clusters {
            lines += context(
                cluster.name,
                cluster: cluster.name,
                user: "\(cluster.name)-admin",
                namespace: nil
            )
            lines += context(
                "\(cluster.name)-viewer",
                cluster: cluster.name,
                user: "\(cluster.name)-viewer",
                namespace: nil
            )
            lines += context(
                "\(cluster.name)-tenant",
                cluster: cluster.name,
                user: "\(cluster.name)-tenant",
                namespace: cluster.tenantNamespace
            )
        }
        lines.append("users:")
        for (index, cluster) in clusters.enumerated() {
            lines += ["- name: \(cluster.name)-admin", "  user:"]
            // Both kinds of credentials are to be met in one fleet.
            if index % 3 == 1 {
                lines += [
                    "    client-certificate-data: \(base64(cluster.adminKey.certificatePEM))",
                    "    client-key-data: \(base64(cluster.adminKey.privateKeyPEM))",
                ]
            } else {
                lines.append("    token: \(cluster.tokens.admin)")
            }
            lines += [
                "- name: \(cluster.name)-viewer", "  user:", "    token: \(cluster.tokens.viewer)",
                "- name: \(cluster.name)-tenant", "  user:", "    token: \(cluster.tokens.tenant)",
            ]
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func context(_ name: String, cluster: String, user: String, namespace: String?) -> [String]
    {
        var lines = ["- name: \(name)", "  context:", "    cluster: \(cluster)", "    user: \(user)"]
        if let namespace { lines.append("    namespace: \(namespace)") }
        return lines
    }

    private static func base64(_ text: String) -> String {
        Data(text.utf8).base64EncodedString()
    }
}
