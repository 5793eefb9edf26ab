import Dashboard
import Git
import Kube
import Screen
import Text

// What is always seen: the choices, what is typed, and the keys.
extension RollbackDialog {
    /// One line of the foot.
    private enum Row {
        case mainline, destination, bots, subject, reason, name
        case words(String)
    }

    var isOpenForInput: Bool {
        if case .preview(let plan, _) = rollback.step {
            return plan.isPossible && rollback.obstacle == nil
        }
        return false
    }

    /// The lines above the buttons; on a low screen that of the focus stands for most of them.
    private func rows(width: Int) -> [Row] {
        guard isOpenForInput, !rollback.editsBody else {
            return []
        }
        let offersBots = rollback.blastRadius.map(rollback.offersBots) ?? false
        var rows: [Row] = rollback.merge == nil ? [] : [.mainline]
        rows.append(.destination)
        if offersBots {
            rows.append(.bots)
        }
        rows += [.subject, .reason]
        if pen.state.rows < 20 {
            rows = [lowRow(offersBots: offersBots)]
        }
        if rollback.requiredNames.names.count > 1, !fitsLabel(width: width) {
            rows += nameWords.wrapped(to: max(10, width - 2)).map(Row.words)
        }
        return rollback.requiredNames.isEmpty ? rows : rows + [.name]
    }

    private func lowRow(offersBots: Bool) -> Row {
        switch rollback.focus {
        case .mainline: .mainline
        case .destination, .branch: .destination
        case .subject: .subject
        case .reason: .reason
        case .bots: .bots
        case .diff, .message, .name, .push: offersBots ? .bots : .reason
        }
    }

    private var nameWords: String {
        "\(rollback.requiredNames.why): type all names, separated by spaces: \(rollback.requiredName ?? "")"
    }

    func footHeight(width: Int) -> Int {
        // Buttons where there is something to press, a line for what went wrong, the keys.
        rows(width: width).count + (isOpenForInput && !rollback.editsBody ? 1 : 0) + 2
    }

    func drawFoot(_ foot: Canvas) {
        var y = 0
        for row in rows(width: foot.size.columns) {
            draw(row, y: y, on: foot)
            y += 1
        }
        if isOpenForInput, !rollback.editsBody {
            foot.put(buttons, x: 0, y: y)
            y += 1
        }
        if let problem = rollback.planProblem ?? rollback.problem {
            foot.put(problem, x: 1, y: y, role: .bad)
        } else if rollback.isPlanning, rollback.plan != nil {
            foot.put("working it out anew", x: 1, y: y, role: .dim)
        }
        foot.put(keys(width: foot.size.columns - 2), x: 1, y: foot.size.rows - 1)
    }

    private func draw(_ row: Row, y: Int, on foot: Canvas) {
        switch row {
        case .mainline: foot.put(mainline, x: 0, y: y)
        case .destination: drawDestination(y: y, on: foot)
        case .bots:
            let sign = rollback.suspendsBots ? String(pen.glyphs.checkOn) : " "
            foot.put(button("[\(sign)] suspend the image automation first", .bots), x: 0, y: y)
        case .subject:
            drawField("Subject", rollback.subject, isFocused: rollback.focus == .subject, y: y, on: foot)
        case .reason:
            drawField("Reason", rollback.reason, isFocused: rollback.focus == .reason, y: y, on: foot)
        case .words(let words): foot.put(words, x: 1, y: y, role: .warning)
        case .name:
            let isOne = rollback.requiredNames.names.count == 1
            let label =
                isOne
                ? foot.size.columns >= 70 ? nameLabel : "type \(rollback.requiredName ?? "")"
                : fitsLabel(width: foot.size.columns) ? nameLabel : "names"
            drawField(label, rollback.typedName, isFocused: rollback.focus == .name, y: y, on: foot)
        }
    }

    private var nameLabel: String {
        let words = "\(rollback.requiredNames.why): type \(rollback.requiredName ?? "")"
        return rollback.requiredNames.names.count == 1 ? "\(words) to confirm" : words
    }

