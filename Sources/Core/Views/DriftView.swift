import Chrono
import Dashboard
import Kube
import Screen
import Text

/// What differs from Git, on all clusters: who did it, since when, and when it comes back.
struct DriftView {
    let pen: Pen

    /// The clusters that may differ in what was not looked at, and why as far as there is room.
    private func hint(_ unseen: [ClusterID]) -> [Span] {
        guard let first = unseen.first else {
            return []
        }
        let why = pen.state.blindSpots(of: first).first ?? "not known yet"
        let words =
            unseen.count == 1
            ? "\(pen.name(first)) not compared whole: \(why)"
            : "\(unseen.count) clusters not compared whole: "
                + unseen.map { pen.name($0) }.joined(separator: ", ")
        return [Span("  \(words)", .warning)]
    }

    private func words(_ unseen: [ClusterID]) -> String {
        guard !unseen.isEmpty else {
            return "every cluster runs what Git says now, as far as field ownership tells; "
                + "what was put back before weir looked is unknown, but for what Events and the ledger tell"
        }
        let why = unseen.prefix(5).map { id in
            "\(pen.name(id)): \(pen.state.blindSpots(of: id).first ?? "not known yet")"
        }
        return "no difference was seen, but not everything was compared with Git. "
            + why.joined(separator: "; ") + (unseen.count > 5 ? "; and \(unseen.count - 5) more" : "")
    }

    /// For how long all clusters have been watched: nothing that was put back in that time is missed.
    ///
    /// Nothing is said while one of them is not, or was never looked at.
    private var watched: [Span] {
        let snapshots = pen.state.profiles.map { pen.state.clusters[$0.id]?.snapshot }
            .filter { $0?.link != .withoutFlux }
        let since = snapshots.compactMap { $0?.link == .live ? $0?.watchedSince : nil }
        guard since.count == snapshots.count, let last = since.max() else {
            return []
        }
        return [Span("  watched for \(pen.now.since(last).age)", .dim)]
    }

    func draw(_ body: Rect, on canvas: Canvas) {
        let drift = pen.state.drift
        let sorted = drift.sort == .cluster ? [] : [Span("  by \(drift.sort.rawValue)", .dim)]
        let unseen = pen.state.clustersNotCompared
        let list = ListPane(
            pen: pen,
            title: title("Drift", drift.filter) + sorted + watched + hint(unseen),
            isFocused: true
        )
        guard !drift.list.isEmpty else {
            list.drawEmpty(
                body,
                words: drift.filter.isEmpty ? words(unseen) : "no drift matches",
                on: canvas
            )
            return
        }
        let isWide = body.width >= 100
        // Who applies an object is said at the foot where there is no room for it.
        let names: [DriftLine.Column] =
            body.width >= 150 ? [.cluster, .applier, .object] : [.cluster, .object]
        let applier: [ListPane.Column] = body.width >= 150 ? [.init("APPLIED BY", 26)] : []
        // What is wide enough for all that is said of a field has room for long names.
        let isAmple = body.width >= 180
        let isGrouped = drift.sort == .cluster
        list.draw(
            body,
            columns: [.init("CLUSTER", isWide ? 14 : 10)] + applier + [
                .init("OBJECT", max(20, body.width * (applier.isEmpty || isAmple ? 6 : 4) / 20)),
                .init("WHAT", 16), .init("WHO", isAmple ? 28 : isWide ? 18 : 12, priority: 1),
                .init("SINCE", 5, .right, priority: 2), .init("BACK", 5, .right, priority: 3),
            ],
            flexible: names.count,
            detail: drift.list.selected.map { DriftLine(pen: pen, row: $0).detail(column: names.count) },
            cursor: drift.list.cursor,
            count: drift.list.count,
            target: { .row(index: $0) },
            on: canvas
        ) { index, line, places in
            guard let row = drift.list[index] else {
                return
            }
            let above = isGrouped && index > 0 ? drift.list[index - 1] : nil
            DriftLine(pen: pen, row: row, above: above).draw(
                on: line,
                places,
                names + [.what, .who, .since, .back]
            )
        }
    }
}
