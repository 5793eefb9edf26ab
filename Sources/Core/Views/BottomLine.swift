import Configuration
import Dashboard
import Screen
import Text

/// The line at the bottom: what is being typed, else the newest notice, else the keys that work here.
struct BottomLine {
    let pen: Pen

    func draw(_ rect: Rect, on canvas: Canvas) {
        let line = canvas.canvas(rect)
        line.fill(line.bounds, role: .keyLabel)
        if case .prompt(let prompt) = pen.state.modal {
            drawPrompt(prompt, on: line)
            return
        }
        if let notice = pen.state.notices.last {
            let role: Role =
                switch notice.tone {
                case .done: .good
                case .told: .info
                case .problem: .bad
                }
            line.put(" \(notice.text)", x: 0, y: 0, role: role)
            return
        }
        drawHints(rect, on: line)
    }

    private func drawPrompt(_ prompt: Prompt, on line: Canvas) {
        let sign = prompt.purpose == .command ? ":" : "/"
        let used = line.put(sign, x: 0, y: 0, role: .key)
        InputField(input: prompt.input, placeholder: prompt.purpose == .command ? "command" : "filter")
            .draw(x: used, y: 0, width: line.size.columns - used, isFocused: true, on: line)
    }

    private func drawHints(_ rect: Rect, on line: Canvas) {
        var x = 1
        for hint in pen.state.hints {
            guard let key = hint.keys.first else {
                continue
            }
            let label = hint.command.label
            let width = key.columns + 1 + label.columns
            guard x + width < line.size.columns else {
                break
            }
            line.put(key, x: x, y: 0, role: .key)
            line.put(label, x: x + key.columns + 1, y: 0, role: .keyLabel)
            pen.pointer.add(
                Rect(x: rect.x + x, y: rect.y, width: width, height: 1),
                .command(hint.command.rawValue)
            )
            x += width + 2
        }
    }
}
