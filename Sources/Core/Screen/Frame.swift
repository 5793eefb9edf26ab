/// A whole screen as a value: what a view says, and what the terminal is made to show.
package struct Frame: Hashable, Sendable {
    package let size: Size
    /// `size.rows` rows of `size.columns` cells.
    package let rows: [[Cell]]
    /// Where the terminal's cursor is shown; nil hides it.
    package var cursor: Position?

    /// An empty frame.
    package init(size: Size) {
        self.size = Size(columns: max(0, size.columns), rows: max(0, size.rows))
        let row = [Cell](repeating: .blank, count: self.size.columns)
        rows = [[Cell]](repeating: row, count: self.size.rows)
    }

    /// A frame of rows that are all `size.columns` long.
    init(size: Size, rows: [[Cell]], cursor: Position?) {
        self.size = size
        self.rows = rows
        self.cursor = cursor
    }

    /// The rows that differ from another frame: all of them when that has another size or is nil.
    package func changedRows(from other: Frame?) -> [Int] {
        guard let other, other.size == size else { return Array(rows.indices) }
        return rows.indices.filter { rows[$0] != other.rows[$0] }
    }

    /// The frame as lines of text, without trailing spaces.
    package func plainText() -> String {
        rows.map { row in
            var line = Self.text(of: row)
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }
        .joined()
    }

    /// The text of a row in all its columns.
    package static func text(of row: some Sequence<Cell>) -> String {
        var line = ""
        for cell in row where !cell.isContinuation { line.append(cell.character) }
        return line
    }
}
