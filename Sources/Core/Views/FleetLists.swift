import Chrono
import Dashboard
import Git
import Kube
import Screen
import Text

/// Events of the whole fleet, newest first.
struct EventsView {
    let pen: Pen

    func draw(_ body: Rect, on canvas: Canvas) {
        let events = pen.state.events
        let list = ListPane(pen: pen, title: title("Events", events.filter), isFocused: true)
        guard !events.list.isEmpty else {
            list.drawEmpty(body, words: events.filter.isEmpty ? "no events" : "no event matches", on: canvas)
            return
        }
        list.draw(
            body,
            columns: [
                .init("AGE", 4, .right), .init("CLUSTER", body.width >= 100 ? 12 : 8, priority: 2),
                .init("REASON", 23, priority: 3), .init("OBJECT", body.width >= 100 ? 28 : 20),
                .init("MESSAGE", 20),
            ],
            flexible: 4,
            detail: events.list.selected.map {
                .init(text: "\($0.reason): \($0.message)", role: $0.isWarning ? .bad : .dim, column: 4)
            },
            cursor: events.list.cursor,
            count: events.list.count,
            target: { .row(index: $0) },
            on: canvas
        ) { index, line, places in
            guard let event = events.list[index] else {
                return
            }
            EventLine(pen: pen, event: event).draw(on: line, places)
        }
    }
}

struct EventLine {
    let pen: Pen
    let event: FluxEvent

    func draw(on line: Canvas, _ places: [ListPane.Place]) {
        for place in places {
            switch place.index {
            case 0: line.put(pen.age(event.at), in: place, role: .age)
            case 1: line.put(pen.name(event.about.cluster), in: place)
            case 2:
                let count = event.count > 1 ? " \(pen.glyphs.times)\(event.count)" : ""
                line.put(event.reason + count, in: place, role: event.isWarning ? .bad : .dim)
            case 3:
                let kind =
                    FluxKind.of(group: event.about.group, kind: event.about.kind)?.short ?? event.about.kind
                line.put("\(kind) \(event.about.path)", in: place)
            default: line.put(event.message, in: place, role: event.isWarning ? .text : .dim)
            }
        }
    }
}

/// What was changed through weir in this session, and how it goes on.
struct RolloutsView {
    let pen: Pen

    func draw(_ body: Rect, on canvas: Canvas) {
        let rollouts = pen.state.rollouts
        let list = ListPane(
            pen: pen,
            title: [Span("Rollouts, resyncs, suspensions", .titleFocused)],
            isFocused: true
        )
        guard !rollouts.rows.isEmpty else {
            list.drawEmpty(
                body,
                words: "nothing was changed from here yet, and nothing is suspended",
                on: canvas
            )
            return
        }
        list.draw(
            body,
            columns: [
                .init("STARTED", 8), .init("WHAT", 30), .init("DONE", 7, .right),
                .init("STATE", 11, priority: 2),
            ],
            flexible: 1,
            detail: rollouts.rows.indices.contains(rollouts.cursor.index)
                ? .init(text: rollouts.rows[rollouts.cursor.index].title, role: .dim, column: 1) : nil,
            cursor: rollouts.cursor,
            count: rollouts.rows.count,
            target: { .row(index: $0) },
            on: canvas
        ) { index, line, places in
            draw(rollouts.rows[index], on: line, places)
        }
    }

    private func draw(_ row: RolloutRow, on line: Canvas, _ places: [ListPane.Place]) {
        for place in places {
            switch place.index {
            case 0:
                let isLong = row.started.map { pen.now.since($0) >= .seconds(43_200) } ?? true
                line.put(
                    isLong ? pen.age(row.started) : row.started?.clock ?? "",
                    in: place,
                    role: .age
                )
            case 1: line.put(row.title, in: place)
            case 2: line.put(row.total == 0 ? "" : "\(row.done)/\(row.total)", in: place)
            case 3 where row.isSuspension:
                line.put(
                    [pen.span(.suspended), Span(" suspended", .suspended)],
                    x: place.x,
                    y: 0,
                    width: place.width
                )
            default:
                let words = row.failed > 0 ? "\(row.failed) failed" : row.isFinished ? "done" : "under way"
                line.put(
                    words,
                    in: place,
                    role: row.failed > 0 ? .bad : row.isFinished ? .good : .reconciling
                )
            }
        }
    }
}

extension RolloutRow {
    fileprivate var isSuspension: Bool {
        if case .suspension = id {
            return true
        }
        return false
    }
}

func title(_ name: String, _ filter: Filter) -> [Span] {
    filter.isEmpty
        ? [Span(name, .titleFocused)] : [Span(name, .titleFocused), Span("  /\(filter.text)", .matched)]
}
