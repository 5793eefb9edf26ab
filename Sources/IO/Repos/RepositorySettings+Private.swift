import FoundationEssentials
import Git

extension RepositorySettings {
    /// The address without anything that lets somebody in.
    var shownURL: String { Redaction.clean(url) }

    /// A variable of the environment that children and libgit2 jobs are to see.
    func variable(_ name: String) -> String? {
        let value = environment.map { $0[name] } ?? ProcessInfo.processInfo.environment[name]
        return value.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The environment for `git` and `ssh`: the operator's, without what ties `git` to some work tree, and never
    /// asking on the terminal.
    var childEnvironment: [String: String] {
        var all = environment ?? ProcessInfo.processInfo.environment
        for name in RepositorySettings.untaken {
            all[name] = nil
        }
        all["GIT_TERMINAL_PROMPT"] = "0"
        all["GIT_ASKPASS"] = ""
        all["SSH_ASKPASS_REQUIRE"] = "never"
        all["LC_ALL"] = "C"
        return all
    }

    private static let untaken = [
        "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY",
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_COMMON_DIR", "GIT_NAMESPACE", "GIT_PREFIX", "GIT_PROTOCOL", "GIT_TRACE", "GIT_TRACE_PACKET",
        "GIT_CURL_VERBOSE",
    ]
}
