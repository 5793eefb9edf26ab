import Dashboard
import Git
import Screen
import Text

/// A question of a mirror for a passphrase, a password or a user name; what is secret is masked.
struct SecretDialog {
    let pen: Pen
    let prompt: SecretPrompt
    /// How many others wait behind it.
    let others: Int

    func draw(_ body: Rect, on canvas: Canvas) {
        let width = min(body.width, 76)
        let lines = self.lines(width: max(1, width - 4))
        let rect = body.centered(width: width, height: min(body.height, lines.count + 6))
        canvas.canvas(rect).clear(role: .dialog)
        let inside = canvas.box(rect, title: title, role: .dialogBorder)
        let (content, foot) = inside.bounds.splitBottom(min(4, max(1, inside.size.rows)))
        for (index, line) in lines.prefix(content.height).enumerated() {
            inside.put(line, x: 1, y: index, width: content.width - 2)
        }
        drawFoot(inside.canvas(foot))
    }

    private var title: [Span] {
        let what =
            switch prompt.question.kind {
            case .passphrase: "Passphrase"
            case .password: "Password"
            case .userName: "User name"
            }
        return [Span("\(what) for ", .dialogTitle), Span(prompt.question.repository.name, .revision)]
    }

    private func lines(width: Int) -> [[Span]] {
        var lines = [[Span(prompt.question.repository.address, .dim)]]
        lines += prompt.question.text.wrapped(to: width).map { [Span($0)] }
        if prompt.question.attempt > 1 {
            lines.append([Span("The last answer was not taken: attempt \(prompt.question.attempt).", .bad)])
        }
        if others > 0 {
            let words = others == 1 ? "1 more question waits" : "\(others) more questions wait"
            lines.append([Span(words, .dim)])
        }
        return lines
    }

    private func drawFoot(_ foot: Canvas) {
        let width = max(0, foot.size.columns - 4)
        let y = foot.size.rows >= 4 ? 1 : 0
        foot.put("[", x: 1, y: y, role: .dim)
        foot.field("", x: 2, y: y, width: width, role: .input)
        let mask = pen.glyphs.isASCII ? "*" : String(pen.glyphs.ready)
        let shown =
            prompt.question.isMasked
            ? String(repeating: mask, count: prompt.typed.count) : Sanitiser.line(prompt.typed, limit: 400)
        // The end of it is what is being typed.
        var tail = shown[...]
        while tail.columns > width - 1, !tail.isEmpty {
            tail = tail.dropFirst()
        }
        foot.put(tail, x: 2, y: y, role: .input, width: width)
        foot.put("]", x: 2 + width, y: y, role: .dim)
        foot.placeCursor(x: 2 + tail.columns, y: y)
        if let problem = prompt.problem, foot.size.rows > 2 {
            foot.put(problem, x: 1, y: foot.size.rows - 2, role: .bad)
        }
        guard foot.size.rows > 1 else {
            return
        }
        foot.put(
            [
                Span("Enter", .key), Span(" give it   ", .keyLabel), Span("Esc", .key),
                Span(" do without   ", .keyLabel),
                Span("it is kept nowhere", .dim),
            ],
            x: 1,
            y: foot.size.rows - 1
        )
    }
}
