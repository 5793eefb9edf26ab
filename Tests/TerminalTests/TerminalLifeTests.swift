import Glibc
import Keys
import Screen
import TerminalTesting
import Testing

/// What a program in a real terminal leaves behind, whatever its end.
struct TerminalLifeTests {
    private static let probe = PtySession.builtProgram("terminal-probe")

    private static func started() throws -> PtySession {
        let session = try PtySession(probe)
        try session.wait(for: "probe 80x24")
        return session
    }

    /// Standard modes, the main screen, a visible cursor, no mouse.
    private static func expectClean(
        _ session: PtySession,
        before: TerminalModes,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let picture = session.picture
        #expect(!picture.isAlternateScreen, sourceLocation: sourceLocation)
        #expect(picture.isCursorVisible, sourceLocation: sourceLocation)
        #expect(!picture.wantsMouse, sourceLocation: sourceLocation)
        #expect(session.modes == before, sourceLocation: sourceLocation)
    }

    private static func modesOfNewTerminal() throws -> TerminalModes {
        let session = try PtySession("/bin/cat")
        return session.modes
    }

    @Test func `keys, paste and mouse arrive, and nothing is echoed`() throws {
        let session = try Self.started()
        #expect(session.modes.isRaw)
        try session.press(.character("a"), .up, .control("r"), .alt("x"), .function(12), .paste("q\rq"))
        try session.press(.mouse(MouseEvent(kind: .press(.left), x: 4, y: 5)), .escape)
        try session.wait(for: "keys a Up Ctrl-r Alt-x F12 Paste Mouse Esc")
    }

    @Test func `a new size is known at once`() throws {
        let session = try Self.started()
        session.resize(to: Size(columns: 100, rows: 30))
        try session.wait(for: "probe 100x30")
    }

    @Test func `quitting gives the terminal back`() throws {
        let before = try Self.modesOfNewTerminal()
        let session = try Self.started()
        try session.press(.character("q"))
        #expect(try session.waitForEnd() == .exited(0))
        Self.expectClean(session, before: before)
        #expect(session.picture.shows("probe ended"))
    }

    @Test(arguments: [SIGTERM, SIGINT, SIGHUP])
    func `a signal that asks to end gives the terminal back`(signal: Int32) throws {
        let before = try Self.modesOfNewTerminal()
        let session = try Self.started()
        session.signal(signal)
        #expect(try session.waitForEnd() == .exited(128 + signal))
        Self.expectClean(session, before: before)
    }

    @Test(arguments: [("A", SIGABRT), ("G", SIGSEGV), ("R", SIGSEGV)] as [(Character, Int32)])
    func `a crash gives the terminal back and dies of its signal`(key: Character, signal: Int32) throws {
        let before = try Self.modesOfNewTerminal()
        let session = try Self.started()
        try session.press(.character(key))
        #expect(try session.waitForEnd() == .killed(signal: signal))
        Self.expectClean(session, before: before)
    }

    @Test func `the last words of a crash are read on the terminal`() throws {
        let before = try Self.modesOfNewTerminal()
        let session = try Self.started()
        try session.press(.character("F"))
        let ending = try session.waitForEnd()
        // x86 and ARM trap by different signals.
        #expect([.killed(signal: SIGILL), .killed(signal: SIGTRAP)].contains(ending))
        Self.expectClean(session, before: before)
        // A trace of the stack may follow and push it up.
        #expect(String(decoding: session.transcript, as: UTF8.self).contains("the probe was asked to fail"))
    }

    @Test func `an end by exit gives the terminal back`() throws {
        let before = try Self.modesOfNewTerminal()
        let session = try Self.started()
        try session.press(.character("E"))
        #expect(try session.waitForEnd() == .exited(3))
        Self.expectClean(session, before: before)
    }

    @Test func `standard error stays off the screen and comes after it`() throws {
        let session = try Self.started()
        try session.press(.character("n"), .character("x"))
        let during = try session.wait(for: "keys n x")
        #expect(!during.shows("noise"))
        try session.press(.character("q"))
        _ = try session.waitForEnd()
        #expect(session.picture.shows("noise on standard error"))
    }

    @Test func `a cut connection ends the program`() throws {
        let session = try Self.started()
        session.close()
        let ending = try session.waitForEnd()
        #expect([.exited(42), .exited(128 + SIGHUP)].contains(ending))
    }

