import Glibc
import Screen
import Terminal
import TerminalTesting
import Testing
import Text
import Themes

/// Curses knows one screen at a time in a process.
@Suite(.serialized)
struct TerminalScreenTests {
    /// A terminal's name, what it claims of its colours, and the depth that follows.
    struct Kind: Sendable, CustomTestStringConvertible {
        let name: String
        let colour: String?
        let depth: ColourDepth

        var testDescription: String { colour.map { "\(name) \($0)" } ?? name }
    }

    static let kinds = [
        Kind(name: "xterm-256color", colour: nil, depth: .indexed256),
        Kind(name: "xterm-256color", colour: "truecolor", depth: .trueColour),
        Kind(name: "tmux-256color", colour: "truecolor", depth: .trueColour),
        Kind(name: "screen", colour: "truecolor", depth: .ansi8),
        Kind(name: "screen-256color", colour: "truecolor", depth: .indexed256),
        Kind(name: "xterm-16color", colour: nil, depth: .ansi16),
        Kind(name: "linux", colour: nil, depth: .ansi8),
        Kind(name: "vt100", colour: nil, depth: .mono),
        Kind(name: "xterm-not-yet-invented", colour: "truecolor", depth: .trueColour),
    ]

    static let plain = kinds[0]

    /// Characters on whose width every table agrees.
    static let characters: [Character] = [
        "a", "b", "Z", "0", "~", "é", "ß", "●", "│", "─", "█", "e\u{301}", "世", "界", "한", "😀", "～",
    ]

    private static func randomFrame(
        like old: Frame?,
        size: Size,
        glyphs: Glyphs,
        using generator: inout SeededGenerator
    ) -> Frame {
        let canvas = Canvas(size: size, glyphs: glyphs)
        if let old, Bool.random(using: &generator) {
            // Mostly, frames differ little from the one before.
            for y in 0..<size.rows {
                for x in 0..<size.columns where !old.rows[y][x].isContinuation {
                    let cell = old.rows[y][x]
                    canvas.put(
                        String(cell.character),
                        x: x,
                        y: y,
                        role: cell.role,
                        attributes: cell.attributes
                    )
                }
            }
        }
        let pool = glyphs.isASCII ? Array(characters.prefix(5)) : characters
        for _ in 0..<Int.random(in: 0...30, using: &generator) {
            let text = String(
                (0..<Int.random(in: 0...20, using: &generator)).map { _ in
                    pool.randomElement(using: &generator) ?? "a"
                }
            )
            canvas.put(
                text,
                x: Int.random(in: -3..<size.columns, using: &generator),
                y: Int.random(in: 0..<size.rows, using: &generator),
                role: Role.allCases.randomElement(using: &generator) ?? .text,
                attributes: Cell.Attributes(rawValue: UInt8.random(in: 0..<64, using: &generator))
            )
        }
        // What the emulator, or curses on some terminals, gets wrong at the edge: marks that come when the cursor has
        // run out of columns, and a wide character beside the last cell of all.
        for y in 0..<size.rows where canvas.cell(x: size.columns - 1, y: y)?.character == "e\u{301}" {
            canvas.put("e", x: size.columns - 1, y: y)
        }
        if canvas.cell(x: size.columns - 3, y: size.rows - 1)?.isWide == true {
            canvas.put("ab", x: size.columns - 3, y: size.rows - 1)
        }
        if Bool.random(using: &generator) {
            canvas.placeCursor(
                x: Int.random(in: 0..<size.columns, using: &generator),
                y: Int.random(in: 0..<size.rows, using: &generator)
            )
        }
        return canvas.frame
    }

    @Test(arguments: kinds)
    func `any sequence of frames is shown as drawn`(kind: Kind) throws {
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SeededGenerator(seed: seed)
        let terminal = try LoopbackTerminal(kind.name, colour: kind.colour)
        #expect(terminal.screen.depth == kind.depth)
        var frame: Frame?
        for step in 0..<60 {
            let next = Self.randomFrame(
                like: frame,
                size: terminal.screen.size,
                glyphs: terminal.screen.glyphs,
                using: &generator
            )
            try terminal.draw(next)
            let differences = terminal.differences(from: next)
            #expect(differences.isEmpty, "seed \(seed), step \(step): \(differences.joined(separator: "\n"))")
            guard differences.isEmpty else { return }
            frame = next
        }
    }

    @Test(arguments: Theme.builtin)
    func `every theme is shown as it is written`(theme: Theme) throws {
        let terminal = try LoopbackTerminal("xterm-256color", theme: theme, colour: "truecolor")
        let canvas = Canvas(size: terminal.screen.size)
        for (index, role) in Role.allCases.enumerated() {
            canvas.put("ab", x: index / 12 * 4, y: index % 12, role: role)
            canvas.put("c", x: index / 12 * 4 + 2, y: index % 12, role: role, attributes: .selected)
        }
        try terminal.draw(canvas.frame)
        #expect(terminal.differences(from: canvas.frame) == [])
    }

