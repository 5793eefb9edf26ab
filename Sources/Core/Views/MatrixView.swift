import Dashboard
import Git
import Kube
import Screen
import Text

/// Which version runs where? Appliers by name, clusters as columns.
struct MatrixView {
    let pen: Pen

    func draw(_ body: Rect, on canvas: Canvas) {
        let matrix = pen.state.matrix
        let inside = canvas.box(body, title: title(matrix), focused: true)
        guard !matrix.rows.isEmpty, inside.size.rows > 1 else {
            inside.put("no applier is known yet", x: 1, y: 0, role: .dim)
            return
        }
        let nameWidth = min(max(matrix.longest + 4, 12), 34)
        let cellWidth = 12
        let fitting = max(1, (inside.size.columns - nameWidth - 2) / (cellWidth + 1))
        // The selected column is always among those that fit.
        let first = max(0, min(matrix.column - fitting + 1, matrix.columns.count - fitting))
        let columns = Array(matrix.columns.dropFirst(first).prefix(fitting))
        if columns.count < matrix.columns.count {
            let words = "\(first + 1) to \(first + columns.count) of \(matrix.columns.count) clusters"
            let x = body.maxX - words.columns - 4
            canvas.put(" \(words) ", x: max(body.x + 1, x), y: body.maxY - 1, role: .title)
        }
        drawHead(columns, matrix: matrix, nameWidth: nameWidth, cellWidth: cellWidth, on: inside)
        let window = matrix.cursor.window(count: matrix.rows.count, height: inside.size.rows - 1)
        for (offset, index) in window.enumerated() {
            let y = 1 + offset
            let row = pen.state.matrixRow(matrix.rows[index], columns: columns)
            draw(row, columns, nameWidth: nameWidth, cellWidth: cellWidth, y: y, on: inside)
            if index == matrix.cursor.index {
                let place = matrix.column - first
                inside.mark(Rect(x: 0, y: y, width: nameWidth + 1, height: 1), attributes: .selected)
                inside.mark(
                    Rect(x: nameWidth + 1 + place * (cellWidth + 1), y: y, width: cellWidth, height: 1),
                    attributes: [.selected, .bold]
                )
            }
            pen.pointer.add(
                Rect(x: body.x + 1, y: body.y + 1 + y, width: inside.size.columns, height: 1),
                .row(index: index)
            )
        }
    }

    private func title(_ matrix: MatrixState) -> [Span] {
        var title = [Span("Matrix", .titleFocused)]
        for repository in pen.state.repositories.values.sorted(by: { $0.id < $1.id }).prefix(3) {
            for (ref, head) in repository.heads.sorted(by: { $0.key < $1.key }).prefix(2) {
                let branch = ref.hasPrefix("refs/heads/") ? String(ref.dropFirst(11)) : ref
                title.append(Span("  \(repository.id.name) \(branch)@", .dim))
                title.append(Span(Revision.cut(head), .revision))
            }
        }
        if !matrix.filter.isEmpty {
            title.append(Span("  /\(matrix.filter.text)", .matched))
        }
        return title
    }

    private func drawHead(
        _ columns: [ClusterID],
        matrix: MatrixState,
        nameWidth: Int,
        cellWidth: Int,
        on inside: Canvas
    ) {
        inside.field("APPLIER", x: 1, y: 0, width: nameWidth - 1, role: .heading)
        for (index, cluster) in columns.enumerated() {
            inside.field(
                pen.name(cluster),
                x: nameWidth + 1 + index * (cellWidth + 1),
                y: 0,
                width: cellWidth,
                role: .heading
            )
        }
    }

    private func draw(
        _ row: MatrixRow,
        _ columns: [ClusterID],
        nameWidth: Int,
        cellWidth: Int,
        y: Int,
        on inside: Canvas
    ) {
        inside.put(
            [Span("\(row.short) ", .dim), Span("\(row.id.namespace)/\(row.id.name)")],
            x: 1,
            y: y,
            width: nameWidth - 1
        )
        for (index, cluster) in columns.enumerated() {
            let x = nameWidth + 1 + index * (cellWidth + 1)
            guard let cell = row.cells[cluster] else {
                inside.put(String(pen.glyphs.none), x: x, y: y, role: .dim)
                continue
            }
            var role: Role = cell.behind.isBehind ? .behind : .revision
            if cell.isOdd {
                role = .warning
            }
            let revision = cell.revision.split(separator: "@").last.map(String.init) ?? cell.revision
            // Not by colour alone: what is behind says how far, what is odd for another reason is marked.
            var sign = ""
            if let count = cell.behind.count, count > 0 {
                sign = " \(pen.glyphs.behind)\(count)"
            } else if cell.isOdd {
                sign = " \(pen.glyphs.caution)"
            }
            inside.put(
                [
                    pen.span(cell.state), Span(" \(revision)", role, cell.isOdd ? .bold : []),
                    Span(sign, role),
                ],
                x: x,
                y: y,
                width: cellWidth
            )
        }
    }
}
