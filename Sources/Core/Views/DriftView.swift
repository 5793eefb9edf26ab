import Dashboard
import Screen
import Text

/// What differs from Git, on all clusters: who did it, since when, and when it comes back.
struct DriftView {
    let pen: Pen

    func draw(_ body: Rect, on canvas: Canvas) {
        let drift = pen.state.drift
        let sorted = drift.sort == .cluster ? [] : [Span("  by \(drift.sort.rawValue)", .dim)]
        let list = ListPane(pen: pen, title: title("Drift", drift.filter) + sorted, isFocused: true)
        guard !drift.list.isEmpty else {
            let words =
                drift.filter.isEmpty
                ? "every cluster runs what Git says, as far as field ownership tells" : "no drift matches"
            list.drawEmpty(body, words: words, on: canvas)
            return
        }
        let isWide = body.width >= 100
        list.draw(
            body,
            columns: [
                .init("CLUSTER", isWide ? 14 : 10), .init("OBJECT", max(20, body.width * 3 / 10)),
                .init("WHAT", 16), .init("WHO", isWide ? 18 : 12, priority: 1),
                .init("SINCE", 5, .right, priority: 2), .init("BACK", 5, .right, priority: 3),
            ],
            flexible: 2,
            detail: drift.list.selected.map { DriftLine(pen: pen, row: $0).detail(column: 2) },
            cursor: drift.list.cursor,
            count: drift.list.count,
            target: { .row(index: $0) },
            on: canvas
        ) { index, line, places in
            guard let row = drift.list[index] else {
                return
            }
            DriftLine(pen: pen, row: row).draw(
                on: line,
                places,
                [.cluster, .object, .what, .who, .since, .back]
            )
        }
    }
}
