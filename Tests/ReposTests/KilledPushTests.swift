import CPosix
import Foundation
import Git
import ProgramTesting
import Testing

@testable import Repos

/// A weir that is killed at a step of its push, and what the next one says.
struct KilledPushTests {
    private static let victim = ProcessInfo.processInfo.environment["WEIR_PUSH_VICTIM"]

    /// Runs in a process of its own, started by the tests below.
    @Test(.enabled(if: victim != nil))
    func `the push that is killed`() async throws {
        let parts = try #require(KilledPushTests.victim).split(separator: "|").map(String.init)
        let (remote, cache, bad, home) = (parts[0], parts[1], parts[2], parts[3])
        let environment = [
            "PATH": parts[4], "HOME": home, "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": "\(home)/.gitconfig",
        ]
        let mirror = RepositoryMirror(
            settings: RepositorySettings(
                id: RepositoryID(url: remote),
                url: remote,
                cacheDirectory: cache,
                refs: ["refs/heads/main"],
                isReadOnly: false,
                authorName: "Olga",
                authorEmail: "olga@example.org",
                environment: environment
            )
        ) { _ in }
        let request = RevertRequest(repository: RepositoryID(url: remote), branch: "main", commit: bad)
        let plan = try await mirror.planned(request).get()
        try "\(getpid())".write(toFile: "\(home)/victim.pid", atomically: true, encoding: .utf8)
        _ = await mirror.pushed(plan)
    }

    enum Step: String, CaseIterable {
        case beforeTheServerIsAsked, whileItDecides, afterItTook
    }

    @Test(arguments: Step.allCases)
    func `the next weir says what happened`(step: Step) async throws {
        let bench = try Bench()
        try bench.commit("base", ["a": "1\n"])
        let bad = try bench.commit("bad", ["a": "2\n"])
        try bench.push()
        _ = try await bench.fetched()
        let home = "\(bench.root)/home"
        let kill = "kill -9 $(cat '\(home)/victim.pid')"
        var path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        switch step {
        case .beforeTheServerIsAsked:
            let real = path
            try FileManager.default.createDirectory(
                atPath: "\(bench.root)/bin",
                withIntermediateDirectories: true
            )
            let script = "#!/bin/sh\n[ \"$1\" = receive-pack ] && \(kill)\nPATH='\(real)' exec git \"$@\"\n"
            try script.write(toFile: "\(bench.root)/bin/git", atomically: true, encoding: .utf8)
            try bench.shell("chmod +x bin/git", in: bench.root)
            path = "\(bench.root)/bin:\(real)"
        case .whileItDecides: try bench.hook("pre-receive", "\(kill); exit 1")
        case .afterItTook: try bench.hook("post-receive", kill)
        }
        let killed = try Child.run(
            try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"),
            Array(KilledPushTests.arguments),
            environment: ProcessInfo.processInfo.environment.merging(
                [
                    "PATH": path,
                    "WEIR_PUSH_VICTIM": [bench.remote, bench.cache, bad, home, path].joined(separator: "|"),
                ]
            ) { $1 }
        )
        #expect(killed.status == 128 + SIGKILL)

        let next = bench.mirror()
        let remnants = await next.remnants()
        let tip = try bench.remoteTip()
        switch step {
        case .beforeTheServerIsAsked:
            #expect(remnants.isEmpty)
            #expect(tip == bad)
        case .whileItDecides:
            #expect(remnants.map(\.fate) == [.nothingHappened])
            #expect(tip == bad)
        case .afterItTook:
            #expect(remnants.map(\.fate) == [.onBranch])
            #expect(remnants.first?.commit == tip)
            #expect(remnants.first?.subject == "Revert \"bad\"")
            #expect(try bench.git("rev-parse", "\(tip)^", in: bench.remote) == bad)
        }
        // Told once; and nothing of it stays in the way of the next push.
        #expect(await next.remnants().isEmpty)
        try? FileManager.default.removeItem(atPath: "\(bench.remote)/hooks")
        _ = try await next.fetched().get()
        let again = try await next.planned(bench.request(bad)).get()
        #expect(again.isPossible == (step != .afterItTook))
    }

    /// The arguments of this process with the one test as filter.
    private static var arguments: [String] {
        var kept: [String] = []
        var isSkipping = false
        for argument in CommandLine.arguments.dropFirst() {
            if isSkipping {
                isSkipping = false
            } else if argument == "--filter" || argument == "--skip" {
                isSkipping = true
            } else {
                kept.append(argument)
            }
        }
        return kept + ["--filter", "the push that is killed"]
    }

    @Test func `others may have pushed on top meanwhile`() async throws {
        let bench = try Bench()
        try bench.commit("base", ["a": "1\n"])
        let bad = try bench.commit("bad", ["a": "2\n"])
        try bench.push()
        let mirror = try await bench.fetched()
        let receipt = try await mirror.pushed(try await mirror.planned(bench.request(bad)).get()).get()
        try bench.git("pull", "-q", "--ff-only", "origin", "main")
        try bench.commit("on top", ["b": "1\n"])
        try bench.push()
        try leave(bench, receipt.commit, before: bad)
        #expect(await mirror.remnants().map(\.fate) == [.onBranch])
        let lost = try bench.commit("never pushed", ["c": "1\n"])
        try leave(bench, lost, before: bad)
        #expect(await mirror.remnants().map(\.fate) == [.nothingHappened])
    }

    @Test func `a remote that cannot be asked leaves the question open`() async throws {
        let bench = try Bench()
        let bad = try bench.commit("bad", ["a": "2\n"])
        try bench.push()
        let mirror = try await bench.fetched()
        try leave(bench, String(repeating: "a", count: 40), before: bad)
        try bench.shell("mv remote.git away", in: bench.root)
        guard case .unknown = await mirror.remnants().first?.fate else {
            Issue.record("a remnant was expected")
            return
        }
        try bench.shell("mv away remote.git", in: bench.root)
        #expect(await mirror.remnants().map(\.fate) == [.nothingHappened])
    }

    @Test func `a push under way is nobody's remnant`() throws {
        let bench = try Bench()
        let journal = PushJournal(directory: MirrorDirectory(path: "\(bench.root)/m.git"))
        let record = PushJournal.Record(
            branch: "main",
            before: "",
            commit: String(repeating: "b", count: 40),
            subject: "s"
        )
        let entry = try journal.begin(record)
        #expect(journal.abandoned().isEmpty)
        entry.close()
        _ = consume entry
        #expect(journal.abandoned().isEmpty)
    }

    private func leave(_ bench: Bench, _ commit: String, before: String) throws {
        let folder = "\(bench.mirrorPath).pushes"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try "main\n\(before)\n\(commit)\nRevert it\n".write(
            toFile: "\(folder)/\(commit)-1",
            atomically: true,
            encoding: .utf8
        )
    }
}

extension RepositoryMirror {
    func remnants() async -> [PushRemnant] {
        await withCheckedContinuation { waiting in
            unsettledPushes { waiting.resume(returning: $0) }
        }
    }
}
