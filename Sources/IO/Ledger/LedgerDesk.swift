import Dispatch

/// The ledger with a queue of its own, opened when it is first needed: nobody waits for a disk at the start.
package final class LedgerDesk: @unchecked Sendable {
    // SAFETY: `ledger` is touched on `queue` alone; everything else never changes.
    private var ledger: Result<Ledger, LedgerFailure>?
    private let queue = DispatchQueue(label: "weir.ledger")
    private let path: String
    private let failed: @Sendable (LedgerFailure) -> Void

    /// - Thread: `failed` is called on the desk's queue, for every failure.
    package init(path: String, failed: @escaping @Sendable (LedgerFailure) -> Void) {
        self.path = path
        self.failed = failed
    }

    /// Does something with the ledger some time soon, in the order of the calls.
    package func perform(_ work: @escaping @Sendable (Ledger) throws(LedgerFailure) -> Void) {
        queue.async { self.run(work) }
    }

    /// Does something with the ledger before it returns; false where that failed.
    package func performNow(_ work: @Sendable (Ledger) throws(LedgerFailure) -> Void) -> Bool {
        queue.sync { run(work) }
    }

    @discardableResult
    private func run(_ work: (Ledger) throws(LedgerFailure) -> Void) -> Bool {
        do throws(LedgerFailure) {
            try work(opened())
            return true
        } catch {
            failed(error)
            return false
        }
    }

    private func opened() throws(LedgerFailure) -> Ledger {
        if let ledger {
            return try ledger.get()
        }
        let result: Result<Ledger, LedgerFailure>
        do throws(LedgerFailure) {
            result = .success(try Ledger(path: path))
        } catch {
            result = .failure(error)
        }
        ledger = result
        return try result.get()
    }
}
