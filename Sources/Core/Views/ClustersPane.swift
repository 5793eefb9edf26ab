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
            list.drawEmpty(rect, words: filter.isEmpty ? "no clusters" : "no cluster matches \(filter)", on: canvas)
            return
        }
        let nameWidth = min(max(nameColumns, 7), max(10, rect.width / 3))
        list.draw(
            rect,
            columns: [
                .init("CLUSTER", nameWidth + 2),
                .init("SYNC", 8),
                .init("", 7, .right, priority: 3),
                .init(String(pen.glyphs.drift), 3, .right, priority: 2),
                .init(String(pen.glyphs.behind), 4, .right, priority: 2),
                .init("LAST", 4, .right, priority: 4),
            ],
            flexible: 1,
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
                let text = summary.isComplete || summary.counts.total > 0 ? "\(ready)/\(summary.counts.total)" : ""
                line.put(text, in: place, role: summary.counts.troubled > 0 ? .bad : .text)
            case 3:
                line.put(String(summary.drifted), in: place, role: summary.drifted > 0 ? .drift : .dim)
            case 4:
                let text = summary.behind.map(String.init) ?? String(pen.glyphs.none)
                line.put(text, in: place, role: (summary.behind ?? 0) > 0 ? .behind : .dim)
            default:
                line.put(pen.age(summary.lastReconciled), in: place, role: .age)
            }
        }
    }

    private func drawName(_ picture: ClusterPicture, isDown: Bool, on line: Canvas, _ place: ListPane.Place) {
        let profile = picture.profile
        let role: Role = isDown ? .unreachable : picture.summary.isStale ? .stale : .text
        let sign: Span =
            isDown
            ? Span(String(pen.glyphs.unreachable), .unreachable)
            : picture.summary.isStale ? Span(String(pen.glyphs.stale), .stale) : Span(" ")
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
        let old = summary.counts.total > 0 ? "  (last known \(summary.counts[.ready])/\(summary.counts.total))" : ""
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
