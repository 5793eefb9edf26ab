/// A number of columns and rows.
package struct Size: Hashable, Sendable {
    package var columns: Int
    package var rows: Int

    package init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
    }
}

/// A cell's place, counted from zero at the top left.
package struct Position: Hashable, Sendable {
    package var x: Int
    package var y: Int

    package init(x: Int, y: Int) {
        self.x = x
        self.y = y
    }
}

/// A rectangle of cells; never of negative width or height.
package struct Rect: Hashable, Sendable {
    package var x: Int
    package var y: Int
    package private(set) var width: Int
    package private(set) var height: Int

    /// Negative widths and heights become zero, so that layouts may subtract freely.
    package init(x: Int, y: Int, width: Int, height: Int) {
        self.x = x
        self.y = y
        self.width = max(0, width)
        self.height = max(0, height)
    }

    /// The rectangle of a whole screen.
    package init(_ size: Size) {
        self.init(x: 0, y: 0, width: size.columns, height: size.rows)
    }

    /// The first column to the right of the rectangle.
    package var maxX: Int { x + width }
    /// The first row below the rectangle.
    package var maxY: Int { y + height }
    /// Whether it has no cell.
    package var isEmpty: Bool { width == 0 || height == 0 }
    /// Its columns and rows.
    package var size: Size { Size(columns: width, rows: height) }

    /// Whether the cell lies inside.
    package func contains(x: Int, y: Int) -> Bool {
        x >= self.x && x < maxX && y >= self.y && y < maxY
    }

    /// What both rectangles cover; empty when they do not meet.
    package func intersection(_ other: Rect) -> Rect {
        let left = max(x, other.x)
        let top = max(y, other.y)
        return Rect(x: left, y: top, width: min(maxX, other.maxX) - left, height: min(maxY, other.maxY) - top)
    }

    /// The rectangle without so many columns and rows on each side.
    package func inset(columns: Int = 1, rows: Int = 1) -> Rect {
        Rect(x: x + columns, y: y + rows, width: width - 2 * columns, height: height - 2 * rows)
    }

    /// A rectangle of at most this size in the middle of this one: for dialogs.
    package func centered(width: Int, height: Int) -> Rect {
        let columns = min(width, self.width)
        let rows = min(height, self.height)
        return Rect(
            x: x + (self.width - columns) / 2,
            y: y + (self.height - rows) / 2,
            width: columns,
            height: rows
        )
    }

    /// The upper rows and the rest.
    package func splitTop(_ rows: Int) -> (top: Rect, rest: Rect) {
        let parts = self.rows([.fixed(rows), .weight(1)])
        return (parts[0], parts[1])
    }

    /// The lower rows and the rest.
    package func splitBottom(_ rows: Int) -> (rest: Rect, bottom: Rect) {
        let parts = self.rows([.weight(1), .fixed(rows)])
        return (parts[0], parts[1])
    }

    /// Rectangles below one another that fill this one.
    ///
    /// - Shape: as many as lengths. A gap of -1 lets neighbours share a row, for boxes with a common border.
    package func rows(_ lengths: [Length], gap: Int = 0) -> [Rect] {
        Length.spread(lengths, over: height, gap: gap).map {
            Rect(x: x, y: y + $0.offset, width: width, height: $0.length)
        }
    }

    /// Rectangles beside one another that fill this one; see `rows(_:gap:)`.
    package func columns(_ lengths: [Length], gap: Int = 0) -> [Rect] {
        Length.spread(lengths, over: width, gap: gap).map {
            Rect(x: x + $0.offset, y: y, width: $0.length, height: height)
        }
    }
}

/// How much of a side one part of a layout takes.
package enum Length: Hashable, Sendable {
    /// So many cells, as long as there are any left.
    case fixed(Int)
    /// A share of what the fixed parts leave.
    case weight(Int)
    /// A share, but at least so many cells, and these before other shares.
    case atLeast(Int, weight: Int)

    /// Offsets and lengths of the parts.
    ///
    /// - Shape: fixed parts are served in order while cells last; rounding goes to the earlier shares.
    package static func spread(_ lengths: [Length], over total: Int, gap: Int) -> [(offset: Int, length: Int)]
    {
        var left = max(0, total - gap * max(0, lengths.count - 1))
        var sizes = lengths.map { length in
            let wanted: Int
            switch length {
            case .fixed(let cells), .atLeast(let cells, _): wanted = cells
            case .weight: wanted = 0
            }
            let given = min(max(0, wanted), left)
            left -= given
            return given
        }
        share(&left, of: lengths, into: &sizes)
        var offset = 0
        return sizes.map { size in
            defer { offset += size + gap }
            return (min(offset, max(0, total)), min(size, max(0, total - offset)))
        }
    }

    /// Hands out the rest by weight; parts that already have more than their share get nothing.
    private static func share(_ left: inout Int, of lengths: [Length], into sizes: inout [Int]) {
        var open = lengths.indices.filter { lengths[$0].weight > 0 }
        while !open.isEmpty, left > 0 {
            let pool = left + open.reduce(0) { $0 + sizes[$1] }
            let weights = open.reduce(0) { $0 + lengths[$1].weight }
            let full = open.filter { sizes[$0] * weights > pool * lengths[$0].weight }
            if !full.isEmpty {
                open.removeAll { full.contains($0) }
                continue
            }
            var handed = 0
            var weightSoFar = 0
            for index in open {
                weightSoFar += lengths[index].weight
                let end = (pool * weightSoFar + weights - 1) / weights
                sizes[index] = end - handed
                handed = end
            }
            left = 0
        }
    }

    private var weight: Int {
        switch self {
        case .fixed: 0
        case .weight(let weight), .atLeast(_, let weight): max(0, weight)
        }
    }
}
