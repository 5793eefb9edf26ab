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

    /// What the selected row has to say in full, below the list; shown where its column cuts it.
    struct Detail {
        let text: String
        let role: Role
        /// The column that holds the same words.
        let column: Int
    }

    let pen: Pen
    let title: [Span]
    let isFocused: Bool

    /// Draws frame and headings, then each row of the window through `row`.
    ///
    /// - Shape: `flexible` is the column that takes what the others leave, `fallback` takes it where that one is
    ///   left out; `row` gets a canvas of one line that begins behind the cursor's column; the `reserved` lowest
    ///   lines are left for the caller.
    func draw<ID>(
        _ rect: Rect,
        reserved: Int = 0,
        columns: [Column],
        flexible: Int,
        fallback: Int = 0,
        detail: Detail? = nil,
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
        let places = ListPane.places(
            columns,
            flexible: flexible,
            fallback: fallback,
            width: inside.size.columns - 1
        )
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
        let told = detail.map { lines(of: $0, places, in: inside.size) } ?? []
        let height = max(0, inside.size.rows - 1 - reserved - (told.isEmpty ? 0 : told.count + 1))
        let window = cursor.window(count: count, height: height)
        for (offset, index) in window.enumerated() {
            let y = 1 + offset
            let line = inside.canvas(Rect(x: 1, y: y, width: inside.size.columns - 1, height: 1))
            row(index, line, places)
            if index == cursor.index {
                inside.put(String(pen.glyphs.pointer), x: 0, y: y, role: isFocused ? .accent : .dim)
                if isFocused {
                    inside.mark(
                        Rect(x: 0, y: y, width: inside.size.columns, height: 1),
                        attributes: .selected
                    )
                }
            }
            pen.pointer.add(
                Rect(x: rect.x + 1, y: rect.y + 1 + y, width: inside.size.columns, height: 1),
                target(index)
            )
        }
        if let detail, !told.isEmpty {
            let y = inside.size.rows - told.count
            canvas.horizontalLine(
                x: rect.x,
                y: rect.y + y,
                width: rect.width,
                role: isFocused ? .borderFocused : .border
            )
            for (index, text) in told.enumerated() {
                inside.put(text, x: 1, y: y + index, role: detail.role, width: inside.size.columns - 2)
            }
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

    /// The wrapped detail, as many lines as the list can spare; empty where its column shows all of it.
    private func lines(of detail: Detail, _ places: [Place], in size: Size) -> [String] {
        let most = min(4, size.rows / 3)
        let shown = places.first { $0.index == detail.column }?.width ?? 0
        guard most > 0, size.rows > 5, !detail.text.isEmpty, detail.text.columns > shown else {
            return []
        }
        let lines = detail.text.wrapped(to: max(1, size.columns - 2))
        return lines.prefix(most - 1)
            + [lines.dropFirst(most - 1).joined(separator: " ")].filter { !$0.isEmpty }
    }

    /// Says why a list is empty, in its middle.
    func drawEmpty(_ rect: Rect, words: String, on canvas: Canvas) {
        let inside = canvas.box(rect, title: title, focused: isFocused)
        let room = max(0, inside.size.columns - 2)
        for (line, text) in words.wrapped(to: max(1, room)).prefix(inside.size.rows).enumerated() {
            inside.put(text, x: 1, y: min(line + inside.size.rows / 3, inside.size.rows - 1), role: .dim)
        }
    }

    private static func places(_ columns: [Column], flexible: Int, fallback: Int, width: Int) -> [Place] {
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
        let widened = shown.contains(flexible) ? flexible : fallback
        var x = 0
        return columns.indices.filter(shown.contains).map { index in
            let own = columns[index].width + (index == widened ? spare : 0)
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
            String(text),
            x: place.x,
            y: 0,
            width: place.width,
            alignment: place.alignment,
            role: role,
            attributes: attributes
        )
    }
}
