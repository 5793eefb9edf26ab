package import Screen
package import Themes

/// What a terminal shows at one moment.
package struct TerminalPicture: Equatable, Sendable, CustomStringConvertible {
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

    package var description: String { text }

    /// Whether the text stands somewhere on one row.
    package func shows(_ text: String) -> Bool {
        lines.contains { $0.contains(text) }
    }

    private struct Look: Hashable {
        let role: Role
        let attributes: Screen.Cell.Attributes
    }

    /// How the picture differs from a frame drawn with a theme; empty when it shows exactly that.
    ///
    /// - Shape: one sentence per cell, at most twenty. Dim is not compared: the emulator does not know it.
    ///   `lost` is what the terminal cannot show together with colours.
    package func differences(
        from frame: Frame,
        theme: Theme,
        depth: ColourDepth,
        lost: Style.Emphasis = []
    ) -> [String] {
        guard size == frame.size else { return ["size \(size), expected \(frame.size)"] }
        var result: [String] = []
        var styles: [Look: Style] = [:]
        func style(of cell: Screen.Cell) -> Style {
            let look = Look(role: cell.role, attributes: cell.attributes)
            if let known = styles[look] { return known }
            var style = theme.style(for: cell.role, attributes: cell.attributes, depth: depth)
            style.emphasis.remove(.dim)
            if style.foreground != nil || style.background != nil { style.emphasis.subtract(lost) }
            styles[look] = style
            return style
        }
        for y in 0..<size.rows {
            for x in 0..<size.columns {
                let wanted = frame.rows[y][x]
                let found = rows[y][x]
                let text = wanted.isContinuation ? "" : String(wanted.character)
                if found.text != text { result.append("\(x),\(y): \"\(found.text)\", expected \"\(text)\"") }
                if !wanted.isContinuation, found.style != style(of: wanted) {
                    result.append(
                        "\(x),\(y): \(found.style), expected \(style(of: wanted)) for \(wanted.role)"
                    )
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
