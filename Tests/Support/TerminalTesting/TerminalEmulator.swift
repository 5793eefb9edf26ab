import CVTerm
package import Screen
import Themes

/// A terminal without a window: takes what programs write, and says what would be seen.
package final class TerminalEmulator {
    private let terminal: OpaquePointer
    private var size: Size

    /// An empty screen.
    package init(size: Size) {
        terminal = CVTerm_new(CInt(size.rows), CInt(size.columns))
        self.size = size
    }

    deinit {
        CVTerm_free(terminal)
    }

    /// Takes bytes from a program.
    package func feed(_ bytes: some Sequence<UInt8>) {
        let bytes = Array(bytes)
        CVTerm_write(terminal, bytes, bytes.count)
    }

    /// What the terminal answers to the program's questions since the last time.
    package func takeAnswers() -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 1_024)
        return Array(bytes.prefix(CVTerm_answer(terminal, &bytes, bytes.count)))
    }

    /// Makes the window larger or smaller.
    package func resize(to size: Size) {
        CVTerm_resize(terminal, CInt(size.rows), CInt(size.columns))
        self.size = size
    }

    /// What is seen now.
    package var picture: TerminalPicture {
        let state = CVTerm_state_of(terminal)
        return TerminalPicture(
            size: size,
            rows: (0..<size.rows).map { y in (0..<size.columns).map { x in cell(x: x, y: y) } },
            cursor: Position(x: Int(state.cursor_column), y: Int(state.cursor_row)),
            isCursorVisible: state.cursor_visible,
            isAlternateScreen: state.alternate_screen,
            wantsMouse: state.mouse_mode != 0,
            title: String(cString: CVTerm_title(terminal)),
            bells: Int(state.bells)
        )
    }

    private func cell(x: Int, y: Int) -> TerminalPicture.Cell {
        let cell = CVTerm_cell_at(terminal, CInt(y), CInt(x))
        var style = Style(foreground: Self.colour(cell.foreground), background: Self.colour(cell.background))
        if cell.bold { style.emphasis.insert(.bold) }
        if cell.underline { style.emphasis.insert(.underline) }
        if cell.italic { style.emphasis.insert(.italic) }
        if cell.reverse { style.emphasis.insert(.reverse) }
        return TerminalPicture.Cell(text: Self.text(of: cell), style: style)
    }

    private static func text(of cell: CVTerm_cell) -> String {
        let parts = cell.characters
        let scalars = [parts.0, parts.1, parts.2, parts.3, parts.4, parts.5]
        if scalars[0] == .max { return "" }
        let known = scalars.prefix { $0 != 0 }.compactMap { Unicode.Scalar($0) }
        return known.isEmpty ? " " : String(String.UnicodeScalarView(known))
    }

    private static func colour(_ colour: CVTerm_colour) -> Colour? {
        switch colour.kind {
        case CVTerm_colour_rgb: .rgb(colour.red, colour.green, colour.blue)
        case CVTerm_colour_indexed: .indexed(colour.index)
        default: nil
        }
    }
}
