import CPosix
import Dispatch
import Wire

/// Tells sessions that the machine slept: their connections are of before, whatever the kernel thinks of them.
///
/// Nothing polls for it: the kernel reports that the wall clock jumped, and two other clocks tell a sleep from a
/// clock that somebody set.
/// - Thread: callable from anywhere; listeners are called on a queue of its own.
final class WakeWatch: Sendable {
    private struct State {
        var source: (any DispatchSourceRead)?
        var slept: Int64 = 0
        var listeners: [Int: @Sendable () -> Void] = [:]
        var last = 0
    }

    static let shared = WakeWatch()

    private let queue = DispatchQueue(label: "weir.wake")
    private let state: QueueBound<State>
    /// Less is the imprecision of reading two clocks.
    private static let shortest: Int64 = 1_000_000_000

    private init() {
        state = QueueBound(State(), on: queue)
    }

    /// Calls the listener after each sleep, until it is forgotten by the number that `registered` gets.
    func listen(_ listener: @escaping @Sendable () -> Void, registered: @escaping @Sendable (Int) -> Void) {
        queue.async { [self] in
            start()
            state.value.last += 1
            state.value.listeners[state.value.last] = listener
            registered(state.value.last)
        }
    }

    func forget(_ number: Int) {
        queue.async { [self] in state.value.listeners[number] = nil }
    }

    private func start() {
        guard state.value.source == nil else {
            return
        }
        let descriptor = CPosix_clock_watch()
        guard descriptor >= 0 else {
            return
        }
        state.value.slept = CPosix_slept_nanoseconds()
        let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
        source.setEventHandler { [self] in
            _ = CPosix_rearm_clock_watch(descriptor)
            let slept = CPosix_slept_nanoseconds()
            guard slept - state.value.slept > WakeWatch.shortest else {
                return
            }
            state.value.slept = slept
            for listener in state.value.listeners.values {
                listener()
            }
        }
        source.activate()
        state.value.source = source
    }
}
