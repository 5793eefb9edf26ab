import Chrono
import Foundation
import Ledger
import Synchronization
import Testing

/// The ledger's own queue: nobody waits for it, and what it cannot do it says once.
struct LedgerDeskTests {
    private let folder = FileManager.default.temporaryDirectory.appending(
        path: "weir-desk-\(UUID().uuidString)"
    )

    private final class Told: Sendable {
        private let sentences = Mutex<[String]>([])
        var all: [String] { sentences.withLock { $0 } }
        func add(_ failure: LedgerFailure) { sentences.withLock { $0.append(failure.description) } }
    }

    private func record(_ change: String) -> AuditRecord {
        AuditRecord(change: change, at: Timestamp(seconds: 1), user: "ann", action: "suspend", subject: "x")
    }

    private func note(_ change: String, at desk: LedgerDesk) async -> Bool {
        let record = record(change)
        return await withCheckedContinuation { continuation in
            desk.ask { ledger throws(LedgerFailure) in
                try ledger.asked(record)
            } then: { result in
                continuation.resume(returning: (try? result.get()) != nil)
            }
        }
    }

    private func flush(_ desk: LedgerDesk) async {
        await withCheckedContinuation { continuation in
            desk.flush { continuation.resume() }
        }
    }

    @Test func `what was asked for before is done when it is flushed`() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "ledger.sqlite").path
        let desk = LedgerDesk(path: path) { Issue.record("\($0)") }
        for number in 0..<20 {
            let record = record("\(number)")
            desk.perform { ledger throws(LedgerFailure) in try ledger.asked(record) }
        }
        await flush(desk)
        #expect(try Ledger(path: path).audit(since: Timestamp(seconds: 0)).count == 20)
    }

    @Test func `a ledger that could not be opened is told once and used as soon as it can be`() async throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        // A folder stands in its place.
        let path = folder.appending(path: "ledger.sqlite")
        try FileManager.default.createDirectory(at: path, withIntermediateDirectories: false)
        let told = Told()
        let desk = LedgerDesk(path: path.path, pause: .seconds(3600)) { told.add($0) }
        #expect(await note("1", at: desk) == false)
        #expect(await note("2", at: desk) == false)
        #expect(told.all.count == 1)
        #expect(told.all.first?.contains(path.path) == true)

        try FileManager.default.removeItem(at: path)
        // What only remembers leaves it alone for a while; a change insists.
        desk.perform { _ in Issue.record("it was opened again at once") }
        await flush(desk)
        #expect(await note("3", at: desk))
        #expect(try Ledger(path: path.path).audit(since: Timestamp(seconds: 0)).map(\.change) == ["3"])
        #expect(told.all.count == 1)
    }

    @Test func `without a pause it is tried every time`() async throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "ledger.sqlite")
        try FileManager.default.createDirectory(at: path, withIntermediateDirectories: false)
        let desk = LedgerDesk(path: path.path, pause: .zero) { _ in }
        #expect(await note("1", at: desk) == false)
        try FileManager.default.removeItem(at: path)
        let record = record("2")
        desk.perform { ledger throws(LedgerFailure) in try ledger.asked(record) }
        await flush(desk)
        #expect(try Ledger(path: path.path).audit(since: Timestamp(seconds: 0)).map(\.change) == ["2"])
    }
}