    @Test(.enabled(if: access("/usr/share/terminfo/x/xterm-direct2", R_OK) == 0))
    func `a description that speaks 24 bits itself is used as it is`() throws {
        let terminal = try LoopbackTerminal("xterm-direct2")
        let canvas = Canvas(size: terminal.screen.size)
        for (index, role) in Role.allCases.enumerated() {
            canvas.put("ab", x: index / 12 * 4, y: index % 12, role: role)
        }
        try terminal.draw(canvas.frame)
        #expect(terminal.screen.depth == .trueColour)
        #expect(terminal.differences(from: canvas.frame) == [])
    }

    @Test func `another theme repaints what is shown`() throws {
        let terminal = try LoopbackTerminal("xterm-256color")
        let canvas = Canvas(size: terminal.screen.size)
        canvas.put("prod-eu", x: 3, y: 2, role: .failed)
        try terminal.draw(canvas.frame)
        terminal.screen.theme = try #require(Theme.named("light"))
        try terminal.pump()
        #expect(terminal.differences(from: canvas.frame) == [])
    }

    @Test(arguments: kinds)
    func `a size change leaves nothing of the old size behind`(kind: Kind) throws {
        let terminal = try LoopbackTerminal(kind.name, colour: kind.colour)
        for size in [Size(columns: 60, rows: 20), Size(columns: 20, rows: 5), Size(columns: 41, rows: 13)] {
            try terminal.resize(to: size)
            let canvas = Canvas(size: size, glyphs: terminal.screen.glyphs)
            canvas.box(canvas.bounds, title: "\(size.columns)", focused: true)
            try terminal.draw(canvas.frame)
            #expect(terminal.differences(from: canvas.frame) == [])
        }
    }

    @Test func `a frame of another size than the terminal is cut`() throws {
        let terminal = try LoopbackTerminal("xterm-256color", size: Size(columns: 10, rows: 3))
        let canvas = Canvas(size: Size(columns: 12, rows: 5))
        canvas.put("123456789世界", y: 1, role: .text)
        try terminal.draw(canvas.frame)
        #expect(terminal.emulator.picture.lines == ["", "123456789", ""])
    }

    @Test(arguments: kinds)
    func `one changed status cell costs less than 250 bytes`(kind: Kind) throws {
        let terminal = try LoopbackTerminal(
            kind.name,
            size: Size(columns: 120, rows: 40),
            colour: kind.colour
        )
        let canvas = Canvas(size: terminal.screen.size, glyphs: terminal.screen.glyphs)
        for y in 0..<40 { canvas.put(String(repeating: "text ", count: 24), y: y) }
        canvas.put("x", x: 50, y: 20, role: .ready)
        try terminal.draw(canvas.frame)
        canvas.put("o", x: 50, y: 20, role: .failed, attributes: .selected)
        let bytes = try terminal.draw(canvas.frame)
        #expect(bytes > 0)
        #expect(bytes < 100, "budget: 250")
    }

    @Test func `the same frame again sends nothing`() throws {
        let terminal = try LoopbackTerminal("xterm-256color")
        let canvas = Canvas(size: terminal.screen.size)
        canvas.put("idle", role: .good)
        try terminal.draw(canvas.frame)
        #expect(try terminal.draw(canvas.frame) == 0)
        canvas.put("idle", role: .good)
        #expect(try terminal.draw(canvas.frame) == 0)
    }

    @Test func `characters of doubtful width do not shift their row`() throws {
        let terminal = try LoopbackTerminal("xterm-256color")
        let canvas = Canvas(size: terminal.screen.size)
        let doubtful = [
            "👨‍👩‍👧", "❤\u{FE0F}", "👍🏽", "🇩🇪", "a\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}", "\u{E000}",
        ]
        for (y, text) in doubtful.enumerated() {
            let used = canvas.put(text, y: y)
            canvas.put("|end", x: used, y: y)
        }
        try terminal.draw(canvas.frame)
        for (y, text) in doubtful.enumerated() {
            let row = terminal.emulator.picture.rows[y].dropFirst(text.columns).map(\.text).joined()
            #expect(row.hasPrefix("|end"), "\(text)")
        }
    }

    @Test(arguments: kinds)
    func `the last cell of all is right beside a wide character`(kind: Kind) throws {
        let terminal = try LoopbackTerminal(kind.name, size: Size(columns: 10, rows: 3), colour: kind.colour)
        let canvas = Canvas(size: terminal.screen.size)
        canvas.put("123456世9|", y: 2)
        try terminal.draw(canvas.frame)
        canvas.put("世|", x: 7, y: 2)
        try terminal.draw(canvas.frame)
        let row = terminal.emulator.picture.rows[2].map(\.text)
        #expect(row[9] == "|")
        #expect(["世", "?", " "].contains(row[7]))
        #expect(row[0..<6].joined() == "123456")
    }

