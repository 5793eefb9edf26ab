import Configuration
import Dashboard
import Git
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
            line.put(" \(notice.text)", x: 0, y: 0, role: role, width: line.size.columns)
            return
        }
        // What lies over the screen takes the keys and names its own.
        if pen.state.modal == nil, pen.state.secrets.isEmpty {
            drawHints(rect, on: line)
        }
    }

    private func drawPrompt(_ prompt: Prompt, on line: Canvas) {
        let (sign, placeholder) =
            switch prompt.purpose {
            case .command: (":", "command")
            case .putBack(let commit): ("back to \(commit.short), path: ", "path")
            case .filterPane, .filterScreen: ("/", "filter")
            }
        let used = line.put(sign, x: 0, y: 0, role: .key)
        InputField(input: prompt.input, placeholder: placeholder)
            .draw(x: used, y: 0, width: line.size.columns - used, isFocused: true, on: line)
    }

    private func drawHints(_ rect: Rect, on line: Canvas) {
        let hints = pen.state.hints.filter { !$0.keys.isEmpty }
        // Who knows nothing else must see how to get help: room is kept for it.
        let help = hints.last { $0.command == .help }
        let kept = help.map { width(of: $0) + 2 } ?? 0
        var x = 1
        for hint in hints where hint.command != .help {
            guard x + width(of: hint) + kept < line.size.columns else {
                break
            }
            draw(hint, x: x, rect, on: line)
            x += width(of: hint) + 2
        }
        if let help, x + width(of: help) < line.size.columns {
            draw(help, x: x, rect, on: line)
        }
    }

    private func width(of hint: HelpLine) -> Int {
        (hint.keys.first ?? "").columns + 1 + hint.text.columns
    }

    private func draw(_ hint: HelpLine, x: Int, _ rect: Rect, on line: Canvas) {
        let key = hint.keys.first ?? ""
        line.put(key, x: x, y: 0, role: .key)
        line.put(hint.text, x: x + key.columns + 1, y: 0, role: .keyLabel)
        pen.pointer.add(
            Rect(x: rect.x + x, y: rect.y, width: width(of: hint), height: 1),
            .command(hint.command.rawValue)
        )
    }
}
