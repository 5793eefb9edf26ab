package import Git

extension RepositoryID {
    /// Where the host shows a commit to people; nil for repositories that are files.
    package func webAddress(ofCommit id: String) -> String? {
        let parts = address.split(separator: "/", maxSplits: 1)
        guard parts.count == 2, !address.hasPrefix("/"), parts[0].contains(".") else {
            return nil
        }
        let host = parts[0]
        let place = host.contains("gitlab") ? "-/commit" : host.contains("bitbucket") ? "commits" : "commit"
        return "https://\(address)/\(place)/\(id)"
    }
}
