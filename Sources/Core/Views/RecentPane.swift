import Chrono
import Dashboard
import Kube
import Screen
import Text

/// The last finished reconciliations of the selected cluster, and how busy Flux is there.
struct RecentPane {
    let pen: Pen

    func draw(_ rect: Rect, isFocused: Bool, on canvas: Canvas) {
        let fleet = pen.state.fleet
        let cluster = fleet.cluster.map { " \(pen.glyphs.dot) \(pen.name($0))" } ?? ""
        let list = ListPane(
            pen: pen,
            title: [Span("Last reconcile\(cluster)", isFocused ? .titleFocused : .title)],
            isFocused: isFocused
        )
        guard !fleet.recentRows.isEmpty, rect.height > 4 else {
            list.drawEmpty(rect, words: "nothing was reconciled yet", on: canvas)
            return
        }
        list.draw(
            rect,
            reserved: 1,
            columns: [
                .init("TIME", 8),
                .init("KIND", 5, priority: 2),
                .init("RESOURCE", 12),
                .init("", 1),
                .init("TOOK", 6, .right, priority: 3),
                .init("REVISION", 8, priority: 4),
            ],
            flexible: 2,
            cursor: fleet.recentCursor,
            count: fleet.recentRows.count,
            target: { .fleetRow(.recent, index: $0) },
            on: canvas
        ) { index, line, places in
            draw(fleet.recentRows[index], on: line, places)
        }
        drawNumbers(rect, on: canvas)
    }

    private func draw(_ record: ReconcileRecord, on line: Canvas, _ places: [ListPane.Place]) {
        for place in places {
            switch place.index {
            case 0: line.put(record.finished.clock, in: place, role: .age)
            case 1:
                let kind =
                    FluxKind.of(group: record.ref.group, kind: record.ref.kind)?.short ?? record.ref.kind
                line.put(kind, in: place, role: .dim)
            case 2: line.put(record.ref.path, in: place)
            case 3: line.put(String(pen.symbol(record.outcome)), in: place, role: pen.role(record.outcome))
            case 4: line.put(record.duration?.took ?? "", in: place, role: .dim)
            default:
                let revision = record.revision
                line.put(
                    revision?.commit.map { Revision.cut($0) } ?? revision?.short ?? "",
                    in: place,
                    role: .revision
                )
            }
        }
    }

    private func drawNumbers(_ rect: Rect, on canvas: Canvas) {
        guard let cluster = pen.state.fleet.cluster else {
            return
        }
        let inside = rect.inset()
        let y = inside.maxY - 1
        let numbers = pen.state.statistics(of: cluster, now: pen.now)
        canvas.sparkline(numbers.perMinute, x: inside.x + 1, y: y, width: numbers.perMinute.count)
        var words = " \(numbers.perMinute.last ?? 0)/min"
        if let median = numbers.median, let slow = numbers.slow {
            words += "  p50 \(median.took)  p95 \(slow.took)"
        }
        if let next = numbers.nextDue {
            words += "  next \(next.since(pen.now).age)"
        }
        canvas.put(
            words,
            x: inside.x + 1 + numbers.perMinute.count,
            y: y,
            role: .dim,
            width: max(0, inside.width - numbers.perMinute.count - 1)
        )
    }
}
