import Dispatch

/// A value that one serial queue owns; touching it from anywhere else stops the program.
// SAFETY: every access asserts that it runs on the serial queue, and the value came in as `sending`.
final class QueueBound<Value>: @unchecked Sendable {
    private let queue: DispatchQueue
    private var value: Value

    init(_ value: sending Value, on queue: DispatchQueue) {
        self.value = value
        self.queue = queue
    }

    /// Call on the queue only.
    func callAsFunction<Result>(_ body: (inout Value) -> Result) -> Result {
        dispatchPrecondition(condition: .onQueue(queue))
        return body(&value)
    }
}
