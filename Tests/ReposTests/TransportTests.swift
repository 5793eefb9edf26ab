import Foundation
import Git
import Testing

@testable import Repos

struct TransportTests {
    private func badCommit(_ bench: Bench) throws -> String {
        try bench.commit("one", ["a.yaml": "1\n"])
        let bad = try bench.commit("two", ["a.yaml": "2\n"])
        try bench.push()
        return bad
    }

    // MARK: Paths

    @Test func `file addresses work as paths do`() async throws {
        let bench = try Bench()
        let bad = try badCommit(bench)
        let url = "file://\(bench.root)/re%6Dote.git"
        let mirror = try await bench.fetched(url: url)
        let receipt = try await mirror.pushed(mirror.planned(bench.request(bad, url: url)).get()).get()
        #expect(try bench.remoteTip() == receipt.commit)
    }

    @Test(arguments: [
        ("ssh://git@host/a/b.git", RemoteAddress.ssh(user: "git", host: "host", port: nil, path: "/a/b.git")),
        ("ssh://host:2222/~me/x", .ssh(user: nil, host: "host", port: "2222", path: "~me/x")),
        ("ssh://git:pass@[::1]:22/x", .ssh(user: "git", host: "::1", port: "22", path: "/x")),
        ("git@host:a/b.git", .ssh(user: "git", host: "host", port: nil, path: "a/b.git")),
        ("/srv/a b.git", .path("/srv/a b.git")), ("file:///srv/a%20b.git", .path("/srv/a b.git")),
        ("./x:y", .path("./x:y")),
    ])
    func `addresses are read as git reads them`(_ url: String, _ address: RemoteAddress) {
        #expect(RemoteAddress(url) == address)
    }

    @Test(arguments: ["https://host/x", "http://host/x", "git://host/x"])
    func `other addresses are left to libgit2`(_ url: String) {
        #expect(RemoteAddress(url) == nil)
    }

    @Test(arguments: [
        "ssh://-oProxyCommand=touch%20x/repo", "ssh://-oProxyCommand=x@host/repo", "-oProxyCommand=x:repo",
        "ssh://host:22x/repo", "ssh://host/", "--upload-pack=touch x", "ext::sh -c touch% x",
    ])
    func `addresses that would run something are refused`(_ url: String) async throws {
        let bench = try Bench()
        #expect(await bench.mirror(url: url).fetched().failure != nil)
        #expect(bench.listing(bench.root)["x"] == nil)
    }

    // MARK: HTTP

    @Test(arguments: [false, true])
    func `over HTTP, plain and with a private authority`(_ isSecure: Bool) async throws {
        let bench = try Bench()
        let bad = try badCommit(bench)
        guard !isSecure || TestAuthority.shared.isUsable,
            let server = try SmartServer(bench, isSecure: isSecure)
        else {
            print("skipped: python3 or openssl is missing")
            return
        }
        let mirror = try await bench.fetched(url: server.url)
        let plan = try await mirror.planned(bench.request(bad, url: server.url)).get()
        let receipt = try await mirror.pushed(plan).get()
        #expect(try bench.remoteTip() == receipt.commit)
        try bench.hook("pre-receive", "echo 'not today' >&2; exit 1")
        let again = try await mirror.planned(bench.request(receipt.commit, url: server.url)).get()
        let failure = await mirror.pushed(again).failure
        #expect(failure?.cause == .rejected)
        #expect(failure?.message.contains("not today") == true)
        #expect(try bench.remoteTip() == receipt.commit)
    }

