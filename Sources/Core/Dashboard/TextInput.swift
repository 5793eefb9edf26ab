package import Keys
import Text

/// A line of text being typed, with the place where the next character goes.
package struct TextInput: Sendable, Hashable {
    /// What was typed, always harmless.
    package private(set) var text: String
    /// Characters before the insertion point.
    package private(set) var position: Int

    /// The longest text that can be typed, in characters.
    package static let limit = 400

    package init(_ text: String = "") {
        self.text = String(text.prefix(TextInput.limit))
        position = self.text.count
    }

    /// A text with the insertion point inside it.
    init(_ text: String, position: Int) {
        self.init(text)
        place(at: position)
    }

    /// Moves the insertion point, within the text.
    mutating func place(at position: Int) {
        self.position = min(max(0, position), text.count)
    }

    /// Types a key; false where the key is none that edits a line.
    package mutating func type(_ key: Key) -> Bool {
        switch key {
        case .character(let character): insert(String(character))
        case .paste(let pasted): insert(Sanitiser.line(pasted, limit: TextInput.limit))
        case .backspace: remove(from: position - 1, to: position)
        case .delete, .control("d"): remove(from: position, to: position + 1)
        case .left, .control("b"): position = max(0, position - 1)
        case .right, .control("f"): position = min(text.count, position + 1)
        case .home, .control("a"): position = 0
        case .end, .control("e"): position = text.count
        case .control("u"): remove(from: 0, to: position)
        case .control("k"): remove(from: position, to: text.count)
        case .control("w"): remove(from: wordStart, to: position)
        default: return false
        }
        return true
    }

    /// Replaces all of it.
    package mutating func set(_ text: String) {
        self = TextInput(text)
    }

    private var wordStart: Int {
        let before = Array(text.prefix(position))
        var start = before.count
        while start > 0, before[start - 1] == " " {
            start -= 1
        }
        while start > 0, before[start - 1] != " " {
            start -= 1
        }
        return start
    }

    private mutating func insert(_ addition: String) {
        let room = TextInput.limit - text.count
        guard room > 0 else {
            return
        }
        // A lone combining mark would join the character before it, so it is not taken.
        let added = String(addition.prefix(room))
        let whole = String(text.prefix(position)) + added + String(text.dropFirst(position))
        let grown = whole.count - text.count
        text = whole
        position = min(text.count, position + max(0, grown))
    }

    private mutating func remove(from start: Int, to end: Int) {
        let (first, last) = (max(0, start), min(text.count, end))
        guard first < last else {
            return
        }
        text = String(text.prefix(first)) + String(text.dropFirst(last))
        position = first
    }
}
