package import Dispatch

/// Carries a value that belongs to a queue through code that runs elsewhere, and opens only on that queue.
// SAFETY: `stored` is reached through `value` alone, and that traps off the (serial) queue.
package final class QueueBound<Value>: @unchecked Sendable {
    private var stored: Value
    /// The serial queue that the value belongs to.
    package let queue: DispatchQueue

    /// Hands the value over to the queue; callable anywhere.
    package init(_ value: sending Value, on queue: DispatchQueue) {
        stored = value
        self.queue = queue
    }

    /// The value; on the queue only.
    package var value: Value {
        get {
            dispatchPrecondition(condition: .onQueue(queue))
            return stored
        }
        set {
            dispatchPrecondition(condition: .onQueue(queue))
            stored = newValue
        }
    }
}
