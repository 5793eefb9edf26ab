import Foundation
import Git
import Testing

@testable import Repos

/// Times on a long history, for a person to read: nothing here depends on them.
///
/// Runs where `WEIR_MEASURE` is set, for it takes a minute.
struct LargeHistoryTests {
    @Test(.enabled(if: ProcessInfo.processInfo.environment["WEIR_MEASURE"] != nil))
    func `a hundred thousand commits are logged and reverted`() async throws {
        let bench = try Bench()
        try bench.importHistory(commits: 100_000)
        let clock = ContinuousClock()
        func measure<Result>(_ name: String, _ body: () async throws -> Result) async throws -> Result {
            let start = clock.now
            let result = try await body()
            print("measured: \(name) \(clock.now - start)")
            return result
        }
        _ = try await measure("clone") { try await bench.fetched() }
        // As a weir that starts anew, with the mirror on disk.
        let mirror = bench.mirror()
        let query = LogQuery(repository: mirror.id, ref: "refs/heads/main")
        let page = try await measure("first page") { try await mirror.logged(query).get() }
        #expect(page.commits.count == 50)
        let next = try await measure("second page") { try await mirror.logged(query, offset: 50).get() }
        let paths = Set((0..<50).map { "./apps/app\($0)" })
        let target = next.commits[20].id
        let plan = try await measure("plan, 70 commits deep, 50 paths") {
            try await mirror.planned(bench.request(target, paths: paths)).get()
        }
        #expect(plan.isPossible && plan.changedPaths.count == 1)
        let deep = try await measure("page at 50,000") {
            try await mirror.logged(query, offset: 50_000).get()
        }
        let keys = paths.map { path in
            DistanceKey(repository: mirror.id, from: deep.commits[0].id, to: page.tip, path: path)
        }
        let near = paths.map { path in
            DistanceKey(repository: mirror.id, from: next.commits[40].id, to: page.tip, path: path)
        }
        _ = try await measure("50 distances of 90 commits") { await mirror.measured(near) }
        _ = try await measure("50 distances of 50,000 commits") { await mirror.measured(keys) }
        _ = try await measure("plan, 50,000 commits deep") {
            await mirror.planned(bench.request(deep.commits[0].id))
        }
        _ = try await measure("search everything") {
            try await mirror.logged(LogQuery(repository: mirror.id, ref: query.ref, text: "nowhere")).get()
        }
        _ = try await measure("path log, first page") {
            try await mirror.logged(LogQuery(repository: mirror.id, ref: query.ref, path: "apps/app7")).get()
        }
        _ = try await measure("fetch without news") { try await mirror.fetched().get() }
        let receipt = try await measure("push") { try await mirror.pushed(plan).get() }
        #expect(try bench.remoteTip() == receipt.commit)
    }
}
