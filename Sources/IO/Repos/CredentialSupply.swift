import CGit2
import Git

/// The operator's passwords for HTTP, from the address or from `git credential`; kept for one transfer only.
///
/// - Thread: confined to the thread that runs the transfer.
final class CredentialSupply {
    private let settings: RepositorySettings
    private var offered: Filled?
    private var asked = 0
    /// True once the environment's token was offered: it takes no turn from the helper.
    private var triedToken = false

    private struct Filled {
        /// All lines that the helper gave, as `approve` and `reject` want them back.
        let lines: [String]
        let user: String
        let password: String
    }

    init(_ settings: RepositorySettings) {
        self.settings = settings
    }

    /// For `git_remote_callbacks.credentials`: libgit2 calls again after each refusal.
    func supply(
        _ out: UnsafeMutablePointer<UnsafeMutablePointer<git_credential>?>?,
        url: String,
        user: String?,
        allowed: UInt32,
        for transfer: Transfer
    ) -> Int32 {
        if let offered {
            tell("reject", offered, for: transfer)
            self.offered = nil
        }
        asked += 1
        guard asked <= (triedToken ? 3 : 2), allowed & GIT_CREDENTIAL_USERPASS_PLAINTEXT.rawValue != 0 else {
            transfer.fail(
                .authentication,
                refusal(asked > 1 ? "refuses your credentials" : "wants credentials")
            )
            return GIT_EUSER.rawValue
        }
        guard let filled = fromEnvironment(url) ?? fill(url, user: user, for: transfer) else {
            transfer.fail(
                .authentication,
                refusal(asked > 1 ? "refuses your credentials" : "wants credentials")
            )
            return GIT_EUSER.rawValue
        }
        offered = filled
        return git_credential_userpass_plaintext_new(out, filled.user, filled.password)
    }

    /// Tells the helper that what it gave was good.
    func approve(for transfer: Transfer) {
        if let offered, !transfer.wasAnswered {
            tell("approve", offered, for: transfer)
        }
        offered = nil
    }

    private func refusal(_ verb: String) -> String {
        "\(settings.shownURL) \(verb); sign in with git once, so that a credential helper has them."
    }

    /// A token of the environment, tried once and before anybody is asked.
    private func fromEnvironment(_ url: String) -> Filled? {
        guard asked == 1, let found = EnvironmentToken.credential(for: url, settings.variable) else {
            return nil
        }
        triedToken = true
        return Filled(lines: [], user: found.user, password: found.token)
    }

    private func fill(_ url: String, user: String?, for transfer: Transfer) -> Filled? {
        var input = "url=\(url.prefix { !$0.isNewline })\n"
        if let user, !user.contains(where: \.isNewline) {
            input += "username=\(user)\n"
        }
        guard
            let answer = try? ChildProcess.output(
                of: ["git", "credential", "fill"],
                input: "\(input)\n",
                for: transfer
            ),
            answer.code == 0
        else {
            return nil
        }
        let lines = answer.text.split(separator: "\n").map(String.init)
        func value(_ key: String) -> String? {
            lines.last { $0.hasPrefix("\(key)=") }.map { String($0.dropFirst(key.count + 1)) }
        }
        guard let user = value("username"), let password = value("password") else {
            return nil
        }
        return Filled(lines: lines, user: user, password: password)
    }

    private func tell(_ verb: String, _ filled: Filled, for transfer: Transfer) {
        guard !filled.lines.isEmpty else {
            return
        }
        let input = filled.lines.joined(separator: "\n") + "\n\n"
        _ = try? ChildProcess.output(of: ["git", "credential", verb], input: input, for: transfer)
    }
}
