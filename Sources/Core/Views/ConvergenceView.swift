import Chrono
import Dashboard
import Git
import Kube
import Screen
import Text

/// Is it there yet? Per applier the stages pushed, fetched, applied and healthy, with times.
struct ConvergenceView {
    let pen: Pen
    let id: Int

    func draw(_ body: Rect, on canvas: Canvas) {
        guard let convergence = pen.state.rollouts.convergences.first(where: { $0.id == id }) else {
            canvas.box(body, title: "Convergence").put("this rollout is not known any more", x: 1, y: 0, role: .dim)
            return
        }
        let inside = canvas.box(body, title: title(convergence), focused: true)
        drawSummary(convergence, on: inside)
        let head = ["CLUSTER", "APPLIER", "PUSHED", "FETCHED", "APPLIED", "HEALTHY", ""]
        let widths = columnWidths(convergence, width: inside.size.columns - 2)
        put(zip(head, widths).map { (Span($0, .heading), $1) }, y: 2, on: inside)
        let rows = Array(convergence.rows.dropFirst(pen.state.rollouts.scroll))
        for (index, row) in rows.prefix(max(0, inside.size.rows - 3)).enumerated() {
            put(Array(zip(spans(row, of: convergence), widths)), y: 3 + index, on: inside)
        }
    }

    private func title(_ convergence: Convergence) -> [Span] {
        [
            Span("Convergence ", .titleFocused),
            Span(String(convergence.receipt.commit.prefix(7)), .revision),
            Span(" \(convergence.subject)", .title),
            Span(" on \(convergence.receipt.branch)", .dim),
        ]
    }

    private func drawSummary(_ convergence: Convergence, on inside: Canvas) {
        let total = convergence.rows.count
        var spans = [Span("\(convergence.done) of \(total) done", convergence.done == total ? .good : .text)]
        if convergence.stuck > 0 {
            spans.append(Span("   \(convergence.stuck) stuck", .bad))
        }
        let end = convergence.finished ?? pen.now
        let word = convergence.finished == nil ? "for" : "in"
        spans.append(Span("   \(word) \(end.since(convergence.pushed).took)", .dim))
        inside.put(spans, x: 1, y: 0)
        let width = min(24, max(0, inside.size.columns / 3))
        inside.bar(
            convergence.done,
            of: max(total, 1),
            x: inside.size.columns - width - 1,
            y: 0,
            width: width,
            role: convergence.stuck > 0 ? .barPartial : .barFull
        )
    }

    private func columnWidths(_ convergence: Convergence, width: Int) -> [Int] {
        let cluster = convergence.rows.map { pen.name($0.member.applier.cluster).columns }.max() ?? 7
        let applier = convergence.rows.map { $0.member.applier.path.columns + 4 }.max() ?? 10
        let fixed = min(max(cluster, 7), 20) + min(max(applier, 8), 32) + 8 * 4 + 6
        return [
            min(max(cluster, 7), 20), min(max(applier, 8), 32), 8, 8, 8, 8, max(0, width - fixed),
        ]
    }

    private func spans(_ row: Convergence.Row, of convergence: Convergence) -> [Span] {
        let applier = row.member.applier
        let short = FluxKind.of(group: applier.group, kind: applier.kind)?.short ?? applier.kind
        var note = Span(row.note, .dim)
        if let stuck = row.stuck, !row.isDone {
            note = Span(stuck, .bad)
        } else if let later = row.supersededBy {
            note = Span("with the later commit \(later.prefix(7))", .dim)
        }
        return [
            Span(pen.name(applier.cluster)),
            Span("\(short) \(applier.path)"),
            Span(String(pen.glyphs.ready), .good),
            stage(row.fetched, row, since: convergence.pushed),
            stage(row.applied, row, since: convergence.pushed),
            stage(row.healthy, row, since: convergence.pushed),
            note,
        ]
    }

    private func stage(_ reached: Timestamp?, _ row: Convergence.Row, since pushed: Timestamp) -> Span {
        if let reached {
            return Span("\(pen.glyphs.ready) \(reached.since(pushed).took)", .good)
        }
        if row.isGone {
            return Span("gone", .dim)
        }
        return row.stuck == nil
            ? Span(String(pen.glyphs.waiting), .waiting) : Span(String(pen.glyphs.failed), .bad)
    }

    private func put(_ cells: [(Span, Int)], y: Int, on canvas: Canvas) {
        var x = 1
        for (span, width) in cells {
            canvas.put([span], x: x, y: y, width: width)
            x += width + 1
        }
    }
}
