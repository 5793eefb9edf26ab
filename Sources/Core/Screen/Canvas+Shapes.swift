extension Canvas {
    /// Draws a horizontal line that joins the lines it meets.
    package func horizontalLine(x: Int, y: Int, width: Int, role: Role = .border) {
        guard width > 0 else { return }
        for column in 0..<width {
            var sides: Sides = [.left, .right]
            if width > 1, column == 0 { sides = .right }
            if width > 1, column == width - 1 { sides = .left }
            join(sides, x: x + column, y: y, role: role)
        }
    }

    /// Draws a vertical line that joins the lines it meets.
    package func verticalLine(x: Int, y: Int, height: Int, role: Role = .border) {
        guard height > 0 else { return }
        for row in 0..<height {
            var sides: Sides = [.up, .down]
            if height > 1, row == 0 { sides = .down }
            if height > 1, row == height - 1 { sides = .up }
            join(sides, x: x, y: y + row, role: role)
        }
    }

    /// Draws a box with a title in its upper line, and returns a canvas for its inside.
    ///
    /// - Shape: boxes that share a line are joined there; the focused one's colour wins.
    ///   Needs two columns and two rows, else nothing is drawn and the inside is empty.
    @discardableResult
    package func box(
        _ rect: Rect,
        title: String = "",
        role: Role = .border,
        focused: Bool = false
    ) -> Canvas {
        box(
            rect,
            title: title.isEmpty ? [] : [Span(title, focused ? .titleFocused : titleRole(for: role))],
            role: role,
            focused: focused
        )
    }

    /// Draws a box whose title has several looks; see `box(_:title:role:focused:)`.
    @discardableResult
    package func box(_ rect: Rect, title: [Span], role: Role = .border, focused: Bool = false) -> Canvas {
        guard rect.width >= 2, rect.height >= 2 else {
            return canvas(Rect(x: rect.x, y: rect.y, width: 0, height: 0))
        }
        let line = focused && role == .border ? Role.borderFocused : role
        let (right, bottom) = (rect.maxX - 1, rect.maxY - 1)
        for y in [rect.y, bottom] {
            for x in rect.x + 1..<max(rect.x + 1, right) { join([.left, .right], x: x, y: y, role: line) }
        }
        for x in [rect.x, right] {
            for y in rect.y + 1..<max(rect.y + 1, bottom) { join([.up, .down], x: x, y: y, role: line) }
        }
        // Corners in one piece: half a line looks like a whole one and would be joined as such.
        join([.down, .right], x: rect.x, y: rect.y, role: line)
        join([.down, .left], x: right, y: rect.y, role: line)
        join([.up, .right], x: rect.x, y: bottom, role: line)
        join([.up, .left], x: right, y: bottom, role: line)
        let room = rect.width - 4
        if !title.isEmpty, room > 0 {
            put(" ", x: rect.x + 1, y: rect.y, role: line)
            let used = put(title, x: rect.x + 2, y: rect.y, width: room)
            put(" ", x: rect.x + 2 + used, y: rect.y, role: line)
        }
        return canvas(rect.inset())
    }

    private func titleRole(for border: Role) -> Role {
        border == .dialogBorder ? .dialogTitle : .title
    }

    /// Draws a bar that is filled in proportion, in eighths of a cell where the glyphs have them.
    ///
    /// - Shape: an amount above zero shows at least something and one below the total never looks full.
    package func bar(
        _ value: Int,
        of total: Int,
        x: Int,
        y: Int,
        width: Int,
        role: Role = .barFull,
        attributes: Cell.Attributes = []
    ) {
        guard width > 0 else { return }
        let steps = glyphs.eighths.count
        let whole = width * steps
        var filled = 0
        if total > 0 {
            let share = Double(min(max(0, value), total)) / Double(total)
            filled = Int((share * Double(whole)).rounded())
            if value > 0 { filled = max(1, filled) }
            if value < total { filled = min(whole - 1, filled) }
        }
        for column in 0..<width {
            let part = min(steps, max(0, filled - column * steps))
            if part == 0 {
                put(String(glyphs.barEmpty), x: x + column, y: y, role: .barEmpty, attributes: attributes)
            } else {
                put(String(glyphs.eighths[part - 1]), x: x + column, y: y, role: role, attributes: attributes)
            }
        }
    }

    /// Draws the newest values as a row of columns of varying height, the newest at the right.
    ///
    /// - Shape: scaled to the largest value shown; zero is the lowest level.
    package func sparkline(
        _ values: [Int],
        x: Int,
        y: Int,
        width: Int,
        role: Role = .sparkline,
        attributes: Cell.Attributes = []
    ) {
        let shown = values.suffix(max(0, width))
        let top = max(1, shown.max() ?? 1)
        let highest = glyphs.levels.count - 1
        let start = x + width - shown.count
        for (offset, value) in shown.enumerated() {
            let share = Double(max(0, value)) / Double(top)
            let level = value > 0 ? max(1, Int((share * Double(highest)).rounded())) : 0
            put(String(glyphs.levels[level]), x: start + offset, y: y, role: role, attributes: attributes)
        }
    }

    /// Draws a scrollbar in one column, when there is something to scroll.
    ///
    /// - Units: rows of the list; `first` is the first one visible.
    package func scrollbar(first: Int, visible: Int, total: Int, x: Int, y: Int, height: Int) {
        guard total > visible, visible > 0, height > 0 else { return }
        let thumb = max(1, height * visible / total)
        let furthest = total - visible
        let top = (height - thumb) * min(max(0, first), furthest) / furthest
        for row in top..<min(height, top + thumb) {
            put(String(glyphs.scrollThumb), x: x, y: y + row, role: .scrollbar)
        }
    }
}
