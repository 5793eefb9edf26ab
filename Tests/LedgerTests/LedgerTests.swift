import Chrono
import Foundation
import Kube
import Ledger
import ProgramTesting
import Testing

private let start = Timestamp(seconds: 1_800_000_000)
private let applier = ObjectRef(
    cluster: ClusterID("prod-eu"),
    group: "kustomize.toolkit.fluxcd.io",
    kind: "Kustomization",
    namespace: "apps",
    name: "checkout"
)
private let entry = InventoryEntry(namespace: "", name: "api", group: "", kind: "Namespace", version: "v1")

/// A folder of a test's own.
private final class Folder {
    let url = FileManager.default.temporaryDirectory.appending(path: "weir-ledger-\(UUID().uuidString)")

    var path: String { url.appending(path: "state/weir/ledger.sqlite").path }

    deinit { try? FileManager.default.removeItem(at: url) }
}

private func corrected(
    _ seconds: Int,
    by: [String] = ["kubectl edit"],
    began: Int = 0
) -> CorrectedDrift {
    CorrectedDrift(
        entry: entry,
        applier: applier,
        by: by,
        fields: by.isEmpty ? [] : ["metadata.labels.team"],
        wasMissing: false,
        began: start.advanced(by: .seconds(began)),
        ended: start.advanced(by: .seconds(seconds)),
        ending: .putBack
    )
}

private func record(_ change: String, at seconds: Int = 0) -> AuditRecord {
    AuditRecord(
        change: change,
        at: start.advanced(by: .seconds(seconds)),
        user: "ann",
        cluster: "prod-eu",
        action: "suspend",
        subject: applier.description,
        plan: "because",
        confirmation: "in the dashboard"
    )
}

struct LedgerTests {
    private let folder = Folder()

    private func rights(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return try #require(attributes[.posixPermissions] as? Int)
    }

    /// What a person's tool did to an object; a scale leaves no time.
    private static func hand(
        _ name: String,
        _ fields: [String] = ["spec.replicas"],
        at time: Timestamp? = nil
    ) -> DriftHand {
        DriftHand(
            nature: .edited,
            manager: name.replacing(" ", with: "-"),
            name: name,
            fields: fields,
            fieldCount: fields.count,
            time: time
        )
    }

    @Test func `the file and its folder are their owner's alone, also beside it`() throws {
        let ledger = try Ledger(path: folder.path)
        try ledger.asked(record("one"))
        let directory = URL(fileURLWithPath: folder.path).deletingLastPathComponent().path
        #expect(try rights(directory) == 0o700)
        let files = try FileManager.default.contentsOfDirectory(atPath: directory)
        #expect(files.contains("ledger.sqlite"))
        for file in files {
            #expect(try rights("\(directory)/\(file)") == 0o600)
        }
    }

    @Test func `a change is asked, ends once, and is read newest first`() throws {
        let ledger = try Ledger(path: folder.path)
        try ledger.asked(record("one"))
        try ledger.asked(record("two", at: 10))
        let end = start.advanced(by: .seconds(3))
        try ledger.ended("one", at: end, result: "done", message: "")
        try ledger.ended("one", at: end, result: "failed", message: "again")
        try ledger.ended("never asked", at: end, result: "done", message: "")
        let read = try ledger.audit(since: start)
        #expect(read.map(\.change) == ["two", "one"])
        #expect(read.map(\.result) == [nil, "done"])
        var expected = record("one")
        (expected.result, expected.ended) = ("done", end)
        #expect(read[1] == expected)
        #expect(try ledger.audit(since: start.advanced(by: .seconds(5))).count == 1)
        #expect(try ledger.audit(since: start, limit: 1).map(\.change) == ["two"])
        let action = try #require(read.first?.action)
        #expect(try ledger.audit(since: start, leavingOut: action).allSatisfy { $0.action != action })
        #expect(try ledger.audit(since: start, leavingOut: "dry run") == read)
    }

