import Foundation
import Kube
@testable import KubeWire
import Testing

/// What a stream did to a table, step by step.
private struct Replay: Equatable {
    var rows: [ObjectRef: FluxResource]
    var version: String?
    var asked: [String]
}

/// Plays a recorded stream through splitter, reader, machine and reflector, cut as told.
private func replay(_ body: [UInt8], cuts: [Int]) throws -> Replay {
    var machine = WatchMachine(seed: 3)
    var table = Table()
    let reflector = Reflector<FluxResource>()
    let reader = AnswerReader<FluxResource>(cluster: prod, kind: .kustomization, version: "v1")
    var splitter = LineSplitter()
    _ = machine.started()
    _ = machine.pageArrived(version: "1", next: nil)
    _ = machine.watchOpened()
    var asked: [String] = []
    var start = 0
    for end in cuts.sorted() + [body.count] where end > start {
        for line in try splitter.append(body[start..<end]) {
            let event = try reader.event(line)
            switch event {
            case .changed(let item), .removed(let item): machine.versionReached(item.resourceVersion)
            case .bookmark(let version): machine.versionReached(version)
            case .error(let status): asked += machine.refused(status, inStream: true).plain
            }
            table.apply(reflector.change(for: event).map { [$0] } ?? [])
        }
        start = end
    }
    asked += machine.streamEnded(after: .seconds(8)).plain
    return Replay(rows: table.rows, version: machine.resumeVersion, asked: asked)
}

struct ReplayTests {
    /// Every recorded watch of Kustomizations that is no Table and no metadata.
    static let streams = Recording.all(301...802).filter { recording in
        guard let request = try? recording.request, request.query["watch"] == "1",
            (try? recording.meta.status) == 200
        else {
            return false
        }
        return request.line.hasSuffix("kustomizations") && request.accept == "application/json"
    }

    @Test func `the streams are found`() {
        #expect(Self.streams.count >= 12)
    }

    @Test(arguments: streams)
    func `any chunking of a stream gives the same rows and requests`(recording: Recording) throws {
        let body = try recording.body
        var ends: [Int] = []
        for chunk in try recording.chunks {
            ends.append((ends.last ?? 0) + chunk.count)
        }
        let recorded = try replay(body, cuts: ends)
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededRandom(seed: seed)
        for _ in 0..<20 {
            let count = Int.random(in: 0...40, using: &random)
            let cuts = (0..<count).map { _ in Int.random(in: 0...body.count, using: &random) }
            #expect(try replay(body, cuts: cuts) == recorded, "seed \(seed)")
        }
    }

    @Test func `one byte at a time gives the same as well`() throws {
        let body = try Recording(name: "301-watch-normal").body
        #expect(try replay(body, cuts: Array(1..<body.count)) == (try replay(body, cuts: [])))
    }

    @Test func `create, patch and delete leave what is left`() throws {
        let result = try replay(try Recording(name: "301-watch-normal").body, cuts: [])
        #expect(result.rows.count == 2)
        #expect(result.asked.first?.hasPrefix("watch ") == true)
        #expect(result.version != "1")
    }

    @Test func `deletion with a finalizer is terminating first`() throws {
        let reader = AnswerReader<FluxResource>(cluster: prod, kind: .kustomization, version: "v1")
        var splitter = LineSplitter()
        var states: [String] = []
        for line in try splitter.append(try Recording(name: "329-watch-delete-with-finalizer").body) {
            switch try reader.event(line) {
            case .changed(let item): states.append(item.isTerminating ? "terminating" : "changed")
            case .removed: states.append("removed")
            case .bookmark, .error: continue
            }
        }
        #expect(states.suffix(2) == ["terminating", "removed"])
    }

    @Test(arguments: ["309-watch-too-old", "333-watchlist-future"])
    func `an ERROR line asks for a new list`(name: String) throws {
        let result = try replay(try Recording(name: name).body, cuts: [])
        #expect(result.asked.contains("list first"))
    }

