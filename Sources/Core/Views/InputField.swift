import Dashboard
import Screen
import Text

/// A line being typed, scrolled so that the insertion point is always visible.
struct InputField {
    let input: TextInput
    var placeholder = ""

    /// Draws a line of a dialog: the pointer where it has the focus, what it is for, and the field in brackets.
    func draw(label: String, y: Int, isFocused: Bool, pointer: Character, on canvas: Canvas) {
        if isFocused {
            canvas.put(String(pointer), x: 0, y: y, role: .accent)
        }
        // Half of a narrow dialog at least is for what is typed.
        let most = max(0, canvas.size.columns / 2)
        let used = canvas.put(label, x: 1, y: y, role: isFocused ? .accent : .dim, width: most)
        let width = min(60, canvas.size.columns - used - 5)
        guard width > 1 else {
            return
        }
        canvas.put("[", x: used + 2, y: y, role: .dim)
        draw(x: used + 3, y: y, width: width, isFocused: isFocused, on: canvas)
        canvas.put("]", x: used + 3 + width, y: y, role: .dim)
    }

    func draw(x: Int, y: Int, width: Int, isFocused: Bool, on canvas: Canvas) {
        guard width > 1 else {
            return
        }
        canvas.field("", x: x, y: y, width: width, role: .input)
        if input.text.isEmpty {
            canvas.put(placeholder, x: x, y: y, role: .placeholder, width: width)
        }
        let before = String(input.text.prefix(input.position))
        let after = String(input.text.dropFirst(input.position))
        // The last column is for the insertion point; what is pasted may be very long.
        var used = 0
        var start = before.endIndex
        while start > before.startIndex {
            let previous = before.index(before: start)
            let columns = before[previous].columns
            guard used + columns <= width - 1 else {
                break
            }
            used += columns
            start = previous
        }
        canvas.put(before[start...], x: x, y: y, role: .input, width: width)
        canvas.put(after, x: x + used, y: y, role: .input, width: width - used)
        if isFocused {
            canvas.placeCursor(x: x + used, y: y)
        }
    }
}
