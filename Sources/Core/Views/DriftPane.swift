import Dashboard
import Kube
import Screen
import Text

/// What the selected cluster runs that is not what Git says.
struct DriftPane {
    let pen: Pen

    private var words: String {
        guard let id = pen.state.fleet.cluster, pen.state.clusters[id]?.summary.isComplete == true else {
            return "not known yet"
        }
        guard !pen.state.isCompared(id) else {
            return "runs what Git says now; what was put back before weir looked is unknown"
        }
        let why = pen.state.blindSpots(of: id).first ?? "some objects are not known yet"
        return "no difference seen, but not everything was compared: \(why)"
    }

    func draw(_ rect: Rect, isFocused: Bool, on canvas: Canvas) {
        let fleet = pen.state.fleet
        let cluster = fleet.cluster.map { " \(pen.glyphs.dot) \(pen.name($0))" } ?? ""
        let list = ListPane(
            pen: pen,
            title: [Span("Drift\(cluster)", isFocused ? .titleFocused : .title)],
            isFocused: isFocused
        )
        guard !fleet.driftRows.isEmpty else {
            list.drawEmpty(rect, words: words, on: canvas)
            return
        }
        list.draw(
            rect,
            columns: [
                .init("OBJECT", max(26, rect.width / 3)), .init("WHAT", 20),
                .init("WHO", 14, priority: rect.width < 90 ? 3 : 1), .init("SINCE", 5, .right, priority: 2),
            ],
            flexible: 1,
            detail: pen.state.fleet.selectedDrift.map { DriftLine(pen: pen, row: $0).detail(column: 1) },
            cursor: fleet.driftCursor,
            count: fleet.driftRows.count,
            target: { .fleetRow(.drift, index: $0) },
            on: canvas
        ) { index, line, places in
            DriftLine(pen: pen, row: fleet.driftRows[index]).draw(
                on: line,
                places,
                [.object, .what, .who, .since]
            )
        }
    }
}
