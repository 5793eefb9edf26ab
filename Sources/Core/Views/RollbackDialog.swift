import Chrono
import Dashboard
import Git
import Kube
import Screen
import Text

/// The way to a revert: what it does, whom it changes, what stands in its way, and one confirmation.
struct RollbackDialog {
    let pen: Pen
    let rollback: RollbackState

    func draw(_ body: Rect, on canvas: Canvas) {
        let width = min(body.width, 110)
        let lines = self.lines(width: RollbackState.lineWidth(columns: body.width))
        // As high as it needs to be; a diff and a small screen take all there is.
        let needed = rollback.showsDiff || body.height <= 24 ? body.height : lines.count + footHeight + 3
        let rect = body.centered(width: width, height: min(body.height, max(14, needed)))
        canvas.canvas(rect).clear(role: .dialog)
        let inside = canvas.box(rect, title: title, role: .dialogBorder)
        let (content, foot) = inside.bounds.splitBottom(footHeight)
        let first = min(rollback.scroll, max(0, lines.count - content.height))
        if rollback.showsDiff, let plan = rollback.plan {
            DiffText(diff: plan.diff).draw(from: rollback.scroll, on: inside.canvas(content))
        } else {
            for (index, line) in lines.dropFirst(first).prefix(content.height).enumerated() {
                inside.put(line, x: 1, y: index, width: content.width - 2)
            }
            canvas.scrollbar(
                first: first,
                visible: content.height,
                total: lines.count,
                x: rect.maxX - 1,
                y: rect.y + 1,
                height: content.height
            )
        }
        drawFoot(inside.canvas(foot))
    }

    private var title: [Span] {
        let short = rollback.commit?.short ?? String(rollback.request.commit.prefix(7))
        var title = [Span("Roll back ", .dialogTitle), Span(short, .revision)]
        if let commit = rollback.plan?.target ?? rollback.commit {
            title.append(Span(" \"\(commit.subject)\"", .dialogTitle))
            title.append(Span("  \(commit.author), \(pen.age(commit.committed)) ago", .dim))
        }
        return title
    }

    // MARK: What can be scrolled

    private func lines(width: Int) -> [[Span]] {
        switch rollback.step {
        case .planning:
            [[Span("working out the revert", .dim)]]
        case .impossible(let failure):
            failure.message.wrapped(to: max(1, width)).map { [Span($0, .bad)] }
                + [[], [Span("Nothing was changed.", .text)]]
        case .preview(let plan, let radius), .suspendingBots(let plan, let radius, _),
            .pushing(let plan, let radius):
            lines(plan, radius, width: width)
        }
    }

    private func lines(_ plan: RevertPlan, _ radius: BlastRadius, width: Int) -> [[Span]] {
        let subject = rollback.subject.text
        var lines: [[Span]] = [
            [Span("New commit on ", .dim), Span(plan.request.branch, .revision), Span(": \(subject)")],
            [
                Span("\(plan.diff.files.count) file\(plan.diff.files.count == 1 ? "" : "s")  ", .dim),
                Span("+\(plan.diff.added)", .diffAdded), Span(" -\(plan.diff.removed)", .diffRemoved),
                Span("   by \(plan.author) <\(plan.email)>", .dim),
            ],
            [],
        ]
        if !plan.conflicts.isEmpty {
            lines += conflictLines(plan)
            return lines
        }
        if plan.diff.files.isEmpty {
            lines.append([Span("The revert changes nothing: its effect is gone already.", .bad)])
            return lines
        }
        lines.append([Span("Who changes", .heading)])
        let names = radius.rows.map { pen.name($0.ref.cluster).columns }.max() ?? 0
        let paths = radius.rows.map(\.ref.path.columns).max() ?? 0
        for row in radius.rows {
            lines += self.lines(row, name: min(max(names, 7), 16), path: min(max(paths, 8), 30), width: width)
        }
        if radius.rows.isEmpty {
            lines.append([Span("  no applier that weir can see", .dim)])
        }
        if !radius.traps.isEmpty {
            lines += [[], [Span("Before you go", .heading)]]
            for trap in radius.traps {
                let words = trap.sentence
                for (index, text) in words.wrapped(to: max(10, width - 4)).enumerated() {
                    let sign = index == 0 ? "  \(pen.glyphs.caution) " : "    "
                    lines.append([Span(sign, .warning), Span(text)])
                }
            }
        }
        return lines
    }

