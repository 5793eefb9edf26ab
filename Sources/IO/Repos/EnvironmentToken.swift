import Git

/// An access token that the environment holds for one host, as CI systems and the hosts' own tools have it.
///
/// A token goes to the host that its variable is for, over HTTPS alone: a cluster's object names the address, and
/// must not be able to send a token elsewhere.
enum EnvironmentToken {
    /// The user name and token for an address; nil where no variable is for its host.
    static func credential(
        for url: String,
        _ variable: (String) -> String?
    ) -> (user: String, token: String)? {
        guard url.lowercased().hasPrefix("https://") else {
            return nil
        }
        let authority = url.dropFirst("https://".count).prefix { $0 != "/" }
        let host = (authority.split(separator: "@").last ?? authority).lowercased()
        if let own = variable("WEIR_GIT_TOKEN"), variable("WEIR_GIT_TOKEN_HOST")?.lowercased() == host {
            return (variable("WEIR_GIT_TOKEN_USER") ?? "x-access-token", own)
        }
        let known: [(host: String?, names: [String], user: String)] = [
            ("github.com", ["GH_TOKEN", "GITHUB_TOKEN"], "x-access-token"),
            (variable("GH_HOST"), ["GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN"], "x-access-token"),
            (variable("GITLAB_HOST") ?? "gitlab.com", ["GITLAB_TOKEN"], "oauth2"),
            (variable("CI_SERVER_HOST"), ["CI_JOB_TOKEN"], "gitlab-ci-token"),
        ]
        for entry in known where entry.host?.lowercased() == host {
            if let token = entry.names.lazy.compactMap(variable).first {
                return (entry.user, token)
            }
        }
        return nil
    }
}
