import Git

/// The operator's Git configuration as `git` itself reads it, with includes and the environment.
struct OperatorConfiguration {
    private let values: [String: String]
    private let home: String?

    /// Asks `git`; where there is none, libgit2's reading of the same files is used.
    init(_ settings: RepositorySettings) {
        home = settings.variable("HOME")
        // From the root directory, so that no repository around the current one has a say.
        let answer = try? ChildProcess.output(
            of: ["git", "-C", "/", "config", "--null", "--list"],
            input: "",
            for: Transfer(settings)
        )
        var values: [String: String] = [:]
        if let answer, answer.code == 0 {
            for entry in answer.text.split(separator: "\0") {
                let parts = entry.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
                values[parts[0].lowercased()] = parts.count > 1 ? String(parts[1]) : "true"
            }
        } else {
            let library = GitConfiguration()
            for key in OperatorConfiguration.keys {
                values[key] = library.text(key)
            }
        }
        self.values = values
    }

    /// Nil where it is unset or empty; section and name are in any case.
    func text(_ key: String) -> String? {
        values[key.lowercased()].flatMap { $0.isEmpty ? nil : $0 }
    }

    func flag(_ key: String) -> Bool {
        ["true", "yes", "on", "1"].contains(text(key)?.lowercased() ?? "")
    }

    /// Like `text`, with `~/` made out.
    func path(_ key: String) -> String? {
        text(key).map { OperatorConfiguration.expanded($0, home: home) }
    }

    static func expanded(_ path: String, home: String?) -> String {
        guard path.hasPrefix("~/"), let home else {
            return path
        }
        return "\(home)/\(path.dropFirst(2))"
    }

    var homeDirectory: String? { home }

    private static let keys = [
        "user.name", "user.email", "user.signingkey", "commit.gpgsign", "gpg.format", "gpg.program",
        "gpg.openpgp.program", "gpg.x509.program", "gpg.ssh.program", "gpg.ssh.defaultkeycommand",
    ]
}
