import Foundation
import Git
import Synchronization
import Testing

@testable import Repos

struct FetchTests {
    @Test func `a first fetch brings the heads and says how fresh they are`() async throws {
        let bench = try Bench()
        let commit = try bench.commit("first", ["a.yaml": "a"])
        try bench.push()
        let seen = Mutex<[RepositorySnapshot.Health]>([])
        let mirror = bench.mirror { snapshot in
            seen.withLock { $0.append(snapshot.health) }
        }
        let snapshot = try await mirror.fetched().get()
        #expect(snapshot.heads == ["refs/heads/main": commit])
        #expect(snapshot.fetched != nil)
        #expect(seen.withLock { $0 } == [.never, .fetching, .current])
    }

    @Test func `a later fetch brings what was pushed meanwhile`() async throws {
        let bench = try Bench()
        try bench.commit("first", ["a.yaml": "a"])
        try bench.push()
        let mirror = try await bench.fetched()
        let second = try bench.commit("second", ["a.yaml": "b"])
        try bench.push()
        #expect(try await mirror.checked().get().heads == ["refs/heads/main": second])
        let page = try await mirror.logged(LogQuery(repository: mirror.id, ref: "refs/heads/main")).get()
        #expect(page.commits.map(\.subject) == ["second", "first"])
    }

