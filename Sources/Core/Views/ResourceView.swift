import Chrono
import Configuration
import Dashboard
import Kube
import Screen
import Text

/// One object: its conditions and revisions, what it applies, its events, its history, its YAML.
struct ResourceView {
    let pen: Pen
    let ref: ObjectRef

    func draw(_ body: Rect, on canvas: Canvas) {
        guard let view = pen.state.resource else {
            return
        }
        let inside = canvas.box(body, title: title, focused: true)
        guard let resource = pen.state.resource(ref) else {
            inside.put(
                "\(ref.description) is not on \(pen.name(ref.cluster)) any more",
                x: 1,
                y: 0,
                role: .warning
            )
            return
        }
        drawTabs(view, body, on: inside)
        let lines = self.lines(resource, view, width: inside.size.columns - 2)
        let height = max(0, inside.size.rows - 1)
        let first = min(view.scroll, max(0, lines.count - height))
        for (index, line) in lines.dropFirst(first).prefix(height).enumerated() {
            inside.put(line, x: 1, y: index + 1, width: inside.size.columns - 2)
        }
        canvas.scrollbar(
            first: first,
            visible: height,
            total: lines.count,
            x: body.maxX - 1,
            y: body.y + 2,
            height: height
        )
    }

    private var title: [Span] {
        [Span("\(pen.name(ref.cluster)) \(pen.glyphs.dot) \(ref.description)", .titleFocused)]
    }

    private func drawTabs(_ view: ResourceState, _ body: Rect, on inside: Canvas) {
        var x = 1
        for tab in ResourceState.Tab.allCases {
            let span =
                tab == view.tab ? Span("[\(tab.rawValue)]", .tabActive) : Span(" \(tab.rawValue) ", .tab)
            inside.put([span], x: x, y: 0)
            if let command = tab.command {
                pen.pointer.add(
                    Rect(x: body.x + 1 + x, y: body.y + 1, width: span.columns, height: 1),
                    .command(command.rawValue)
                )
            }
            x += span.columns
        }
    }

    private func lines(_ resource: FluxResource, _ view: ResourceState, width: Int) -> [[Span]] {
        switch view.tab {
        case .summary: summary(resource, width: width)
        case .tree: tree(resource)
        case .drift: DriftTab(pen: pen, ref: ref, width: width).lines
        case .events: events(width: width)
        case .history: history(resource)
        case .logs: logs(view.log, width: width)
        case .yaml:
            if let problem = view.problem {
                [[Span(problem, .bad)]]
            } else {
                view.yaml?.map { [Span($0)] } ?? [[Span("reading the object", .dim)]]
            }
        }
    }

    private func field(_ name: String, _ value: String?, _ role: Role = .text) -> [[Span]] {
        guard let value, !value.isEmpty else {
            return []
        }
        return [[Span(name.padded(to: 14), .heading), Span(value, role)]]
    }

    private func summary(_ resource: FluxResource, width: Int) -> [[Span]] {
        var lines: [[Span]] = [
            [
                Span("state".padded(to: 14), .heading), pen.span(resource.state),
                Span(" \(resource.state.word)", pen.role(resource.state)),
                Span(resource.reason.isEmpty ? "" : "  \(resource.reason)", .dim),
            ]
        ]
        for (index, text) in resource.message.wrapped(to: max(10, width - 14)).enumerated()
        where !text.isEmpty {
            lines.append([Span((index == 0 ? "message" : "").padded(to: 14), .heading), Span(text)])
        }
        for field in pen.state.standing(of: ref).map({ StandingLines(pen: pen, standing: $0).fields }) ?? [] {
            lines += self.field(field.name, field.value, field.role)
        }
        if let attempted = resource.applier?.lastAttempted, attempted != resource.applier?.lastApplied {
            lines += field("attempted", attempted.text, .revision)
        }
        lines += field("origin", resource.applier?.origin?.text ?? resource.source?.origin?.text, .revision)
        lines += field("source", resource.applier?.source?.description)
        lines += field("path", resource.applier?.path)
        if let chart = resource.applier?.chart {
            let range = resource.applier?.chartRange.map { " within \($0)" } ?? ""
            lines += field("chart", chart + range)
        }
        lines += field("url", resource.source?.url)
        lines += field("follows", resource.source?.range ?? resource.source?.follows.words)
        lines += field("applied by", resource.parent?.description)
        let dependencies = resource.applier?.dependsOn ?? []
        lines += field("depends on", dependencies.map(\.path).joined(separator: ", "))
        let timing = [
            resource.interval.map { "every \($0.took)" }, resource.timeout.map { "timeout \($0.took)" },
            // helm-controller notes what it changed, not that it looked.
            resource.lastReconciled.map {
                "last \(resource.kind == .helmRelease ? "change " : "")\(pen.now.since($0).age) ago"
            },
        ]
        lines += field("timing", timing.compactMap(\.self).joined(separator: ", "))
        if resource.isSuspended {
            let since = resource.suspendedSince.map { "for \(pen.age($0)), since \($0.rfc3339)" }
            lines += field(
                "suspended",
                [since ?? "nobody told since when", "by \(resource.suspendedBy ?? "unknown")"].joined(
                    separator: ", "
                ),
                .suspended
            )
            lines += field("because", resource.suspendReason)
        }
        lines += [[], [Span("CONDITION", .heading)]]
        for condition in resource.conditions {
            lines += spans(condition, width: width)
        }
        return lines
    }

