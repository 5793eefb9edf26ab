import Dashboard
import Git
import Kube

/// The repository that `--source` means, and the branch of it that the clusters follow.
struct GitTarget {
    let repository: RepositoryID
    let branch: String

    /// Finds both among what the clusters read.
    ///
    /// - Errors: where nothing or several things are meant: the sentence names them.
    init(source: String, branch: String?, in state: AppState) throws(LaunchFailure) {
        let tracks = state.clusters.values.flatMap(\.tracks).filter(\.isSource)
        let wanted = RepositoryID(url: source)
        var matching = tracks.filter { $0.repository == wanted }
        if matching.isEmpty {
            matching = tracks.filter {
                $0.ref.name == source || $0.ref.path == source || $0.repository.name == source
            }
        }
        let repositories = Set(matching.map(\.repository)).sorted()
        guard let repository = repositories.first else {
            let known = Set(tracks.map(\.repository.address)).sorted().joined(separator: ", ")
            throw LaunchFailure(
                "--source \(source) names no Git source of these clusters; they read "
                    + (known.isEmpty ? "none" : known)
            )
        }
        guard repositories.count == 1 else {
            let names = repositories.map(\.address).joined(separator: ", ")
            throw LaunchFailure("--source \(source) may be \(names); give the address of one")
        }
        self.repository = repository
        if let branch {
            self.branch = branch
            return
        }
        let branches = Set(matching.compactMap(\.follows.branch))
        guard let only = branches.first, branches.count == 1 else {
            let names = branches.sorted().joined(separator: ", ")
            throw LaunchFailure(
                branches.isEmpty
                    ? "no cluster follows a branch of \(repository); name one with --branch"
                    : "the clusters follow \(names) of \(repository); name one with --branch"
            )
        }
        self.branch = only
    }

    /// Says why the repository cannot be read, where that is so.
    func check(_ state: AppState) throws(LaunchFailure) {
        if case .failed(let reason) = state.repositories[repository]?.health {
            throw LaunchFailure("\(repository) cannot be read: \(reason)")
        }
    }
}
