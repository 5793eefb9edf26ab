import Kube

extension ClusterPicture {
    /// What an operator should know of the cluster's connection, a sentence each; kinds that may not be read once.
    package var remarks: [String] {
        let forbidden = FluxKind.all.filter { kind in
            if case .forbidden? = snapshot.kinds[kind] { true } else { false }
        }
        guard !forbidden.isEmpty else {
            return snapshot.notes
        }
        return snapshot.notes + ["\(forbidden.map(\.plural).joined(separator: ", ")) may not be read"]
    }
}
