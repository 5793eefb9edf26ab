import Chrono
import Dashboard
import Kube
import Screen
import Text

/// What an applier would change if it ran now: each field as Git has it beside what it is.
struct ExactLines {
    let pen: Pen
    let ref: ObjectRef
    let width: Int

    /// Paths and values stand side by side where there is room for both.
    private var isWide: Bool { width >= 100 }

    /// What came of the comparison as a whole: each object's fields stand in the object's own lines.
    var head: [[Span]] {
        switch pen.state.exactStanding(of: ref) {
        case nil: []
        case .asking: [[Span("asking the cluster what Flux would change \(pen.glyphs.ellipsis)", .dim)], []]
        case .failed(let why):
            why.wrapped(to: max(10, width)).map { [Span($0, .warning)] } + [[]]
        case .answered(let drift): [head(drift)] + unknown(drift)
        }
    }

    /// What the comparison does not tell, or tells with a proviso.
    var tail: [[Span]] {
        guard let drift else {
            return []
        }
        var lines = drift.findings.compactMap { finding -> [Span]? in
            switch finding.outcome {
            case .letAlone(let why):
                [Span("  \(name(finding)): Flux leaves it alone: \(why)", .dim)]
            case .same, .differs, .missing, .unknown: nil
            }
        }
        lines += drift.remarks.flatMap { remark in
            "  \(remark)".wrapped(to: max(10, width)).map { [Span($0, .dim)] }
        }
        return lines.isEmpty ? [] : lines + [[]]
    }

    /// What was found of each object that nobody changed since.
    var findings: [ExactDrift.Finding] {
        let changed = pen.state.changedSinceCompared(ref)
        return drift?.findings.filter { !changed.contains($0.entry) } ?? []
    }

    /// The objects that were compared, and changed since.
    var outdated: Set<InventoryEntry> {
        guard let drift else {
            return []
        }
        return pen.state.changedSinceCompared(ref).intersection(drift.findings.map(\.entry))
    }

    /// True where the cluster told what an apply would change.
    var isAnswered: Bool { drift != nil }

    private var drift: ExactDrift? {
        if case .answered(let drift) = pen.state.exactStanding(of: ref) { drift } else { nil }
    }

    private func head(_ drift: ExactDrift) -> [Span] {
        let unknown = drift.findings.count { if case .unknown = $0.outcome { true } else { false } }
        let left = drift.findings.count { if case .letAlone = $0.outcome { true } else { false } }
        let count = drift.differing.count
        let all = "\(drift.findings.count) object\(drift.findings.count == 1 ? "" : "s")"
        let isBlind = unknown > 0 && unknown + left == drift.findings.count
        let words =
            if isBlind {
                "nothing was compared of \(all)"
            } else if count > 0 {
                "\(count) of \(all) \(count == 1 ? "differs" : "differ")"
            } else {
                unknown == 0 ? "nothing differs in \(all)" : "no difference seen in \(all)"
            }
        return [
            Span(words, count > 0 ? .drift : unknown > 0 ? .warning : .good),
            Span(unknown > 0 && !isBlind ? ", \(unknown) not compared" : "", .warning),
            Span(outdated.isEmpty ? "" : ", \(outdated.count) changed since", .warning),
            Span("  exactly, against \(drift.basis.words)", .revision),
            Span("  \(drift.renderer), \(pen.now.since(drift.asked).age) ago", .dim),
        ]
    }

    /// Objects that could not be compared, once for each reason: what is forbidden is forbidden for many.
    private func unknown(_ drift: ExactDrift) -> [[Span]] {
        var names: [String: [String]] = [:]
        var reasons: [String] = []
        for finding in drift.findings {
            guard case .unknown(let why) = finding.outcome else {
                continue
            }
            if names[why] == nil {
                reasons.append(why)
            }
            names[why, default: []].append(name(finding))
        }
        return reasons.flatMap { why in
            let named = names[why] ?? []
            let rest = named.count > 3 ? " and \(named.count - 3) more" : ""
            let words = "? \(named.prefix(3).joined(separator: ", "))\(rest): \(why)"
            return words.wrapped(to: max(10, width)).map { [Span($0, .warning)] }
        }
    }

