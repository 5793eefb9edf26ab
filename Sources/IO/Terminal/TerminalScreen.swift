import CCurses
import CPosix
import Glibc
import Keys
package import Screen
package import Themes

/// How the terminal is to be used.
package struct TerminalOptions: Sendable {
    package var theme: Theme
    /// Nil leaves the choice to the terminal and to `NO_COLOR`.
    package var depth: ColourDepth?
    /// ASCII symbols even where others could be shown.
    package var ascii: Bool
    /// Whether the terminal reports the mouse; its own selection then needs Shift.
    package var mouse: Bool
    /// Whether the window's title is set, and put back at the end.
    package var title: Bool
    /// `TERM`, `COLORTERM`, `NO_COLOR` and `TMUX`.
    package var environment: [String: String]

    package init(
        theme: Theme = .standard,
        depth: ColourDepth? = nil,
        ascii: Bool = false,
        mouse: Bool = true,
        title: Bool = true,
        environment: [String: String] = TerminalOptions.processEnvironment()
    ) {
        self.theme = theme
        self.depth = depth
        self.ascii = ascii
        self.mouse = mouse
        self.title = title
        self.environment = environment
    }

    /// The variables of this process that matter to a terminal.
    package static func processEnvironment() -> [String: String] {
        var result: [String: String] = [:]
        for name in ["TERM", "COLORTERM", "NO_COLOR", "TMUX"] {
            if let value = getenv(name) { result[name] = String(cString: value) }
        }
        return result
    }
}

