import Configuration
import Dashboard
import Screen
import Text

/// What works here now; the chosen line can be run.
struct HelpDialog {
    let pen: Pen
    let help: HelpState

    func draw(_ body: Rect, on canvas: Canvas) {
        let rect = body.centered(width: min(body.width, 76), height: min(body.height, help.shown.count + 4))
        canvas.canvas(rect).clear(role: .dialog)
        let inside = canvas.box(rect, title: "Help: what works here now", role: .dialogBorder)
        let (content, foot) = inside.bounds.splitBottom(1)
        let window = help.cursor.window(count: help.shown.count, height: content.height)
        for (offset, index) in window.enumerated() {
            let line = help.shown[index]
            inside.field(
                line.keys.joined(separator: " "),
                x: 1,
                y: offset,
                width: 20,
                alignment: .right,
                role: .key
            )
            inside.put(line.text, x: 23, y: offset, role: .keyLabel)
            let row = Rect(x: 0, y: offset, width: content.width, height: 1)
            if index == help.cursor.index {
                inside.put(String(pen.glyphs.pointer), x: 0, y: offset, role: .accent)
                inside.mark(row, attributes: .selected)
            }
            pen.pointer.add(
                Rect(x: rect.x + 1, y: rect.y + 1 + offset, width: content.width, height: 1),
                .modalRow(index: index)
            )
        }
        canvas.scrollbar(
            first: window.lowerBound,
            visible: window.count,
            total: help.shown.count,
            x: rect.maxX - 1,
            y: rect.y + 1,
            height: content.height
        )
        if help.shown.isEmpty {
            inside.put("nothing matches", x: 1, y: 0, role: .dim)
        }
        drawFoot(inside.canvas(foot))
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
        guard prompt.purpose == .command, count > 0 else {
            return
        }
        let width = min(body.width, 72)
        let rect = Rect(x: body.x, y: body.maxY - count, width: width, height: count)
        let list = canvas.canvas(rect)
        list.clear(role: .dialog)
        for (index, completion) in prompt.completions.prefix(count).enumerated() {
            list.put(
                [Span(" :\(completion.line)", .key), Span("  \(completion.text)", .keyLabel)],
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