    @Test func `a stalled line does not keep the program`() throws {
        let before = try Self.modesOfNewTerminal()
        let session = try Self.started()
        try session.press(.character("f"))
        // From here on nobody reads, until the program has ended.
        #expect(try session.waitForEnd(reading: false) == .exited(7))
        Self.expectClean(session, before: before)
    }

    @Test(arguments: [true, false])
    func `a stop hands the terminal to the shell, and fg takes it back in its new size`(byKey: Bool) throws {
        let script = """
            set -m; "$0"; echo "stopped $?"; read answer; echo "answer $answer"; fg >/dev/null; echo "done $?"
            """
        let before = try Self.modesOfNewTerminal()
        let session = try PtySession("/bin/bash", ["--norc", "--noprofile", "-c", script, Self.probe])
        try session.wait(for: "probe 80x24")
        if byKey {
            try session.press(.control("z"))
        } else {
            let children = try #require(Self.children(of: session.process).first)
            kill(children, SIGTSTP)
        }
        let stopped = try session.wait(for: "stopped \(128 + SIGTSTP)")
        #expect(!stopped.isAlternateScreen)
        #expect(stopped.isCursorVisible)
        #expect(session.modes == before)
        session.resize(to: Size(columns: 60, rows: 20))
        try session.type("yes\n")
        let back = try session.wait(for: "whole picture") {
            $0.shows("probe 60x20") && $0.rows[19].allSatisfy { $0.text == "9" }
        }
        #expect(back.isAlternateScreen)
        try session.press(.character("q"))
        try session.wait(for: "done 0")
        #expect(try session.waitForEnd() == .exited(0))
        Self.expectClean(session, before: before)
    }

    @Test func `in the background the program waits for fg`() throws {
        let script = """
            set -m; "$0"; bg >/dev/null; while [ -z "$(jobs -s)" ]; do :; done
            echo "stopped again"; read answer; echo "read $answer"; fg >/dev/null
            """
        let session = try PtySession("/bin/bash", ["--norc", "--noprofile", "-c", script, Self.probe])
        try session.wait(for: "probe 80x24")
        try session.press(.control("z"))
        try session.wait(for: "stopped again")
        try session.type("a line for the shell\n")
        try session.wait(for: "probe 80x24")
        try session.press(.character("x"))
        // Ctrl-z is the last thing the program heard before.
        try session.wait(for: "keys Ctrl-z x")
        try session.press(.character("q"))
        #expect(try session.waitForEnd() == .exited(0))
        #expect(session.picture.shows("read a line for the shell"))
    }

    @Test func `a stop without a warning is repaired when the program goes on`() throws {
        let script = """
            set -m; "$0"; printf '\\033[2Jmess'; read answer; fg >/dev/null; echo "done $?"
            """
        let session = try PtySession("/bin/bash", ["--norc", "--noprofile", "-c", script, Self.probe])
        try session.wait(for: "probe 80x24")
        kill(try #require(Self.children(of: session.process).first), SIGSTOP)
        try session.wait(for: "mess")
        try session.type("\n")
        try session.wait(for: "whole picture") {
            $0.rows[23].allSatisfy { $0.text == "3" } && !$0.shows("mess")
        }
        try session.press(.character("q"))
        try session.wait(for: "done 0")
    }

    private static func children(of process: Int32) -> [Int32] {
        guard let file = fopen("/proc/\(process)/task/\(process)/children", "r") else { return [] }
        defer { fclose(file) }
        var text = [CChar](repeating: 0, count: 256)
        let count = fread(&text, 1, text.count, file)
        let words = String(decoding: text.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return words.split(separator: " ").compactMap { Int32($0) }
    }

    @Test(arguments: [("dumb", "cannot place its cursor"), ("no-such-terminal", "no description")])
    func `a terminal that cannot be used is refused in a sentence`(name: String, reason: String) throws {
        var environment = PtySession.plainEnvironment
        environment["TERM"] = name
        let session = try PtySession(Self.probe, environment: environment, size: Size(columns: 200, rows: 24))
        #expect(try session.waitForEnd() == .exited(2))
        #expect(session.picture.shows(reason))
    }

    @Test func `a locale that is not UTF-8 gets ASCII`() throws {
        var environment = PtySession.plainEnvironment
        environment["LANG"] = "C"
        // Of xterm's description curses then uses a repeat command, which the emulator does not know.
        environment["TERM"] = "screen-256color"
        let session = try PtySession(Self.probe, environment: environment)
        try session.wait(for: "probe 80x24")
        try session.press(.character("é"))
        try session.wait(for: "keys ?")
        #expect(session.transcript.allSatisfy { $0 < 0x80 })
    }
}
