package import Text

/// A place to draw: a rectangle of a screen under construction, with its own origin.
///
/// Canvases made from one another draw on the same screen. Nothing drawn leaves the rectangle, and a wide
/// character is never cut in half: where only one of its columns is inside, a space is drawn.
///
/// - Thread: the canvases of one screen stay on the thread that made them.
package struct Canvas {
    /// Symbols that the terminal can show.
    package let glyphs: Glyphs
    /// Columns and rows of this canvas.
    package var size: Size { area.size }
    /// The whole canvas in its own coordinates.
    package var bounds: Rect { Rect(area.size) }

    private let page: Page
    /// Where the canvas lies on the screen; may reach beyond it.
    private let area: Rect
    /// The part of the screen that may be drawn on.
    private let clip: Rect
    /// Added to everything drawn.
    private let common: Cell.Attributes

    /// A canvas for a whole new screen.
    package init(size: Size, glyphs: Glyphs = .unicode) {
        page = Page(size: size)
        area = Rect(size)
        clip = area
        common = []
        self.glyphs = glyphs
    }

    private init(page: Page, area: Rect, clip: Rect, common: Cell.Attributes, glyphs: Glyphs) {
        self.page = page
        self.area = area
        self.clip = clip
        self.common = common
        self.glyphs = glyphs
    }

    /// The screen as drawn so far.
    package var frame: Frame {
        Frame(size: page.size, rows: page.rows, cursor: page.cursor)
    }

    /// A canvas for a part of this one.
    package func canvas(_ rect: Rect) -> Canvas {
        let moved = Rect(x: area.x + rect.x, y: area.y + rect.y, width: rect.width, height: rect.height)
        return Canvas(
            page: page,
            area: moved,
            clip: clip.intersection(moved),
            common: common,
            glyphs: glyphs
        )
    }

    /// The same canvas, adding attributes to everything drawn on it: `.raised` for a bar or a dialog.
    package func adding(_ attributes: Cell.Attributes) -> Canvas {
        Canvas(page: page, area: area, clip: clip, common: common.union(attributes), glyphs: glyphs)
    }

    /// Shows the terminal's cursor, if the place is inside.
    package func placeCursor(x: Int, y: Int) {
        guard clip.contains(x: area.x + x, y: area.y + y) else { return }
        page.cursor = Position(x: area.x + x, y: area.y + y)
    }

    /// What was drawn at a place of this canvas; nil outside.
    package func cell(x: Int, y: Int) -> Cell? {
        guard clip.contains(x: area.x + x, y: area.y + y) else { return nil }
        return page.rows[area.y + y][area.x + x]
    }

    // MARK: Text

    /// Draws text on one line.
    ///
    /// - Shape: text longer than `width` ends in an ellipsis; controls and lone marks are skipped.
    /// - Units: `width` is the most columns to use; without it, up to the canvas's right edge.
    /// - Returns: the columns used, also where they were clipped.
    @discardableResult
    package func put(
        _ text: String,
        x: Int = 0,
        y: Int = 0,
        role: Role = .text,
        attributes: Cell.Attributes = [],
        width: Int? = nil
    ) -> Int {
        let room = max(0, width ?? (area.width - x))
        guard room > 0 else { return 0 }
        let look = attributes.union(common)
        let row = area.y + y
        let start = area.x + x
        let needsCut = !text.fits(in: room)
        let stop = needsCut ? start + room - 1 : start + room
        var column = start
        if text.isPrintableASCII {
            page.set(ascii: text, x: start, y: row, stop: stop, role: role, attributes: look, clip: clip)
            column = min(stop, start + text.utf8.count)
        } else {
            var cells: [Cell] = []
            for character in text {
                let width = character.columns
                if column + width > stop { break }
                guard width > 0 else { continue }
                cells.append(Cell(character, columns: width, role: role, attributes: look))
                column += width
            }
            page.set(cells, x: start, y: row, clip: clip)
        }
        if needsCut {
            page.set([Cell(glyphs.ellipsis, role: role, attributes: look)], x: column, y: row, clip: clip)
            column += 1
        }
        return column - start
    }

    /// Draws a part of a text on one line; see `put(_:x:y:role:attributes:width:)`.
    @discardableResult
    package func put(
        _ text: Substring,
        x: Int = 0,
        y: Int = 0,
        role: Role = .text,
        attributes: Cell.Attributes = [],
        width: Int? = nil
    ) -> Int {
        put(String(text), x: x, y: y, role: role, attributes: attributes, width: width)
    }

    /// Draws text in a field of exactly `width` columns, filled with spaces of the same look.
    package func field(
        _ text: String,
        x: Int,
        y: Int,
        width: Int,
        alignment: Alignment = .left,
        role: Role = .text,
        attributes: Cell.Attributes = []
    ) {
        guard width > 0 else { return }
        fill(Rect(x: x, y: y, width: width, height: 1), role: role, attributes: attributes)
        let missing = max(0, width - text.columns)
        let indent: Int
        switch alignment {
        case .left: indent = 0
        case .right: indent = missing
        case .center: indent = missing / 2
        }
        put(text, x: x + indent, y: y, role: role, attributes: attributes, width: width - indent)
    }

    /// Draws pieces of text after one another.
    ///
    /// - Shape: what does not fit into `width` is cut as in `put`; `attributes` are added to those of the spans.
    /// - Returns: the columns used.
    @discardableResult
    package func put(
        _ spans: [Span],
        x: Int = 0,
        y: Int = 0,
        attributes: Cell.Attributes = [],
        width: Int? = nil
    ) -> Int {
        let room = max(0, width ?? (area.width - x))
        var used = 0
        for (index, span) in spans.enumerated() where room > used {
            let rest = room - used
            let look = span.attributes.union(attributes)
            // The ellipsis belongs to the piece that fills the room when others follow it unseen.
            let followed = spans[(index + 1)...].contains { !$0.text.isEmpty }
            let text = followed && span.text.columns == rest ? span.text + " " : span.text
            used += put(text, x: x + used, y: y, role: span.role, attributes: look, width: rest)
        }
        return used
    }

    // MARK: Areas

    /// Fills a rectangle with one character of one column.
    package func fill(
        _ rect: Rect,
        with character: Character = " ",
        role: Role = .text,
        attributes: Cell.Attributes = []
    ) {
        let cell = Cell(character, role: role, attributes: attributes.union(common))
        let moved = Rect(x: area.x + rect.x, y: area.y + rect.y, width: rect.width, height: rect.height)
            .intersection(clip)
        guard !moved.isEmpty, !cell.isWide else { return }
        for y in moved.y..<moved.maxY { page.fill(moved.x..<moved.maxX, y: y, with: cell) }
    }

    /// Fills the whole canvas with spaces of one role.
    package func clear(role: Role = .text, attributes: Cell.Attributes = []) {
        fill(bounds, role: role, attributes: attributes)
    }

    /// Adds attributes to what is already drawn in a rectangle: for a selected row.
    package func mark(_ rect: Rect, attributes: Cell.Attributes) {
        restyle(rect) { $0.attributes.formUnion(attributes) }
    }

    /// Gives another role to what is already drawn in a rectangle: for rows that went stale.
    package func mark(_ rect: Rect, role: Role) {
        restyle(rect) { $0.role = role }
    }

    private func restyle(_ rect: Rect, _ change: (inout Cell) -> Void) {
        let moved = Rect(x: area.x + rect.x, y: area.y + rect.y, width: rect.width, height: rect.height)
            .intersection(clip)
        guard !moved.isEmpty else { return }
        for y in moved.y..<moved.maxY { page.change(moved.x..<moved.maxX, y: y, change) }
    }

    // MARK: Lines

    /// Adds a piece of line to a cell and joins it with a line of the same family that is already there.
    func join(_ sides: Sides, x: Int, y: Int, role: Role) {
        guard let old = cell(x: x, y: y) else { return }
        var joined = sides
        var look = role
        let there = glyphs.isASCII ? Sides(ascii: old.character) : Sides(old.character)
        if let there, old.role.lineFamily == role.lineFamily {
            joined.formUnion(there)
            // A line shared by two boxes shows that one of them has the focus.
            if old.role == .borderFocused { look = .borderFocused }
        }
        let line = Cell(glyphs.isASCII ? joined.ascii : joined.line, role: look, attributes: common)
        page.set([line], x: area.x + x, y: area.y + y, clip: clip)
    }
}

extension Role {
    /// Lines of one family are joined where they meet.
    fileprivate var lineFamily: Role {
        self == .borderFocused ? .border : self
    }
}

/// A piece of text with one look.
package struct Span: Hashable, Sendable {
    package var text: String
    package var role: Role
    package var attributes: Cell.Attributes

    package init(_ text: String, _ role: Role = .text, _ attributes: Cell.Attributes = []) {
        self.text = text
        self.role = role
        self.attributes = attributes
    }

    /// Columns of the text.
    package var columns: Int { text.columns }
}
