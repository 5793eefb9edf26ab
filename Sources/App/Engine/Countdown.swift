import Synchronization

/// Calls back once, after a number of things have ended.
final class Countdown: Sendable {
    private let remaining: Mutex<Int>
    private let then: @Sendable () -> Void

    /// A count of zero calls back at once.
    init(_ count: Int, then: @escaping @Sendable () -> Void) {
        remaining = Mutex(count)
        self.then = then
        if count == 0 {
            then()
        }
    }

    func finishOne() {
        let isLast = remaining.withLock { remaining in
            remaining -= 1
            return remaining == 0
        }
        if isLast {
            then()
        }
    }
}
