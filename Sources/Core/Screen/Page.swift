/// The cells that canvases of one screen share while it is drawn.
final class Page {
    let size: Size
    private(set) var rows: [[Cell]]
    var cursor: Position?

    init(size: Size) {
        let frame = Frame(size: size)
        self.size = frame.size
        rows = frame.rows
    }

    /// Writes cells beside one another from a column on, as far as they are inside the clip.
    ///
    /// A wide one brings its second column. Where only half of it is inside, a space is written there, and what
    /// remains of a wide character that is half covered becomes a space as well.
    func set(_ cells: [Cell], x: Int, y: Int, clip: Rect) {
        let width = cells.reduce(0) { $0 + Int($1.columns) }
        let range = max(x, clip.x)..<max(x, clip.x, min(x + width, clip.maxX))
        guard y >= clip.y, y < clip.maxY, !range.isEmpty else { return }
        separate(range, y: y)
        Self.edit(&rows[y]) { row in
            var column = x
            for cell in cells {
                if !cell.isWide {
                    if range.contains(column) { row[column] = cell }
                } else if range.contains(column), range.contains(column + 1) {
                    row[column] = cell
                    row[column + 1] = Cell(continuationOf: cell)
                } else {
                    let space = Cell(" ", role: cell.role, attributes: cell.attributes)
                    if range.contains(column) { row[column] = space }
                    if range.contains(column + 1) { row[column + 1] = space }
                }
                column += Int(cell.columns)
            }
        }
    }

    /// Writes printable ASCII from a column on, up to `stop`, as far as it is inside the clip.
    func set(
        ascii text: String,
        x: Int,
        y: Int,
        stop: Int,
        role: Role,
        attributes: Cell.Attributes,
        clip: Rect
    ) {
        let first = max(x, clip.x)
        let end = min(stop, clip.maxX, x + text.utf8.count)
        guard y >= clip.y, y < clip.maxY, first < end else { return }
        separate(first..<end, y: y)
        var column = x
        Self.edit(&rows[y]) { row in
            for byte in text.utf8 {
                if column >= end { break }
                if column >= first { row[column] = Cell(ascii: byte, role: role, attributes: attributes) }
                column += 1
            }
        }
    }

    /// Writes a cell of one column into all columns of a range, which lies inside the page.
    func fill(_ range: Range<Int>, y: Int, with cell: Cell) {
        separate(range, y: y)
        Self.edit(&rows[y]) { row in
            for x in range { row[x] = cell }
        }
    }

    /// Changes the look of the cells of a range, which lies inside the page.
    func change(_ range: Range<Int>, y: Int, _ change: (inout Cell) -> Void) {
        Self.edit(&rows[y]) { row in
            for x in range { change(&row[x]) }
        }
    }

    /// One access to the row for all its cells: the checks of an access cost more than the writing.
    private static func edit(_ row: inout [Cell], _ body: (inout [Cell]) -> Void) {
        body(&row)
    }

    /// Blanks the outer halves of wide characters that the edges of a range cut.
    private func separate(_ range: Range<Int>, y: Int) {
        if range.lowerBound > 0, rows[y][range.lowerBound].isContinuation {
            blank(x: range.lowerBound - 1, y: y)
        }
        if range.upperBound < size.columns, rows[y][range.upperBound].isContinuation {
            blank(x: range.upperBound, y: y)
        }
    }

    private func blank(x: Int, y: Int) {
        rows[y][x] = Cell(" ", role: rows[y][x].role, attributes: rows[y][x].attributes)
    }
}
