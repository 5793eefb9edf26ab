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

    /// Writes a cell, and the second column of a wide one, if both are inside the clip.
    ///
    /// What remains of a wide character that is half covered becomes a space.
    func set(_ cell: Cell, x: Int, y: Int, clip: Rect) {
        guard y >= clip.y, y < clip.maxY else { return }
        if cell.isWide {
            let hasFirst = x >= clip.x && x < clip.maxX
            let hasSecond = x + 1 >= clip.x && x + 1 < clip.maxX
            guard hasFirst, hasSecond else {
                let space = Cell(" ", role: cell.role, attributes: cell.attributes)
                if hasFirst { write(space, x: x, y: y) }
                if hasSecond { write(space, x: x + 1, y: y) }
                return
            }
            write(cell, x: x, y: y)
            write(Cell(continuationOf: cell), x: x + 1, y: y)
        } else if x >= clip.x, x < clip.maxX {
            write(cell, x: x, y: y)
        }
    }

    func change(x: Int, y: Int, _ change: (inout Cell) -> Void) {
        change(&rows[y][x])
    }

    private func write(_ cell: Cell, x: Int, y: Int) {
        let old = rows[y][x]
        if old.isContinuation, !cell.isContinuation, x > 0 {
            blank(x: x - 1, y: y)
        }
        if old.isWide, x + 1 < size.columns {
            blank(x: x + 1, y: y)
        }
        rows[y][x] = cell
    }

    private func blank(x: Int, y: Int) {
        rows[y][x] = Cell(" ", role: rows[y][x].role, attributes: rows[y][x].attributes)
    }
}