/// The terminal, as long as weir has it.
///
/// Frames go through curses into memory, and from there to the terminal as fast as it takes them. While it is busy
/// only the newest frame is kept, so a slow line shows the present and never a queue of pasts, and nothing here
/// ever waits for it. When nothing changed nothing is sent.
///
/// The terminal is put back by `restore`, by the end of the process, and by a crash.
///
/// - Thread: the UI thread alone. One at a time in a process.
package final class TerminalScreen {
    /// Columns and rows, as of the last look.
    package private(set) var size: Size
    /// What the terminal shows of colours.
    package let depth: ColourDepth
    /// The symbols to draw with.
    package let glyphs: Glyphs
    /// Bytes that went to the terminal so far.
    package private(set) var bytesWritten = 0
    /// Whether the terminal has still to take some output; poll for writing and call `flush`.
    package var hasPendingOutput: Bool { !pending.isEmpty }
    /// Whether the terminal has vanished.
    package private(set) var isGone = false
    /// The descriptor behind it.
    package let device: TerminalDevice

    /// How roles look; a new theme repaints everything.
    package var theme: Theme {
        didSet { if theme != oldValue { changeTheme() } }
    }

    /// Bytes of keys in the terminal's description.
    let keySequences: [[UInt8]: Key]

    private enum Phase {
        case active
        case suspended
        case restored
    }

    private let curses: OpaquePointer
    private let output: CursesOutput
    private let sequences: TerminalSequences
    private let trap: OutputTrap?
    private var pairs: ColourPairs
    private var text: CellText
    private var phase = Phase.active
    private var latest: Frame?
    private var shown: Frame?
    private var mustClear = true
    private var pending: [UInt8] = []
    private var sent = 0

    /// Takes the terminal over, with nothing drawn on it yet.
    package init(
        _ options: TerminalOptions = TerminalOptions(),
        on opened: TerminalDevice? = nil
    ) throws(TerminalFailure) {
        let device: TerminalDevice
        if let opened { device = opened } else { device = try TerminalDevice() }
        let profile = try TerminalProfile(environment: options.environment, ascii: options.ascii)
        output = try CursesOutput()
        guard let curses = CCurses_open(profile.description, output.descriptor) else {
            throw .unknown(name: profile.description)
        }
        guard CCurses_capability("cup") != nil else {
            CCurses_close(curses)
            throw .incapable(name: profile.description)
        }
        self.curses = curses
        self.device = device
        let colours = Int(CCurses_colour_count())
        depth = options.depth ?? .detect(environment: options.environment, colours: colours)
        theme = options.theme
        pairs = ColourPairs(theme: theme, depth: depth, colours: colours, pairs: Int(CCurses_pair_count()))
        text = CellText(isUTF8: profile.isUTF8, usesASCIIGlyphs: profile.usesASCIIGlyphs)
        glyphs = profile.usesASCIIGlyphs ? .ascii : .unicode
        sequences = TerminalSequences(profile: profile, mouse: options.mouse, title: options.title)
        keySequences = TerminalSequences.keys()
        size = device.size ?? Size(columns: 80, rows: 24)
        trap = OutputTrap()
        CPosix_rescue_install()
        // Curses began with the size in the terminal's description. It starts again with the real one.
        CCurses_resize(CInt(size.rows), CInt(size.columns))
        CCurses_leave()
        _ = output.take()
        takeOver()
    }

    deinit {
        restore()
        CCurses_close(curses)
    }

    // MARK: Drawing

    /// Shows a frame, at once or as soon as the terminal has taken the one before.
    ///
    /// - Shape: a frame of another size than the terminal's is cut, or leaves the rest empty.
    package func draw(_ frame: Frame) {
        latest = frame
        guard phase == .active, pending.isEmpty else { return }
        paint()
        flush()
    }

    /// Sends the whole screen again: other programs may have written over it.
    package func redraw() {
        mustClear = true
        shown = nil
        if let latest { draw(latest) }
    }

    /// Sends what the terminal takes now, and the newest frame when the one before is through.
    package func flush() {
        while !pending.isEmpty, !isGone {
            switch device.write(pending[sent...]) {
            case .moved(let count):
                sent += count
                bytesWritten += count
            case .wouldBlock: return
            case .gone: isGone = true
            }
            guard sent == pending.count || isGone else { continue }
            pending.removeAll(keepingCapacity: true)
            sent = 0
            if phase == .active, !isGone { paint() }
        }
    }

    /// Adds to the output what turns the shown frame into the latest one.
    private func paint() {
        guard let frame = latest, !isGone, frame != shown else { return }
        trap?.trim()
        let previous = shown?.size == frame.size ? shown : nil
        if previous == nil {
            CCurses_set_background(pairs.look(role: .text, attributes: []).pair)
            CCurses_erase(mustClear)
            mustClear = false
        }
        for y in frame.changedRows(from: previous) where y < size.rows {
            put(frame.rows[y], over: previous?.rows[y], y: y)
        }
        let cursor = frame.cursor.flatMap { $0.x < size.columns && $0.y < size.rows ? $0 : nil }
        CCurses_refresh(CInt(cursor?.y ?? -1), CInt(cursor?.x ?? -1))
        shown = frame
        collect()
    }

    private func put(_ row: [Cell], over old: [Cell]?, y: Int) {
        for x in 0..<min(row.count, size.columns) {
            let cell = row[x]
            if cell.isContinuation || old?[x] == cell { continue }
            let look = pairs.look(role: cell.role, attributes: cell.attributes)
            var column = x
            for unit in units(for: cell, x: x, y: y) {
                CCurses_put(CInt(y), CInt(column), unit.scalars, look.attributes, look.pair)
                column += unit.columns
            }
        }
    }

    private func units(for cell: Cell, x: Int, y: Int) -> [CellText.Unit] {
        guard cell.isWide else { return text.units(for: cell) }
        // Half a wide character at the edge of a terminal that is smaller than the frame.
        if x + 1 >= size.columns { return [.space] }
        // Curses writes the last cell of all by pushing it there, and pushes half the wide character before it.
        if y == size.rows - 1, x == size.columns - 3, !sequences.canHoldMargin { return [.space, .space] }
        return text.units(for: cell)
    }

    /// Moves what curses wrote to the pending output.
    private func collect() {
        pending += pairs.direct.applied(to: output.take())
    }

    private func changeTheme() {
        pairs = ColourPairs(
            theme: theme,
            depth: depth,
            colours: Int(CCurses_colour_count()),
            pairs: Int(CCurses_pair_count())
        )
        redraw()
    }

    // MARK: Other output

    /// Rings the terminal's bell.
    package func ring() {
        send([0x07])
    }

    /// Puts text on the operator's clipboard, where the terminal permits it.
    package func copy(_ text: String) {
        send(sequences.copy(text))
    }

    private func send(_ bytes: [UInt8]) {
        guard phase == .active, !isGone else { return }
        pending += bytes
        flush()
    }

    // MARK: Taking and giving back

    /// Looks at the terminal's size again; call it after `EventLoop.Occurrence.resized`.
    ///
    /// - Returns: the new size, for which a frame should be drawn soon.
    @discardableResult
    package func resize() -> Size {
        guard let found = device.size, found != size else { return size }
        size = found
        CCurses_resize(CInt(found.rows), CInt(found.columns))
        // A terminal may keep a scroll region of the old height.
        if phase == .active { send(sequences.wholeScreen) }
        mustClear = true
        shown = nil
        return size
    }

    /// Gives the terminal back for as long as this process is stopped, then takes it again.
    ///
    /// The whole process group stops, as it would by the terminal's own Ctrl-z. Where nobody could continue it (no
    /// job control) the system stops nothing and this returns at once.
    package func stop() {
        suspend()
        ProcessSignals.stopProcessGroup()
        resume()
    }

    /// Gives the terminal back to whoever started this program, who gets it as it was.
    package func suspend() {
        guard phase == .active else { return }
        giveBack()
        phase = .suspended
    }

    /// Takes the terminal again after a stop, with everything to be drawn anew.
    ///
    /// - Returns: false when the process is in the background for good, without job control.
    @discardableResult
    package func resume() -> Bool {
        guard phase != .restored, !isGone else { return false }
        if phase == .active {
            // Stopped without a warning: the shell has set the terminal to its own liking since.
            CPosix_rescue_disarm()
            CCurses_leave()
            _ = output.take()
        }
        phase = .suspended
        // In the background there is nothing to do but to stop again: coming to the fore is told by SIGCONT only to
        // those who are stopped.
        while !device.isForeground {
            guard ProcessSignals.stopProcessGroup() else { return false }
        }
        phase = .active
        pending.removeAll()
        sent = 0
        resize()
        takeOver()
        // A frame for another size would only flash up before the right one comes.
        if let latest, latest.size == size { draw(latest) }
        return true
    }

    /// Gives the terminal back for good; may be called any number of times.
    ///
    /// - Shape: waits for a terminal that does not take its output for half a second at most.
    package func restore() {
        if phase == .active { giveBack() }
        if phase != .restored { trap?.lift() }
        phase = .restored
    }

    private func takeOver() {
        device.enterRawMode()
        var modes = device.originalModes
        CPosix_rescue_prepare(
            device.descriptor,
            &modes,
            sequences.rescue,
            sequences.rescue.count,
            trap?.captured ?? -1,
            trap?.original ?? -1
        )
        CCurses_set_background(pairs.look(role: .text, attributes: []).pair)
        CCurses_erase(true)
        CCurses_refresh(-1, -1)
        shown = nil
        mustClear = false
        pending += pairs.direct.applied(to: output.take()).removing(sequences.paletteReset) + sequences.enter
        flush()
    }

    private func giveBack() {
        drain()
        CCurses_leave()
        collect()
        pending += sequences.leave
        drain()
        CPosix_rescue_disarm()
        device.leaveRawMode()
    }

    /// Sends what is pending, with a bounded patience.
    private func drain() {
        latest = shown
        for _ in 0..<5 where !pending.isEmpty && !isGone {
            flush()
            if pending.isEmpty || isGone { return }
            var ready = pollfd(fd: device.descriptor, events: Int16(POLLOUT), revents: 0)
            _ = poll(&ready, 1, 50)
        }
        guard !pending.isEmpty, !isGone else { return }
        // The line is stalled. What it holds is dropped for what leaves the screen, which then waits in its place
        // for the line to come back. The first byte cancels a sequence that was cut.
        tcflush(device.descriptor, TCOFLUSH)
        pending = [0x18] + sequences.rescue
        sent = 0
        flush()
        pending.removeAll()
        sent = 0
    }
}