    /// True where all names can stand before the field.
    private func fitsLabel(width: Int) -> Bool {
        nameLabel.columns <= width / 2
    }

    /// Which side of a merge stays.
    private var mainline: [Span] {
        guard let merge = rollback.merge else {
            return []
        }
        let isFocused = rollback.focus == .mainline
        var spans = [
            Span(isFocused ? String(pen.glyphs.pointer) : " ", .accent),
            Span("Merge \(merge.short) keeps ", isFocused ? .accent : .dim),
        ]
        for (index, parent) in merge.parents.enumerated() {
            let isChosen = rollback.request.mainline == index + 1
            let what = index == 0 ? "the branch" : "merged in"
            spans.append(radio(isChosen, isFocused: isFocused))
            spans.append(Span(" \(index + 1) \(Revision.cut(parent)) \(what)  ", isChosen ? .text : .dim))
        }
        return spans
    }

    private func drawDestination(y: Int, on foot: Canvas) {
        let (isFocused, isNew) = (rollback.focus == .destination, rollback.request.newBranch != nil)
        let spans = [
            Span(isFocused ? String(pen.glyphs.pointer) : " ", .accent),
            Span("Push to ", isFocused ? .accent : .dim),
            radio(!isNew, isFocused: isFocused), Span(" \(rollback.request.branch)  ", isNew ? .dim : .text),
            radio(isNew, isFocused: isFocused),
        ]
        let used = foot.put(spans, x: 0, y: y)
        guard isNew else {
            foot.put(" a new branch, for a pull request", x: used, y: y, role: .dim)
            return
        }
        let hasFocus = rollback.focus == .branch
        if hasFocus {
            foot.put(String(pen.glyphs.pointer), x: used, y: y, role: .accent)
        }
        let width = min(40, max(12, foot.size.columns - used - 23))
        InputField(input: rollback.branch)
            .draw(x: used + 2, y: y, width: width, isFocused: hasFocus, on: foot)
        foot.put(
            " for a pull request",
            x: used + 2 + max(0, width),
            y: y,
            role: .dim,
            width: max(0, foot.size.columns - used - 2 - max(0, width))
        )
    }

    private func radio(_ isOn: Bool, isFocused: Bool) -> Span {
        Span("(\(isOn ? String(pen.glyphs.radioOn) : " "))", isFocused ? .buttonFocused : .button)
    }

    private var buttons: [Span] {
        let diff = rollback.showsDiff ? "[ hide the diff ]" : "[ show the diff ]"
        return button(diff, .diff) + [Span(" ")] + button("[ edit the text ]", .message) + [Span(" ")]
            + button("[ push to \(rollback.request.destination) ]", .push)
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

    // MARK: Keys

    private var enterWords: String {
        switch rollback.focus {
        case .diff: rollback.showsDiff ? "hide the diff" : "show the diff"
        case .message: "edit the text"
        case .mainline: "the other side"
        case .destination, .bots: "change"
        case .branch, .subject, .reason: "go on"
        case .name, .push: "push the revert"
        }
    }

    private var isChoice: Bool {
        [.bots, .mainline, .destination].contains(rollback.focus)
    }

    private func keys(width: Int) -> [Span] {
        var keys: [Span] = []
        func add(_ key: String, _ label: String) {
            keys += [Span(key, .key), Span(" \(label)   ", .keyLabel)]
        }
        if rollback.editsBody {
            add("Tab", "done")
            return keys + [Span("Esc", .key), Span(" done", .keyLabel)]
        }
        switch rollback.step {
        case .planning: break
        case .impossible:
            if rollback.merge != nil {
                add("m", "the other side of the merge")
            }
        case .preview(let plan, _):
            if plan.isPossible, rollback.obstacle == nil {
                add(isChoice ? "Space" : "Enter", enterWords)
                add("Tab", "next")
            } else if rollback.merge != nil {
                add("m", "the other side of the merge")
            }
            if width >= 60 {
                // They may stand further down than can be seen.
                let count = rollback.blastRadius?.traps.count ?? 0
                let words = count == 0 ? "" : ": \(count) warning\(count == 1 ? "" : "s")"
                add("j k", "scroll\(words)")
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
