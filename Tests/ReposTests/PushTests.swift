import Foundation
import Git
import Testing

@testable import Repos

struct PushTests {
    /// A remote with a bad commit at its tip.
    private func badCommit(_ bench: Bench) throws -> String {
        try bench.commit("api 1.8.3", ["api.yaml": "image: api:1.8.3\n"])
        let bad = try bench.commit("api 1.9.0", ["api.yaml": "image: api:1.9.0\n"])
        try bench.push()
        return bad
    }

    @Test func `a confirmed plan becomes a commit on the branch`() async throws {
        let bench = try Bench()
        let bad = try badCommit(bench)
        let mirror = try await bench.fetched()
        let plan = try await mirror.planned(bench.request(bad, reason: "it fails")).get()
        let receipt = try await mirror.pushed(plan).get()
        #expect(try bench.remoteTip() == receipt.commit)
        #expect(try bench.git("rev-parse", "main^", in: bench.remote) == bad)
        #expect(try bench.git("rev-parse", "main^{tree}", in: bench.remote) == plan.tree)
        let text = try bench.git("log", "-1", "--format=%an|%ae|%cn|%ce|%B", "main", in: bench.remote)
        #expect(text == "Olga Operator|olga@example.org|Olga Operator|olga@example.org|\(plan.message)")
        #expect(try bench.git("fsck", "--strict", in: bench.remote).isEmpty)
        // The mirror knows without asking.
        let page = try await mirror.logged(LogQuery(repository: mirror.id, ref: "refs/heads/main")).get()
        #expect(page.tip == receipt.commit)
    }

    @Test func `a revert can be taken back by its own revert`() async throws {
        let bench = try Bench()
        let bad = try badCommit(bench)
        let mirror = try await bench.fetched()
        let first = try await mirror.pushed(mirror.planned(bench.request(bad)).get()).get()
        let second = try await mirror.pushed(mirror.planned(bench.request(first.commit)).get()).get()
        #expect(try bench.remoteTip() == second.commit)
        let trees = try ["main^{tree}", "\(bad)^{tree}"].map {
            try bench.git("rev-parse", $0, in: bench.remote)
        }
        #expect(trees[0] == trees[1])
    }

    @Test(arguments: [
        (
            "pre-receive", "echo 'freeze: no changes before Monday' >&2; exit 1",
            "freeze: no changes before Monday"
        ),
        ("update", "echo \"$1 is protected\" >&2; exit 1", "refs/heads/main is protected"),
        ("pre-receive", "printf '\\033[2Jhttps://u:secret@host' >&2; exit 1", "https://host"),
    ])
    func `a hook that refuses is quoted, and nothing has changed`(
        _ hook: String,
        _ script: String,
        _ words: String
    ) async throws {
        let bench = try Bench()
        let bad = try badCommit(bench)
        try bench.hook(hook, script)
        let mirror = try await bench.fetched()
        let refs = try bench.git("for-each-ref", in: bench.mirrorPath)
        let failure = await mirror.pushed(try await mirror.planned(bench.request(bad)).get()).failure
        #expect(failure?.cause == .rejected)
        #expect(failure?.message.contains("hook declined") == true)
        #expect(failure?.message.contains(words) == true)
        #expect(failure?.message.contains("secret") == false)
        #expect(failure?.message.contains("\u{1B}") == false)
        #expect(try bench.remoteTip() == bad)
        #expect(try bench.git("for-each-ref", in: bench.mirrorPath) == refs)
        #expect(try await mirror.fetched().get().heads["refs/heads/main"] == bad)
    }

    @Test func `what the server says on success is in the receipt`() async throws {
        let bench = try Bench()
        let bad = try badCommit(bench)
        try bench.hook("pre-receive", "echo 'checking' >&2")
        try bench.hook("post-receive", "echo 'deployed soon' >&2")
        let mirror = try await bench.fetched()
        let receipt = try await mirror.pushed(mirror.planned(bench.request(bad)).get()).get()
        #expect(receipt.remarks == ["checking", "deployed soon"])
    }

    @Test func `a tip that moved since the plan is told, and a new plan works`() async throws {
        let bench = try Bench()
        let bad = try badCommit(bench)
        let mirror = try await bench.fetched()
        let plan = try await mirror.planned(bench.request(bad)).get()
        let newer = try bench.commit("meanwhile", ["b.yaml": "x\n"])
        try bench.push()
        #expect(await mirror.pushed(plan).failure?.cause == .movedTip(newer))
        #expect(try bench.remoteTip() == newer)
        _ = try await mirror.fetched().get()
        let again = try await mirror.planned(bench.request(bad)).get()
        let receipt = try await mirror.pushed(again).get()
        #expect(try bench.remoteTip() == receipt.commit)
        // The old plan is as dead as before.
        #expect(await mirror.pushed(plan).failure?.cause == .movedTip(receipt.commit))
    }

