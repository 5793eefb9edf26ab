import Glibc
import Dashboard
import FoundationEssentials
import Screen
import Terminal
import Themes
import Views

package struct SnapshotCommand {
    private let size: String
    private let view: String
    /// Nil prints no colours.
    private let depth: ColourDepth?

    package init(size: String, view: String, colour: Bool) {
        self.size = size
        self.view = view
        depth = colour ? .trueColour : nil
    }

    /// The wall, as large as the terminal unless a size is given, in colours where there is a terminal.
    package init(wallOf size: String?) {
        let terminal = TerminalFacts.current(environment: ProcessInfo.processInfo.environment)
        let own = terminal.columns.flatMap { columns in terminal.rows.map { "\(columns)x\($0)" } }
        self.size = size ?? own ?? "120x40"
        view = "wall"
        depth = terminal.isTerminal && terminal.colours != .mono ? terminal.colours : nil
    }

    /// The names that `--view` takes.
    package static let viewNames = AppState.viewNames

    /// Prints the frame that the dashboard would draw once every cluster answered or timed out.
    package func run(_ options: LaunchOptions) throws(LaunchFailure) -> Int32 {
        let size = try frameSize()
        guard SnapshotCommand.viewNames.contains(view) else {
            let names = SnapshotCommand.viewNames.joined(separator: ", ")
            throw LaunchFailure("--view \(view) is unknown; the views are \(names)")
        }
        try LogFile.start(options)
        var options = options
        options.isReadOnly = true
        let fleet = try HeadlessFleet(options, columns: size.columns, rows: size.rows)
        fleet.settle(within: .seconds(20))
        fleet.settleDrift(within: .seconds(10))
        fleet.store.perform { $0.show(view: view, now: SystemClock.now).effects }
        fleet.store.dispatch(.timePassed)
        if view == "commits" {
            fleet.run(for: .seconds(10)) {
                !$0.commits.isLoading && ($0.commits.diff != nil || $0.commits.commits.isEmpty)
            }
        }
        if view == "audit" {
            fleet.run(for: .seconds(5)) { $0.audit.read != nil || $0.audit.problem != nil }
        }
        let look = try Look(options, settings: fleet.store.state.settings)
        let glyphs: Glyphs = look.isASCII || !SnapshotCommand.isUTF8 ? .ascii : .unicode
        let frame = render(fleet.store.state, size: size, glyphs: glyphs, now: SystemClock.now).frame
        CommandLineOutput.print(
            depth.map { frame.ansi(theme: look.theme, depth: $0) } ?? text(of: frame, fleet.store.state),
            terminator: ""
        )
        fleet.stop()
        return 0
    }

    /// A text without the line of keys at its end, which nobody can press there.
    private func text(of frame: Frame, _ state: AppState) -> String {
        let lines = frame.plainText().split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        let hasKeys = state.notices.isEmpty && state.screen != .wall
        let shown = hasKeys ? lines.dropLast() : lines
        return shown.map { "\($0)\n" }.joined()
    }

    private func frameSize() throws(LaunchFailure) -> Size {
        let numbers = size.lowercased().split(separator: "x").compactMap { Int($0) }
        guard
            numbers.count == 2, let columns = numbers.first, let rows = numbers.last,
            (20...1000).contains(columns), (5...1000).contains(rows)
        else {
            throw LaunchFailure(
                "--size \(size): write it as COLUMNSxROWS, such as 120x40, from 20x5 to 1000x1000"
            )
        }
        return Size(columns: columns, rows: rows)
    }

    /// Pipes have no locale of their own: only an explicit one that is not UTF-8 asks for ASCII.
    private static var isUTF8: Bool {
        for name in ["LC_ALL", "LC_CTYPE", "LANG"] {
            if let value = TextFile.environment(name), !value.isEmpty {
                let plain = value.lowercased()
                return plain.contains("utf-8") || plain.contains("utf8") || plain == "c" || plain == "posix"
            }
        }
        return true
    }
}
