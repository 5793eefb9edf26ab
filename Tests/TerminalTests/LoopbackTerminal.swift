import CPosix
import Glibc
import Screen
import Terminal
import TerminalTesting
import Themes

/// A screen and an emulator, connected by a pseudo-terminal in this process.
final class LoopbackTerminal {
    let screen: TerminalScreen
    let emulator: TerminalEmulator
    /// Everything the screen sent.
    private(set) var transcript: [UInt8] = []

    private let name: String
    private let outside: CInt
    private let inside: CInt

    init(
        _ name: String,
        size: Size = Size(columns: 40, rows: 12),
        theme: Theme = .standard,
        depth: ColourDepth? = nil,
        colour: String? = nil
    ) throws {
        var outside: CInt = -1
        var inside: CInt = -1
        var window = winsize(
            ws_row: UInt16(size.rows),
            ws_col: UInt16(size.columns),
            ws_xpixel: 0,
            ws_ypixel: 0
        )
        guard openpty(&outside, &inside, nil, nil, &window) == 0 else {
            throw PtySession.Disappointment(description: "no terminal: errno \(errno)")
        }
        self.name = name
        self.outside = outside
        self.inside = inside
        setenv("LC_ALL", "C.UTF-8", 1)
        var environment = ["TERM": name]
        environment["COLORTERM"] = colour
        emulator = TerminalEmulator(size: size)
        screen = try TerminalScreen(
            TerminalOptions(theme: theme, depth: depth, environment: environment),
            on: TerminalDevice(of: inside)
        )
        try pump()
    }

    deinit {
        screen.restore()
        close(inside)
        close(outside)
    }

    /// Draws a frame and returns how many bytes that took.
    @discardableResult
    func draw(_ frame: Frame) throws -> Int {
        let before = screen.bytesWritten
        screen.draw(frame)
        try pump()
        return screen.bytesWritten - before
    }

    func resize(to size: Size) throws {
        _ = CPosix_set_window_size(inside, UInt16(size.rows), UInt16(size.columns))
        emulator.resize(to: size)
        screen.resize()
        try pump()
    }

    /// How the terminal's picture differs from a frame.
    func differences(from frame: Frame) -> [String] {
        emulator.picture.differences(
            from: frame,
            theme: screen.theme,
            depth: screen.depth,
            // The console's colours and underline exclude each other, says its description.
            lost: name == "linux" ? .underline : []
        )
    }

    /// Carries everything the screen has sent, or still has to send, to the emulator.
    func pump() throws {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while screen.hasPendingOutput || transcript.count < screen.bytesWritten {
            screen.flush()
            guard transcript.count < screen.bytesWritten else { continue }
            var entry = pollfd(fd: outside, events: Int16(POLLIN), revents: 0)
            guard poll(&entry, 1, 30_000) == 1 else {
                throw PtySession.Disappointment(description: "bytes got lost on the way")
            }
            let count = read(outside, &buffer, buffer.count)
            guard count > 0 else { throw PtySession.Disappointment(description: "reading: errno \(errno)") }
            transcript += buffer.prefix(count)
            emulator.feed(buffer.prefix(count))
        }
    }
}
