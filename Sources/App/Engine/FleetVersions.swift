import Dashboard
import Kube

/// The versions of Flux across a fleet.
enum FleetVersions {
    /// Clusters that run different versions of Flux behave differently: which of them is odd is worth a line.
    ///
    /// - Shape: nil where all that tell run the same.
    static func difference(_ pictures: [ClusterPicture]) -> String? {
        let versions = Dictionary(
            grouping: pictures.filter { $0.snapshot.fluxVersion != nil },
            by: { $0.snapshot.fluxVersion ?? "" }
        )
        guard versions.count > 1 else {
            return nil
        }
        let parts = versions.keys.sorted { FluxVersion.isOlder($0, than: $1) }.map { version in
            let names = (versions[version] ?? []).map(\.profile.displayName)
            let shown = names.count > 3 ? "\(names.count) clusters" : names.joined(separator: ", ")
            return "\(version) on \(shown)"
        }
        return "the clusters run different versions of Flux: \(parts.joined(separator: "; "))"
    }
}
