/// How large a fleet is and how it behaves from the start.
package struct FleetOptions: Sendable {
    /// Where kubeconfig, sources and repositories go.
    package var directory: String
    /// How many clusters there are.
    package var clusterCount = 6
    /// Flux objects for each cluster, roughly.
    package var resources = 40
    /// What everything random follows from.
    package var seed: UInt64 = 1
    /// The first cluster's port, the others follow; 0 takes any free ports.
    package var portBase = 0
    /// The control endpoint's port; 0 takes any free one.
    package var controlPort = 0
    /// Whether requests without credentials are served as `system:anonymous`.
    package var allowsAnonymous = true
    /// How the controllers behave; each cluster is a little different within this.
    package var flux = FluxOptions()
    /// The namespace that the tenants live in.
    package var tenantNamespace = "apps"
    /// Faults from the start, by cluster name; `*` means all clusters.
    package var faults: [(cluster: String, fault: Fault)] = []

    /// The fleet that the program starts when nothing else is asked for.
    package init(directory: String) {
        self.directory = directory
    }

    /// The names of the clusters, in the order of their ports.
    package var clusterNames: [String] {
        let named = ["prod-eu", "prod-us", "staging", "edge-01", "edge-02", "dev"]
        guard clusterCount > named.count else { return Array(named.prefix(clusterCount)) }
        let further = (named.count + 1...clusterCount).map { $0 < 10 ? "cluster-0\($0)" : "cluster-\($0)" }
        return named + further
    }
}
