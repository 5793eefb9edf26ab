import Dispatch

/// Carries something of a queue through code that runs elsewhere, back to that queue.
///
/// `QueueBound` takes a value away from where it was made; this one leaves it there.
// SAFETY: made and opened on the same serial queue, as both ends assert, so never in two places at once.
final class RoundTrip<Value>: @unchecked Sendable {
    private let stored: Value
    private let queue: DispatchQueue

    /// On the queue only.
    init(_ value: Value, on queue: DispatchQueue) {
        dispatchPrecondition(condition: .onQueue(queue))
        stored = value
        self.queue = queue
    }

    /// On the queue only.
    var value: Value {
        dispatchPrecondition(condition: .onQueue(queue))
        return stored
    }
}
