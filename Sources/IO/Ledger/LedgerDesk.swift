import Dispatch

/// The ledger with a queue of its own, opened when it is first needed: nobody waits for a disk at the start.
///
/// - Shape: a ledger that cannot be opened is tried again; trouble is told once, until the ledger works again.
// SAFETY: `ledger`, `failure` and `hasTold` are touched on `queue` alone; everything else never changes.
package final class LedgerDesk: @unchecked Sendable {
    private var ledger: Ledger?
    private var failure: (what: LedgerFailure, at: DispatchTime)?
    private var hasTold = false
    private let queue = DispatchQueue(label: "weir.ledger")
    private let path: String
    private let pause: Duration
    private let failed: @Sendable (LedgerFailure) -> Void

    /// - Shape: `pause` is how long a ledger that could not be opened is left alone by what only remembers.
    /// - Thread: `failed` is called on the desk's queue.
    package init(
        path: String,
        pause: Duration = .seconds(10),
        failed: @escaping @Sendable (LedgerFailure) -> Void
    ) {
        self.path = path
        self.pause = pause
        self.failed = failed
    }

    /// Does something with the ledger some time soon, in the order of the calls.
    package func perform(_ work: @escaping @Sendable (Ledger) throws(LedgerFailure) -> Void) {
        queue.async { _ = self.run(work, insists: false) }
    }

    /// Does something with the ledger and goes on when it is done or cannot be: what was written is on the disk.
    ///
    /// - Thread: both run on the desk's queue, in the order of the calls; `then` must return at once.
    package func ask<Value: Sendable>(
        _ work: @escaping @Sendable (Ledger) throws(LedgerFailure) -> Value,
        then: @escaping @Sendable (Result<Value, LedgerFailure>) -> Void
    ) {
        queue.async { then(self.run(work, insists: true)) }
    }

    /// Calls back once all that was asked for before is done.
    package func flush(then: @escaping @Sendable () -> Void) {
        queue.async(execute: then)
    }

    private func run<Value>(
        _ work: (Ledger) throws(LedgerFailure) -> Value,
        insists: Bool
    ) -> Result<Value, LedgerFailure> {
        do throws(LedgerFailure) {
            let value = try work(opened(insists: insists))
            hasTold = false
            return .success(value)
        } catch {
            if !hasTold {
                hasTold = true
                failed(error)
            }
            return .failure(error)
        }
    }

    private func opened(insists: Bool) throws(LedgerFailure) -> Ledger {
        if let ledger {
            return ledger
        }
        if let failure, !insists, DispatchTime.now() < failure.at + pause.dispatchInterval {
            throw failure.what
        }
        do throws(LedgerFailure) {
            let opened = try Ledger(path: path)
            ledger = opened
            failure = nil
            return opened
        } catch {
            failure = (error, .now())
            throw error
        }
    }
}

extension Duration {
    fileprivate var dispatchInterval: DispatchTimeInterval {
        let (seconds, attoseconds) = components
        return .nanoseconds(Int(min(seconds, 1 << 30)) * 1_000_000_000 + Int(attoseconds / 1_000_000_000))
    }
}
