import Chrono
import Dashboard
import Git
import Kube
import Screen
import Text

// What can be scrolled: the plan in words.
extension RollbackDialog {
    func lines(_ plan: RevertPlan, _ radius: BlastRadius, width: Int) -> [[Span]] {
        var lines: [[Span]] = [
            [
                Span("New commit on ", .dim), Span(plan.request.destination, .revision),
                Span(radius.isProposal ? ", for \(plan.request.branch): " : ": ", .dim),
                Span(rollback.subject.text),
            ]
        ]
        lines += factLines(plan, width: width)
        if rollback.isBodyOwn {
            lines.append([Span("the text below the subject is yours", .dim)])
        }
        lines.append([])
        if !plan.conflicts.isEmpty {
            return lines + conflictLines(plan)
        }
        if plan.diff.files.isEmpty {
            return lines + [[Span(rollback.obstacle ?? "", .bad)]]
        }
        if let obstacle = rollback.obstacle {
            lines += obstacle.wrapped(to: max(10, width)).map { [Span($0, .bad)] } + [[]]
        }
        lines += heldLines(width: width)
        // A low screen has room for whom it changes in one line, and for what stands in the way; each row is below.
        let isLow = pen.state.rows <= 24
        if isLow {
            lines += reachLines(radius, width: width)
            lines += trapLines(radius, width: width)
            lines += radius.traps.isEmpty ? [] : [[]]
        }
        lines += undoneLines(plan)
        lines.append([Span(radius.isProposal ? "Who changes once it is merged" : "Who changes", .heading)])
        let names = radius.rows.map { pen.name($0.ref.cluster).columns }.max() ?? 0
        let paths = radius.rows.map(\.ref.path.columns).max() ?? 0
        for row in radius.rows {
            lines += self.lines(row, name: min(max(names, 7), 16), path: min(max(paths, 8), 30), width: width)
        }
        if radius.rows.isEmpty {
            lines.append([Span("  no applier that weir can see", .dim)])
        }
        if !isLow, !radius.traps.isEmpty {
            lines += [[]] + trapLines(radius, width: width)
        }
        return lines
    }

    /// How many appliers of which clusters it changes, two lines at most.
    private func reachLines(_ radius: BlastRadius, width: Int) -> [[Span]] {
        let changed = radius.rows.filter { row in
            if case .notAffected = row.reach { false } else { true }
        }
        guard !changed.isEmpty else {
            return []
        }
        let clusters = Set(changed.map(\.ref.cluster)).sorted().map(pen.name)
        let verb = radius.isProposal ? "Will change" : "Changes"
        let words =
            "\(verb) \(changed.count) applier\(changed.count == 1 ? "" : "s") on "
            + "\(clusters.count) cluster\(clusters.count == 1 ? "" : "s"): \(clusters.joined(separator: ", "))"
        let lines = words.wrapped(to: max(10, width))
        let cut = String(pen.glyphs.ellipsis)
        return lines.prefix(2).enumerated().map { index, line in
            [
                Span(
                    index == 1 && lines.count > 2 ? (line + cut).truncated(to: width, ellipsis: cut) : line,
                    .heading
                )
            ]
        } + [[]]
    }

    /// What makes it do other than one thinks, the gravest first.
    private func trapLines(_ radius: BlastRadius, width: Int) -> [[Span]] {
        guard !radius.traps.isEmpty else {
            return []
        }
        return [[Span("Before you go", .heading)]]
            + radius.traps.flatMap { caution($0.sentence, width: width) }
    }

    /// What an undone rollback leaves as it is.
    private func heldLines(width: Int) -> [[Span]] {
        pen.state.heldSentence(rollback.heldBots).map { caution($0, width: width) + [[]] } ?? []
    }

    private func caution(_ words: String, width: Int) -> [[Span]] {
        words.wrapped(to: max(10, width - 4)).enumerated().map { index, text in
            [Span(index == 0 ? "  \(pen.glyphs.caution) " : "    ", .warning), Span(text)]
        }
    }

