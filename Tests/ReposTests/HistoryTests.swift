import Chrono
import Foundation
import Git
import Testing

@testable import Repos

struct HistoryTests {
    private func query(
        _ mirror: RepositoryMirror,
        text: String = "",
        path: String = "",
        applier: Bool = false
    ) -> LogQuery {
        LogQuery(
            repository: mirror.id,
            ref: "refs/heads/main",
            text: text,
            path: path,
            isApplierPath: applier
        )
    }

    /// Ten commits, `c9` the newest, each changing its own file and every third one `shared/x`.
    private func tenCommits(_ bench: Bench) throws -> [String] {
        try (0..<10).map { index in
            var files: [String: String?] = ["f\(index)": "\(index)"]
            if index % 3 == 0 {
                files["shared/x"] = "\(index)"
            }
            return try bench.commit("c\(index)", files, at: 1_700_000_000 + index * 60)
        }
    }

    @Test func `pages follow one another, newest first`() async throws {
        let bench = try Bench()
        let ids = try tenCommits(bench)
        try bench.push()
        let mirror = try await bench.fetched()
        var seen: [String] = []
        for offset in stride(from: 0, to: 12, by: 4) {
            let page = try await mirror.logged(query(mirror), offset: offset, limit: 4).get()
            #expect(page.offset == offset)
            #expect(page.tip == ids[9])
            #expect(page.isLast == (offset == 8))
            seen += page.commits.map(\.id)
        }
        #expect(seen == ids.reversed())
        let beyond = try await mirror.logged(query(mirror), offset: 50, limit: 4).get()
        #expect(beyond.commits.isEmpty && beyond.isLast)
        let exact = try await mirror.logged(query(mirror), offset: 6, limit: 4).get()
        #expect(exact.commits.count == 4 && exact.isLast)
    }

    @Test func `a commit is read whole`() async throws {
        let bench = try Bench()
        let first = try bench.commit("one", ["a": "1"])
        let id = try bench.commit("subject\n\nbody line 1\n\n  body line 2\n", ["a": "2"], at: 1_700_000_000)
        try bench.push()
        let mirror = try await bench.fetched()
        let commit = try #require(try await mirror.logged(query(mirror)).get().commits.first)
        #expect(commit.id == id)
        #expect(commit.parents == [first])
        #expect(commit.author == "Test" && commit.email == "test@example.org")
        #expect(commit.subject == "subject")
        #expect(commit.body == "body line 1\n\n  body line 2")
        #expect(commit.committed.seconds == 1_700_000_000)
    }

    @Test func `text is found in subject, author, e-mail and id`() async throws {
        let bench = try Bench()
        let ids = try tenCommits(bench)
        let special = try bench.commit(
            "Über ALLES",
            ["z": "z"],
            with: ["GIT_AUTHOR_NAME": "Zoe Bot", "GIT_AUTHOR_EMAIL": "zoe@bots.example"]
        )
        try bench.push()
        let mirror = try await bench.fetched()
        func found(_ text: String) async throws -> [String] {
            try await mirror.logged(query(mirror, text: text)).get().commits.map(\.id)
        }
        #expect(try await found("über alles") == [special])
        #expect(try await found("zoe b") == [special])
        #expect(try await found("BOTS.") == [special])
        #expect(try await found(String(ids[4].prefix(12))) == [ids[4]])
        #expect(try await found("nothing like it") == [])
    }

    @Test func `a path lists what changed below it, merges left out that only bring it along`() async throws {
        let bench = try Bench()
        let ids = try tenCommits(bench)
        try bench.git("checkout", "-q", "-b", "side", ids[8])
        let side = try bench.commit("side", ["shared/y": "1"])
        try bench.git("checkout", "-q", "main")
        try bench.git("merge", "-q", "--no-ff", "-m", "Merge side", "side")
        try bench.push()
        let mirror = try await bench.fetched()
        let page = try await mirror.logged(query(mirror, path: "./shared/")).get()
        #expect(Set(page.commits.map(\.id)) == [side, ids[9], ids[6], ids[3], ids[0]])
        let file = try await mirror.logged(query(mirror, path: "f5")).get()
        #expect(file.commits.map(\.id) == [ids[5]])
    }

