package import Keys
import Text

/// Several lines being typed, with the place where the next character goes.
package struct TextBlock: Sendable, Hashable {
    /// Never empty; each harmless.
    package private(set) var lines: [TextInput]
    /// The line that keys go to.
    package private(set) var row: Int

    /// The most lines that can be typed.
    package static let limit = 500

    package init(_ text: String = "") {
        let all = text.split(separator: "\n", omittingEmptySubsequences: false)
        lines = all.prefix(TextBlock.limit).map { TextInput(String($0), position: 0) }
        if lines.isEmpty {
            lines = [TextInput()]
        }
        row = 0
    }

    package var text: String { lines.map(\.text).joined(separator: "\n") }

    /// Types a key; false where the key is none that edits a text.
    package mutating func type(_ key: Key) -> Bool {
        switch key {
        case .enter: breakLine()
        case .up: move(to: row - 1)
        case .down: move(to: row + 1)
        case .pageUp: move(to: row - 10)
        case .pageDown: move(to: row + 10)
        case .backspace where lines[row].position == 0: joinWithPrevious()
        case .delete where lines[row].position == lines[row].text.count:
            if row + 1 < lines.count {
                move(to: row + 1)
                lines[row].place(at: 0)
                joinWithPrevious()
            }
        case .paste(let pasted):
            let parts = pasted.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            for (index, part) in parts.enumerated() {
                if index > 0 {
                    breakLine()
                }
                _ = lines[row].type(.paste(String(part)))
            }
        default: return lines[row].type(key)
        }
        return true
    }

    private mutating func breakLine() {
        guard lines.count < TextBlock.limit else {
            return
        }
        let (text, position) = (lines[row].text, lines[row].position)
        lines[row] = TextInput(String(text.prefix(position)))
        lines.insert(TextInput(String(text.dropFirst(position)), position: 0), at: row + 1)
        row += 1
    }

    private mutating func joinWithPrevious() {
        guard row > 0 else {
            return
        }
        let rest = lines.remove(at: row).text
        row -= 1
        let place = lines[row].text.count
        lines[row] = TextInput(lines[row].text + rest, position: place)
    }

    private mutating func move(to target: Int) {
        let position = lines[row].position
        row = min(max(0, target), lines.count - 1)
        lines[row].place(at: position)
    }
}
