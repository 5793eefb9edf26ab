import CPosix
import Glibc
package import Keys
package import Screen

/// A program in a terminal of its own, with somebody who types and somebody who looks.
///
/// Nothing here waits for time to pass: waiting ends when the screen shows what is waited for, or the program ends.
/// The deadline is only there for the case that neither ever happens.
package final class PtySession {
    /// How a program ended.
    package enum Ending: Equatable, Sendable {
        case exited(Int32)
        case killed(signal: Int32)
    }

    /// A wait that came to nothing.
    package struct Disappointment: Error, CustomStringConvertible {
        package let description: String

        package init(description: String) {
            self.description = description
        }
    }

    /// The process, which leads its own session.
    package let process: Int32
    /// Everything the program wrote.
    package private(set) var transcript: [UInt8] = []

    private let terminal: CInt
    private let ending: CInt
    private let emulator: TerminalEmulator
    private var status: Ending?
    private var isClosed = false
    /// What the screen was when the last thing that was waited for had come.
    private var before = ""

    /// Starts a program.
    ///
    /// - Shape: `environment` is all of it; nothing is inherited.
    package init(
        _ program: String,
        _ arguments: [String] = [],
        environment: [String: String] = PtySession.plainEnvironment,
        directory: String? = nil,
        size: Size = Size(columns: 80, rows: 24)
    ) throws {
        var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
        var settings: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { for word in words + settings { free(word) } }
        var terminal: CInt = -1
        process = CPosix_spawn_pty(
            program,
            &words,
            &settings,
            directory,
            UInt16(size.rows),
            UInt16(size.columns),
            &terminal
        )
        guard process > 0 else { throw Disappointment(description: "no terminal: errno \(errno)") }
        self.terminal = terminal
        ending = CPosix_process_descriptor(process)
        emulator = TerminalEmulator(size: size)
    }

    deinit {
        close()
        if status == nil {
            kill(process, SIGKILL)
            var raw: CInt = 0
            waitpid(process, &raw, 0)
        }
        Glibc.close(ending)
    }

    /// An environment in which nothing of this machine shows.
    package static let plainEnvironment = [
        "TERM": "xterm-256color", "LANG": "C.UTF-8", "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": "/nonexistent",
        "SWIFT_BACKTRACE": "enable=no",
    ]

    /// The path of a program that was built beside the running tests.
    package static func builtProgram(_ name: String) -> String {
        var path = [CChar](repeating: 0, count: 4_096)
        let length = max(0, readlink("/proc/self/exe", &path, path.count - 1))
        let whole = String(decoding: path.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return whole.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" } + "/\(name)"
    }

    // MARK: Typing

    /// Types text, or sends any bytes as the terminal would.
    package func type(_ text: String) throws {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(terminal, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                // The program is busy; meanwhile its output may be what keeps it.
                _ = waitForChange(events: POLLIN | POLLOUT, milliseconds: 1_000)
            } else {
                throw Disappointment(description: "typing failed: errno \(errno)")
            }
        }
    }

    /// Presses keys, with the sequences of xterm.
    package func press(_ keys: Key...) throws {
        for key in keys { try type(Self.sequence(of: key)) }
    }

    /// Changes the size of the window, which tells the program.
    package func resize(to size: Size) {
        emulator.resize(to: size)
        _ = CPosix_set_window_size(terminal, UInt16(size.rows), UInt16(size.columns))
    }

    /// Sends a signal to the program.
    package func signal(_ number: Int32) {
        kill(process, number)
    }

    /// Closes the window, as a cut connection does.
    package func close() {
        guard !isClosed else { return }
        isClosed = true
        Glibc.close(terminal)
    }

    // MARK: Looking

    /// What is seen now, of everything read so far.
    package var picture: TerminalPicture { emulator.picture }

    /// The modes of the terminal as the program left them.
    package var modes: TerminalModes {
        var modes = termios()
        tcgetattr(terminal, &modes)
        return TerminalModes(modes)
    }

    /// Waits until the screen is as wanted.
    ///
    /// - Shape: `what` says in the error what was waited for.
    @discardableResult
    package func wait(
        for what: String,
        patience: Duration = .seconds(30),
        until isThere: (TerminalPicture) -> Bool
    ) throws -> TerminalPicture {
        let deadline = ContinuousClock.now + patience
        while true {
            let more = readAll()
            let picture = picture
            if isThere(picture) {
                before = picture.text
                return picture
            }
            guard more, .now < deadline else {
                let reason = more ? "in \(patience)" : "before the program ended"
                throw Disappointment(
                    description:
                        "no \(what) \(reason):\n\(picture.text)\nwhen the last wait ended:\n\(before)"
                )
            }
            _ = waitForChange(events: POLLIN, milliseconds: Self.milliseconds(until: deadline))
        }
    }

    /// Waits until a text stands on the screen.
    @discardableResult
    package func wait(for text: String, patience: Duration = .seconds(30)) throws -> TerminalPicture {
        try wait(for: "\"\(text)\"", patience: patience) { $0.shows(text) }
    }

    /// Waits for the program's end, reading all it has to say.
    ///
    /// - Shape: without `reading` the terminal stays full, as behind a stalled line.
    package func waitForEnd(reading: Bool = true, patience: Duration = .seconds(30)) throws -> Ending {
        let deadline = ContinuousClock.now + patience
        while status == nil {
            if reading, !isClosed { _ = readAll() }
            var raw: CInt = 0
            if waitpid(process, &raw, WNOHANG) == process {
                status =
                    CPosix_exited(raw)
                    ? .exited(CPosix_exit_code(raw)) : .killed(signal: CPosix_ending_signal(raw))
                break
            }
            guard .now < deadline else {
                throw Disappointment(description: "no end in \(patience):\n\(picture.text)")
            }
            _ = waitForChange(events: reading ? POLLIN : 0, milliseconds: Self.milliseconds(until: deadline))
        }
        if !isClosed { _ = readAll() }
        return status ?? .exited(-1)
    }

    /// Reads what the program has written; false when there will be no more.
    private func readAll() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(terminal, &buffer, buffer.count)
            guard count > 0 else {
                return count < 0 && (errno == EAGAIN || errno == EINTR)
            }
            transcript += buffer.prefix(count)
            emulator.feed(buffer.prefix(count))
            let answers = emulator.takeAnswers()
            if !answers.isEmpty { _ = write(terminal, answers, answers.count) }
        }
    }

    /// Waits for something to read or write, or for the program's end.
    private func waitForChange(events: CInt, milliseconds: CInt) -> CInt {
        var entries = [
            pollfd(fd: ending, events: Int16(POLLIN), revents: 0),
            pollfd(fd: isClosed || events == 0 ? -1 : terminal, events: Int16(events), revents: 0),
        ]
        return poll(&entries, 2, milliseconds)
    }

    private static func milliseconds(until deadline: ContinuousClock.Instant) -> CInt {
        let left = ContinuousClock.now.duration(to: deadline).components
        return CInt(max(0, left.seconds * 1_000 + left.attoseconds / 1_000_000_000_000_000)) + 1
    }

    private static func sequence(of key: Key) -> String {
        switch key {
        case .character(let character): String(character)
        case .control(let character):
            String(Unicode.Scalar((character.asciiValue ?? 0) & 0x1F))
        case .alt(let character): "\u{1B}\(character)"
        case .enter: "\r"
        case .escape: "\u{1B}"
        case .tab: "\t"
        case .backTab: "\u{1B}[Z"
        case .backspace: "\u{7F}"
        case .delete: "\u{1B}[3~"
        case .insert: "\u{1B}[2~"
        case .up: "\u{1B}OA"
        case .down: "\u{1B}OB"
        case .right: "\u{1B}OC"
        case .left: "\u{1B}OD"
        case .home: "\u{1B}OH"
        case .end: "\u{1B}OF"
        case .pageUp: "\u{1B}[5~"
        case .pageDown: "\u{1B}[6~"
        case .function(let number):
            number < 5
                ? "\u{1B}O\("PQRS".dropFirst(number - 1).prefix(1))"
                : "\u{1B}[\([15, 17, 18, 19, 20, 21, 23, 24][min(number - 5, 7)])~"
        case .paste(let text): "\u{1B}[200~\(text)\u{1B}[201~"
        case .mouse(let event): sequence(of: event)
        }
    }

    private static func sequence(of event: MouseEvent) -> String {
        let place = "\(event.x + 1);\(event.y + 1)"
        switch event.kind {
        case .press(.left): return "\u{1B}[<0;\(place)M"
        case .press(.middle): return "\u{1B}[<1;\(place)M"
        case .press(.right): return "\u{1B}[<2;\(place)M"
        case .release: return "\u{1B}[<0;\(place)m"
        case .wheelUp: return "\u{1B}[<64;\(place)M"
        case .wheelDown: return "\u{1B}[<65;\(place)M"
        }
    }
}
