package import Screen
package import Themes

/// What a terminal shows at one moment.
package struct TerminalPicture: Equatable, Sendable {
    /// One column of one row.
    package struct Cell: Equatable, Sendable {
        /// Base character and marks; a space where nothing was written, empty after a wide character.
        package let text: String
        package let style: Style
    }

    package let size: Size
    package let rows: [[Cell]]
    package let cursor: Position
    package let isCursorVisible: Bool
    package let isAlternateScreen: Bool
    /// Whether the program asked for mouse reports.
    package let wantsMouse: Bool
    package let title: String
    package let bells: Int

    /// The rows as text, without trailing spaces.
    package var lines: [String] {
        rows.map { row in
            var line = row.map(\.text).joined()
            while line.last == " " { line.removeLast() }
            return line
        }
    }

    /// All rows as one text.
    package var text: String { lines.joined(separator: "\n") }

    /// Whether the text stands somewhere on one row.
    package func shows(_ text: String) -> Bool {
        lines.contains { $0.contains(text) }
    }

    /// How the picture differs from a frame drawn with a theme; empty when it shows exactly that.
    ///
    /// - Shape: one sentence per cell, at most twenty. Dim is not compared: the emulator does not know it.
    package func differences(from frame: Frame, theme: Theme, depth: ColourDepth) -> [String] {
        guard size == frame.size else { return ["size \(size), expected \(frame.size)"] }
        var result: [String] = []
        for y in 0..<size.rows {
            for x in 0..<size.columns {
                let wanted = frame.rows[y][x]
                let found = rows[y][x]
                let text = wanted.isContinuation ? "" : String(wanted.character)
                var style = theme.style(for: wanted.role, attributes: wanted.attributes, depth: depth)
                style.emphasis.remove(.dim)
                if found.text != text { result.append("\(x),\(y): \"\(found.text)\", expected \"\(text)\"") }
                if found.style != style, !wanted.isContinuation {
                    result.append("\(x),\(y): \(found.style), expected \(style) for \(wanted.role)")
                }
                if result.count >= 20 { return result }
            }
        }
        if let place = frame.cursor {
            if !isCursorVisible || cursor != place {
                result.append("cursor \(isCursorVisible) at \(cursor), expected at \(place)")
            }
        }
        return result
    }
}