    /// An object that only the comparison tells of.
    func lines(_ finding: ExactDrift.Finding) -> [[Span]] {
        switch finding.outcome {
        case .same, .letAlone, .unknown: []
        case .missing:
            [[Span("\(pen.glyphs.drift) ", .drift), Span(name(finding)), Span("  missing", .drift)]]
        case .differs:
            [[Span("\(pen.glyphs.drift) ", .drift), Span(name(finding))]] + fields(finding)
        }
    }

    /// The fields that differ, each with the line of Git that says otherwise.
    func fields(_ finding: ExactDrift.Finding) -> [[Span]] {
        guard case .differs(let fields) = finding.outcome else {
            return []
        }
        let origins = OriginLines(pen: pen, width: width, indent: 8)
        return fields.flatMap { lines($0) + origins.field($0.path, of: finding.entry) }
    }

    private func name(_ finding: ExactDrift.Finding) -> String {
        finding.entry.ref(in: ref.cluster).description
    }

    /// One field, as Git or the release has it and as it is.
    func lines(_ field: FieldDifference) -> [[Span]] {
        let author = drift?.basis.author ?? "Git"
        guard isWide else {
            return [
                [Span("      \(field.path)")],
                [Span("        \(author.padded(to: 6))", .dim), desired(field)],
                [Span("        live  ", .dim), live(field)],
            ]
        }
        let room = (width - 6) / 5
        let path = Span("      \(field.path.truncated(to: room * 2 - 2).padded(to: room * 2 - 1))")
        let wanted = desired(field)
        let column = Span(
            wanted.text.truncated(to: room * 3 / 2 - 8).padded(to: room * 3 / 2 - 7),
            wanted.role
        )
        return [[path, Span("\(author) ", .dim), column, Span(" live ", .dim), live(field)]]
    }

    private func desired(_ field: FieldDifference) -> Span {
        field.desired.map { Span(field.isHidden ? "a value" : $0, .diffAdded) } ?? Span("not set", .diffAdded)
    }

    private func live(_ field: FieldDifference) -> Span {
        guard let live = field.live else {
            return Span("not set", .diffRemoved)
        }
        let other = field.desired == nil ? "a value" : "another value"
        return Span(field.isHidden ? other : live, .diffRemoved)
    }
}

/// What helm-controller itself reports of a release's drift: weir sends nothing for it.
struct HelmDriftLines {
    let pen: Pen
    let ref: ObjectRef
    let width: Int

    var lines: [[Span]] {
        guard let resource = pen.state.resource(ref), resource.kind == .helmRelease,
            let facts = resource.applier
        else {
            return []
        }
        var lines: [[Span]] = []
        switch facts.driftDetection {
        case .off:
            let words =
                "helm-controller looks for no drift here (spec.driftDetection is off): edits stay until the next "
                + "release, and only field ownership tells of them"
            lines += words.wrapped(to: max(10, width)).map { [Span($0, .warning)] }
        case .warn:
            lines.append([Span("helm-controller looks for drift and reports it; it puts nothing back", .dim)])
        case .corrects: lines.append([Span("helm-controller looks for drift and puts it back", .dim)])
        }
        if let drifted = resource.condition("Drifted") {
            lines.append([
                Span(
                    "Drifted \(drifted.status == .yes ? "yes" : "no")  ",
                    drifted.status == .yes ? .drift : .dim
                ),
                Span(drifted.message), Span("  \(pen.age(drifted.lastTransition))", .age),
            ])
        }
        let reports = pen.state.events(of: ref).filter { $0.reason.hasPrefix("Drift") }.prefix(3)
        for event in reports {
            lines.append([
                Span("\(event.reason)  ", event.isWarning ? .bad : .dim), Span(event.message),
                Span("  \(pen.age(event.at))", .age),
            ])
        }
        return lines + [[]]
    }
}
