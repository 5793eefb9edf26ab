import Chrono
import Dashboard
import Kube
import Screen
import Text

/// One row a cluster: how much of it is in sync, and why not.
struct ClustersPane {
    let pen: Pen

    func draw(_ rect: Rect, isFocused: Bool, on canvas: Canvas) {
        let fleet = pen.state.fleet
        let list = ListPane(pen: pen, title: title, isFocused: isFocused)
        guard !fleet.clusterRows.isEmpty else {
            let filter = fleet.filters[.clusters]?.text ?? ""
            list.drawEmpty(
                rect,
                words: filter.isEmpty ? "no clusters" : "no cluster matches \(filter)",
                on: canvas
            )
            return
        }
        let nameWidth = min(max(nameColumns, 7), max(10, rect.width / 3))
        list.draw(
            rect,
            columns: [
                .init("CLUSTER", nameWidth + 2),
                .init("SYNC", 8),
                .init("READY", 7, .right, priority: 3),
                .init(String(pen.glyphs.drift), 3, .right, priority: 2),
                .init(String(pen.glyphs.behind), 4, .right, priority: 2),
                .init("LAST", 4, .right, priority: 4),
                .init("STATES", 14, priority: 5),
            ],
            flexible: 6,
            fallback: 1,
            detail: problem(of: fleet.cluster, width: rect.width),
            cursor: fleet.clusterCursor,
            count: fleet.clusterRows.count,
            target: { .fleetRow(.clusters, index: $0) },
            on: canvas
        ) { index, line, places in
            guard let picture = pen.state.clusters[fleet.clusterRows[index]] else {
                return
            }
            draw(picture, on: line, places)
        }
    }

    private var nameColumns: Int {
        pen.state.profiles.map(\.displayName.columns).max() ?? 7
    }

    /// Why the selected cluster is down, where its line is too short to say it; else what is worth knowing of it.
    private func problem(of cluster: ClusterID?, width: Int) -> ListPane.Detail? {
        guard let picture = cluster.flatMap({ pen.state.clusters[$0] }) else {
            return nil
        }
        guard let problem = picture.summary.problem else {
            let remarks = pen.state.remarks(of: picture.profile.id)
            return remarks.isEmpty
                ? nil : ListPane.Detail(text: remarks.joined(separator: "; "), role: .stale, column: 0)
        }
        return problem.columns > width - nameColumns - 30
            ? ListPane.Detail(text: problem, role: .unreachable, column: 0) : nil
    }

    private var title: [Span] {
        let fleet = pen.state.fleet
        var title = [Span("Clusters", fleet.focus == .clusters ? .titleFocused : .title)]
        if fleet.clusterSort != .worst {
            title.append(Span(" by \(fleet.clusterSort.rawValue)", .dim))
        }
        if let filter = fleet.filters[.clusters], !filter.isEmpty {
            title.append(Span(" /\(filter.text)", .matched))
        }
        return title
    }

    private func draw(_ picture: ClusterPicture, on line: Canvas, _ places: [ListPane.Place]) {
        let summary = picture.summary
        let isDown = summary.problem != nil && picture.snapshot.link != .live
        for place in places {
            switch place.index {
            case 0: drawName(picture, isDown: isDown, on: line, place)
            case 1 where isDown:
                drawProblem(summary, on: line, from: place.x)
                return
            case 1: drawBar(summary, on: line, place)
            case 2:
                let ready = summary.counts[.ready]
                let text =
                    summary.isComplete || summary.counts.total > 0 ? "\(ready)/\(summary.counts.total)" : ""
                line.put(text, in: place, role: summary.counts.troubled > 0 ? .bad : .text)
            case 3:
                line.put(
                    summary.driftFigure ?? String(pen.glyphs.none),
                    in: place,
                    role: summary.drifted > 0 ? .drift : .dim
                )
            case 4:
                let text = summary.behindFigure ?? String(pen.glyphs.none)
                line.put(text, in: place, role: (summary.behind ?? 0) > 0 ? .behind : .dim)
            case 5: line.put(pen.age(summary.lastReconciled), in: place, role: .age)
            default: line.put(states(summary, width: place.width), x: place.x, y: 0, width: place.width)
            }
        }
    }

    /// What is not in order: in words, in numbers where those do not fit; why the rows are old comes first.
    private func states(_ summary: ClusterSummary, width: Int) -> [Span] {
        func spans(inWords: Bool) -> [Span] {
            var spans: [Span] = summary.isStale ? [Span("stale", .stale)] : []
            for state in SyncState.allCases where state != .ready && summary.counts[state] > 0 {
                if !spans.isEmpty {
                    spans.append(Span("  "))
                }
                let word = inWords ? " \(state.word)" : ""
                spans += [pen.span(state), Span(" \(summary.counts[state])\(word)", pen.role(state))]
            }
            return spans.isEmpty && summary.isComplete ? [Span("all ready", .dim)] : spans
        }
        let words = spans(inWords: true)
        return words.reduce(0) { $0 + $1.columns } <= width ? words : spans(inWords: false)
    }

    private func drawName(_ picture: ClusterPicture, isDown: Bool, on line: Canvas, _ place: ListPane.Place) {
        let profile = picture.profile
        let role: Role = isDown ? .unreachable : picture.summary.isStale ? .stale : .text
        let sign: Span =
            isDown
            ? Span(String(pen.glyphs.unreachable), .unreachable)
            : picture.summary.isStale
                ? Span(String(pen.glyphs.stale), .stale)
                : picture.remarks.isEmpty ? Span(" ") : Span("!", .stale)
        line.put(
            [Span(profile.displayName, profile.isProtected ? .protected : role)],
            x: place.x,
            y: 0,
            width: place.width - 2
        )
        line.put([sign], x: place.x + place.width - 1, y: 0)
    }

    /// The reason takes the rest of the line: a cluster that is down has no numbers to show but old ones.
    private func drawProblem(_ summary: ClusterSummary, on line: Canvas, from x: Int) {
        let since = summary.problemSince.map { " \(pen.now.since($0).age)" } ?? ""
        let old =
            summary.counts.total > 0 ? "  (last known \(summary.counts[.ready])/\(summary.counts.total))" : ""
        line.put("\(summary.problem ?? "")\(since)\(old)", x: x, y: 0, role: .unreachable)
    }

    private func drawBar(_ summary: ClusterSummary, on line: Canvas, _ place: ListPane.Place) {
        guard summary.isComplete || summary.counts.total > 0 else {
            line.put("connecting", in: place, role: .dim)
            return
        }
        let role: Role = summary.isStale ? .stale : summary.counts.troubled > 0 ? .barPartial : .barFull
        line.bar(
            summary.counts[.ready] + summary.counts[.suspended],
            of: summary.counts.total,
            x: place.x,
            y: 0,
            width: place.width,
            role: role
        )
    }
}
