import Foundation
import ProgramTesting
import Testing

@testable import FleetSimulator

@Suite(.timeLimit(.minutes(2)))
struct GitHostTests {
    private let author = CommitAuthor(name: "Mira", email: "mira@acme.example")

    /// A host with one repository of two commits.
    private func host(_ folder: TemporaryFolder) throws -> (host: GitHost, head: String) {
        let host = try GitHost(directory: folder.path)
        _ = try host.start()
        let history = try host.create(repository: "fleet")
        let first = try history.commit(
            branch: "main",
            parents: [],
            author: author,
            seconds: 1_700_000_000,
            message: "first\n",
            changes: ["a/b.txt": "one", "c.txt": "two"]
        )
        let second = try history.commit(
            branch: "main",
            parents: [first],
            author: author,
            seconds: 1_700_000_100,
            message: "second\n",
            changes: ["a/b.txt": "three", "c.txt": nil]
        )
        return (host, second)
    }

    @Test func `git clones and pushes over HTTP`() throws {
        let folder = TemporaryFolder()
        let (host, head) = try host(folder)
        defer { host.stop() }
        let clone = folder.path + "/clone"
        try run("git", "clone", "-q", host.url(repository: "fleet"), clone)
        #expect(try run("git", "-C", clone, "rev-parse", "HEAD") == head)
        #expect(try String(contentsOfFile: clone + "/a/b.txt", encoding: .utf8) == "three")
        #expect(!FileManager.default.fileExists(atPath: clone + "/c.txt"))

        try run(
            "git",
            "-C",
            clone,
            "-c",
            "user.name=x",
            "-c",
            "user.email=x@y",
            "revert",
            "--no-edit",
            "HEAD"
        )
        try run("git", "-C", clone, "push", "-q", "origin", "main")
        let pushed = try run("git", "-C", clone, "rev-parse", "HEAD")
        #expect(
            try BareRepository(path: host.path(repository: "fleet")).commit(ofReference: "refs/heads/main")
                == pushed
        )
    }

    @Test func `a large request and a large answer pass whole`() throws {
        let folder = TemporaryFolder()
        let (host, _) = try host(folder)
        defer { host.stop() }
        let clone = folder.path + "/clone"
        try run("git", "clone", "-q", host.url(repository: "fleet"), clone)
        var numbers = SeededNumbers(seed: 7)
        let bytes = Data((0..<3_000_000).map { _ in UInt8.random(in: 0...255, using: &numbers) })
        try bytes.write(to: URL(fileURLWithPath: clone + "/large.bin"))
        try run("git", "-C", clone, "add", ".")
        try run("git", "-C", clone, "-c", "user.name=x", "-c", "user.email=x@y", "commit", "-qm", "large")
        try run("git", "-C", clone, "push", "-q", "origin", "main")
        try run("git", "clone", "-q", host.url(repository: "fleet"), folder.path + "/again")
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder.path + "/again/large.bin")) == bytes)
    }

    @Test func `a hook refuses a push with its words`() throws {
        let folder = TemporaryFolder()
        let (host, head) = try host(folder)
        defer { host.stop() }
        let hook = host.path(repository: "fleet") + "/hooks/pre-receive"
        try "#!/bin/sh\necho 'main is protected' >&2\nexit 1\n".write(
            toFile: hook,
            atomically: true,
            encoding: .utf8
        )
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: hook)
        let clone = folder.path + "/clone"
        try run("git", "clone", "-q", host.url(repository: "fleet"), clone)
        try run(
            "git",
            "-C",
            clone,
            "-c",
            "user.name=x",
            "-c",
            "user.email=x@y",
            "commit",
            "-q",
            "--allow-empty",
            "-m",
            "x"
        )
        let refused = try attempt("git", "-C", clone, "push", "origin", "main")
        #expect(refused.status != 0)
        #expect(refused.errors.contains("main is protected"))
        #expect(
            try BareRepository(path: host.path(repository: "fleet")).commit(ofReference: "refs/heads/main")
                == head
        )
    }

    @Test func `rights keep people from pushing and from reading`() throws {
        let folder = TemporaryFolder()
        let (host, _) = try host(folder)
        defer { host.stop() }
        let url = host.url(repository: "fleet")
        let named = url.replacingOccurrences(of: "http://", with: "http://mira:secret@")
        host.setRights(RepositoryRights(pushing: .nobody), repository: "fleet")
        let clone = folder.path + "/clone"
        try run("git", "clone", "-q", url, clone)
        try run(
            "git",
            "-C",
            clone,
            "-c",
            "user.name=x",
            "-c",
            "user.email=x@y",
            "commit",
            "-q",
            "--allow-empty",
            "-m",
            "x"
        )
        #expect(try attempt("git", "-C", clone, "push", "origin", "main").errors.contains("403"))

        let mira = RepositoryRights.Rule.credentials(user: "mira", password: "secret")
        host.setRights(RepositoryRights(reading: mira, pushing: mira), repository: "fleet")
        #expect(try attempt("git", "clone", "-q", url, folder.path + "/no").status != 0)
        try run("git", "-C", clone, "push", "-q", named, "main")
    }

    @Test func `what is no repository is not found`() throws {
        let folder = TemporaryFolder()
        let (host, _) = try host(folder)
        defer { host.stop() }
        #expect(try attempt("git", "ls-remote", host.url(repository: "nothing")).status != 0)
        #expect(host.repository(at: host.url(repository: "fleet")) == "fleet")
        #expect(host.repository(at: "https://git.acme.example/fleet.git") == nil)
        #expect(host.repository(at: host.base + "/../etc.git") == nil)
    }

    @Test func `the same history has the same commits`() throws {
        let heads = try (0..<2).map { _ in
            let folder = TemporaryFolder()
            let (host, head) = try host(folder)
            host.stop()
            return head
        }
        #expect(heads[0] == heads[1])
    }

    struct Wish: Sendable {
        let wish: ReferenceWish
        let revision: String
    }

    @Test(arguments: [
        Wish(wish: ReferenceWish(branch: "main"), revision: "main@sha1:2"),
        Wish(wish: ReferenceWish(branch: "feature/x"), revision: "feature/x@sha1:1"),
        Wish(wish: ReferenceWish(branch: "main", tag: "v1.2.0"), revision: "v1.2.0@sha1:2"),
        Wish(wish: ReferenceWish(tag: "v9", semver: ">=1.0.0 <1.2.0"), revision: "v1.1.0@sha1:1"),
        Wish(wish: ReferenceWish(name: "refs/heads/main"), revision: "refs/heads/main@sha1:2"),
        Wish(wish: ReferenceWish(commit: "1"), revision: "sha1:1"),
        Wish(wish: ReferenceWish(branch: "main", commit: "1"), revision: "main@sha1:1"),
    ])
    func `a wish leads to a commit and the name that Flux gives it`(example: Wish) throws {
        let folder = TemporaryFolder()
        let (host, head) = try host(folder)
        defer { host.stop() }
        let repository = try BareRepository(path: host.path(repository: "fleet"))
        let commits = try repository.firstParents(from: head, limit: 10)
        #expect(commits.map(\.subject) == ["second", "first"])
        let first = commits[1].oid
        let history = try RepositoryHistory(path: host.path(repository: "fleet"))
        try history.point("refs/heads/feature/x", at: first)
        try history.point("refs/tags/v1.1.0", at: first)
        try history.point("refs/tags/v1.2.0", at: head)

        var wish = example.wish
        if wish.commit != nil { wish.commit = first }
        let resolved = try repository.resolve(wish)
        let expected =
            example.revision.hasSuffix(":1")
            ? example.revision.dropLast() + first : example.revision.dropLast() + head
        #expect(resolved.revision == String(expected))
    }

    @Test(arguments: [
        (ReferenceWish(), "couldn't find remote ref \"refs/heads/master\""),
        (ReferenceWish(tag: "v1"), "couldn't find remote ref \"refs/tags/v1\""),
        (ReferenceWish(semver: "1.x"), "no match found for semver: 1.x"),
        (ReferenceWish(commit: String(repeating: "a", count: 40)), "object not found"),
    ])
    func `a wish that leads nowhere says so`(wish: ReferenceWish, words: String) throws {
        let folder = TemporaryFolder()
        let (host, _) = try host(folder)
        defer { host.stop() }
        let path = host.path(repository: "fleet")
        #expect {
            try BareRepository(path: path).resolve(wish)
        } throws: { error in
            (error as? ReferenceMissing)?.message.contains(words) == true
        }
    }
}