    @Test func `a tip that moves while the server decides is not run over`() async throws {
        let bench = try Bench()
        let bad = try badCommit(bench)
        let newer = try bench.commit("meanwhile", ["b.yaml": "x\n"])
        try bench.push("main:aside")
        // The hook sees the objects in quarantine; the branch moves below its feet.
        let hook = "unset GIT_QUARANTINE_PATH GIT_OBJECT_DIRECTORY; git update-ref refs/heads/main \(newer)"
        try bench.hook("pre-receive", hook)
        let mirror = try await bench.fetched()
        let failure = await mirror.pushed(try await mirror.planned(bench.request(bad)).get()).failure
        #expect(failure?.cause == .movedTip(newer))
        #expect(try bench.remoteTip() == newer)
    }

    @Test func `a branch that is gone is said`() async throws {
        let bench = try Bench()
        let bad = try badCommit(bench)
        let mirror = try await bench.fetched()
        let plan = try await mirror.planned(bench.request(bad)).get()
        try bench.git("update-ref", "-d", "refs/heads/main", in: bench.remote)
        #expect(await mirror.pushed(plan).failure?.cause == .notFound)
        #expect(try bench.git("for-each-ref", in: bench.remote).isEmpty)
    }

    @Test func `read-only refuses before anything`() async throws {
        let bench = try Bench()
        let bad = try badCommit(bench)
        let mirror = try await bench.fetched(isReadOnly: true)
        let plan = try await mirror.planned(bench.request(bad)).get()
        try bench.hook("pre-receive", "touch \(bench.root)/asked")
        let before = bench.listing(bench.mirrorPath)
        #expect(await mirror.pushed(plan).failure?.cause == .readOnly)
        #expect(!FileManager.default.fileExists(atPath: "\(bench.root)/asked"))
        #expect(bench.listing(bench.mirrorPath) == before)
    }

    @Test func `a plan of another repository is refused`() async throws {
        let bench = try Bench()
        let bad = try badCommit(bench)
        let mirror = try await bench.fetched()
        let plan = try await mirror.planned(bench.request(bad, url: "/elsewhere")).get()
        #expect(await mirror.pushed(plan).failure?.cause == .invalid)
    }

    @Test func `a server that dies before it decides leaves it unclear, and says so`() async throws {
        let bench = try Bench()
        let bad = try badCommit(bench)
        try bench.hook("pre-receive", "kill -9 $PPID")
        let mirror = try await bench.fetched()
        let failure = await mirror.pushed(try await mirror.planned(bench.request(bad)).get()).failure
        #expect(failure?.cause == .unclear)
        #expect(failure?.message.contains(bad.prefix(7)) == true)
        #expect(try bench.remoteTip() == bad)
    }

    @Test func `a server that dies after it took the commit is asked, and the push counts`() async throws {
        let bench = try Bench()
        let bad = try badCommit(bench)
        // The report is sent before this hook runs, but not the end of the answer.
        try bench.hook("post-receive", "kill -9 $PPID")
        let mirror = try await bench.fetched()
        let receipt = try await mirror.pushed(mirror.planned(bench.request(bad)).get()).get()
        #expect(try bench.remoteTip() == receipt.commit)
    }

    @Test func `two weirs that push at once: one wins, the other is told`() async throws {
        let bench = try Bench()
        let bad = try badCommit(bench)
        let (one, two) = (try await bench.fetched(), try await bench.fetched())
        let plan = try await one.planned(bench.request(bad, reason: "one")).get()
        let other = try await two.planned(bench.request(bad, reason: "two")).get()
        async let first = one.pushed(plan)
        async let second = two.pushed(other)
        let results = await [first, second]
        let winners = results.compactMap { try? $0.get() }
        #expect(winners.count == 1)
        #expect(try bench.remoteTip() == winners.first?.commit)
        let loser = results.compactMap(\.failure).first?.cause
        #expect(loser == .movedTip(winners.first?.commit ?? ""))
        #expect(try bench.git("rev-parse", "main^", in: bench.remote) == bad)
    }

    @Test func `a damaged mirror between plan and push changes nothing remote`() async throws {
        let bench = try Bench()
        let bad = try badCommit(bench)
        let mirror = try await bench.fetched()
        let plan = try await mirror.planned(bench.request(bad)).get()
        try bench.shell("rm -rf objects/pack/* objects/??", in: bench.mirrorPath)
        #expect(await mirror.pushed(plan).failure != nil)
        #expect(try bench.remoteTip() == bad)
        // Mended by the next fetch, the same plan still holds.
        _ = try await mirror.fetched().get()
        let receipt = try await mirror.pushed(plan).get()
        #expect(try bench.remoteTip() == receipt.commit)
    }

    @Test func `after stop nothing is pushed any more`() async throws {
        let bench = try Bench()
        let bad = try badCommit(bench)
        let mirror = try await bench.fetched()
        let plan = try await mirror.planned(bench.request(bad)).get()
        await mirror.stopped()
        #expect(await mirror.pushed(plan).failure != nil)
        #expect(await mirror.fetched().failure != nil)
        #expect(await mirror.planned(bench.request(bad)).failure != nil)
        #expect(try bench.remoteTip() == bad)
    }
}