    @Test func `no named refs mirror every branch, named ones only those`() async throws {
        let bench = try Bench()
        let commit = try bench.commit("first", ["a.yaml": "a"])
        try bench.push("main:main")
        try bench.push("main:staging")
        try bench.push("main:feature/x")
        #expect(
            try await bench.mirror(refs: []).fetched().get().heads == [
                "refs/heads/main": commit, "refs/heads/staging": commit, "refs/heads/feature/x": commit,
            ]
        )
        let few = bench.settings(refs: ["refs/heads/staging", "refs/heads/none"])
        let mirror = RepositoryMirror(settings: few) { _ in }
        #expect(try await mirror.fetched().get().heads == ["refs/heads/staging": commit])
    }

    @Test func `branches that go or change into folders do so in the mirror`() async throws {
        let bench = try Bench()
        let commit = try bench.commit("first", ["a.yaml": "a"])
        try bench.push("main:main")
        try bench.push("main:team")
        let mirror = try await bench.fetched(refs: [])
        try bench.push(":team")
        try bench.push("main:team/one")
        #expect(
            try await mirror.fetched().get().heads == [
                "refs/heads/main": commit, "refs/heads/team/one": commit,
            ]
        )
    }

    @Test func `tags can be followed`() async throws {
        let bench = try Bench()
        let commit = try bench.commit("first", ["a.yaml": "a"])
        try bench.git("tag", "-a", "-m", "one", "v1")
        try bench.push("v1")
        let mirror = try await bench.fetched(refs: ["refs/tags/v1"])
        let page = try await mirror.logged(LogQuery(repository: mirror.id, ref: "refs/tags/v1")).get()
        #expect(page.tip == commit)
    }

    @Test func `rewritten history is followed, and told from being behind`() async throws {
        let bench = try Bench()
        let base = try bench.commit("base", ["a.yaml": "a"])
        let old = try bench.commit("old", ["a.yaml": "b"])
        try bench.push()
        let mirror = try await bench.fetched()
        try bench.git("reset", "-q", "--hard", base)
        let new = try bench.commit("new", ["a.yaml": "c"])
        try bench.push("+main:main")
        #expect(try await mirror.fetched().get().heads["refs/heads/main"] == new)
        let key = DistanceKey(repository: mirror.id, from: old, to: new, path: "")
        #expect(await mirror.measured([key]) == [key: .diverged])
    }

    @Test func `new refs to follow are fetched at once`() async throws {
        let bench = try Bench()
        let commit = try bench.commit("first", ["a.yaml": "a"])
        try bench.push("main:main")
        try bench.push("main:staging")
        let mirror = try await bench.fetched()
        mirror.follow(refs: ["refs/heads/main", "refs/heads/staging"])
        #expect(try await mirror.fetched().get().heads["refs/heads/staging"] == commit)
    }

    @Test func `many fetches at once are all answered`() async throws {
        let bench = try Bench()
        let commit = try bench.commit("first", ["a.yaml": "a"])
        try bench.push()
        let mirror = bench.mirror()
        await withTaskGroup(of: String?.self) { group in
            for _ in 0..<20 {
                group.addTask { try? await mirror.fetched().get().heads["refs/heads/main"] }
            }
            for await head in group {
                #expect(head == commit)
            }
        }
    }

    @Test func `only the operator may enter the mirrors`() async throws {
        let bench = try Bench()
        try bench.commit("first", ["a.yaml": "a"])
        try bench.push()
        _ = try await bench.fetched()
        for path in ["\(bench.cache)/mirrors", bench.mirrorPath] {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect(attributes[.posixPermissions] as? Int == 0o700)
        }
    }

    @Test func `a remote that is not there is said plainly`() async throws {
        let bench = try Bench()
        let failure = await bench.mirror(url: "\(bench.root)/none.git").fetched().failure
        #expect(failure?.cause == .notFound)
        #expect(failure?.message.contains("none.git") == true)
    }

    @Test func `jobs without a mirror wait for the first fetch, and fail with its reason`() async throws {
        let bench = try Bench()
        try bench.commit("first", ["a.yaml": "a"])
        try bench.push()
        let mirror = bench.mirror()
        let page = try await mirror.logged(LogQuery(repository: mirror.id, ref: "refs/heads/main")).get()
        #expect(page.commits.map(\.subject) == ["first"])
        let none = bench.mirror(url: "\(bench.root)/none.git")
        let failure = await none.logged(LogQuery(repository: none.id, ref: "refs/heads/main")).failure
        #expect(failure?.message.contains("none.git") == true)
    }

    /// What breaks a mirror, as a shell script in it.
    static let damages = [
        "rm -rf objects/pack/* objects/??",
        "rm -rf refs packed-refs HEAD config",
        "for f in objects/pack/*.pack objects/??/*; do [ -f $f ] && chmod u+w $f && echo junk > $f; done; true",
        "echo junk > HEAD; echo '[' > config",
        "mkdir -p refs/heads && echo 1234567890123456789012345678901234567890 > refs/heads/main",
        "rm -rf ./* && echo not-a-repository > file",
    ]

    @Test(arguments: damages)
    func `a damaged mirror is made anew by the next fetch`(_ damage: String) async throws {
        let bench = try Bench()
        let commit = try bench.commit("first", ["a.yaml": "a"])
        try bench.push()
        _ = try await bench.fetched()
        try bench.shell(damage, in: bench.mirrorPath)
        let mirror = bench.mirror()
        #expect(try await mirror.fetched().get().heads == ["refs/heads/main": commit])
        let page = try await mirror.logged(LogQuery(repository: mirror.id, ref: "refs/heads/main")).get()
        #expect(page.commits.count == 1)
    }

    @Test(arguments: damages)
    func `a question that meets damage mends the mirror and is answered`(_ damage: String) async throws {
        let bench = try Bench()
        let commit = try bench.commit("first", ["a.yaml": "a"])
        try bench.push()
        let mirror = try await bench.fetched()
        try bench.shell(damage, in: bench.mirrorPath)
        let page = try await mirror.logged(LogQuery(repository: mirror.id, ref: "refs/heads/main")).get()
        #expect(page.commits.map(\.id) == [commit])
    }

    @Test func `a lock left by a killed weir does not stop the next`() async throws {
        let bench = try Bench()
        try bench.commit("first", ["a.yaml": "a"])
        try bench.push()
        let mirror = try await bench.fetched()
        let second = try bench.commit("second", ["a.yaml": "b"])
        try bench.push()
        try bench.shell("touch refs/heads/main.lock packed-refs.lock", in: bench.mirrorPath)
        #expect(try await mirror.fetched().get().heads["refs/heads/main"] == second)
    }

    @Test func `two weirs share one mirror`() async throws {
        let bench = try Bench()
        var tip = try bench.commit("0", ["a.yaml": "0"])
        try bench.push()
        let (one, two) = (bench.mirror(refs: []), bench.mirror(refs: []))
        for round in 1...8 {
            tip = try bench.commit("\(round)", ["a.yaml": "\(round)"])
            try bench.push("main:main")
            try bench.push("main:b\(round)")
            async let first = one.fetched()
            async let second = two.fetched()
            let heads = try (await first.get().heads, await second.get().heads)
            #expect(heads.0["refs/heads/main"] == tip)
            #expect(heads.1["refs/heads/b\(round)"] == tip)
        }
    }

    @Test func `weeks of fetches do not leave a pack each`() async throws {
        let bench = try Bench()
        try bench.commit("0", ["a.yaml": "0"])
        try bench.push()
        let mirror = try await bench.fetched()
        for round in 1...5 {
            try bench.commit("\(round)", ["a.yaml": "\(round)"])
            try bench.push()
            _ = try await mirror.fetched().get()
        }
        let directory = MirrorDirectory(path: bench.mirrorPath)
        let repository = try directory.openOrCreate()
        func packs() -> Int {
            bench.listing("\(bench.mirrorPath)/objects/pack").keys.count { $0.hasSuffix(".pack") }
        }
        try PackHousekeeping(directory: directory, patience: 6).run(in: repository)
        #expect(packs() == 6)
        try PackHousekeeping(directory: directory, patience: 5).run(in: repository)
        #expect(packs() == 1)
        #expect(try bench.git("fsck", "--strict", "--full", in: bench.mirrorPath).isEmpty)
        let page = try await mirror.logged(
            LogQuery(repository: mirror.id, ref: "refs/heads/main"),
            limit: 100
        ).get()
        #expect(page.commits.count == 6)
    }

    @Test func `a password in an address is neither shown nor told`() async throws {
        let bench = try Bench()
        let seen = Mutex<[RepositorySnapshot]>([])
        let url = "http://olga:hunter2@127.0.0.1:1/fleet.git"
        let mirror = bench.mirror(url: url) { snapshot in
            seen.withLock { $0.append(snapshot) }
        }
        let failure = await mirror.fetched().failure
        #expect(failure?.cause == .unreachable)
        #expect(failure?.message.contains("hunter2") == false)
        #expect(seen.withLock { "\($0)" }.contains("hunter2") == false)
        #expect(seen.withLock { $0.last?.url } == "http://127.0.0.1:1/fleet.git")
    }

    @Test(arguments: [
        ("https://user:secret@host/x", "https://host/x"),
        ("https://git@host/x", "https://git@host/x"),
        ("https://ghp_0123456789012345678901234567890123456789@host/x", "https://host/x"),
        ("cannot push to 'https://u:p@h/x': no", "cannot push to 'https://h/x': no"),
        ("ssh://git@host:22/x", "ssh://git@host:22/x"),
        ("https://u:p@q@host/x and http://a:b@c", "https://host/x and http://c"),
        ("plain: text", "plain: text"), ("ends with:", "ends with:"), ("", ""),
    ])
    func `addresses lose what lets somebody in`(_ text: String, _ shown: String) {
        #expect(Redaction.clean(text) == shown)
    }
}

