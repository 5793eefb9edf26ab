import Chrono
import Dashboard
import Screen
import Text

/// What was changed through weir: who, when, what, and how it ended; newest first.
struct AuditView {
    let pen: Pen

    func draw(_ body: Rect, on canvas: Canvas) {
        let audit = pen.state.audit
        let state: Span? =
            audit.problem.map { Span("  \($0)", .bad) }
            ?? audit.read.map { Span("  as of \($0.clock)Z", .dim) }
        let list = ListPane(
            pen: pen,
            title: title("Audit", audit.filter) + [state].compactMap(\.self)
                + (audit.hasDryRuns ? [] : [Span("  without dry runs (/dry)", .dim)]),
            isFocused: true
        )
        guard !audit.rows.isEmpty else {
            list.drawEmpty(body, words: emptyWords(audit), on: canvas)
            return
        }
        let isWide = body.width >= 100
        list.draw(
            body,
            columns: [
                .init("WHEN", isWide ? 16 : 11), .init("WHO", isWide ? 16 : 10, priority: 1),
                .init("CLUSTER", isWide ? 14 : 10, priority: 3), .init("ACTION", 9), .init("SUBJECT", 22),
                .init("RESULT", 9, priority: 2),
            ],
            flexible: 4,
            detail: detail(audit),
            cursor: audit.cursor,
            count: audit.rows.count,
            target: { .row(index: $0) },
            on: canvas
        ) { index, line, places in
            draw(audit.rows[index], isWide: isWide, on: line, places)
        }
    }

    private func emptyWords(_ audit: AuditState) -> String {
        guard audit.filter.isEmpty else {
            return "no change matches"
        }
        guard let problem = audit.problem else {
            return audit.read == nil ? "reading the ledger" : "nothing was changed through weir yet"
        }
        return problem
    }

    private func detail(_ audit: AuditState) -> ListPane.Detail? {
        guard audit.rows.indices.contains(audit.cursor.index) else {
            return nil
        }
        let row = audit.rows[audit.cursor.index]
        return ListPane.Detail(text: row.detail, role: row.result == "failed" ? .bad : .dim, column: 4)
    }

    private func draw(_ row: AuditEntry, isWide: Bool, on line: Canvas, _ places: [ListPane.Place]) {
        for place in places {
            switch place.index {
            case 0:
                let time = row.at.clock.prefix(5)
                line.put(
                    isWide ? "\(row.at.day) \(time)" : "\(row.at.day.dropFirst(5)) \(time)",
                    in: place,
                    role: .age
                )
            case 1: line.put(row.who, in: place)
            case 2: line.put(row.cluster.isEmpty ? "Git" : pen.state.clusterName(row), in: place)
            case 3: line.put(row.action, in: place)
            case 4: line.put(row.subject, in: place)
            default:
                let role: Role =
                    switch row.result {
                    case "done": .good
                    case "failed": .bad
                    case nil: .reconciling
                    default: .dim
                    }
                line.put(row.result ?? "no answer", in: place, role: role)
            }
        }
    }
}