    @Test func `an applier's path lists what its build reads`() async throws {
        let bench = try Bench()
        try bench.commit(
            "one",
            ["app/kustomization.yaml": "resources: [../base]", "base/b.yaml": "1", "x": "1"]
        )
        let base = try bench.commit("base", ["base/b.yaml": "2"])
        try bench.commit("other", ["x": "2"])
        try bench.commit("readme", ["app/README": "2"])
        try bench.push()
        let mirror = try await bench.fetched()
        let page = try await mirror.logged(query(mirror, path: "app", applier: true)).get()
        #expect(page.commits.map(\.subject) == ["base", "one"])
        #expect(page.commits.first?.id == base)
    }

    @Test func `a ref that is not there is not found`() async throws {
        let bench = try Bench()
        try bench.commit("one", ["a": "1"])
        try bench.push()
        let mirror = try await bench.fetched()
        let missing = LogQuery(repository: mirror.id, ref: "refs/heads/none")
        #expect(await mirror.logged(missing).failure?.cause == .notFound)
    }

    @Test func `a long search gives others their turn and can be cancelled`() async throws {
        let bench = try Bench()
        try bench.importHistory(commits: 9_000)
        let mirror = try await bench.fetched()
        let last = try await mirror.logged(query(mirror, text: "commit 17 ")).get()
        #expect(last.commits.map(\.subject) == ["commit 17 of many"])
        #expect(last.isLast)
        async let search = mirror.logged(query(mirror, text: "not to be found"))
        async let page = mirror.logged(query(mirror), limit: 3)
        #expect(try await page.get().commits.count == 3)
        mirror.cancelAll()
        let outcome = await search
        #expect(outcome.failure != nil || (try? outcome.get().commits.isEmpty) == true)
    }

    // MARK: Diffs

    @Test func `a diff names every kind of change`() async throws {
        let bench = try Bench()
        let body = (1...30).map { "line \($0)\n" }.joined()
        try bench.commit(
            "one",
            ["gone": "x\n", "same": "1\n", "old name": body, "binary": "\u{0}\u{1}\u{2}"]
        )
        let id = try bench.commit(
            "two",
            [
                "gone": nil, "same": "2\n", "new": "y\n", "old name": nil, "new name": body,
                "binary": "\u{0}\u{3}",
            ]
        )
        try bench.push()
        let mirror = try await bench.fetched()
        let diff = try await mirror.diffed(String(id.prefix(10))).get()
        let byPath = Dictionary(uniqueKeysWithValues: diff.files.map { ($0.path, $0) })
        #expect(byPath["gone"]?.change == .deleted && byPath["gone"]?.newPath == nil)
        #expect(byPath["new"]?.change == .added && byPath["new"]?.oldPath == nil)
        #expect(byPath["same"]?.change == .modified)
        #expect(byPath["new name"]?.change == .renamed && byPath["new name"]?.oldPath == "old name")
        #expect(byPath["binary"]?.isBinary == true && byPath["binary"]?.hunks.isEmpty == true)
        #expect(diff.added == 2 && diff.removed == 2)
        #expect(!diff.isCut)
        #expect(diff.paths == ["gone", "new", "same", "new name", "old name", "binary"])
    }

    @Test func `the first commit is compared with nothing`() async throws {
        let bench = try Bench()
        let id = try bench.commit("one", ["a": "1\n"])
        try bench.push()
        let diff = try await bench.fetched().diffed(id).get()
        #expect(diff.files.map(\.change) == [.added])
        #expect(diff.files.first?.hunks.first?.lines == [DiffLine(origin: .added, text: "1")])
    }

    @Test func `huge diffs are cut and say so, their counts stay true`() async throws {
        let bench = try Bench()
        try bench.commit("one", ["a": ""])
        let lines = try bench.commit("lines", ["a": String(repeating: "x\n", count: 20_000)])
        var many: [String: String?] = [:]
        for index in 0..<400 {
            many["d/\(index)"] = "\(index)\n"
        }
        let files = try bench.commit("files", many)
        let wide = try bench.commit("wide", ["w": String(repeating: "w", count: 100_000) + "\n"])
        try bench.push()
        let mirror = try await bench.fetched()
        let first = try await mirror.diffed(lines).get()
        #expect(first.isCut && first.added == 20_000)
        #expect(first.files[0].hunks.flatMap(\.lines).count < 5_000)
        let second = try await mirror.diffed(files).get()
        #expect(second.isCut && second.files.count == 300)
        let third = try await mirror.diffed(wide).get()
        #expect((third.files[0].hunks.first?.lines.first?.text.count ?? 0) <= 500)
    }

