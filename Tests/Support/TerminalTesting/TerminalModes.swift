import CPosix
import Glibc

/// The modes of a terminal that a program may leave wrong.
package struct TerminalModes: Equatable, Sendable {
    /// Whether typed characters are shown.
    package let echoes: Bool
    /// Whether lines are edited by the terminal.
    package let isCanonical: Bool
    /// Whether Ctrl-c is a signal.
    package let sendsSignals: Bool
    /// All flags, to compare before and after.
    private let flags: [UInt32]

    init(_ modes: termios) {
        echoes = modes.c_lflag & tcflag_t(ECHO) != 0
        isCanonical = modes.c_lflag & tcflag_t(ICANON) != 0
        sendsSignals = modes.c_lflag & tcflag_t(ISIG) != 0
        flags = [modes.c_iflag, modes.c_oflag, modes.c_lflag, modes.c_cflag]
    }

    /// Whether keys come one by one and unseen.
    package var isRaw: Bool { !echoes && !isCanonical && !sendsSignals }
}
