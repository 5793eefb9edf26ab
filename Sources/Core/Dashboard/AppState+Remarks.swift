package import Kube

extension AppState {
    /// What an operator should know of a cluster, a sentence each: of its connection, and of its place in the fleet.
    package func remarks(of cluster: ClusterID) -> [String] {
        guard let picture = clusters[cluster] else {
            return []
        }
        guard
            let own = picture.snapshot.fluxVersion,
            let newest = clusters.values.compactMap(\.snapshot.fluxVersion).max(by: {
                FluxVersion.isOlder($0, than: $1)
            }),
            FluxVersion.isOlder(own, than: newest)
        else {
            return picture.remarks
        }
        return picture.remarks + ["Flux \(own) runs here, \(newest) elsewhere in the fleet"]
    }
}
