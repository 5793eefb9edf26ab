import Chrono
import Dashboard
import Kube
import Screen

/// The line at the top: the whole fleet in numbers, what weir may do, and the time.
struct TopBar {
    let pen: Pen

    func draw(on canvas: Canvas) {
        let right = self.right
        let rightWidth = right.reduce(0) { $0 + $1.columns }
        let room = canvas.size.columns - rightWidth - 1
        let left = fitting(room)
        canvas.put(left, x: 0, y: 0, width: max(0, room))
        if canvas.size.columns > rightWidth + 6 {
            canvas.put(right, x: canvas.size.columns - rightWidth, y: 0)
        }
    }

    /// The counts, shortened step by step until they fit: what is in order goes first.
    private func fitting(_ room: Int) -> [Span] {
        for detail in [Detail.words, .numbers, .troubleOnly] {
            let spans = self.spans(detail)
            if spans.reduce(0, { $0 + $1.columns }) <= room {
                return spans
            }
        }
        // A number that is cut says another one: whole ones go, the gravest stay.
        var spans = spans(.troubleOnly)
        while spans.count > 1, spans.reduce(0, { $0 + $1.columns }) > room {
            spans.removeLast()
        }
        return spans
    }

    private enum Detail {
        case words, numbers, troubleOnly
    }

    private func spans(_ detail: Detail) -> [Span] {
        let totals = pen.state.totals
        // What nobody told is none, never 0.
        let none = String(pen.glyphs.none)
        var spans = [Span(" weir ", .headerAccent, .bold)]
        if detail == .words {
            let clusters = "\(totals.clusters) cluster\(totals.clusters == 1 ? "" : "s")"
            let resources = totals.known == 0 ? none : "\(totals.counts.total)"
            spans.append(Span(" \(clusters)  \(resources) resources ", .text))
        }
        let shown: [SyncState] =
            detail == .troubleOnly
            ? [.failed, .stalled]
            : [.ready, .reconciling, .waiting, .failed, .stalled, .suspended]
        for state in shown {
            let count = totals.counts[state]
            guard count > 0 || state == .ready || state == .failed else {
                continue
            }
            let figure = totals.known == 0 ? none : "\(count)"
            spans.append(Span("  \(pen.symbol(state)) \(figure)", count > 0 ? pen.role(state) : .dim))
        }
        if totals.unreachable > 0 {
            spans.append(Span("  \(pen.glyphs.unreachable) \(totals.unreachable)", .unreachable))
        }
        let drifted = (totals.driftFigure ?? none) + (detail == .words ? " drifted" : "")
        spans.append(
            Span("  \(pen.glyphs.drift) \(drifted)", totals.drifted > 0 ? .drift : .dim)
        )
        let behind = (totals.behindFigure ?? none) + (detail == .words ? " behind" : "")
        spans.append(
            Span(
                "  \(pen.glyphs.behind) \(behind)",
                totals.clustersBehind > 0 ? .behind : .dim
            )
        )
        return spans
    }

    private var right: [Span] {
        var spans: [Span] = []
        if pen.state.held != nil {
            spans.append(Span(" held ", .warning, .bold))
        }
        if pen.state.isReadOnly {
            spans.append(Span(" read-only ", .readOnly))
        }
        // Minutes, not seconds: a clock that ticks would send bytes while nothing happens.
        spans.append(Span(" \(pen.now.clock.prefix(5))Z ", .text))
        return spans
    }
}
