import CPosix
import Glibc

/// Wakes the event loop from any thread.
///
/// Rings between two looks of the loop count as one.
package struct Doorbell: Sendable {
    private let bell: Bell

    /// A doorbell that nobody listens to yet.
    package init() throws(TerminalFailure) {
        let descriptor = eventfd(0, CInt(EFD_CLOEXEC | EFD_NONBLOCK))
        guard descriptor >= 0 else { throw .system(operation: "making a doorbell", code: errno) }
        bell = Bell(descriptor: descriptor)
    }

    /// Lets the event loop return `.doorbell`.
    ///
    /// - Thread: any.
    package func ring() {
        var one: UInt64 = 1
        // It fails only when the bell has been rung more often than a counter holds: then it rings already.
        _ = write(bell.descriptor, &one, 8)
    }

    /// For polling.
    var descriptor: CInt { bell.descriptor }

    /// Whether it was rung since the last time.
    func takeRing() -> Bool {
        var count: UInt64 = 0
        return read(bell.descriptor, &count, 8) == 8
    }

    private final class Bell: Sendable {
        let descriptor: CInt

        init(descriptor: CInt) {
            self.descriptor = descriptor
        }

        deinit {
            close(descriptor)
        }
    }
}
