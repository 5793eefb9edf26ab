import Dashboard
import Screen

/// Several lines being typed, scrolled so that the insertion point is always visible.
struct BlockField {
    let block: TextBlock

    func draw(on canvas: Canvas) {
        let (height, width) = (canvas.size.rows, canvas.size.columns - 2)
        guard height > 0, width > 1 else {
            return
        }
        let first = max(0, min(block.row - height / 2, block.lines.count - height))
        for (y, line) in block.lines.dropFirst(first).prefix(height).enumerated() {
            InputField(input: line).draw(
                x: 1,
                y: y,
                width: width,
                isFocused: first + y == block.row,
                on: canvas
            )
        }
    }
}
