import Foundation
import Git
import Testing

@testable import Repos

/// Commits signed as the operator's Git configuration says, checked by `git verify-commit`.
struct SigningTests {
    private func pushed(_ bench: Bench, with more: [String: String] = [:]) async throws -> Result<
        PushReceipt, GitFailure
    > {
        try bench.commit("base", ["a": "1\n"])
        let bad = try bench.commit("bad", ["a": "2\n"])
        try bench.push()
        let mirror = bench.mirror(with: more)
        _ = try await mirror.fetched().get()
        let plan = try await mirror.planned(bench.request(bad)).get()
        #expect(
            plan.signing.isSigned
                || plan.signing == .impossible("gpg.format is ssh, and user.signingkey is not set")
        )
        return await mirror.pushed(plan)
    }

    private func configure(_ bench: Bench, _ pairs: [(String, String)]) throws {
        for (key, value) in pairs {
            try bench.git("config", "--global", key, value)
        }
    }

    private func sshKey(_ bench: Bench, passphrase: String = "") throws -> String {
        let path = "\(bench.root)/signing"
        try bench.shell("ssh-keygen -q -t ed25519 -N '\(passphrase)' -C olga -f \(path)", in: bench.root)
        let key = try String(contentsOfFile: "\(path).pub", encoding: .utf8)
        try "olga@example.org \(key)".write(
            toFile: "\(bench.root)/allowed",
            atomically: true,
            encoding: .utf8
        )
        return path
    }

    @Test(arguments: [false, true])
    func `ssh signs`(isPublicPath: Bool) async throws {
        let bench = try Bench()
        let key = try sshKey(bench)
        try configure(
            bench,
            [
                ("commit.gpgsign", "true"), ("gpg.format", "ssh"),
                ("user.signingkey", isPublicPath ? "\(key).pub" : key),
                ("gpg.ssh.allowedSignersFile", "\(bench.root)/allowed"),
            ]
        )
        // The bench commits with git too, which signs in the same way.
        let receipt = try await pushed(bench).get()
        try bench.git("verify-commit", receipt.commit, in: bench.remote)
        #expect(
            try bench.git("log", "-1", "--format=%G? %GS", receipt.commit, in: bench.remote)
                == "G olga@example.org"
        )
    }

    @Test func `a passphrase is asked for once and opens the key`() async throws {
        let bench = try Bench()
        let key = try sshKey(bench, passphrase: "open sesame")
        try bench.commit("base", ["a": "1\n"])
        let bad = try bench.commit("bad", ["a": "2\n"])
        try bench.push()
        try configure(
            bench,
            [
                ("commit.gpgsign", "true"), ("gpg.format", "ssh"), ("user.signingkey", key),
                ("gpg.ssh.allowedSignersFile", "\(bench.root)/allowed"),
            ]
        )
        let questions = Questions(answers: ["open sesame"])
        var settings = bench.settings()
        settings.ask = { questions.answer($0) }
        let mirror = RepositoryMirror(settings: settings) { _ in }
        _ = try await mirror.fetched().get()
        let receipt = try await mirror.pushed(try await mirror.planned(bench.request(bad)).get()).get()
        try bench.git("verify-commit", receipt.commit, in: bench.remote)
        #expect(questions.asked.map(\.kind) == [.passphrase(key: key)])
        #expect(questions.asked.map(\.isMasked) == [true])
        let left = bench.listing(bench.cache).keys.filter { $0.contains("ask-") || $0.contains("sign-") }
        #expect(left == [])
    }

    @Test func `an OpenPGP key signs`() async throws {
        let bench = try Bench()
        let home = "/tmp/weir-gpg-\(UUID().uuidString.prefix(8))"
        try bench.shell("mkdir -m 700 \(home)", in: bench.root)
        defer { try? bench.shell("gpgconf --homedir \(home) --kill all; rm -rf \(home)", in: bench.root) }
        let make =
            "gpg --homedir \(home) --batch --quiet --pinentry-mode loopback --passphrase '' "
            + "--quick-generate-key 'Olga Operator <olga@example.org>' ed25519 sign never"
        guard (try? bench.shell(make, in: bench.root)) != nil else {
            print("skipped: gpg is missing or makes no key here")
            return
        }
        try bench.commit("base", ["a": "1\n"])
        let bad = try bench.commit("bad", ["a": "2\n"])
        try bench.push()
        try configure(bench, [("commit.gpgsign", "true")])
        let mirror = bench.mirror(with: ["GNUPGHOME": home])
        _ = try await mirror.fetched().get()
        let plan = try await mirror.planned(bench.request(bad)).get()
        #expect(plan.signing == .openPGP(key: "Olga Operator <olga@example.org>"))
        let receipt = try await mirror.pushed(plan).get()
        try bench.git("verify-commit", receipt.commit, in: bench.remote, with: ["GNUPGHOME": home])
    }

    @Test(arguments: [
        [("gpg.format", "ssh")], [("gpg.format", "ssh"), ("user.signingkey", "/nowhere/key")],
        [("gpg.program", "/nowhere/gpg")],
    ])
    func `what cannot be signed is not pushed`(configuration: [(String, String)]) async throws {
        let bench = try Bench()
        try bench.commit("base", ["a": "1\n"])
        let bad = try bench.commit("bad", ["a": "2\n"])
        try bench.push()
        try configure(bench, configuration + [("commit.gpgsign", "true")])
        let mirror = try await bench.fetched()
        let plan = try await mirror.planned(bench.request(bad)).get()
        let failure = try #require(await mirror.pushed(plan).failure)
        #expect(failure.message.lowercased().contains("sign") || failure.message.contains("/nowhere/gpg"))
        #expect(try bench.remoteTip() == bad)
    }
}

/// Answers in turn, and what was asked.
final class Questions: @unchecked Sendable {
    // SAFETY: everything is touched under the lock.
    private let lock = NSLock()
    private var answers: [String?]
    private var seen: [SecretQuestion] = []

    init(answers: [String?]) {
        self.answers = answers
    }

    var asked: [SecretQuestion] { lock.withLock { seen } }

    func answer(_ question: SecretQuestion) -> String? {
        lock.withLock {
            seen.append(question)
            return answers.isEmpty ? nil : answers.removeFirst()
        }
    }
}