    @Test func `a rollout is open from its plan to its end, with those whom it is for`() throws {
        let ledger = try Ledger(path: folder.path)
        let source = ObjectRef(
            cluster: ClusterID("prod eu"),
            group: "source.toolkit.fluxcd.io",
            kind: "GitRepository",
            namespace: "flux-system",
            name: "fleet"
        )
        var planned = RolloutRecord(
            rollout: "1",
            at: start,
            repository: "git.example/acme/fleet",
            branch: "main",
            subject: "Revert \"x\"",
            members: [
                RolloutRecord.Member(applier: source, source: source, before: "abc"),
                RolloutRecord.Member(applier: source, source: source, before: nil),
            ]
        )
        try ledger.plannedRollout(planned)
        #expect(try ledger.openRollouts(since: start) == [planned])
        (planned.commit, planned.pushed) = ("9f2c1ab", start.advanced(by: .seconds(2)))
        try ledger.pushedRollout("1", commit: "9f2c1ab", at: start.advanced(by: .seconds(2)))
        try ledger.pushedRollout("1", commit: "another", at: start.advanced(by: .seconds(9)))
        try ledger.pushedRollout("never planned", commit: "9f2c1ab", at: start)
        #expect(try ledger.openRollouts(since: start) == [planned])
        #expect(try ledger.openRollouts(since: start.advanced(by: .seconds(1))).isEmpty)
        try ledger.endedRollout("1", at: start.advanced(by: .seconds(60)))
        #expect(try ledger.openRollouts(since: start).isEmpty)
    }