    @Test func `controls in a frame are never sent`() throws {
        let terminal = try LoopbackTerminal("xterm-256color")
        let canvas = Canvas(size: terminal.screen.size)
        canvas.put("a\u{1B}[2Jb\u{7}\u{9B}31mc\r\nd", role: .text)
        try terminal.draw(canvas.frame)
        #expect(terminal.emulator.picture.lines[0] == "a[2Jb31mcd")
        #expect(terminal.emulator.picture.bells == 0)
    }

    @Test func `a terminal that takes nothing gets the newest frame when it does`() throws {
        let terminal = try LoopbackTerminal(
            "xterm-256color",
            size: Size(columns: 200, rows: 60),
            colour: "truecolor"
        )
        var generator = SeededGenerator(seed: 7)
        var frame = Frame(size: terminal.screen.size)
        for _ in 0..<50 {
            frame = Self.randomFrame(
                like: nil,
                size: terminal.screen.size,
                glyphs: .unicode,
                using: &generator
            )
            terminal.screen.draw(frame)
        }
        #expect(terminal.screen.hasPendingOutput)
        try terminal.pump()
        #expect(terminal.differences(from: frame) == [])
    }

    @Test func `giving the terminal back leaves it as it was`() throws {
        let terminal = try LoopbackTerminal("xterm-256color")
        terminal.emulator.feed([])
        let canvas = Canvas(size: terminal.screen.size)
        canvas.put("full screen", role: .title)
        try terminal.draw(canvas.frame)
        #expect(terminal.emulator.picture.isAlternateScreen)
        #expect(terminal.emulator.picture.wantsMouse)
        #expect(!terminal.emulator.picture.isCursorVisible)
        terminal.screen.restore()
        terminal.screen.restore()
        try terminal.pump()
        #expect(!terminal.emulator.picture.isAlternateScreen)
        #expect(!terminal.emulator.picture.wantsMouse)
        #expect(terminal.emulator.picture.isCursorVisible)
        #expect(try terminal.draw(Frame(size: Size(columns: 3, rows: 3))) == 0)
    }

    @Test func `a suspended screen comes back with what it showed`() throws {
        let terminal = try LoopbackTerminal("xterm-256color", colour: "truecolor")
        let canvas = Canvas(size: terminal.screen.size)
        canvas.put("prod-eu", x: 3, y: 2, role: .failed)
        try terminal.draw(canvas.frame)
        terminal.screen.suspend()
        try terminal.pump()
        terminal.emulator.feed("\u{1B}[2Jshell output".utf8)
        #expect(!terminal.emulator.picture.isAlternateScreen)
        terminal.screen.resume()
        try terminal.pump()
        #expect(terminal.emulator.picture.isAlternateScreen)
        #expect(terminal.differences(from: canvas.frame) == [])
    }

    @Test func `clipboard and bell reach the terminal`() throws {
        let terminal = try LoopbackTerminal("xterm-256color")
        terminal.screen.copy("main@sha1:9f2c1ab")
        terminal.screen.ring()
        try terminal.pump()
        let sent = String(decoding: terminal.transcript, as: UTF8.self)
        #expect(sent.contains("\u{1B}]52;c;bWFpbkBzaGExOjlmMmMxYWI=\u{7}"))
        #expect(terminal.emulator.picture.bells == 1)
    }

    @Test(arguments: [
        ("dumb", TerminalFailure.incapable(name: "dumb")),
        ("no-such-terminal", .unknown(name: "no-such-terminal")),
        ("", .noName),
    ])
    func `a terminal that cannot be used is refused with a reason`(name: String, failure: TerminalFailure) {
        #expect(throws: failure) { try LoopbackTerminal(name) }
        #expect(failure.description.contains("TERM"))
    }

    @Test func `no colour is sent when the operator wants none`() throws {
        let terminal = try LoopbackTerminal("xterm-256color", depth: .mono)
        let canvas = Canvas(size: terminal.screen.size)
        for (index, role) in Role.allCases.enumerated() {
            canvas.put("x", x: index % 40, y: index / 40, role: role)
        }
        try terminal.draw(canvas.frame)
        let styles = terminal.emulator.picture.rows.joined().map(\.style)
        #expect(styles.allSatisfy { $0.foreground == nil && $0.background == nil })
        #expect(terminal.differences(from: canvas.frame) == [])
    }
}

/// Numbers that can be had again.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        // SplitMix64, by Sebastiano Vigna.
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
