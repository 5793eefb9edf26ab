import Dashboard
import Screen
import Text

/// What can be typed into a filter, or what of it means nothing, above the line in which it is typed.
struct FilterHint {
    let pen: Pen
    let prompt: Prompt

    func draw(_ body: Rect, on canvas: Canvas) {
        let terms = pen.state.filterTerms
        guard isFilter, !terms.line.isEmpty, body.height > 4, body.width >= 30 else {
            return
        }
        let problem = terms.problem(of: Filter(prompt.input.text))
        let words = problem ?? "words, \(terms.line); a comma is or, ! turns a term round"
        let lines = Array(words.wrapped(to: body.width - 4).prefix(3))
        let rect = Rect(x: body.x, y: body.maxY - lines.count, width: body.width, height: lines.count)
        canvas.canvas(rect).clear(role: .dialog)
        let sign = problem == nil ? "  " : "\(pen.glyphs.caution) "
        for (index, line) in lines.enumerated() {
            canvas.put(
                [
                    Span(index == 0 ? sign : "  ", .warning),
                    Span(line, problem == nil ? .keyLabel : .warning),
                ],
                x: rect.x + 1,
                y: rect.y + index,
                width: rect.width - 2
            )
        }
    }

    private var isFilter: Bool {
        switch prompt.purpose {
        case .filterPane, .filterScreen: true
        case .command, .putBack: false
        }
    }
}
