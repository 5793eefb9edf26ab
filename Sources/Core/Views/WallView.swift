import Chrono
import Dashboard
import HashTreeCollections
import Kube
import Screen

/// The fleet for a wall screen: a tile a cluster, worst first.
struct WallView {
    let pen: Pen

    func draw(_ body: Rect, on canvas: Canvas) {
        let clusters = pen.state.fleet.clusterRows
        guard !clusters.isEmpty, body.width > 10, body.height > 4 else {
            return
        }
        let across = WallView.across(clusters.count, in: body)
        let down = (clusters.count + across - 1) / across
        let height = max(5, body.height / max(down, 1))
        for (index, cluster) in clusters.enumerated() {
            let column = index % across
            let left = body.x + body.width * column / across
            let right = body.x + body.width * (column + 1) / across
            let top = body.y + height * (index / across)
            let rect = Rect(x: left, y: top, width: right - left, height: min(height, body.maxY - top))
            if let picture = pen.state.clusters[cluster], rect.height >= 3 {
                draw(picture, rect, on: canvas)
            }
        }
    }

    /// As many columns as make the tiles about three times as wide as high, in cells.
    private static func across(_ count: Int, in body: Rect) -> Int {
        let fitting = max(1, body.width / 30)
        return (1...max(1, min(count, fitting))).min { left, right in
            badness(left, count, body) < badness(right, count, body)
        } ?? 1
    }

    private static func badness(_ across: Int, _ count: Int, _ body: Rect) -> Int {
        let down = (count + across - 1) / across
        let overflow = max(0, down * 5 - body.height) * 1000
        return overflow + abs(body.width / across - 4 * (body.height / max(down, 1)))
    }

    private func draw(_ picture: ClusterPicture, _ rect: Rect, on canvas: Canvas) {
        let summary = picture.summary
        let role: Role =
            summary.problem != nil
            ? .unreachable : summary.isStale ? .stale : summary.counts.troubled > 0 ? .failed : .ready
        let inside = canvas.box(rect, title: [Span(picture.profile.displayName, role, .bold)])
        var y = 0
        func line(_ spans: [Span]) {
            inside.put(spans, x: 1, y: y)
            y += 1
        }
        if let problem = summary.problem {
            line([Span("\(pen.glyphs.unreachable) \(problem)", .unreachable)])
            line([Span("for \(pen.age(summary.problemSince))", .dim)])
        }
        line([
            Span("\(summary.counts[.ready])", .digits, .bold), Span("/\(summary.counts.total) ready", .text),
            Span("   \(pen.glyphs.drift) \(summary.drifted)", summary.drifted > 0 ? .drift : .dim),
            Span("   \(pen.glyphs.behind) \(summary.behind ?? 0)", (summary.behind ?? 0) > 0 ? .behind : .dim),
        ])
        let trouble = picture.snapshot.resources.values.filter(\.state.isTrouble).sorted { $0.ref < $1.ref }
        for resource in trouble.prefix(max(0, inside.size.rows - y - 1)) {
            line([pen.span(resource.state), Span(" \(resource.ref.path)"), Span("  \(resource.message)", .dim)])
        }
        inside.put(
            "data as of \(picture.snapshot.confirmed?.clock ?? "never")Z",
            x: 1,
            y: inside.size.rows - 1,
            role: summary.isStale ? .stale : .dim
        )
    }
}