/// What a remote did to its refs besides adding commits.
struct UpheavalTests {
    @Test func `a forced push is said plainly`() async throws {
        let bench = try Bench()
        try bench.commit("base", ["a": "1\n"])
        let old = try bench.commit("old", ["a": "2\n"])
        try bench.push()
        let mirror = try await bench.fetched()
        try bench.git("reset", "-q", "--hard", "HEAD^")
        let new = try bench.commit("new", ["a": "3\n"])
        try bench.push("+main:main")
        let snapshot = try await mirror.fetched().get()
        let upheaval = try #require(snapshot.upheavals["refs/heads/main"])
        #expect(upheaval == .rewritten(from: old, to: new))
        #expect(
            upheaval.sentence(on: "refs/heads/main").hasPrefix(
                "main was force-pushed: \(old.prefix(7)) is no longer"
            )
        )
    }

    @Test func `a renamed and a deleted branch are told apart`() async throws {
        let bench = try Bench()
        try bench.commit("base", ["a": "1\n"])
        try bench.push("main:main")
        try bench.push("main:stay")
        let mirror = bench.mirror(refs: ["refs/heads/main", "refs/heads/side"])
        let side = try bench.commit("side", ["b": "1\n"])
        try bench.push("main:side")
        _ = try await mirror.fetched().get()
        try bench.git("push", "-q", "origin", ":side", "main~1:refs/heads/trunk", ":stay", in: bench.work)
        try bench.git("symbolic-ref", "HEAD", "refs/heads/trunk", in: bench.remote)
        try bench.push(":main")
        let snapshot = try await mirror.fetched().get()
        #expect(snapshot.upheavals["refs/heads/main"] == .renamed(to: "refs/heads/trunk"))
        #expect(snapshot.upheavals["refs/heads/side"] == .deleted(was: side))
        #expect(snapshot.heads.isEmpty)
    }
}
