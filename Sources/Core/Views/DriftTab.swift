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

    /// The annotation that `kubectl apply` leaves on what it applied.
    private static let appliedNote = "kubectl.kubernetes.io/last-applied-configuration"

    var lines: [[Span]] {
        let rows = pen.state.drift(of: ref)
        let exact = ExactLines(pen: pen, ref: ref, width: width)
        let findings = Dictionary(
            exact.findings.map { ($0.entry.ref(in: ref.cluster), $0) },
            uniquingKeysWith: { first, _ in first }
        )
        let outdated = exact.outdated
        var lines = exact.head + HelmDriftLines(pen: pen, ref: ref, width: width).lines
        if rows.isEmpty, findings.isEmpty {
            lines.append([Span("nothing that field ownership tells of", .dim)])
        }
        var told: Set<ObjectRef> = []
        for row in rows {
            let object = row.entry.map { $0.ref(in: ref.cluster) }
            // What was put back may differ again: then the comparison has lines of its own.
            let isOpen = row.kind.isOpen
            lines += self.lines(row, isOpen ? object.flatMap { findings[$0] } : nil, exact)
            if isOpen, let entry = row.entry, outdated.contains(entry) {
                lines.append([Span("    it changed since it was compared", .warning)])
            }
            if let object, isOpen {
                told.insert(object)
            }
        }
        for finding in exact.findings where !told.contains(finding.entry.ref(in: ref.cluster)) {
            lines += exact.lines(finding)
        }
        lines.append([])
        lines += exact.tail
        return lines
            + limits(isCompared: exact.isAnswered).wrapped(to: max(10, width)).map { [Span($0, .dim)] }
    }

    private func limits(isCompared: Bool) -> String {
        let since = pen.state.clusters[ref.cluster]?.snapshot.watchedSince
        let past = since.map { " more than \(pen.now.since($0).age) ago" } ?? ""
        let source =
            isCompared
            ? "Who did it is from field ownership, in which a removed field leaves no name."
            : "From field ownership alone: a removed field leaves no name."
        return
            "\(source) What was put back\(past), before weir looked, is unknown, but for what Events and the "
            + "ledger tell. Secrets and Jobs are not watched."
    }

    private func lines(
        _ row: DriftRow,
        _ finding: ExactDrift.Finding?,
        _ exact: ExactLines
    ) -> [[Span]] {
        let line = DriftLine(pen: pen, row: row)
        let back = line.back(isWhole: true)
        guard case .object(let drift) = row.kind else {
            return [
                [
                    Span("\(line.sign) ", line.role), Span(line.sentence),
                    Span(row.since == nil ? "" : "  \(pen.age(row.since))", .age),
                ]
            ] + (row.isMissing ? row.entry.map { OriginLines(pen: pen, width: width).object($0) } ?? [] : [])
                + verdict(finding)
        }
        var lines: [[Span]] = [
            [
                Span("\(line.sign) ", line.role), Span(line.object),
                Span(back.isEmpty ? "" : "  \(back)", .age),
            ]
        ]
        let origins = OriginLines(pen: pen, width: width, indent: 8)
        lines += origins.object(drift.entry)
        var compared = finding?.differences ?? []
        for hand in drift.hands {
            lines.append(head(hand, row))
            for path in hand.fields {
                // A field that was compared has both values.
                if let place = compared.firstIndex(where: { $0.path == path }) {
                    lines += exact.lines(compared.remove(at: place))
                } else {
                    lines.append([Span("      \(path)")])
                }
                lines += origins.field(path, of: drift.entry)
            }
            // kubectl apply writes it along with what it applies.
            if hand.manager.hasPrefix("kubectl"),
                let place = compared.firstIndex(where: { $0.path.contains(DriftTab.appliedNote) })
            {
                lines += exact.lines(compared.remove(at: place))
            }
            let rest = hand.fieldCount - hand.fields.count
            if rest > 0 {
                let more = hand.fields.isEmpty ? "" : "more "
                lines.append([Span("      \(rest) \(more)field\(rest == 1 ? "" : "s")", .dim)])
            }
        }
        if !compared.isEmpty {
            lines.append([Span("    who changed this is not on record", .dim)])
        }
        return lines + compared.flatMap { exact.lines($0) + origins.field($0.path, of: drift.entry) }
            + verdict(finding)
    }

    /// What a comparison says of an object beside its fields.
    private func verdict(_ finding: ExactDrift.Finding?) -> [[Span]] {
        switch finding?.outcome {
        case .same: [[Span("    compared: Flux would change nothing of it", .dim)]]
        case .unknown(let why): [[Span("    not compared: \(why)", .warning)]]
        case .differs, .missing, .letAlone, nil: []
        }
    }

    private func head(_ hand: DriftHand, _ row: DriftRow) -> [Span] {
        let verb: String =
            switch hand.nature {
            case .edited: "edited with"
            case .overridden: "taken from Git by"
            case .extra: "added by"
            case .removed: "fields that Git sets are gone; a removal leaves no name"
            }
        let raw = hand.manager.isEmpty || hand.manager == hand.name ? "" : "  (\(hand.manager))"
        let since = hand.time.map { "  \(pen.now.since($0).age) ago" } ?? seen(row)
        return [
            Span("    \(verb) ", .dim), Span(hand.name, .accent), Span(raw, .dim), Span(since, .age),
            Span(hand.returns == false ? "  Flux leaves it" : "", .dim),
        ]
    }
}

extension DriftTab {
    /// When a change without a time was made, as far as that is known.
    private func seen(_ row: DriftRow) -> String {
        if let since = row.since {
            return "  seen \(pen.now.since(since).age) ago"
        }
        return row.notBefore.map { "  within the last \(pen.now.since($0).age)" } ?? "  before weir looked"
    }
}

extension DriftRow {
    fileprivate var isMissing: Bool {
        if case .missing = kind { true } else { false }
    }
}

extension DriftRow.Kind {
    /// True for an object that differs now.
    fileprivate var isOpen: Bool {
        switch self {
        case .missing, .object: true
        case .source, .rewritten, .apply, .index, .helm, .corrected: false
        }
    }
}

extension ExactDrift.Finding {
    fileprivate var differences: [FieldDifference] {
        if case .differs(let fields) = outcome { fields } else { [] }
    }
}
