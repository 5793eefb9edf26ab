import Dashboard
import Screen
import Text

/// A bordered list with headings, a cursor and a scrollbar: what all panes and lists have in common.
struct ListPane {
    /// One column: where it stands is worked out from the widths of all.
    struct Column {
        let heading: String
        let width: Int
        let alignment: Alignment
        /// Columns of the least priority go first when there is no room.
        let priority: Int

        init(_ heading: String, _ width: Int, _ alignment: Alignment = .left, priority: Int = 0) {
            self.heading = heading
            self.width = width
            self.alignment = alignment
            self.priority = priority
        }
    }

    /// A column with its place; the one that takes the rest of the line is as wide as that.
    struct Place {
        let index: Int
        let x: Int
        let width: Int
        let alignment: Alignment
    }

    let pen: Pen
    let title: [Span]
    let isFocused: Bool

    /// Draws frame and headings, then each row of the window through `row`.
    ///
    /// - Shape: `flexible` is the column that takes what the others leave; `row` gets a canvas of one line
    ///   that begins behind the cursor's column; the `reserved` lowest lines are left for the caller.
    func draw<ID>(
        _ rect: Rect,
        reserved: Int = 0,
        columns: [Column],
        flexible: Int,
        cursor: Cursor<ID>,
        count: Int,
        target: (Int) -> PointerTarget,
        on canvas: Canvas,
        row: (Int, Canvas, [Place]) -> Void
    ) {
        let inside = canvas.box(rect, title: title, focused: isFocused)
        guard inside.size.rows > 0, inside.size.columns > 3 else {
            return
        }
        let places = ListPane.places(columns, flexible: flexible, width: inside.size.columns - 1)
        let head = inside.canvas(Rect(x: 1, y: 0, width: inside.size.columns - 1, height: 1))
        for place in places {
            head.field(
                columns[place.index].heading,
                x: place.x,
                y: 0,
                width: place.width,
                alignment: place.alignment,
                role: .heading
            )
        }
        let height = max(0, inside.size.rows - 1 - reserved)
        let window = cursor.window(count: count, height: height)
        for (offset, index) in window.enumerated() {
            let y = 1 + offset
            let line = inside.canvas(Rect(x: 1, y: y, width: inside.size.columns - 1, height: 1))
            row(index, line, places)
            if index == cursor.index {
                inside.put(String(pen.glyphs.pointer), x: 0, y: y, role: isFocused ? .accent : .dim)
                if isFocused {
                    inside.mark(Rect(x: 0, y: y, width: inside.size.columns, height: 1), attributes: .selected)
                }
            }
            pen.pointer.add(
                Rect(x: rect.x + 1, y: rect.y + 1 + y, width: inside.size.columns, height: 1),
                target(index)
            )
        }
        canvas.scrollbar(
            first: window.lowerBound,
            visible: window.count,
            total: count,
            x: rect.maxX - 1,
            y: rect.y + 2,
            height: height
        )
    }

    /// Says why a list is empty, in its middle.
    func drawEmpty(_ rect: Rect, words: String, on canvas: Canvas) {
        let inside = canvas.box(rect, title: title, focused: isFocused)
        let room = max(0, inside.size.columns - 2)
        for (line, text) in words.wrapped(to: max(1, room)).prefix(inside.size.rows).enumerated() {
            inside.put(text, x: 1, y: min(line + inside.size.rows / 3, inside.size.rows - 1), role: .dim)
        }
    }

    private static func places(_ columns: [Column], flexible: Int, width: Int) -> [Place] {
        var shown = Set(columns.indices)
        let gap = 1
        func needed() -> Int {
            shown.reduce(0) { $0 + columns[$1].width + gap }
        }
        for index in columns.indices.sorted(by: { columns[$0].priority > columns[$1].priority })
        where needed() > width && columns[index].priority > 0 {
            shown.remove(index)
        }
        let spare = max(0, width - needed())
        var x = 0
        return columns.indices.filter(shown.contains).map { index in
            let own = columns[index].width + (index == flexible ? spare : 0)
            defer { x += own + gap }
            return Place(
                index: index,
                x: x,
                width: max(0, min(own, width - x)),
                alignment: columns[index].alignment
            )
        }
    }
}

extension Canvas {
    /// Draws a text into a column.
    func put(
        _ text: String,
        in place: ListPane.Place,
        role: Role = .text,
        attributes: Cell.Attributes = []
    ) {
        field(
            text,
            x: place.x,
            y: 0,
            width: place.width,
            alignment: place.alignment,
            role: role,
            attributes: attributes
        )
    }
}
