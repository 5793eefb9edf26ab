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
        if let words = pen.state.leavingWords {
            line.put(" \(words)", x: 0, y: 0, role: .info, width: line.size.columns)
            return
        }
        if let notice = pen.state.notices.last {
            line.put(" \(notice.text)", x: 0, y: 0, role: role(notice), width: line.size.columns)
            return
        }
        // What lies over the screen takes the keys and names its own.
        if pen.state.modal == nil, pen.state.secrets.isEmpty {
            drawHints(rect, on: line)
        }
    }

    private func role(_ notice: Notice) -> Role {
        switch notice.tone {
        case .done: .good
        case .told: .info
        case .problem: .bad
        }
    }

    /// A notice that one line would cut takes the lines above, over the end of the screen.
    func drawLong(_ rect: Rect, on canvas: Canvas) {
        guard let notice = pen.state.notices.last, pen.state.leavingWords == nil,
            notice.text.columns > rect.width - 2, rect.width > 20
        else {
            return
        }
        let most = max(1, min(4, rect.y / 4))
        let lines = notice.text.wrapped(to: rect.width - 2)
        let told =
            lines.prefix(most - 1) + [lines.dropFirst(most - 1).joined(separator: " ")].filter { !$0.isEmpty }
        let whole = Rect(
            x: rect.x,
            y: rect.maxY - told.count,
            width: rect.width,
            height: told.count
        )
        let area = canvas.canvas(whole)
        area.fill(area.bounds, role: .keyLabel)
        for (y, line) in told.enumerated() {
            area.put(line, x: 1, y: y, role: role(notice), width: rect.width - 2)
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
