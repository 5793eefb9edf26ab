import CPosix
import Glibc
package import Keys

/// Waits for whatever happens next: a key, a ring of the doorbell, a signal, a point in time.
///
/// - Thread: the UI thread, with `ProcessSignals.block()` called before any other thread started.
package final class EventLoop {
    /// What happened.
    package enum Occurrence: Hashable, Sendable {
        case keys([Key])
        /// Someone rang; look into the mailbox.
        case doorbell
        /// The terminal has another size; call `TerminalScreen.resize`.
        case resized
        /// Somebody asks for a stop; call `TerminalScreen.stop`.
        case suspendRequested
        /// The process was stopped without being asked and runs again; call `TerminalScreen.resume`.
        case continued
        /// The process is asked to end, by this signal.
        case terminate(Int32)
        /// The terminal is gone.
        case hangup
        /// The time has come.
        case deadline
    }

    /// Wakes this loop from other threads.
    package let doorbell: Doorbell

    private let screen: TerminalScreen?
    private let input: InputReader?
    private let signals: CInt
    private var hasHungUp = false

    /// A loop without a terminal waits for the rest: signals, rings and time.
    package init(screen: TerminalScreen? = nil, input: InputReader? = nil) throws(TerminalFailure) {
        self.screen = screen
        self.input = input
        doorbell = try Doorbell()
        var set = ProcessSignals.set
        signals = signalfd(-1, &set, CInt(SFD_CLOEXEC | SFD_NONBLOCK))
        guard signals >= 0 else { throw .system(operation: "listening to signals", code: errno) }
    }

    deinit {
        close(signals)
    }

    /// What happened since the last call; waits for it when nothing has.
    ///
    /// Pending output is sent while waiting.
    ///
    /// - Shape: at least one occurrence, signals first, keys and the doorbell at the end. `.deadline` comes at the
    ///   time given; without one this waits for ever.
    package func wait(until: ContinuousClock.Instant? = nil) -> [Occurrence] {
        while true {
            var entries = pollEntries()
            let earliest = [until, hasHungUp ? nil : input?.deadline].compactMap { $0 }.min()
            _ = poll(&entries, nfds_t(entries.count), Self.timeout(until: earliest))
            var occurrences = takeSignals()
            if entries.count > 2 {
                if entries[2].revents & Int16(POLLOUT) != 0 { screen?.flush() }
                occurrences += takeInput(
                    hasHungUp: entries[2].revents & Int16(POLLHUP | POLLERR | POLLNVAL) != 0
                )
            }
            if doorbell.takeRing() { occurrences.append(.doorbell) }
            if let until, until <= .now { occurrences.append(.deadline) }
            if !occurrences.isEmpty { return occurrences }
        }
    }

    private func pollEntries() -> [pollfd] {
        var entries = [
            pollfd(fd: signals, events: Int16(POLLIN), revents: 0),
            pollfd(fd: doorbell.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        if let screen, !hasHungUp {
            var events = screen.hasPendingOutput ? POLLOUT : 0
            if input != nil, screen.device.isForeground { events |= POLLIN }
            entries.append(pollfd(fd: screen.device.descriptor, events: Int16(events), revents: 0))
        }
        return entries
    }

    /// Milliseconds for poll(2), rounded up: waking before the time would be for nothing.
    private static func timeout(until: ContinuousClock.Instant?) -> CInt {
        guard let until else { return -1 }
        let (seconds, attoseconds) = ContinuousClock.now.duration(to: until).components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        guard seconds < 1_000_000 else { return 1_000_000_000 }
        return CInt(seconds) * 1_000 + CInt((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }

    private func takeSignals() -> [Occurrence] {
        var occurrences: [Occurrence] = []
        var signal = signalfd_siginfo()
        while read(signals, &signal, MemoryLayout<signalfd_siginfo>.size)
            == MemoryLayout<signalfd_siginfo>.size
        {
            switch CInt(signal.ssi_signo) {
            case SIGWINCH: occurrences.append(.resized)
            case SIGTSTP: occurrences.append(.suspendRequested)
            case SIGCONT: occurrences.append(.continued)
            default: occurrences.append(.terminate(Int32(signal.ssi_signo)))
            }
        }
        return occurrences
    }

    private func takeInput(hasHungUp polledHangup: Bool) -> [Occurrence] {
        guard let input else {
            return noteHangup(polledHangup || screen?.isGone == true)
        }
        let reading = input.read()
        let keys: [Occurrence] = reading.keys.isEmpty ? [] : [.keys(reading.keys)]
        return keys + noteHangup(reading.hasEnded || polledHangup || screen?.isGone == true)
    }

    private func noteHangup(_ happened: Bool) -> [Occurrence] {
        guard happened, !hasHungUp else { return [] }
        hasHungUp = true
        return [.hangup]
    }
}
