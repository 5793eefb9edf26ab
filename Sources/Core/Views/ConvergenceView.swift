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
            canvas.box(body, title: "Convergence").put(
                "this rollout is not known any more",
                x: 1,
                y: 0,
                role: .dim
            )
            return
        }
        let inside = canvas.box(body, title: title(convergence), focused: true)
        drawSummary(convergence, on: inside)
        let told = serverLines(convergence.receipt, width: inside.size.columns - 2)
        for (index, line) in told.prefix(max(0, inside.size.rows - 6)).enumerated() {
            inside.put(line, x: 1, y: 2 + index)
        }
        guard !convergence.rows.isEmpty else {
            return
        }
        // Below what the server said, where it said something.
        let top = 2 + (told.isEmpty ? 0 : min(told.count, max(0, inside.size.rows - 6)) + 1)
        let columns = Columns(convergence, names: pen.name, width: inside.size.columns - 2)
        let head =
            columns.isNarrow
            ? ["CLUSTER", "APPLIER", "", "FETCH", "APPLY", "HEALTH", "WHY"]
            : ["CLUSTER", "APPLIER", "PUSHED", "FETCHED", "APPLIED", "HEALTHY", "WHY"]
        put(zip(head, columns.widths).map { (Span($0, .heading), $1) }, y: top, on: inside)
        let first = min(pen.state.rollouts.scroll, max(0, convergence.rows.count - 1))
        var y = top + 1
        var shown = 0
        for row in convergence.rows.dropFirst(first) where y < inside.size.rows {
            y = draw(row, of: convergence, columns, y: y, on: inside)
            shown += 1
        }
        canvas.scrollbar(
            first: first,
            visible: shown,
            total: convergence.rows.count,
            x: body.maxX - 1,
            y: body.y + top + 2,
            height: max(0, inside.size.rows - top - 1)
        )
    }

    /// One row, with its reason below where that does not fit beside; returns the line after it.
    private func draw(
        _ row: Convergence.Row,
        of convergence: Convergence,
        _ columns: Columns,
        y: Int,
        on inside: Canvas
    ) -> Int {
        var cells = spans(row, of: convergence)
        let note = cells[Columns.note]
        let room = inside.size.columns - Columns.indent - 2
        guard note.columns > columns.widths[Columns.note], room > 8 else {
            put(Array(zip(cells, columns.widths)), y: y, on: inside)
            return y + 1
        }
        cells[Columns.note] = Span("")
        put(Array(zip(cells, columns.widths)), y: y, on: inside)
        let lines = note.text.wrapped(to: room)
        let told = lines.prefix(2) + [lines.dropFirst(2).joined(separator: " ")].filter { !$0.isEmpty }
        for (index, text) in told.enumerated() {
            inside.put(text, x: 1 + Columns.indent, y: y + 1 + index, role: note.role, width: room)
        }
        return y + 1 + told.count
    }

    /// Where the columns stand: the push is the same for all and goes first where room is short.
    private struct Columns {
        static let note = 6
        static let indent = 4
        let isNarrow: Bool
        let widths: [Int]

        init(_ convergence: Convergence, names: (ClusterID) -> String, width: Int) {
            let cluster = convergence.rows.map { names($0.member.applier.cluster).columns }.max() ?? 0
            let applier = convergence.rows.map { $0.member.applier.path.columns + 5 }.max() ?? 0
            isNarrow = width < 56
            let name = min(max(cluster, 7), isNarrow ? 8 : 20)
            let stage = isNarrow ? 6 : 9
            let first = [
                name, isNarrow ? max(4, width - name - 3 * (stage + 1) - 1) : min(max(applier, 8), 32),
                width >= 96 ? 8 : 0, stage, stage, stage,
            ]
            let used = first.reduce(0) { $0 + ($1 > 0 ? $1 + 1 : 0) }
            widths = first + [max(0, width - used)]
        }
    }

    private func title(_ convergence: Convergence) -> [Span] {
        [
            Span(convergence.isProposal ? "Proposal " : "Convergence ", .titleFocused),
            Span(Revision.cut(convergence.receipt.commit), .revision),
            Span(" \(convergence.subject)", .title),
            Span(" on \(convergence.receipt.branch)", .dim),
        ]
    }

    /// What the server said to the push, and where a pull request is opened.
    private func serverLines(_ receipt: PushReceipt, width: Int) -> [[Span]] {
        var lines: [[Span]] = []
        if let address = receipt.compare {
            lines += "Open a pull request: \(address)".wrapped(to: max(10, width)).map { [Span($0, .info)] }
        }
        for remark in receipt.remarks where receipt.compare.map({ !remark.contains($0) }) ?? true {
            lines += "remote: \(remark)".wrapped(to: max(10, width)).map { [Span($0, .dim)] }
        }
        return lines
    }

    private func drawSummary(_ convergence: Convergence, on inside: Canvas) {
        guard !convergence.isProposal else {
            inside.put(
                "The commit is on \(convergence.receipt.branch): no cluster changes before it is merged.",
                x: 1,
                y: 0
            )
            return
        }
        let total = convergence.rows.count
        var spans = [Span("\(convergence.done) of \(total) done", convergence.done == total ? .good : .text)]
        if convergence.stuck > 0 {
            spans.append(Span("   \(convergence.stuck) stuck", .bad))
        }
        let end = convergence.finished ?? pen.now
        let word = convergence.finished == nil ? "for" : "in"
        spans.append(Span("   \(word) \(end.since(convergence.pushed).took)", .dim))
        spans.append(Span("   pushed \(convergence.pushed.clock)Z", .dim))
        inside.put(spans, x: 1, y: 0)
        inside.put(stages(convergence), x: 1, y: 1)
        guard inside.size.columns >= 60 else {
            return
        }
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

    /// How many came how far, and how long the last of them took.
    private func stages(_ convergence: Convergence) -> [Span] {
        let words: [(Convergence.Stage, String)] = [
            (.fetched, "fetched"), (.applied, "applied"), (.healthy, "healthy"),
        ]
        return words.flatMap { stage, word -> [Span] in
            let (count, last) = convergence.reached(stage)
            let isWhole = count == convergence.rows.count
            let time =
                last.map { moment in
                    let took = moment.since(convergence.pushed)
                    return took < .seconds(1) ? " at once" : " after \(took.took)"
                } ?? ""
            return [Span("\(word) \(count)/\(convergence.rows.count)\(time)   ", isWhole ? .good : .dim)]
        }
    }

    private func spans(_ row: Convergence.Row, of convergence: Convergence) -> [Span] {
        let applier = row.member.applier
        let short = FluxKind.of(group: applier.group, kind: applier.kind)?.short ?? applier.kind
        var note = Span(row.note, .dim)
        if let stuck = row.stuck, !row.isDone {
            note = Span(stuck, .bad)
        } else if let later = row.supersededBy {
            note = Span("with the later commit \(Revision.cut(later))", .dim)
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
        for (span, width) in cells where width > 0 {
            canvas.put([span], x: x, y: y, width: width)
            x += width + 1
        }
    }
}