    @Test func `two weirs write one ledger`() async throws {
        let path = folder.path
        try await withThrowingTaskGroup(of: Void.self) { group in
            for weir in 0..<2 {
                group.addTask {
                    let ledger = try Ledger(path: path)
                    for change in 0..<50 {
                        try ledger.asked(record("\(weir).\(change)"))
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try Ledger(path: path).audit(since: start).count == 100)
    }

    @Test(arguments: ["UPDATE asked SET user = 'x'", "DELETE FROM asked", "DELETE FROM sighting"])
    func `nothing that was written is changed or removed`(statement: String) throws {
        let ledger = try Ledger(path: folder.path)
        try ledger.asked(record("one"))
        try ledger.saw(corrected(0))
        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/sqlite3") else {
            return
        }
        #expect(try Child.run("/usr/bin/sqlite3", [folder.path, statement]).status != 0)
        #expect(try ledger.audit(since: start).map(\.user) == ["ann"])
    }

    @Test func `a correction is noted once, and a name is not lost to a report without one`() throws {
        let ledger = try Ledger(path: folder.path)
        try ledger.saw(corrected(0))
        try ledger.saw(corrected(5))
        try ledger.saw(corrected(8, by: []))
        try ledger.saw(corrected(120))
        let read = try ledger.corrections(since: start)
        #expect(read == [corrected(120), corrected(0)])
        #expect(try ledger.corrections(since: start.advanced(by: .seconds(60))).count == 1)
    }

    @Test func `an edit right after a correction is put back for itself`() throws {
        let ledger = try Ledger(path: folder.path)
        try ledger.saw(corrected(4))
        try ledger.saw(corrected(12, began: 8))
        try ledger.saw(corrected(13, began: 8))
        #expect(try ledger.corrections(since: start) == [corrected(12, began: 8), corrected(4)])
    }

    @Test func `open drift is remembered when it is seen, and no end of its own`() throws {
        let ledger = try Ledger(path: folder.path)
        let hand = LedgerTests.hand("kubectl edit", at: start)
        let drift = ObjectDrift(entry: entry, applier: applier, hands: [hand], seen: start)
        try ledger.saw(drift, at: start)
        try ledger.saw(drift, at: start.advanced(by: .seconds(60)))
        #expect(try ledger.corrections(since: start).isEmpty)
    }

    @Test func `a later weir knows when open drift began, until it ends`() throws {
        func drift(_ onset: Onset) -> ObjectDrift {
            let hand = LedgerTests.hand("kubectl scale")
            let removal = DriftHand(
                nature: .removed,
                manager: "",
                name: "",
                fields: [],
                fieldCount: 2,
                time: nil
            )
            let hands = onset.exact == nil ? [hand] : [hand, removal]
            return ObjectDrift(entry: entry, applier: applier, hands: hands, seen: start, sighted: onset)
        }
        let other = InventoryEntry(namespace: "apps", name: "gone", group: "", kind: "Service", version: "v1")
        let first = try Ledger(path: folder.path)
        try first.saw(drift(.at(start)), at: start)
        try first.saw(
            MissingObject(entry: other, applier: applier, seen: start, onset: .at(start)),
            at: start
        )
        for minute in 1...2 {
            let (later, now) = (try Ledger(path: folder.path), start.advanced(by: .seconds(60 * minute)))
            let open = try later.openDrift(since: start).sorted { !$0.isMissing && $1.isMissing }
            #expect(open.map(\.by) == [["kubectl scale"], []] && open.map(\.began) == [start, start])
            #expect(open.map(\.isMissing) == [false, true])
            // It sees the drift as it is, without the beginning.
            try later.saw(drift(.unknown), at: now)
            try later.saw(MissingObject(entry: other, applier: applier, seen: now, onset: .unknown), at: now)
        }
        try first.saw(corrected(600, by: ["kubectl scale"]))
        #expect(try first.openDrift(since: start).map(\.entry) == [other])
        #expect(try first.openDrift(since: start.advanced(by: .seconds(1))).isEmpty)
    }

    @Test func `a report without names gets those that were seen before it, and only once`() throws {
        let ledger = try Ledger(path: folder.path)
        let hand = LedgerTests.hand("kubectl edit", ["metadata.labels.team"], at: start)
        try ledger.saw(ObjectDrift(entry: entry, applier: applier, hands: [hand], seen: start), at: start)
        try ledger.saw(corrected(60, by: []))
        try ledger.saw(corrected(600, by: []))
        #expect(try ledger.corrections(since: start).map(\.by) == [[], ["kubectl edit"]])
    }

    @Test func `the hands of one correction are read as one, also by a weir that starts later`() throws {
        let first = try Ledger(path: folder.path)
        try first.saw(corrected(100, by: ["kubectl set"]))
        try first.saw(corrected(101, by: ["kubectl scale"]))
        try first.saw(corrected(103, by: ["kubectl annotate", "kubectl label"]))
        let read = try Ledger(path: folder.path).corrections(since: start)
        #expect(read.count == 1)
        #expect(
            Set(read.first?.by ?? []) == [
                "kubectl set", "kubectl scale", "kubectl annotate", "kubectl label",
            ]
        )
    }

    @Test func `a sighting of long ago names nobody for what is put back today`() throws {
        let ledger = try Ledger(path: folder.path)
        let hand = LedgerTests.hand("kubectl edit", at: start)
        try ledger.saw(ObjectDrift(entry: entry, applier: applier, hands: [hand], seen: start), at: start)
        try ledger.saw(corrected(3 * 24 * 3600, by: []))
        #expect(try ledger.corrections(since: start).map(\.by) == [[]])
    }

    @Test func `drift that lasts for days keeps its names and its beginning`() throws {
        func drift(_ onset: Onset) -> ObjectDrift {
            let hand = LedgerTests.hand("kubectl scale")
            return ObjectDrift(entry: entry, applier: applier, hands: [hand], seen: start, sighted: onset)
        }
        let ledger = try Ledger(path: folder.path)
        try ledger.saw(drift(.at(start)), at: start)
        for hour in [20, 40] {
            try ledger.saw(drift(.unknown), at: start.advanced(by: .seconds(hour * 3600)))
        }
        try ledger.saw(corrected(50 * 3600, by: []))
        let read = try ledger.corrections(since: start)
        #expect(read.map(\.by) == [["kubectl scale"]] && read.map(\.began) == [start])
    }

    @Test func `drift of which nobody knows when it began is remembered without a beginning`() throws {
        let ledger = try Ledger(path: folder.path)
        let hand = LedgerTests.hand("kubectl scale")
        let drift = ObjectDrift(
            entry: entry,
            applier: applier,
            hands: [hand],
            seen: start,
            sighted: .after(start.advanced(by: .seconds(-60)))
        )
        try ledger.saw(drift, at: start)
        try ledger.saw(drift, at: start.advanced(by: .seconds(5)))
        try ledger.saw(corrected(60, by: []))
        let read = try ledger.corrections(since: start)
        #expect(read.map(\.by) == [["kubectl scale"]] && read.first?.began == nil)
    }

    @Test func `what is no ledger is said in one sentence`() throws {
        let path = folder.url.path
        try FileManager.default.createDirectory(at: folder.url, withIntermediateDirectories: true)
        let failure = #expect(throws: LedgerFailure.self) { try Ledger(path: path) }
        #expect(failure?.description.contains(path) == true)
    }
}
