import Foundation
import Git
import Testing

@testable import Repos

/// A cache directory on a file system without room.
struct FullDiskTests {
    @Test func `a full disk fails the fetch and the push and nothing reaches the remote`() async throws {
        let bench = try Bench()
        try FileManager.default.createDirectory(atPath: bench.cache, withIntermediateDirectories: true)
        guard (try? bench.shell("mount -t tmpfs -o size=1m none '\(bench.cache)'", in: bench.root)) != nil
        else {
            print("skipped: no small file system can be mounted here")
            return
        }
        defer { try? bench.shell("umount '\(bench.cache)'", in: bench.root) }
        try bench.commit("base", ["a": "1\n"])
        let bad = try bench.commit("bad", ["a": "2\n"])
        try bench.push()
        let mirror = try await bench.fetched()
        let plan = try await mirror.planned(bench.request(bad)).get()
        try? bench.shell("dd if=/dev/zero of=fill bs=4k 2>/dev/null", in: bench.cache)
        let failure = try #require(await mirror.pushed(plan).failure)
        #expect(!failure.message.isEmpty)
        #expect(try bench.remoteTip() == bad)
        let noise = (0..<20_000).map { _ in String(UInt64.random(in: 0 ... .max), radix: 36) }.joined()
        try bench.commit("large", ["large": noise])
        try bench.push()
        #expect(await mirror.fetched().failure != nil)
        try bench.shell("rm fill", in: bench.cache)
        // The same mirror goes on once there is room.
        _ = try await mirror.fetched().get()
        let again = try await mirror.planned(bench.request(bad)).get()
        let receipt = try await mirror.pushed(again).get()
        #expect(try bench.remoteTip() == receipt.commit)
    }
}
