package import Keys

/// Reads keys from the terminal without ever waiting for one.
///
/// - Thread: the UI thread.
package final class InputReader {
    /// What was read.
    package struct Reading: Equatable {
        package let keys: [Key]
        /// The terminal is gone; nothing will ever be read again.
        package let hasEnded: Bool
    }

    /// How long an escape may be the beginning of a sequence: a person is slower, a line rarely.
    private static let sequencePatience = Duration.milliseconds(25)
    /// How long a paste may pause before its end is taken for lost.
    private static let pastePatience = Duration.seconds(2)

    let device: TerminalDevice
    private var decoder: KeyDecoder
    private var buffer = [UInt8](repeating: 0, count: 16_384)
    private var lastRead: ContinuousClock.Instant?

    /// A reader of the terminal that the screen draws on.
    package init(of screen: TerminalScreen) {
        device = screen.device
        decoder = KeyDecoder(sequences: screen.keySequences)
    }

    /// When to call `read` again though nothing came: an escape turns into a key by silence.
    package var deadline: ContinuousClock.Instant? {
        switch decoder.waitsFor {
        case .sequence: lastRead?.advanced(by: Self.sequencePatience)
        case .paste: lastRead?.advanced(by: Self.pastePatience)
        case nil: nil
        }
    }

    /// The keys that have come since the last time.
    package func read() -> Reading {
        // Reading in the background would stop the whole process group.
        guard device.isForeground else {
            _ = decoder.finish()
            return Reading(keys: [], hasEnded: false)
        }
        var keys: [Key] = []
        while true {
            switch device.read(into: &buffer) {
            case .moved(let count):
                lastRead = .now
                keys += decoder.decode(buffer.prefix(count))
                // The rest is for the next round: a flood of input must not keep the screen from being drawn.
                if count < buffer.count || keys.count > 1_000 { return Reading(keys: keys, hasEnded: false) }
            case .wouldBlock:
                if let deadline, deadline <= .now { keys += decoder.finish() }
                return Reading(keys: keys, hasEnded: false)
            case .gone:
                return Reading(keys: keys + decoder.finish(), hasEnded: true)
            }
        }
    }
}
