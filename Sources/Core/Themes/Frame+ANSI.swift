package import Screen

extension Frame {
    /// The frame as lines with colour sequences, for files and pipes that end in a terminal.
    ///
    /// - Shape: each line resets at its end; trailing cells are kept, for their background.
    package func ansi(theme: Theme, depth: ColourDepth) -> String {
        var output = ""
        for row in rows {
            var last: Style?
            for cell in row where !cell.isContinuation {
                let style = theme.style(for: cell.role, attributes: cell.attributes, depth: depth)
                if style != last { output += style.escapeSequence }
                last = style
                output.append(cell.character)
            }
            output += "\u{1B}[0m\n"
        }
        return output
    }
}
