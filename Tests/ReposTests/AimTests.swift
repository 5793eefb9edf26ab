import Foundation
import Git
import Testing

@testable import Repos

/// Plans of every aim, held against what `git` itself comes to.
struct AimTests {
    /// A clone in which `git` may be tried; the branch is put back after.
    private func tree(of bench: Bench, _ commands: [String]...) throws -> String {
        let before = try bench.git("rev-parse", "HEAD")
        defer { _ = try? bench.shell("git reset -q --hard \(before) && git clean -qfd", in: bench.work) }
        for command in commands {
            try bench.shell("git " + command.joined(separator: " "), in: bench.work)
        }
        return try bench.git("write-tree")
    }

    private func plan(
        _ bench: Bench,
        _ aim: RevertAim,
        mainline: Int? = nil,
        reason: String = "",
        paths: Set<String> = []
    ) async throws -> Result<RevertPlan, GitFailure> {
        let mirror = try await bench.fetched()
        return await mirror.planned(
            RevertRequest(
                repository: RepositoryID(url: bench.remote),
                branch: "main",
                aim: aim,
                mainline: mainline,
                reason: reason,
                paths: paths
            )
        )
    }

    /// Five commits that touch each other's lines and files.
    private func history(_ bench: Bench) throws -> [String] {
        let lines = (1...30).map { "line \($0)\n" }
        func text(_ changed: [Int: String]) -> String {
            lines.enumerated().map { changed[$0.offset + 1].map { "\($0)\n" } ?? $0.element }.joined()
        }
        var ids = [try bench.commit("base", ["a.yaml": text([:]), "b/c.yaml": "one\n", "keep": "k\n"])]
        ids.append(try bench.commit("first", ["a.yaml": text([2: "two"])]))
        ids.append(
            try bench.commit("second", ["a.yaml": text([2: "two", 20: "twenty"]), "b/c.yaml": "two\n"])
        )
        ids.append(try bench.commit("third", ["b/c.yaml": nil, "b/new.yaml": "new\n"]))
        ids.append(
            try bench.commit("fourth", ["a.yaml": text([2: "two", 20: "twenty", 29: "end"]), "keep": "l\n"])
        )
        try bench.push()
        return ids
    }