    /// How much it changes, by whom, and whether it will be signed; on two lines where one is too short.
    private func factLines(_ plan: RevertPlan, width: Int) -> [[Span]] {
        let size = [
            Span("\(plan.diff.files.count) file\(plan.diff.files.count == 1 ? "" : "s")  ", .dim),
            Span("+\(plan.diff.added)", .diffAdded), Span(" -\(plan.diff.removed)", .diffRemoved),
            Span("   by \(plan.author) <\(plan.email)>", .dim),
        ]
        let role: Role =
            switch plan.signing {
            case .none: .dim
            case .impossible: .bad
            case .openPGP, .x509, .ssh: .good
            }
        let signing = Span(plan.signing.words, role)
        let used = size.reduce(0) { $0 + $1.columns }
        return used + 3 + signing.columns <= width ? [size + [Span("   ")] + [signing]] : [size, [signing]]
    }

    /// The commits that are undone, where there are several or a path hides which.
    private func undoneLines(_ plan: RevertPlan) -> [[Span]] {
        var isPath = false
        if case .path = plan.request.aim {
            isPath = true
        }
        guard isPath || plan.reverted.count > 1 else {
            return []
        }
        let heading = isPath ? "Undoes there" : "Takes back"
        let count = Span("  \(plan.reverted.count) commit\(plan.reverted.count == 1 ? "" : "s")", .dim)
        return [[Span(heading, .heading), count]]
            + plan.reverted.prefix(RollbackState.undoneLimit).map { commit in
                [
                    Span("  \(commit.short) ", .revision),
                    Span("\(pen.age(commit.committed).padded(to: 4, alignment: .right)) ", .age),
                    Span(commit.isMerge ? "merge: \(commit.subject)" : commit.subject),
                    Span("  \(commit.author)", .author),
                ]
            }
            + (plan.reverted.count > RollbackState.undoneLimit
                ? [[Span("  and \(plan.reverted.count - RollbackState.undoneLimit) older ones", .dim)]] : [])
            + [[]]
    }

    /// Who, and what happens there; a reason too long for the rest of the line goes below.
    func lines(_ row: BlastRadius.Row, name: Int, path: Int, width: Int) -> [[Span]] {
        let cluster = pen.name(row.ref.cluster).truncated(to: name, ellipsis: String(pen.glyphs.ellipsis))
            .padded(to: name)
        let place = row.ref.path.truncated(to: path, ellipsis: String(pen.glyphs.ellipsis)).padded(to: path)
        let head = [Span("  \(cluster)  "), Span("\(row.short) ", .dim), Span("\(place)  ")]
        let (state, words): ([Span], Span) =
            switch row.reach {
            case .changes: ([pen.span(row.state), Span(" ")], Span("now", .text))
            case .later(let why): ([pen.span(row.state), Span(" ")], Span("later: \(why)", .warning))
            case .notAffected(let why): ([], Span("not affected: \(why)", .dim))
            }
        let room = width - (head + state).reduce(0) { $0 + $1.columns }
        guard words.columns > room, width > 24 else {
            return [head + state + [words]]
        }
        return [head + state] + words.text.wrapped(to: width - 6).map { [Span("      \($0)", words.role)] }
    }

    func conflictLines(_ plan: RevertPlan) -> [[Span]] {
        var lines: [[Span]] = [
            [Span("Newer commits changed the same lines: this revert cannot be made by itself.", .bad)],
            [Span("Revert the newer commits first, or resolve it in a clone of your own.", .text)],
        ]
        for conflict in plan.conflicts {
            lines += [[], [Span(conflict.path, .diffHeader, .bold)]]
            for commit in conflict.changedBy.prefix(5) {
                lines.append([
                    Span("  changed by ", .dim), Span(commit.short, .revision), Span(" \(commit.subject)"),
                    Span("  \(commit.author)", .author),
                ])
            }
            lines += conflict.lines.map {
                [Span("  \($0)", $0.hasPrefix("<") || $0.hasPrefix(">") ? .diffHunk : .diffContext)]
            }
        }
        return lines
    }
}
