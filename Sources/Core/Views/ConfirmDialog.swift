import Dashboard
import Kube
import Screen
import Text

/// The question before a change: what, to what, on how many clusters.
struct ConfirmDialog {
    let pen: Pen
    let confirmation: Confirmation

    func draw(_ body: Rect, on canvas: Canvas) {
        let width = min(body.width, 84)
        let lines = self.lines(width: width - 4)
        let footHeight = footHeight(width: width - 2)
        let rect = body.centered(width: width, height: min(body.height, lines.count + footHeight + 2))
        canvas.canvas(rect).clear(role: .dialog)
        let inside = canvas.box(rect, title: title, role: .dialogBorder)
        let (content, foot) = inside.bounds.splitBottom(footHeight)
        for (index, line) in lines.prefix(content.height).enumerated() {
            inside.put(line, x: 1, y: index, width: content.width - 2)
        }
        drawFoot(inside.canvas(foot))
    }

    private var title: String {
        let count = confirmation.targets.count
        let what = count == 1 ? confirmation.targets[0].path : "\(count) resources"
        let clusters = Set(confirmation.targets.map(\.cluster))
        let place =
            clusters.count == 1 ? pen.name(clusters.first ?? ClusterID("")) : "\(clusters.count) clusters"
        let verb: String =
            switch confirmation.action {
            case .resync(_, force: true): "Force"
            case .resync(withSource: true, _): "Resync with source"
            case .resync: "Resync"
            case .suspend: "Suspend"
            case .resume: "Resume"
            }
        // What is taken back is named first: nobody remembers what came last.
        let undone =
            !confirmation.isUndo
            ? "" : confirmation.action == .resume ? "Undo suspending: " : "Undo resuming: "
        return undone + (confirmation.targets.isEmpty ? verb : "\(verb) \(what) on \(place)")
    }

    private func lines(width: Int) -> [[Span]] {
        var lines: [[Span]] = []
        for ref in confirmation.targets.prefix(8) {
            let state = pen.state.resource(ref)?.state ?? .unknown
            lines.append([
                Span("\(pen.name(ref.cluster).padded(to: 14)) "), pen.span(state),
                Span(" \(ref.description)"),
            ])
        }
        if confirmation.targets.count > 8 {
            lines.append([Span("and \(confirmation.targets.count - 8) more", .dim)])
        }
        for refusal in confirmation.refused.prefix(5) {
            lines.append([Span("left out: ", .warning), Span("\(refusal.ref.path) \(refusal.why)")])
        }
        for ref in confirmation.suspended.prefix(5) {
            lines.append([Span("suspended: ", .suspended), Span("\(ref.path) on \(pen.name(ref.cluster))")])
        }
        return lines + consequences(width: width)
    }

    /// What becomes of the objects that differ from Git now, those first that come back.
    private func consequences(width: Int) -> [[Span]] {
        let differing = confirmation.chosen.flatMap { pen.state.drift(of: $0) }
            .filter { $0.isCounted && $0.entry != nil }
        var names: [String: [String]] = [:]
        var order: [String] = []
        for row in differing {
            guard let fate = fate(of: row) else {
                continue
            }
            if names[fate] == nil {
                order.append(fate)
            }
            names[fate, default: []].append(DriftLine(pen: pen, row: row).object)
        }
        order.sort { $0.count < $1.count }
        return order.flatMap { fate -> [[Span]] in
            let named = names[fate] ?? []
            let rest = named.count > 2 ? " and \(named.count - 2) more" : ""
            let objects = Span(named.prefix(2).joined(separator: ", ") + rest)
            let words = Span("\(fate): ", .drift)
            return words.text.columns + objects.text.columns <= width
                ? [[words, objects]] : [[words], [Span("  "), objects]]
        }
    }

    /// What the action does to an object that differs; nil for what Flux leaves alone, whether it runs or not.
    private func fate(of row: DriftRow) -> String? {
        let held: String
        switch pen.state.comebackOnceResumed(row) {
        case .stays(Comeback.letAlone): return nil
        case .stays(let why): held = why
        case .due, .within, .unknown: held = ""
        }
        switch confirmation.action {
        case .suspend: return "stays until it is resumed" + (held.isEmpty ? "" : ", and then \(held)")
        case .resync(_, force: true) where held == Comeback.nextRelease:
            return "puts back with a new release"
        case .resync, .resume: return held.isEmpty ? "puts back" : "puts nothing back \(held)"
        }
    }

    /// Several names are too long for the label of a field.
    private func nameWords(width: Int) -> [String] {
        guard confirmation.requiredNames.names.count > 1 else {
            return []
        }
        let words = "\(confirmation.requiredNames.why): type all names, separated by spaces: "
        return "\(words)\(confirmation.requiredName ?? "")".wrapped(to: max(10, width - 2))
    }

    private func footHeight(width: Int) -> Int {
        2 + nameWords(width: width).count + (confirmation.suspended.isEmpty ? 0 : 1)
            + (confirmation.action == .suspend ? 1 : 0)
            + (confirmation.requiredName == nil ? 0 : 1)
    }

    private func drawFoot(_ foot: Canvas) {
        var y = 0
        if !confirmation.suspended.isEmpty {
            let sign = confirmation.resumesSuspended ? String(pen.glyphs.checkOn) : " "
            let role: Role = confirmation.focus == .offer ? .buttonFocused : .button
            foot.put("[\(sign)] resume what is suspended first (Space)", x: 1, y: y, role: role)
            y += 1
        }
        if confirmation.action == .suspend {
            drawField("Reason", confirmation.reason, isFocused: confirmation.focus == .reason, y: y, on: foot)
            y += 1
        }
        for words in nameWords(width: foot.size.columns) {
            foot.put(words, x: 1, y: y, role: .warning)
            y += 1
        }
        if let name = confirmation.requiredName {
            let isFocused = confirmation.focus == .name
            let isOne = confirmation.requiredNames.names.count == 1
            let label =
                !isOne ? "names" : foot.size.columns >= 50 ? "protected: type \(name)" : "type \(name)"
            drawField(label, confirmation.typedName, isFocused: isFocused, y: y, on: foot)
            y += 1
        }
        if let problem = confirmation.problem {
            foot.put(problem, x: 1, y: y, role: .bad)
        }
        foot.put(
            [
                Span("Enter", .key), Span(" do it   ", .keyLabel), Span("Tab", .key),
                Span(" next field   ", .keyLabel), Span("Esc", .key),
                Span(foot.size.columns >= 64 ? " leave with nothing changed" : " leave", .keyLabel),
            ],
            x: 1,
            y: foot.size.rows - 1
        )
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
}