    @Test func `the ERROR of a metadata watch is a Status too`() throws {
        let reader = AnswerReader<ObjectMetadata>(cluster: prod)
        var splitter = LineSplitter()
        let lines = try splitter.append(try Recording(name: "311-watch-too-old-metadata").body)
        guard case .error(let status) = try reader.event(try #require(lines.first)) else {
            Issue.record("expected an error")
            return
        }
        #expect(status.isExpired)
    }

    @Test func `a watch of the future says nothing and resumes from where it was`() throws {
        let result = try replay(try Recording(name: "313-watch-future").body, cuts: [])
        #expect(result.rows.isEmpty && result.asked == ["watch 1"])
    }

    @Test func `half a line at a cut is thrown away`() throws {
        for name in ["340-watch-cut-mid-line", "341-watch-cut-reset"] {
            var splitter = LineSplitter()
            #expect(try splitter.append(try Recording(name: name).body).isEmpty)
            #expect(splitter.pending > 0)
        }
    }

    @Test func `a line of 125 kB and small ones after it are read`() throws {
        let reader = AnswerReader<ObjectMetadata>(cluster: prod)
        var splitter = LineSplitter()
        var names: [String] = []
        for line in try splitter.append(try Recording(name: "326-watch-large-object").body) {
            if case .changed(let item) = try reader.event(line) {
                names.append(item.name)
            }
        }
        #expect(names.count == 2)
        #expect(splitter.pending == 0)
    }

    @Test(arguments: ["302-watch-deployments", "324-watch-metadata-only"])
    func `bookmarks with zero values are read by their version alone`(name: String) throws {
        let reader = AnswerReader<ObjectMetadata>(cluster: prod)
        var splitter = LineSplitter()
        var bookmarks = 0
        for line in try splitter.append(try Recording(name: name).body) {
            if case .bookmark(let version) = try reader.event(line) {
                bookmarks += 1
                #expect(UInt64(version) != nil)
            }
        }
        #expect(bookmarks > 0)
    }

    @Test func `events of a run are read with their reasons`() throws {
        let reader = AnswerReader<DecodedEvent>(cluster: prod)
        var splitter = LineSplitter()
        let lines = try splitter.append(try Recording(name: "708-flow-push-events").body)
        let events = try lines.compactMap { line -> FluxEvent? in
            guard case .changed(let item) = try reader.event(line) else {
                return nil
            }
            return item.event
        }
        #expect(events.first?.reason == "NewArtifact")
        #expect(events.contains { $0.reason == "ReconciliationSucceeded" && $0.duration != nil })
    }

    @Test func `a force request of a HelmRelease is followed to its end`() throws {
        let reader = AnswerReader<FluxResource>(cluster: prod, kind: .helmRelease, version: "v2")
        var splitter = LineSplitter()
        let lines = try splitter.append(try Recording(name: "705-flow-helmrelease-force").body)
        let items = try lines.compactMap { line -> FluxResource? in
            guard case .changed(let item) = try reader.event(line) else {
                return nil
            }
            return item
        }
        let last = try #require(items.last)
        #expect(last.requestedAt != nil && last.requestedAt == last.lastHandledReconcileAt)
    }

    @Test func `any bytes in a stream are refused, not fatal`() throws {
        let body = try Recording(name: "301-watch-normal").body
        let reader = AnswerReader<FluxResource>(cluster: prod, kind: .kustomization, version: "v1")
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededRandom(seed: seed)
        var refused = 0
        for _ in 0..<100 {
            var bytes = body
            for _ in 0..<20 {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(
                    in: 0...255,
                    using: &random
                )
            }
            var splitter = LineSplitter()
            for line in try splitter.append(bytes) where (try? reader.event(line)) == nil {
                refused += 1
            }
        }
        #expect(refused > 0, "seed \(seed)")
    }
}
