import Chrono
import Dashboard
import Kube
import Screen
import Text

/// What differs of one applier's objects, field by field, as far as field ownership tells.
struct DriftTab {
    let pen: Pen
    let ref: ObjectRef
    let width: Int

    var lines: [[Span]] {
        let rows = pen.state.drift(of: ref)
        var lines =
            ExactLines(pen: pen, ref: ref, width: width).lines
            + HelmDriftLines(pen: pen, ref: ref, width: width).lines
        if rows.isEmpty {
            lines.append([Span("nothing that field ownership tells of", .dim)])
        }
        for row in rows {
            lines += self.lines(row)
        }
        lines.append([])
        let limits =
            "From field ownership alone: a removed field leaves no name, and what was put back while weir was "
            + "not looking is not known. Secrets and Jobs are not watched."
        lines += limits.wrapped(to: max(10, width)).map { [Span($0, .dim)] }
        return lines
    }

    private func lines(_ row: DriftRow) -> [[Span]] {
        let line = DriftLine(pen: pen, row: row)
        let back = line.back(isWhole: true)
        guard case .object(let drift) = row.kind else {
            return [
                [
                    Span("\(line.sign) ", line.role), Span(line.sentence),
                    Span("  \(pen.age(row.since))", .age),
                ]
            ] + (row.isMissing ? row.entry.map { OriginLines(pen: pen).object($0) } ?? [] : [])
        }
        var lines: [[Span]] = [
            [
                Span("\(line.sign) ", line.role), Span(line.object),
                Span(back.isEmpty ? "" : "  \(back)", .age),
            ]
        ]
        let origins = OriginLines(pen: pen, indent: 8)
        lines += origins.object(drift.entry)
        for hand in drift.hands {
            lines.append(head(hand, row))
            lines += hand.fields.flatMap { [[Span("      \($0)")]] + origins.field($0, of: drift.entry) }
            if hand.fieldCount > hand.fields.count {
                lines.append([Span("      \(hand.fieldCount - hand.fields.count) more fields", .dim)])
            }
        }
        return lines
    }

    private func head(_ hand: DriftHand, _ row: DriftRow) -> [Span] {
        let verb: String =
            switch hand.nature {
            case .edited: "edited with"
            case .overridden: "taken from Git by"
            case .extra: "added by"
            case .removed: "fields of Git's were removed; nobody's name stands on a removal"
            }
        let raw = hand.manager.isEmpty || hand.manager == hand.name ? "" : "  (\(hand.manager))"
        let since = hand.time.map { "  \(pen.now.since($0).age) ago" } ?? "  seen \(pen.age(row.since)) ago"
        return [
            Span("    \(verb) ", .dim), Span(hand.name, .accent), Span(raw, .dim), Span(since, .age),
            Span(hand.returns == false ? "  Flux leaves it" : "", .dim),
        ]
    }
}

extension DriftRow {
    fileprivate var isMissing: Bool {
        if case .missing = kind { true } else { false }
    }
}