    private func spans(_ condition: Condition, width: Int) -> [[Span]] {
        let word: String =
            switch condition.status {
            case .yes: "True"
            case .no: "False"
            case .unknown: "Unknown"
            }
        let head = [
            Span("\(condition.type.padded(to: 20)) "), Span("\(word.padded(to: 8)) "),
            Span("\(condition.reason)  ", .accent), Span(pen.age(condition.lastTransition), .age),
        ]
        return [head]
            + condition.message.wrapped(to: max(10, width - 4)).filter { !$0.isEmpty }.map {
                [Span("    \($0)", .dim)]
            }
    }

    private func tree(_ resource: FluxResource) -> [[Span]] {
        guard let applier = resource.applier, !applier.inventory.isEmpty else {
            return [[Span("it applies no objects, or does not list them", .dim)]]
        }
        let missing = Set(
            pen.state.clusters[ref.cluster]?.snapshot.missing.filter { $0.applier == ref }.map(\.entry) ?? []
        )
        let drifted = Dictionary(
            pen.state.drift(of: ref).compactMap { row in row.entry.map { ($0, row) } },
            uniquingKeysWith: { first, _ in first }
        )
        return applier.inventory.map { entry in
            let object = entry.ref(in: ref.cluster)
            if let row = drifted[entry], case .object = row.kind {
                let line = DriftLine(pen: pen, row: row)
                return [
                    Span("\(line.sign) ", line.role), Span(object.description),
                    Span("  \(line.short)", line.role),
                ]
            }
            if missing.contains(entry) {
                return [
                    Span("\(pen.glyphs.drift) ", .drift), Span(object.description), Span("  missing", .drift),
                ]
            }
            guard let child = pen.state.resource(object) else {
                return [
                    Span("  "), Span(object.description),
                    Span(applier.isRemote ? "  on another cluster" : "", .dim),
                ]
            }
            return [
                pen.span(child.state), Span(" \(object.description)"),
                Span("  \(child.revision?.short ?? "")", .revision),
            ]
        }
    }

    private func events(width: Int) -> [[Span]] {
        let events = pen.state.clusters[ref.cluster]?.snapshot.events.filter { $0.about == ref } ?? []
        guard !events.isEmpty else {
            return [[Span("no events in the last hour or so", .dim)]]
        }
        return events.map { event in
            [
                Span("\(pen.age(event.at).padded(to: 5, alignment: .right)) ", .age),
                Span("\(event.reason)  ", event.isWarning ? .bad : .dim), Span(event.message),
            ]
        }
    }

    private func logs(_ log: ResourceLog, width: Int) -> [[Span]] {
        let controller = FluxKind.of(group: ref.group, kind: ref.kind)?.controller?.name ?? "its controller"
        var lines: [[Span]] = log.rows.map { row in
            guard let line = row.line else {
                return [Span(String(repeating: " ", count: ResourceLog.indent)), Span(row.text)]
            }
            let isError = line.level == .error
            return [
                Span((line.at?.clock ?? "").padded(to: 8), .age),
                Span("  \(line.level.rawValue.padded(to: 5))  ", isError ? .bad : .dim),
                Span(row.text),
            ]
        }
        if let ending = log.ending {
            lines += "\(controller): \(ending)".wrapped(to: max(10, width)).map { [Span($0, .warning)] }
        } else if lines.isEmpty {
            let words =
                log.isFound ? "\(controller) wrote nothing about it yet" : "reading the log of \(controller)"
            lines.append([Span(words, .dim)])
        }
        return lines
    }

    private func history(_ resource: FluxResource) -> [[Span]] {
        guard let history = resource.applier?.history, !history.isEmpty else {
            return [[Span("Flux keeps no history of it", .dim)]]
        }
        return history.map { entry in
            [
                Span("\(pen.age(entry.lastReconciled).padded(to: 5, alignment: .right)) ", .age),
                Span("\(entry.revision?.short ?? "") ", .revision), Span("\(entry.status)  "),
                Span("\(pen.glyphs.times)\(entry.count)  \(entry.duration?.took ?? "")", .dim),
            ]
        }
    }
}

extension ResourceState.Tab {
    /// What a key would open the tab with.
    fileprivate var command: Command? {
        switch self {
        case .summary: .describe
        case .tree: .tree
        case .drift: .diff
        case .events: .events
        case .yaml: .yaml
        case .logs: .logs
        case .history: nil
        }
    }
}
