import Foundation
import Git
import Testing

@testable import Repos

/// Pushes to a new branch for a pull request.
struct NewBranchTests {
    private func planned(_ bench: Bench, _ branch: String) async throws -> (
        RepositoryMirror, RevertPlan, String
    ) {
        try bench.commit("base", ["a": "1\n"])
        let bad = try bench.commit("bad", ["a": "2\n"])
        try bench.push()
        let mirror = try await bench.fetched()
        var request = bench.request(bad)
        request.newBranch = branch
        return (mirror, try await mirror.planned(request).get(), bad)
    }

    @Test func `a new branch gets the commit and the server's words`() async throws {
        let bench = try Bench()
        try bench.hook(
            "post-receive",
            "echo 'Create a pull request:'; echo '  https://git.example/acme/fleet/pull/new/x?a=b'"
        )
        let (mirror, plan, bad) = try await planned(bench, "weir/revert-1")
        let receipt = try await mirror.pushed(plan).get()
        #expect(receipt.branch == "weir/revert-1")
        #expect(receipt.compare == "https://git.example/acme/fleet/pull/new/x?a=b")
        #expect(try bench.remoteTip("weir/revert-1") == receipt.commit)
        #expect(try bench.remoteTip() == bad)
        #expect(try bench.git("rev-parse", "\(receipt.commit)^", in: bench.remote) == bad)
    }

    @Test func `a branch that is there already is left alone`() async throws {
        let bench = try Bench()
        let (mirror, plan, bad) = try await planned(bench, "taken")
        try bench.push("main:taken")
        let failure = try #require(await mirror.pushed(plan).failure)
        #expect(failure.cause == .rejected && failure.message.contains("taken already"))
        #expect(try bench.remoteTip("taken") == bad)
    }

    @Test(arguments: ["main", "a..b", "-x", "sp ace", ""])
    func `a name that cannot be is refused before anything`(name: String) async throws {
        let bench = try Bench()
        let bad = try bench.commit("bad", ["a": "2\n"])
        try bench.push()
        let mirror = try await bench.fetched()
        var request = bench.request(bad)
        request.newBranch = name
        #expect(await mirror.planned(request).failure?.cause == .invalid)
    }
}