    /// A credential helper that gives one password, and writes down what it is told.
    private func helper(_ bench: Bench, password: String) throws {
        let script = """
            #!/bin/sh
            cat > \(bench.root)/told.$1.$$
            echo $1 >> \(bench.root)/told
            [ "$1" = get ] && printf 'username=olga\\npassword=%s\\n' '\(password)'
            exit 0
            """
        try script.write(toFile: "\(bench.root)/helper", atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755],
            ofItemAtPath: "\(bench.root)/helper"
        )
        try bench.git("config", "--global", "credential.helper", "\(bench.root)/helper")
    }

    private func told(_ bench: Bench) -> [String] {
        let text = try? String(contentsOfFile: "\(bench.root)/told", encoding: .utf8)
        return (text ?? "").split(separator: "\n").map(String.init)
    }

    @Test func `the operator's credential helper opens the door`() async throws {
        let bench = try Bench()
        let bad = try badCommit(bench)
        guard let server = try SmartServer(bench, user: "olga", password: "s3cret") else {
            print("skipped: python3 is missing")
            return
        }
        try helper(bench, password: "s3cret")
        let mirror = try await bench.fetched(url: server.url)
        #expect(told(bench) == ["get", "store"])
        let receipt = try await mirror.pushed(mirror.planned(bench.request(bad, url: server.url)).get()).get()
        #expect(try bench.remoteTip() == receipt.commit)
        for (path, _) in bench.listing(bench.cache) {
            let text = (try? String(contentsOfFile: "\(bench.cache)/\(path)", encoding: .utf8)) ?? ""
            #expect(!text.contains("s3cret"))
        }
    }

    @Test func `a wrong password is given back to the helper and told without being shown`() async throws {
        let bench = try Bench()
        _ = try badCommit(bench)
        guard let server = try SmartServer(bench, user: "olga", password: "s3cret") else {
            print("skipped: python3 is missing")
            return
        }
        try helper(bench, password: "wr0ng")
        let failure = await bench.mirror(url: server.url).fetched().failure
        #expect(failure?.cause == .authentication)
        #expect(failure?.message.contains("wr0ng") == false)
        #expect(told(bench) == ["get", "erase", "get", "erase"])
    }

    @Test func `a password that the operator types opens the door and no helper keeps it`() async throws {
        let bench = try Bench()
        let first = try bench.commit("one", ["a.yaml": "1\n"])
        try bench.push()
        guard let server = try SmartServer(bench, user: "olga", password: "s3cret") else {
            print("skipped: python3 is missing")
            return
        }
        try bench.git("config", "--global", "credential.helper", "store")
        let questions = Questions(answers: ["olga", "s3cret"])
        var settings = bench.settings(url: server.url)
        settings.ask = { questions.answer($0) }
        let mirror = RepositoryMirror(settings: settings) { _ in }
        #expect(try await mirror.fetched().get().heads == ["refs/heads/main": first])
        #expect(questions.asked.map(\.kind) == [.userName, .password])
        #expect(!FileManager.default.fileExists(atPath: "\(bench.root)/home/.git-credentials"))
        // Nobody is asked again behind his back: only a fetch that he wants asks.
        #expect(try await mirror.checked().get().health == .current)
        #expect(questions.asked.count == 2)
        #expect(await mirror.fetched().failure?.cause == .authentication)
        #expect(questions.asked.count == 3)
    }

    @Test(
        arguments: [
            ("https://github.com/a/b", ["GITHUB_TOKEN": "t"], "t"),
            ("https://github.com.evil.example/a/b", ["GITHUB_TOKEN": "t"], nil),
            ("http://github.com/a/b", ["GITHUB_TOKEN": "t"], nil),
            ("https://git.example/a/b", ["GITHUB_TOKEN": "t", "WEIR_GIT_TOKEN": "w"], nil),
            ("https://git.example/a/b", ["WEIR_GIT_TOKEN_HOST": "git.example", "WEIR_GIT_TOKEN": "w"], "w"),
            ("https://user@gitlab.com/a/b", ["GITLAB_TOKEN": "g"], "g"),
        ] as [(String, [String: String], String?)]
    )
    func `a token of the environment goes to its own host alone`(
        url: String,
        environment: [String: String],
        token: String?
    ) {
        #expect(EnvironmentToken.credential(for: url) { environment[$0] }?.token == token)
    }

    @Test func `without credentials the way to get them is said`() async throws {
        let bench = try Bench()
        _ = try badCommit(bench)
        guard let server = try SmartServer(bench, user: "olga", password: "s3cret") else {
            print("skipped: python3 is missing")
            return
        }
        let failure = await bench.mirror(url: server.url).fetched().failure
        #expect(failure?.cause == .authentication)
        #expect(failure?.message.contains("credential helper") == true)
    }

    @Test func `credentials in the address are used and not shown`() async throws {
        let bench = try Bench()
        _ = try badCommit(bench)
        guard let server = try SmartServer(bench, user: "olga", password: "s3cret") else {
            print("skipped: python3 is missing")
            return
        }
        let right = server.url.replacingOccurrences(of: "http://", with: "http://olga:s3cret@")
        #expect(try await bench.mirror(url: right).fetched().get().url == server.url)
        let wrong = server.url.replacingOccurrences(of: "http://", with: "http://olga:wr0ng@")
        let failure = await bench.mirror(url: wrong + "/").fetched().failure
        #expect(failure?.cause == .authentication)
        #expect(failure?.message.contains("wr0ng") == false)
    }

    @Test func `a repository that the server does not have is not found`() async throws {
        let bench = try Bench()
        guard let server = try SmartServer(bench) else {
            print("skipped: python3 is missing")
            return
        }
        let url = server.url.replacingOccurrences(of: "remote.git", with: "none.git")
        #expect(await bench.mirror(url: url).fetched().failure?.cause == .notFound)
    }

    // MARK: Silence

    @Test func `a remote that accepts and says nothing ends the fetch, not the mirror`() async throws {
        let bench = try Bench()
        let commit = try badCommit(bench)
        let silent = try SilentListener()
        let url = "http://127.0.0.1:\(silent.port)/x.git"
        // A mirror from better days lies on disk already.
        _ = try await bench.fetched()
        let there = MirrorPath.directory(of: RepositoryID(url: url), in: bench.cache)
        try FileManager.default.copyItem(atPath: bench.mirrorPath, toPath: there)
        let mirror = bench.mirror(url: url, timeout: .seconds(1))
        async let fetch = mirror.fetched()
        let page = try await mirror.logged(LogQuery(repository: mirror.id, ref: "refs/heads/main")).get()
        #expect(page.tip == commit)
        let failure = await fetch.failure
        #expect(failure?.cause == .unreachable)
        #expect(failure?.message.contains("no answer within 1 s") == true)
    }

    @Test(arguments: ["http://127.0.0.1:PORT/x.git", "ssh://127.0.0.1:PORT/x.git"])
    func `cancelling ends a fetch that hangs`(_ pattern: String) async throws {
        let bench = try Bench()
        let silent = try SilentListener()
        let url = pattern.replacingOccurrences(of: "PORT", with: "\(silent.port)")
        let mirror = bench.mirror(url: url, timeout: .seconds(3_600))
        async let fetch = mirror.fetched()
        await silent.connected()
        mirror.cancelAll()
        #expect(await fetch.failure?.message.contains("Cancelled") == true)
    }
}