    // MARK: Distances

    @Test func `how far behind, and how much of it touches a path`() async throws {
        let bench = try Bench()
        try bench.commit("0", ["app/kustomization.yaml": "resources: [../base]", "base/b": "0", "x": "0"])
        let start = try bench.git("rev-parse", "HEAD")
        let first = 1_700_000_000
        try bench.commit("1", ["base/b": "1"], at: first)
        try bench.commit("2", ["x": "2"], at: first + 60)
        try bench.commit("3", ["app/README": "3"], at: first + 120)
        let end = try bench.commit(
            "4",
            ["app/kustomization.yaml": "resources: [../base] # 4"],
            at: first + 180
        )
        try bench.push()
        let mirror = try await bench.fetched()
        func key(_ from: String, _ to: String, _ path: String) -> DistanceKey {
            DistanceKey(repository: mirror.id, from: from, to: to, path: path)
        }
        func since(_ seconds: Int) -> Timestamp { Timestamp(seconds: Int64(seconds)) }
        let unknown = String(repeating: "0", count: 40)
        let expected: [DistanceKey: Distance] = [
            key(start, end, ""): .behind(commits: 4, touching: 4, since: since(first)),
            key(start, end, "app"): .behind(commits: 4, touching: 2, since: since(first)),
            key(start, end, "x"): .behind(commits: 4, touching: 1, since: since(first + 60)),
            key(start, end, "nowhere"): .behind(commits: 4, touching: 0, since: since(first)),
            key(end, end, "app"): .behind(commits: 0, touching: 0),
            key(end, start, "app"): .diverged,
            key(unknown, end, "app"): .unknown,
            key("rubbish", end, ""): .unknown,
        ]
        #expect(await mirror.measured(Array(expected.keys)) == expected)
        // Remembered answers are the same.
        #expect(await mirror.measured(Array(expected.keys)) == expected)
    }

    @Test func `an unknown commit is known after a fetch`() async throws {
        let bench = try Bench()
        let start = try bench.commit("0", ["a": "0"])
        try bench.push()
        let mirror = try await bench.fetched()
        let end = try bench.commit("1", ["a": "1"], at: 1_700_000_000)
        try bench.push()
        let key = DistanceKey(repository: mirror.id, from: start, to: end, path: "")
        #expect(await mirror.measured([key]) == [key: .unknown])
        _ = try await mirror.fetched().get()
        let since = Timestamp(seconds: 1_700_000_000)
        #expect(await mirror.measured([key]) == [key: .behind(commits: 1, touching: 1, since: since)])
    }

    @Test func `merges count, and touch only what they change themselves`() async throws {
        let bench = try Bench()
        let start = try bench.commit("0", ["a": "0", "b": "0"])
        let first = 1_700_000_000
        try bench.git("checkout", "-q", "-b", "side")
        try bench.commit("side", ["a": "1"], at: first)
        try bench.git("checkout", "-q", "main")
        try bench.commit("main", ["b": "1"], at: first + 60)
        let date = ["GIT_AUTHOR_DATE": "\(first + 120) +0000", "GIT_COMMITTER_DATE": "\(first + 120) +0000"]
        try bench.git("merge", "-q", "--no-ff", "-m", "Merge", "side", with: date)
        let end = try bench.git("rev-parse", "HEAD")
        try bench.push()
        let mirror = try await bench.fetched()
        let keys = ["a", "b"].map { DistanceKey(repository: mirror.id, from: start, to: end, path: $0) }
        func behind(since seconds: Int) -> Distance {
            .behind(commits: 3, touching: 1, since: Timestamp(seconds: Int64(seconds)))
        }
        // What a merge brought has been on the branch since the merge, however old it is.
        let expected = [keys[0]: behind(since: first + 120), keys[1]: behind(since: first + 60)]
        #expect(await mirror.measured(keys) == expected)
    }
}
