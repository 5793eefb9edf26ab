import Foundation
import Git
import Testing

@testable import Repos

struct SecureShellTests {
    private func badCommit(_ bench: Bench) throws -> String {
        try bench.commit("one", ["a.yaml": "1\n"])
        let bad = try bench.commit("two", ["a.yaml": "2\n"])
        try bench.push()
        return bad
    }

    @Test func `with a known host and a key, everything works, hooks too`() async throws {
        let bench = try Bench()
        let bad = try badCommit(bench)
        guard let shell = try SecureShell.start(bench) else {
            return
        }
        try shell.know("host")
        try bench.hook("post-receive", "echo 'hello over ssh' >&2")
        let mirror = bench.mirror(url: shell.url, with: shell.environment(key: "user"))
        #expect(try await mirror.fetched().get().heads == ["refs/heads/main": bad])
        let plan = try await mirror.planned(bench.request(bad, url: shell.url)).get()
        let receipt = try await mirror.pushed(plan).get()
        #expect(try bench.remoteTip() == receipt.commit)
        #expect(receipt.remarks == ["hello over ssh"])
    }

    @Test func `an unknown host is refused with its fingerprint`() async throws {
        let bench = try Bench()
        _ = try badCommit(bench)
        guard let shell = try SecureShell.start(bench) else {
            return
        }
        try shell.know(nil)
        // Even where the operator's own configuration would take it.
        let careless = shell.environment(key: "user", options: "-o CheckHostIP=no")
        let failure = await bench.mirror(url: shell.url, with: careless).fetched().failure
        #expect(failure?.cause == .authentication)
        #expect(
            failure?.message.contains(
                "is not in \(shell.directory)/known_hosts as [127.0.0.1]:\(shell.port);"
            ) == true
        )
        #expect(failure?.message.contains(try shell.fingerprint()) == true)
        #expect(try String(contentsOfFile: "\(shell.directory)/known_hosts", encoding: .utf8).isEmpty)
    }

    @Test func `a host whose key changed is refused with a warning`() async throws {
        let bench = try Bench()
        _ = try badCommit(bench)
        guard let shell = try SecureShell.start(bench) else {
            return
        }
        try shell.know("stranger")
        let failure = await bench.mirror(url: shell.url, with: shell.environment(key: "user")).fetched()
            .failure
        #expect(failure?.cause == .authentication)
        #expect(failure?.message.contains("another key than \(shell.directory)/known_hosts:1 has") == true)
        #expect(failure?.message.contains("ssh-keygen -R '[127.0.0.1]:\(shell.port)'") == true)
        #expect(failure?.message.contains(try shell.fingerprint()) == true)
    }

    @Test func `a key that the host does not take is said`() async throws {
        let bench = try Bench()
        _ = try badCommit(bench)
        guard let shell = try SecureShell.start(bench) else {
            return
        }
        try shell.know("host")
        let failure = await bench.mirror(url: shell.url, with: shell.environment(key: "stranger")).fetched()
            .failure
        #expect(failure?.cause == .authentication)
        #expect(failure?.message.contains("takes none of your keys") == true)
    }

    @Test func `a repository that is not on the host is not found`() async throws {
        let bench = try Bench()
        guard let shell = try SecureShell.start(bench) else {
            return
        }
        try shell.know("host")
        let url = "\(shell.url).none"
        let failure = await bench.mirror(url: url, with: shell.environment(key: "user")).fetched().failure
        #expect(failure?.cause == .notFound)
    }

    @Test func `an agent's key opens the door`() async throws {
        let bench = try Bench()
        let bad = try badCommit(bench)
        guard let shell = try SecureShell.start(bench) else {
            return
        }
        try shell.know("host")
        let socket = "\(shell.directory)/agent"
        let agent = try LineProcess(
            ["ssh-agent", "-D", "-a", socket],
            environment: bench.environment,
            of: bench
        )
        #expect(agent.line(holding: "SSH_AUTH_SOCK") != nil)
        try bench.shell("SSH_AUTH_SOCK=\(socket) ssh-add -q user && rm user", in: shell.directory)
        let known = "-o UserKnownHostsFile=\(shell.directory)/known_hosts -o GlobalKnownHostsFile=/dev/null"
        let mirror = bench.mirror(
            url: shell.url,
            with: ["SSH_AUTH_SOCK": socket, "GIT_SSH_COMMAND": "ssh -F /dev/null \(known)"]
        )
        #expect(try await mirror.fetched().get().heads == ["refs/heads/main": bad])
    }

    @Test func `a host that is not there cannot be reached`() async throws {
        let bench = try Bench()
        let port = try SilentListener().port
        let failure = await bench.mirror(url: "ssh://127.0.0.1:\(port)/x").fetched().failure
        #expect(failure?.cause == .unreachable)
    }

    @Test func `an alias of the operator's ssh configuration is followed`() async throws {
        let bench = try Bench()
        let bad = try badCommit(bench)
        guard let shell = try SecureShell.start(bench) else {
            return
        }
        try shell.know("host")
        let text = """
            Host gate
                HostName 127.0.0.1
                Port \(shell.port)
                User \(ProcessInfo.processInfo.userName)
                IdentityFile \(shell.directory)/user
                UserKnownHostsFile \(shell.directory)/known_hosts

            """
        try text.write(toFile: "\(shell.directory)/config", atomically: true, encoding: .utf8)
        let environment = ["GIT_SSH_COMMAND": "ssh -F \(shell.directory)/config"]
        let settings = bench.settings(url: "ssh://gate\(bench.remote)", with: environment)
        let mirror = RepositoryMirror(settings: settings) { _ in }
        #expect(try await mirror.fetched().get().heads == ["refs/heads/main": bad])
        let address = try #require(RemoteAddress(settings.url))
        let host = try #require(SSHHost.resolve(address, settings))
        #expect(host.name == "127.0.0.1" && host.port == "\(shell.port)")
        #expect(host.knownHosts == ["\(shell.directory)/known_hosts"])
        #expect(host.identities == ["\(shell.directory)/user"])
    }

    @Test(arguments: [["wrong", "open sesame"], [nil]])
    func `a key with a passphrase asks the operator`(answers: [String?]) async throws {
        let bench = try Bench()
        let bad = try badCommit(bench)
        guard let shell = try SecureShell.start(bench) else {
            return
        }
        try shell.know("host")
        try bench.shell("ssh-keygen -q -p -P '' -N 'open sesame' -f user", in: shell.directory)
        let questions = Questions(answers: answers)
        var settings = bench.settings(url: shell.url, with: shell.environment(key: "user"))
        settings.ask = { questions.answer($0) }
        let mirror = RepositoryMirror(settings: settings) { _ in }
        let result = await mirror.fetched()
        #expect(questions.asked.first?.kind == .passphrase(key: "\(shell.directory)/user"))
        if answers.count == 2 {
            #expect(try result.get().heads == ["refs/heads/main": bad])
            #expect(questions.asked.map(\.attempt) == [1, 2])
        } else {
            #expect(result.failure?.cause == .authentication)
        }
        for path in bench.listing(bench.cache).keys {
            let text = (try? String(contentsOfFile: "\(bench.cache)/\(path)", encoding: .utf8)) ?? ""
            #expect(!text.contains("sesame") && !path.contains("ask-"))
        }
    }
}
