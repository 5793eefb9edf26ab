import Configuration
import Dashboard
import Screen
import Text

/// What works here now; the chosen line can be run.
struct HelpDialog {
    let pen: Pen
    let help: HelpState

    /// A line of the list: a heading, or the command at a place.
    private enum Row {
        case heading(String)
        case line(Int)
    }

    private var rows: [Row] {
        var rows: [Row] = []
        for (index, line) in help.shown.enumerated() {
            if index == 0 || help.shown[index - 1].topic != line.topic {
                rows.append(.heading(line.topic))
            }
            rows.append(.line(index))
        }
        return rows
    }

    func draw(_ body: Rect, on canvas: Canvas) {
        let rows = self.rows
        let rect = body.centered(width: min(body.width, 76), height: min(body.height, max(1, rows.count) + 3))
        canvas.canvas(rect).clear(role: .dialog)
        let inside = canvas.box(rect, title: "Help: what works here now", role: .dialogBorder)
        let (content, foot) = inside.bounds.splitBottom(1)
        let first = firstRow(of: rows, height: content.height)
        for (offset, row) in rows.dropFirst(first).prefix(content.height).enumerated() {
            switch row {
            case .heading(let topic): inside.put(topic, x: 1, y: offset, role: .heading)
            case .line(let index): draw(index, y: offset, in: rect, on: inside)
            }
        }
        canvas.scrollbar(
            first: first,
            visible: min(content.height, rows.count),
            total: rows.count,
            x: rect.maxX - 1,
            y: rect.y + 1,
            height: content.height
        )
        if help.shown.isEmpty {
            inside.put("nothing matches", x: 1, y: 0, role: .dim)
        }
        drawFoot(inside.canvas(foot))
    }

    /// The first row drawn: the chosen line stays in the middle where there are more than fit.
    private func firstRow(of rows: [Row], height: Int) -> Int {
        let chosen = rows.firstIndex { row in
            if case .line(let index) = row {
                return index == help.cursor.index
            }
            return false
        }
        return max(0, min((chosen ?? 0) - height / 2, rows.count - height))
    }

    private func draw(_ index: Int, y: Int, in rect: Rect, on inside: Canvas) {
        let line = help.shown[index]
        inside.field(
            line.keys.joined(separator: " "),
            x: 1,
            y: y,
            width: 20,
            alignment: .right,
            role: .key
        )
        inside.put(line.text, x: 23, y: y, role: .keyLabel)
        let width = inside.size.columns
        if index == help.cursor.index {
            inside.put(String(pen.glyphs.pointer), x: 0, y: y, role: .accent)
            inside.mark(Rect(x: 0, y: y, width: width, height: 1), attributes: .selected)
        }
        pen.pointer.add(
            Rect(x: rect.x + 1, y: rect.y + 1 + y, width: width, height: 1),
            .modalRow(index: index)
        )
    }

    private func drawFoot(_ foot: Canvas) {
        guard help.isFiltering || !help.input.text.isEmpty else {
            foot.put(
                [
                    Span("Enter", .key), Span(" run it   ", .keyLabel), Span("/", .key),
                    Span(" filter   ", .keyLabel), Span("Esc", .key), Span(" back", .keyLabel),
                ],
                x: 1,
                y: 0
            )
            return
        }
        let used = foot.put("/", x: 1, y: 0, role: .key)
        InputField(input: help.input).draw(
            x: 1 + used,
            y: 0,
            width: foot.size.columns - 3,
            isFocused: help.isFiltering,
            on: foot
        )
    }
}

/// The completions of what is typed after `:`, above the line in which it is typed.
struct CompletionList {
    let pen: Pen
    let prompt: Prompt

    func draw(_ body: Rect, on canvas: Canvas) {
        let count = min(prompt.completions.count, 8, body.height)
        guard prompt.purpose.completes, count > 0 else {
            return
        }
        let sign = prompt.purpose == .command ? ":" : ""
        // Half a line of what lies below would look like a part of the list.
        let outer = body.width < 100 ? body.width : 74
        let hasFrame = body.height >= count + 4
        let frame = Rect(
            x: body.x,
            y: body.maxY - count - (hasFrame ? 2 : 0),
            width: outer,
            height: count + (hasFrame ? 2 : 0)
        )
        canvas.canvas(frame).clear(role: .dialog)
        if hasFrame {
            _ = canvas.box(frame, title: "", role: .dialogBorder)
        }
        let rect =
            hasFrame
            ? Rect(x: frame.x + 1, y: frame.y + 1, width: frame.width - 2, height: count) : frame
        let (list, width) = (canvas.canvas(rect), rect.width)
        for (index, completion) in prompt.completions.prefix(count).enumerated() {
            list.put(
                [Span(" \(sign)\(completion.line)", .key), Span("  \(completion.text)", .keyLabel)],
                x: 0,
                y: index
            )
            if index == prompt.chosen {
                list.mark(Rect(x: 0, y: index, width: width, height: 1), attributes: .selected)
            }
            pen.pointer.add(
                Rect(x: rect.x, y: rect.y + index, width: width, height: 1),
                .modalRow(index: index)
            )
        }
    }
}
