import Dashboard
import Screen
import Text

/// A line being typed, scrolled so that the insertion point is always visible.
struct InputField {
    let input: TextInput
    var placeholder = ""

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
        // The last column is for the insertion point.
        var shown = Substring(before)
        while shown.columns > width - 1 {
            shown = shown.dropFirst()
        }
        let used = shown.columns
        canvas.put(shown, x: x, y: y, role: .input, width: width)
        canvas.put(after, x: x + used, y: y, role: .input, width: width - used)
        if isFocused {
            canvas.placeCursor(x: x + used, y: y)
        }
    }
}