    /// Who, and what happens there; a reason too long for the rest of the line goes below.
    private func lines(_ row: BlastRadius.Row, name: Int, path: Int, width: Int) -> [[Span]] {
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

    private func conflictLines(_ plan: RevertPlan) -> [[Span]] {
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

    // MARK: What is always seen

    private var isOpenForInput: Bool {
        if case .preview(let plan, _) = rollback.step {
            return plan.isPossible
        }
        return false
    }

    private var showsBothTexts: Bool { pen.state.rows >= 20 }

    private var footHeight: Int {
        guard isOpenForInput else {
            return 2
        }
        return 4 + (showsBothTexts ? 1 : 0) + (rollback.requiredName == nil ? 0 : 1)
            + (rollback.blastRadius?.bots.isEmpty == false ? 1 : 0)
    }

    private func drawFoot(_ foot: Canvas) {
        var y = 0
        if isOpenForInput {
            if rollback.blastRadius?.bots.isEmpty == false {
                let sign = rollback.suspendsBots ? String(pen.glyphs.checkOn) : " "
                foot.put(button("[\(sign)] suspend the image automation first", .bots), x: 0, y: y)
                y += 1
            }
            // On a low screen the two texts of the message share a line: that of the focus is seen.
            if showsBothTexts || rollback.focus == .subject {
                drawField("Subject", rollback.subject, isFocused: rollback.focus == .subject, y: y, on: foot)
                y += 1
            }
            if showsBothTexts || rollback.focus != .subject {
                drawField("Reason", rollback.reason, isFocused: rollback.focus == .reason, y: y, on: foot)
                y += 1
            }
            if let name = rollback.requiredName {
                drawField(
                    foot.size.columns >= 70
                        ? "\(rollback.nameReason): type \(name) to confirm" : "type \(name)",
                    rollback.typedName,
                    isFocused: rollback.focus == .name,
                    y: y,
                    on: foot
                )
                y += 1
            }
        }
        if isOpenForInput {
            drawButtons(y: y, on: foot)
            y += 1
        }
        if let problem = rollback.problem {
            foot.put(problem, x: 1, y: y, role: .bad)
        }
        foot.put(keys(width: foot.size.columns - 2), x: 1, y: foot.size.rows - 1)
    }

    private func drawButtons(y: Int, on foot: Canvas) {
        let diff = rollback.showsDiff ? "[ hide the diff ]" : "[ show the diff ]"
        foot.put(
            button(diff, .diff) + [Span(" ")] + button("[ push to \(rollback.request.branch) ]", .push),
            x: 0,
            y: y
        )
    }

    /// A button behind the place of the pointer: the focus is told without colours too.
    private func button(_ text: String, _ field: RollbackState.Field) -> [Span] {
        let isFocused = rollback.focus == field
        return [
            Span(isFocused ? String(pen.glyphs.pointer) : " ", .accent),
            Span(text, isFocused ? .buttonFocused : .button),
        ]
    }

    private func drawField(_ label: String, _ input: TextInput, isFocused: Bool, y: Int, on foot: Canvas) {
        InputField(input: input).draw(
            label: label,
            y: y,
            isFocused: isFocused,
            pointer: pen.glyphs.pointer,
            on: foot
        )
    }

    private var enterWords: String {
        switch rollback.focus {
        case .diff: rollback.showsDiff ? "hide the diff" : "show the diff"
        case .bots: "change"
        case .subject, .reason: "go on"
        case .name, .push: "push the revert"
        }
    }

    private func keys(width: Int) -> [Span] {
        var keys: [Span] = []
        func add(_ key: String, _ label: String) {
            keys += [Span(key, .key), Span(" \(label)   ", .keyLabel)]
        }
        switch rollback.step {
        case .planning: break
        case .impossible: break
        case .preview(let plan, _):
            if plan.isPossible {
                add(rollback.focus == .bots ? "Space" : "Enter", enterWords)
                add("Tab", "next")
            }
            if width >= 60 {
                add("j k", "scroll")
            }
        case .suspendingBots: keys.append(Span("suspending the image automation   ", .reconciling))
        case .pushing: keys.append(Span("pushing   ", .reconciling))
        }
        if case .pushing = rollback.step {
            return keys
        }
        // The way out is never cut off.
        func room() -> Int { width - keys.reduce(0) { $0 + $1.columns } }
        while room() < 9, keys.count > 1 {
            keys.removeLast(2)
        }
        let isLong = room() >= 30
        return keys + [Span("Esc", .key), Span(isLong ? " leave with nothing changed" : " leave", .keyLabel)]
    }
}
