import CPosix
import Glibc
package import Screen

/// A terminal as the system sees it: a descriptor with modes and a size.
///
/// Opens the terminal anew, so that being non-blocking is its own property and not one of the shell's descriptors,
/// which share theirs with everything started from that shell.
///
/// - Thread: the UI thread. The descriptor is closed with the object.
package final class TerminalDevice {
    /// What came of reading or writing.
    package enum Transfer: Equatable {
        /// So many bytes.
        case moved(Int)
        /// Not now.
        case wouldBlock
        /// The terminal is gone: its window was closed, its connection cut.
        case gone
    }

    /// For polling.
    package let descriptor: CInt
    /// The modes as they were found.
    let originalModes: termios

    /// Opens the terminal that a descriptor refers to.
    package init(of other: CInt = STDOUT_FILENO) throws(TerminalFailure) {
        guard isatty(other) == 1 else { throw .noTerminal }
        descriptor = try Self.reopened(other)
        var modes = termios()
        guard tcgetattr(descriptor, &modes) == 0 else {
            let code = errno
            close(descriptor)
            throw .system(operation: "reading the terminal's modes", code: code)
        }
        originalModes = modes
    }

    deinit {
        close(descriptor)
    }

    private static func reopened(_ other: CInt) throws(TerminalFailure) -> CInt {
        var name = [CChar](repeating: 0, count: 256)
        let flags = O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC
        if ttyname_r(other, &name, name.count) == 0 {
            let opened = CPosix_open(name, flags)
            if opened >= 0 { return opened }
        }
        // In a container the name may lead nowhere, or belong to another user after `su`.
        let controlling = CPosix_open("/dev/tty", flags)
        guard controlling >= 0 else { throw .system(operation: "opening the terminal", code: errno) }
        return controlling
    }

    /// Columns and rows; nil when the terminal does not know.
    package var size: Size? {
        var rows: CUnsignedShort = 0
        var columns: CUnsignedShort = 0
        guard CPosix_window_size(descriptor, &rows, &columns) == 0, rows > 0, columns > 0 else { return nil }
        return Size(columns: Int(columns), rows: Int(rows))
    }

    /// Whether this process may draw; false after `bg`.
    package var isForeground: Bool {
        let owner = tcgetpgrp(descriptor)
        // Without job control there is nobody else.
        return owner < 0 || owner == getpgrp()
    }

    /// Gives every key to the program, and bytes unchanged to the terminal.
    func enterRawMode() {
        var modes = originalModes
        modes.c_iflag &= ~tcflag_t(BRKINT | ICRNL | IGNCR | INLCR | INPCK | ISTRIP | IXON | PARMRK)
        modes.c_oflag &= ~tcflag_t(OPOST)
        modes.c_lflag &= ~tcflag_t(ECHO | ECHONL | ICANON | IEXTEN | ISIG)
        // Without one required byte, "nothing there" would read as the end.
        withUnsafeMutableBytes(of: &modes.c_cc) { controls in
            controls[Int(VMIN)] = 1
            controls[Int(VTIME)] = 0
        }
        setModes(modes)
    }

    /// Puts the modes back that were found.
    func leaveRawMode() {
        setModes(originalModes)
    }

    private func setModes(_ modes: termios) {
        var modes = modes
        // TCSANOW: waiting for the output to drain could last for ever on a stalled line.
        while tcsetattr(descriptor, TCSANOW, &modes) != 0, errno == EINTR {}
    }

    /// Reads what is there, at most the buffer's size.
    package func read(into buffer: inout [UInt8]) -> Transfer {
        while true {
            let count = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count > 0 { return .moved(count) }
            if count == 0 { return .gone }
            switch errno {
            case EINTR: continue
            case EAGAIN: return .wouldBlock
            // Reading from the background is refused in the same way as from a closed window.
            case EIO where !isForeground: return .wouldBlock
            default: return .gone
            }
        }
    }

    /// Writes as much as the terminal takes at once.
    package func write(_ bytes: ArraySlice<UInt8>) -> Transfer {
        while true {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 { return .moved(count) }
            switch errno {
            case EINTR: continue
            case EAGAIN: return .wouldBlock
            default: return .gone
            }
        }
    }
}