    @Test func `a range comes to the tree of git revert`() async throws {
        let bench = try Bench()
        let ids = try history(bench)
        let plan = try await plan(bench, .range(from: ids[0], to: ids[3]), reason: "all bad").get()
        #expect(plan.tree == (try tree(of: bench, ["revert", "--no-commit", "\(ids[0])..\(ids[3])"])))
        #expect(plan.reverted.map(\.id) == [ids[3], ids[2], ids[1]])
        #expect(
            plan.message.hasPrefix(
                "Revert 3 commits, \(ids[1].prefix(7)) to \(ids[3].prefix(7))\n\nall bad\n\n"
            )
        )
        for id in ids[1...3] {
            #expect(plan.message.contains("This reverts commit \(id)"))
        }
    }

    @Test(arguments: [
        ("HEAD~3", "HEAD~1"), ("HEAD~2^", "main~1"), ("HEAD~1", "HEAD"), ("main^1", "main"),
        ("main~4", "HEAD^0"),
    ])
    func `a range is named as git names it`(from: String, to: String) async throws {
        let bench = try Bench()
        let ids = try history(bench)
        let plan = try await plan(bench, .range(from: from, to: to)).get()
        let names = try bench.git("rev-list", "\(from)..\(to)").split(separator: "\n").map(String.init)
        #expect(plan.reverted.map(\.id) == names)
        #expect(!names.isEmpty && ids.contains(names[0]))
    }

    @Test func `a commit and its parent make a range of one, in digits too`() async throws {
        let bench = try Bench()
        let ids = try history(bench)
        let short = String(ids[3].prefix(7))
        let plan = try await plan(bench, .range(from: "\(short)~1", to: short)).get()
        #expect(plan.reverted.map(\.id) == [ids[3]])
    }

    @Test(arguments: ["HEAD~9", "HEAD^2", "HEAD~x", "HEAD@{1}"])
    func `what names no commit is refused with its name`(name: String) async throws {
        let bench = try Bench()
        _ = try history(bench)
        let failure = try await plan(bench, .commit(name)).failure
        #expect(failure != nil)
    }

    @Test func `marked commits in any order are undone newest first`() async throws {
        let bench = try Bench()
        let ids = try history(bench)
        let plan = try await plan(bench, .commits([ids[1], ids[3], ids[1], ids[2]])).get()
        #expect(plan.reverted.map(\.id) == [ids[3], ids[2], ids[1]])
        #expect(plan.tree == (try tree(of: bench, ["revert", "--no-commit", ids[3], ids[2], ids[1]])))
    }

    @Test func `equal dates do not confuse the order of marked commits`() async throws {
        let bench = try Bench()
        var ids: [String] = []
        for index in 1...6 {
            ids.append(try bench.commit("c\(index)", ["f": "\(index)\n"], at: 1_700_000_000 - index))
        }
        try bench.push()
        let plan = try await plan(bench, .commits(Array(ids[1...].shuffled()))).get()
        #expect(plan.reverted.map(\.id) == ids[1...].reversed())
        #expect(plan.tree == (try bench.git("rev-parse", "\(ids[0])^{tree}")))
    }

    @Test func `a range in which one cannot be undone stops there and says so`() async throws {
        let bench = try Bench()
        let ids = try history(bench)
        try bench.commit("over it", ["a.yaml": "all new\n"])
        try bench.push()
        let plan = try await plan(bench, .range(from: ids[0], to: ids[3])).get()
        #expect(!plan.isPossible)
        #expect(plan.conflicts.map(\.path) == ["a.yaml"])
        #expect(plan.notes.contains { $0.contains("stops at \(ids[2].prefix(7))") })
        #expect(plan.conflicts[0].changedBy.first?.subject == "over it")
    }

    @Test(arguments: ["b", "b/c.yaml", "a.yaml", "./b/", "b/new.yaml"])
    func `a path goes back to how it was`(path: String) async throws {
        let bench = try Bench()
        let ids = try history(bench)
        let plan = try await plan(bench, .path(path, at: ids[1]), reason: "as on Monday").get()
        let remove = ["rm", "-rq", "--ignore-unmatch", path]
        let isThere = (try? bench.git("cat-file", "-e", "\(ids[1]):\(TreePath.normalised(path))")) != nil
        let wanted =
            isThere
            ? try tree(of: bench, remove, ["checkout", ids[1], "--", path]) : try tree(of: bench, remove)
        #expect(plan.tree == wanted)
        #expect(plan.target.id == ids[1])
        #expect(plan.message.contains("as on Monday"))
        #expect(plan.message.hasPrefix("Put \(TreePath.normalised(path)) back to \(ids[1].prefix(7))\n"))
        #expect(!plan.reverted.isEmpty && !plan.reverted.contains { $0.id == ids[1] })
    }

    @Test func `a path that neither side has is refused`() async throws {
        let bench = try Bench()
        let ids = try history(bench)
        let failure = try #require(try await plan(bench, .path("nowhere", at: ids[1])).failure)
        #expect(failure.cause == .notFound)
    }

    @Test func `a path as it is already changes nothing and cannot be confirmed`() async throws {
        let bench = try Bench()
        let ids = try history(bench)
        let plan = try await plan(bench, .path("b", at: ids[3])).get()
        #expect(!plan.isPossible)
        #expect(plan.notes.contains { $0.contains("changed the path") })
    }

    @Test func `a range over merges follows the mainline`() async throws {
        let bench = try Bench()
        let base = try bench.commit("base", ["main": "1\n", "side": "1\n"])
        try bench.git("checkout", "-q", "-b", "topic")
        try bench.commit("topic one", ["side": "2\n"])
        try bench.commit("topic two", ["side": "3\n", "more": "m\n"])
        try bench.git("checkout", "-q", "main")
        try bench.commit("on main", ["main": "2\n"])
        try bench.git("merge", "-q", "--no-ff", "-m", "merge topic", "topic")
        let merge = try bench.git("rev-parse", "HEAD")
        let last = try bench.commit("after", ["main": "3\n"])
        try bench.push()
        let refused = try #require(try await plan(bench, .range(from: base, to: last)).failure)
        #expect(refused.message.contains("is a merge"))
        let plan = try await plan(bench, .range(from: base, to: last), mainline: 1).get()
        #expect(plan.reverted.map(\.subject) == ["after", "merge topic", "on main"])
        #expect(plan.tree == (try bench.git("rev-parse", "\(base)^{tree}")))
        #expect(plan.notes.contains { $0.contains("\(merge.prefix(7)) is a merge") })
    }

    @Test func `a revert of a revert brings the commit back`() async throws {
        let bench = try Bench()
        let ids = try history(bench)
        let mirror = try await bench.fetched()
        let first = try await mirror.planned(bench.request(ids[4])).get()
        let receipt = try await mirror.pushed(first).get()
        let again = try await mirror.planned(bench.request(receipt.commit)).get()
        #expect(again.tree == (try bench.git("rev-parse", "\(ids[4])^{tree}")))
        #expect(again.message.hasPrefix("Reapply \"fourth\""))
    }

    @Test func `the first commit of all can be undone`() async throws {
        let bench = try Bench()
        let first = try bench.commit("first", ["a": "1\n", "d/b": "2\n"])
        try bench.commit("second", ["c": "3\n"])
        try bench.push()
        let plan = try await plan(bench, .commit(first)).get()
        #expect(plan.tree == (try bench.treeOfGitRevert(first)))
    }

    /// Renames, modes, links, a file that became a directory: whatever `git revert` does, weir does.
    @Test(arguments: [
        "git mv a.yaml moved.yaml",
        "chmod +x a.yaml",
        "rm a.yaml && ln -s keep a.yaml",
        "rm a.yaml && mkdir a.yaml && echo x > a.yaml/inner",
        "rm -r b",
        "mkdir -p x/y/z && echo deep > x/y/z/f",
        "printf 'a\\0b' > binary",
    ])
    func `one odd commit comes to the tree of git revert`(script: String) async throws {
        let bench = try Bench()
        _ = try history(bench)
        try bench.shell("\(script); git add -A && git commit -qm odd", in: bench.work)
        let odd = try bench.git("rev-parse", "HEAD")
        try bench.commit("later", ["elsewhere": "e\n"])
        try bench.push()
        let plan = try await plan(bench, .commit(odd)).get()
        #expect(plan.tree == (try bench.treeOfGitRevert(odd)))
        #expect(plan.isPossible)
    }

    @Test func `a file renamed since is found by the revert`() async throws {
        let bench = try Bench()
        let ids = try history(bench)
        try bench.git("mv", "a.yaml", "renamed.yaml")
        try bench.commit("rename", [:])
        try bench.push()
        let plan = try await plan(bench, .commit(ids[2])).get()
        // The deleted b/c.yaml stands against it in git as well.
        #expect(plan.conflicts.map(\.path) == ["b/c.yaml"])
        let other = try await self.plan(bench, .commit(ids[1])).get()
        #expect(other.tree == (try bench.treeOfGitRevert(ids[1])))
    }

    @Test func `what is undone already is said`() async throws {
        let bench = try Bench()
        let ids = try history(bench)
        try bench.git("revert", "--no-edit", ids[4])
        try bench.push()
        let plan = try await plan(bench, .commit(ids[4])).get()
        #expect(!plan.isPossible && plan.conflicts.isEmpty)
        #expect(plan.notes.contains { $0.contains("was done already") })
    }

    @Test func `an own message replaces the whole and reaches the commit`() async throws {
        let bench = try Bench()
        let ids = try history(bench)
        let mirror = try await bench.fetched()
        let plan = try await mirror.planned(bench.request(ids[4])).get().saying(
            "\n\nOut with it  \r\n\n\n\nTicket: 7\u{1B}\n"
        )
        #expect(plan.message == "Out with it\n\nTicket: 7")
        #expect(plan.saying(" \n").message == plan.message)
        let receipt = try await mirror.pushed(plan).get()
        #expect(try bench.git("log", "-1", "--format=%B", receipt.commit, in: bench.remote) == plan.message)
    }

    @Test func `objects that leave a file, a list and a build are told`() async throws {
        let bench = try Bench()
        func map(_ name: String, namespace: String? = nil, value: Int = 1) -> String {
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: \(name)\n"
                + (namespace.map { "  namespace: \($0)\n" } ?? "") + "data:\n  n: \"\(value)\"\n"
        }
        try bench.commit(
            "base",
            [
                "app/kustomization.yaml": "resources: [all.yaml]\n", "app/all.yaml": map("a"),
                "app/extra.yaml": map("x"),
            ]
        )
        let bad = try bench.commit(
            "more",
            [
                "app/kustomization.yaml": "resources: [all.yaml, extra.yaml]\n",
                "app/all.yaml": map("a", value: 2) + "---\n" + map("b", namespace: "shop"),
                "app/whole.yaml": map("c"), "app/notes.txt": "kind: ConfigMap\n",
            ]
        )
        try bench.push()
        let plan = try await plan(bench, .commit(bad), paths: ["./app"]).get()
        #expect(plan.objects.removed.map(\.words) == ["ConfigMap shop/b", "ConfigMap c"])
        #expect(plan.objects.changed.map(\.words) == ["ConfigMap a"])
        #expect(plan.objects.added.isEmpty)
        #expect(plan.objects.unlinked["./app"]?.map(\.words) == ["ConfigMap x"])
    }
}
