import Foundation
import Git
import Testing

@testable import Repos

struct PlanTests {
    /// A history as steps of files, and which step is reverted.
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let steps: [[String: String?]]
        let reverted: Int

        var testDescription: String { name }
    }

    static let long = (1...60).map { "line \($0)" }.joined(separator: "\n") + "\n"

    static let cases: [Case] = [
        Case(name: "the newest commit", steps: [["a": "1\n"], ["a": "2\n"]], reverted: 1),
        Case(
            name: "unrelated commits since",
            steps: [["a": "1\n"], ["a": "2\n"], ["b": "x\n"]],
            reverted: 1
        ),
        Case(
            name: "another part of the same file since",
            steps: [
                ["a": long], ["a": long.replacingOccurrences(of: "line 3\n", with: "THREE\n")],
                [
                    "a": long.replacingOccurrences(of: "line 3\n", with: "THREE\n")
                        .replacingOccurrences(of: "line 50\n", with: "FIFTY\n")
                ],
            ],
            reverted: 1
        ),
        Case(name: "an added file goes", steps: [["a": "1\n"], ["d/b": "2\n"], ["c": "3\n"]], reverted: 1),
        Case(
            name: "a deleted file comes back",
            steps: [["a": "1\n", "b": "2\n"], ["b": nil], ["c": "3\n"]],
            reverted: 1
        ),
        Case(
            name: "the file was renamed since",
            steps: [
                ["a": long], ["a": long.replacingOccurrences(of: "line 3\n", with: "THREE\n")],
                ["a": nil, "moved/a": long.replacingOccurrences(of: "line 3\n", with: "THREE\n")],
            ],
            reverted: 1
        ),
        Case(name: "the first commit", steps: [["a": "1\n"], ["b": "2\n"]], reverted: 0),
        Case(name: "no line end", steps: [["a": "1"], ["a": "2"]], reverted: 1),
        Case(
            name: "carriage returns",
            steps: [["a": "1\r\n2\r\n"], ["a": "1\r\n3\r\n"], ["b": ""]],
            reverted: 1
        ),
        Case(
            name: "odd names",
            steps: [["a b/ü'\"\\": "1\n"], ["a b/ü'\"\\": "2\n", "-x": "y\n"]],
            reverted: 1
        ),
    ]

    @Test(arguments: cases)
    func `the tree is the one that git revert makes`(_ history: Case) async throws {
        let bench = try Bench()
        var commits: [String] = []
        for (index, files) in history.steps.enumerated() {
            commits.append(try bench.commit("step \(index)", files))
        }
        try bench.push()
        let plan = try await bench.fetched().planned(bench.request(commits[history.reverted])).get()
        #expect(plan.tree == (try bench.treeOfGitRevert(commits[history.reverted])))
        #expect(plan.isPossible)
        #expect(plan.tip == commits.last)
        #expect(plan.target.id == commits[history.reverted])
    }

    @Test func `a plan says what, why and who`() async throws {
        let bench = try Bench()
        try bench.commit("api 1.8.3", ["api.yaml": "image: api:1.8.3\n"])
        let bad = try bench.commit("api 1.9.0", ["api.yaml": "image: api:1.9.0\n"])
        try bench.push()
        let mirror = try await bench.fetched()
        let plan = try await mirror.planned(bench.request(String(bad.prefix(7)), reason: "it fails")).get()
        #expect(plan.message == "Revert \"api 1.9.0\"\n\nit fails\n\nThis reverts commit \(bad).")
        #expect(plan.author == "Olga Operator")
        #expect(plan.email == "olga@example.org")
        #expect(plan.diff.files.map(\.path) == ["api.yaml"])
        #expect(
            plan.diff.files.first?.hunks.first?.lines == [
                DiffLine(origin: .removed, text: "image: api:1.9.0"),
                DiffLine(origin: .added, text: "image: api:1.8.3"),
            ]
        )
        #expect(plan.diff.added == 1 && plan.diff.removed == 1)
    }

    @Test func `planning leaves nothing on disk`() async throws {
        let bench = try Bench()
        let body = PlanTests.long
        try bench.commit("one", ["a": body])
        let bad = try bench.commit("two", ["a": body.replacingOccurrences(of: "line 3\n", with: "THREE\n")])
        try bench.commit(
            "three",
            [
                "a": body.replacingOccurrences(of: "line 3\n", with: "THREE\n")
                    .replacingOccurrences(of: "line 50\n", with: "FIFTY\n")
            ]
        )
        try bench.push()
        let mirror = try await bench.fetched()
        let before = bench.listing(bench.mirrorPath)
        let plan = try await mirror.planned(bench.request(bad)).get()
        #expect(plan.isPossible)
        #expect(bench.listing(bench.mirrorPath) == before)
    }

    @Test func `a conflict shows its hunks and the newer commits`() async throws {
        let bench = try Bench()
        let lines = PlanTests.long
        try bench.commit("one", ["a": lines])
        let bad = try bench.commit("two", ["a": lines.replacingOccurrences(of: "line 30\n", with: "two\n")])
        let newer = try bench.commit(
            "three",
            ["a": lines.replacingOccurrences(of: "line 30\n", with: "three\n")]
        )
        try bench.commit("four", ["b": "elsewhere"])
        try bench.push()
        let mirror = try await bench.fetched()
        let plan = try await mirror.planned(bench.request(bad)).get()
        #expect(!plan.isPossible)
        #expect(plan.tree == nil)
        let conflict = try #require(plan.conflicts.first)
        #expect(plan.conflicts.count == 1)
        #expect(conflict.path == "a")
        #expect(conflict.changedBy.map(\.id) == [newer])
        #expect(
            conflict.lines == [
                "line 27", "line 28", "line 29", "<<<<<<< main", "three", "=======", "line 30",
                ">>>>>>> before \(bad.prefix(7))", "line 31", "line 32", "line 33",
            ]
        )
        // What it would have done is shown all the same.
        #expect(
            plan.diff.files.first?.hunks.first?.lines.contains(DiffLine(origin: .added, text: "line 30"))
                == true
        )
        #expect(await mirror.pushed(plan).failure?.cause == .conflict)
    }

    @Test(arguments: [
        (["a": "2\n"] as [String: String?], ["a": nil] as [String: String?], "deleted this file since"),
        (["b": "new\n"], ["b": "changed\n"], "changed this file since"),
    ])
    func `a conflict of whole files is told in a sentence`(
        _ change: [String: String?],
        _ since: [String: String?],
        _ words: String
    ) async throws {
        let bench = try Bench()
        try bench.commit("one", ["a": "1\n", "keep": "x"])
        let bad = try bench.commit("two", change)
        try bench.commit("three", since)
        try bench.push()
        let plan = try await bench.fetched().planned(bench.request(bad)).get()
        #expect(plan.conflicts.first?.lines.first?.contains(words) == true)
    }

    @Test func `a merge needs its mainline, explained`() async throws {
        let bench = try Bench()
        let first = try bench.commit("one", ["a": "1\n"])
        try bench.git("checkout", "-q", "-b", "feature")
        try bench.commit("feature 1", ["f1": "x\n"])
        let side = try bench.commit("feature 2", ["f2": "y\n"])
        try bench.git("checkout", "-q", "main")
        let main = try bench.commit("main 2", ["b": "z\n"])
        try bench.git("merge", "-q", "--no-ff", "-m", "Merge feature", "feature")
        let merge = try bench.git("rev-parse", "HEAD")
        try bench.commit("after", ["c": "w\n"])
        try bench.push()
        let mirror = try await bench.fetched()
        let refusal = await mirror.planned(bench.request(merge)).failure
        #expect(refusal?.cause == .invalid)
        #expect(refusal?.message.contains("1 for \(main.prefix(7))") == true)
        #expect(refusal?.message.contains("2 for \(side.prefix(7))") == true)
        for mainline in 1...2 {
            let plan = try await mirror.planned(bench.request(merge, mainline: mainline)).get()
            #expect(plan.tree == (try bench.treeOfGitRevert(merge, mainline: mainline)))
            #expect(plan.message.contains("reversing\nchanges made to \(mainline == 1 ? main : side)."))
        }
        #expect(await mirror.planned(bench.request(merge, mainline: 3)).failure?.cause == .invalid)
        #expect(await mirror.planned(bench.request(first, mainline: 1)).failure?.cause == .invalid)
    }

    @Test func `what is undone already changes nothing`() async throws {
        let bench = try Bench()
        try bench.commit("one", ["a": "1\n"])
        let bad = try bench.commit("two", ["a": "2\n"])
        try bench.git("revert", "--no-edit", bad)
        try bench.push()
        let mirror = try await bench.fetched()
        let plan = try await mirror.planned(bench.request(bad)).get()
        #expect(plan.diff.files.isEmpty)
        #expect(plan.conflicts.isEmpty)
        #expect(!plan.isPossible)
        #expect(await mirror.pushed(plan).failure?.cause == .conflict)
    }

    @Test func `a revert of a revert brings the change back`() async throws {
        let bench = try Bench()
        try bench.commit("one", ["a": "1\n"])
        let change = try bench.commit("two", ["a": "2\n"])
        try bench.git("revert", "--no-edit", change)
        let revert = try bench.git("rev-parse", "HEAD")
        try bench.push()
        let plan = try await bench.fetched().planned(bench.request(revert)).get()
        #expect(plan.tree == (try bench.git("rev-parse", "\(change)^{tree}")))
        #expect(plan.message.hasPrefix("Reapply \"two\""))
    }

    @Test func `what cannot be reverted is refused in plain words`() async throws {
        let bench = try Bench()
        try bench.commit("one", ["a": "1\n"])
        try bench.git("checkout", "-q", "-b", "other")
        let elsewhere = try bench.commit("two", ["a": "2\n"])
        try bench.git("checkout", "-q", "main")
        try bench.push("main:main")
        try bench.push("other:other")
        let mirror = try await bench.fetched(refs: [])
        func refusal(_ commit: String, _ branch: String = "main") async -> GitFailure? {
            await mirror.planned(bench.request(commit, branch: branch)).failure
        }
        #expect(await refusal(elsewhere)?.message.contains("is not on main") == true)
        #expect(await refusal("0000000000")?.cause == .notFound)
        #expect(await refusal("HEAD@{1}")?.cause == .invalid)
        #expect(await refusal("abc")?.cause == .invalid)
        #expect(await refusal("--output=x")?.cause == .invalid)
        #expect(await refusal(elsewhere, "none")?.cause == .notFound)
        #expect(await refusal(elsewhere, "a..b")?.cause == .invalid)
        #expect(await refusal(elsewhere, "\u{1B}[31m")?.message.contains("\u{1B}") == false)
    }

    @Test func `changed paths are those that build from a changed file`() async throws {
        let bench = try Bench()
        try bench.commit(
            "monorepo",
            [
                "base/kustomization.yaml": "resources: [deploy.yaml]", "base/deploy.yaml": "replicas: 1\n",
                "apps/prod/kustomization.yaml": "resources: [../../base]\ncomponents: [../../parts/tls]",
                "apps/staging/kustomization.yaml": "resources: [../../base]",
                "apps/other/app.yaml": "x: 1\n", "parts/tls/kustomization.yaml": "kind: Component",
            ]
        )
        let base = try bench.commit(
            "base",
            ["base/deploy.yaml": "replicas: 2 # {\"$imagepolicy\": \"a:b:tag\"}\n"]
        )
        let parts = try bench.commit(
            "parts",
            [
                "parts/tls/kustomization.yaml": "kind: Component\npatches: [{path: p.yaml}]",
                "parts/tls/p.yaml": "y\n",
            ]
        )
        let docs = try bench.commit("docs", ["base/README.md": "words\n"])
        try bench.push()
        let mirror = try await bench.fetched()
        let paths: Set<String> = ["./apps/prod", "./apps/staging/", "apps/other", "", "./nowhere"]
        func changed(_ commit: String) async throws -> RevertPlan {
            try await mirror.planned(bench.request(commit, paths: paths)).get()
        }
        let first = try await changed(base)
        #expect(first.changedPaths == ["./apps/prod", "./apps/staging/", ""])
        #expect(first.imagePolicies == ["a:b"])
        #expect(try await changed(parts).changedPaths == ["./apps/prod", ""])
        #expect(try await changed(docs).changedPaths == [""])
        #expect(try await changed(docs).imagePolicies == [])
    }

    @Test func `a path counts whose build the revert only then begins to read`() async throws {
        let bench = try Bench()
        try bench.commit(
            "one",
            ["app/kustomization.yaml": "resources: [../old]", "old/a.yaml": "1\n", "new/b.yaml": "2\n"]
        )
        let moved = try bench.commit(
            "two",
            ["app/kustomization.yaml": "resources: [../new]", "old/a.yaml": "9\n"]
        )
        try bench.push()
        let plan = try await bench.fetched().planned(bench.request(moved, paths: ["app"])).get()
        #expect(plan.changedPaths == ["app"])
    }

    @Test func `hostile texts reach nobody`() async throws {
        let bench = try Bench()
        let evil = "\u{1B}]0;owned\u{7}\u{202E}drawkcab\u{200B}"
        try bench.commit("one", ["a": "1\n"])
        let bad = try bench.commit(
            "\(evil) subject",
            ["a": "\(evil)\n", "dir\u{1B}[2J/\(evil)": "x\n"],
            with: ["GIT_AUTHOR_NAME": evil, "GIT_AUTHOR_EMAIL": "\(evil)@x"]
        )
        try bench.push()
        let mirror = try await bench.fetched()
        let plan = try await mirror.planned(bench.request(bad, reason: evil)).get()
        let page = try await mirror.logged(LogQuery(repository: mirror.id, ref: "refs/heads/main")).get()
        let diff = try await mirror.diffed(bad).get()
        for text in ["\(plan.message)", "\(plan.target)", "\(plan.diff)", "\(page)", "\(diff)"] {
            let isHarmful = text.unicodeScalars.contains { scalar in
                (scalar.value < 0x20 && scalar != "\n") || [0x7F, 0x202E, 0x200B].contains(scalar.value)
            }
            #expect(!isHarmful)
        }
        #expect(plan.isPossible)
    }
}
