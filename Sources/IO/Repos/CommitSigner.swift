import FoundationEssentials
import Git
import Glibc

/// Signs a commit's text with the program that the operator's Git configuration names.
///
/// - Thread: the push lane; the program may ask for a passphrase through the transfer.
struct CommitSigner {
    let configuration: OperatorConfiguration
    /// A directory of the operator's alone, for the file that `ssh-keygen` signs.
    let directory: String
    let transfer: Transfer

    /// What the configuration wants of commits by this author.
    static func signing(_ configuration: OperatorConfiguration, name: String, email: String) -> CommitSigning
    {
        guard configuration.flag("commit.gpgsign") else {
            return .none
        }
        let key = configuration.text("user.signingkey")
        switch configuration.text("gpg.format") ?? "openpgp" {
        case "openpgp": return .openPGP(key: key ?? "\(name) <\(email)>")
        case "x509": return .x509(key: key ?? "\(name) <\(email)>")
        case "ssh":
            guard let key else {
                return configuration.text("gpg.ssh.defaultKeyCommand") == nil
                    ? .impossible("gpg.format is ssh, and user.signingkey is not set") : .ssh(key: "")
            }
            return .ssh(key: key)
        case let other:
            return .impossible("gpg.format \(Redaction.clean(other, limit: 40)) is not known")
        }
    }

    /// The signature of a commit's text, without a line break at its end; nil where none is wanted.
    ///
    /// - Errors: `.invalid` with what the program said: a commit that was to be signed is not made without.
    func signature(_ signing: CommitSigning, of text: String) throws(MirrorTrouble) -> String? {
        switch signing {
        case .none:
            return nil
        case .impossible(let why):
            throw MirrorTrouble(.invalid, "The commit cannot be signed: \(why). Nothing was pushed.")
        case .openPGP(let key):
            let program =
                configuration.path("gpg.openpgp.program") ?? configuration.path("gpg.program") ?? "gpg"
            return try gnupg(program, key, text)
        case .x509(let key):
            return try gnupg(configuration.path("gpg.x509.program") ?? "gpgsm", key, text)
        case .ssh(let key):
            return try ssh(key, text)
        }
    }

    private func gnupg(_ program: String, _ key: String, _ text: String) throws(MirrorTrouble) -> String {
        let answer = try ChildProcess.output(
            of: [program, "--status-fd=2", "-bsau", key],
            input: text,
            for: transfer
        )
        guard answer.code == 0, answer.complaint.contains("[GNUPG:] SIG_CREATED ") else {
            let words = answer.complaint.split(whereSeparator: \.isNewline).filter {
                !$0.hasPrefix("[GNUPG:]")
            }
            throw refusal(program, words.last.map(String.init) ?? "exit code \(answer.code)")
        }
        return CommitSigner.trimmed(answer.text)
    }

    private func ssh(_ written: String, _ text: String) throws(MirrorTrouble) -> String {
        let program = configuration.path("gpg.ssh.program") ?? "ssh-keygen"
        var name = Array("\(directory)/sign-XXXXXX".utf8CString)
        guard mkdtemp(&name) != nil else {
            throw MirrorTrouble(
                .other,
                "\(directory) cannot be written to: \(String(cString: strerror(errno)))."
            )
        }
        let place = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { try? FileManager.default.removeItem(atPath: place) }
        let key = written.isEmpty ? try defaultKey() : written
        let literal = key.hasPrefix("key::") ? String(key.dropFirst(5)) : key.hasPrefix("ssh-") ? key : nil
        var arguments = [program, "-Y", "sign", "-n", "git", "-f"]
        do {
            if let literal {
                try Data(literal.utf8).write(to: URL(filePath: "\(place)/key.pub"))
                arguments += ["\(place)/key.pub", "-U"]
            } else {
                arguments.append(
                    OperatorConfiguration.expanded(key, home: configuration.homeDirectory)
                )
            }
            try Data(text.utf8).write(to: URL(filePath: "\(place)/commit"))
        } catch {
            throw MirrorTrouble(.other, "\(place) cannot be written to: \(String(cString: strerror(errno))).")
        }
        transfer.willUse(key: literal == nil ? key : "")
        let answer = try ChildProcess.output(of: arguments + ["\(place)/commit"], input: "", for: transfer)
        guard answer.code == 0, let made = FileManager.default.contents(atPath: "\(place)/commit.sig") else {
            let words = answer.complaint.split(whereSeparator: \.isNewline).last.map(String.init)
            throw refusal(program, words ?? "exit code \(answer.code)")
        }
        return CommitSigner.trimmed(String(decoding: made, as: UTF8.self))
    }

    /// The first key that `gpg.ssh.defaultKeyCommand` prints.
    private func defaultKey() throws(MirrorTrouble) -> String {
        let command = configuration.text("gpg.ssh.defaultKeyCommand") ?? ""
        let answer = try ChildProcess.output(of: ["sh", "-c", command], input: "", for: transfer)
        let key = answer.text.split(whereSeparator: \.isNewline).first {
            $0.hasPrefix("ssh-") || $0.hasPrefix("key::")
        }
        guard answer.code == 0, let key else {
            throw refusal("gpg.ssh.defaultKeyCommand", "it names no key")
        }
        return String(key)
    }

    private func refusal(_ program: String, _ words: String) -> MirrorTrouble {
        MirrorTrouble(
            .invalid,
            "The commit cannot be signed, nothing was pushed: \(Redaction.clean(program, limit: 100)) says "
                + "\(Redaction.clean(words, limit: 200))."
        )
    }

    private static func trimmed(_ text: String) -> String {
        var text = text.replacing("\r\n", with: "\n")[...]
        while text.last == "\n" {
            text = text.dropLast()
        }
        return String(text)
    }
}
