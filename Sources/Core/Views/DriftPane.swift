import Dashboard
import Kube
import Screen
import Text

/// What the selected cluster runs that is not what Git says.
struct DriftPane {
    let pen: Pen

    func draw(_ rect: Rect, isFocused: Bool, on canvas: Canvas) {
        let fleet = pen.state.fleet
        let cluster = fleet.cluster.map { " \(pen.glyphs.dot) \(pen.name($0))" } ?? ""
        let list = ListPane(
            pen: pen,
            title: [Span("Drift\(cluster)", isFocused ? .titleFocused : .title)],
            isFocused: isFocused
        )
        guard !fleet.driftRows.isEmpty else {
            let isKnown = pen.state.selectedCluster?.summary.isComplete ?? false
            list.drawEmpty(rect, words: isKnown ? "runs what Git says" : "not known yet", on: canvas)
            return
        }
        list.draw(
            rect,
            columns: [
                .init("OBJECT", max(26, rect.width * 2 / 5)), .init("WHAT", 20),
                .init("SINCE", 5, .right, priority: 2),
            ],
            flexible: 1,
            detail: DriftLine.detail(fleet.driftRows, fleet.driftCursor, pen, column: 1),
            cursor: fleet.driftCursor,
            count: fleet.driftRows.count,
            target: { .fleetRow(.drift, index: $0) },
            on: canvas
        ) { index, line, places in
            DriftLine(pen: pen, row: fleet.driftRows[index]).draw(on: line, places)
        }
    }
}

/// One difference in words, for the pane of one cluster and the list of all.
struct DriftLine {
    let pen: Pen
    let row: DriftRow

    func draw(on line: Canvas, _ places: [ListPane.Place], showsCluster: Bool = false) {
        for place in places {
            switch (place.index, showsCluster) {
            case (0, true): line.put(pen.name(row.about.cluster), in: place, role: .text)
            case (0, false), (1, true): drawObject(on: line, place)
            case (1, false), (2, true):
                line.put(words, in: place, role: .text)
            default: line.put(pen.age(row.since), in: place, role: .age)
            }
        }
    }

    /// What the selected row says in full.
    static func detail(_ rows: [DriftRow], _ cursor: Cursor<DriftID>, _ pen: Pen, column: Int) -> ListPane
        .Detail?
    {
        guard rows.indices.contains(cursor.index) else {
            return nil
        }
        let line = DriftLine(pen: pen, row: rows[cursor.index])
        return ListPane.Detail(text: "\(line.object): \(line.words)", role: .dim, column: column)
    }

    private var words: String {
        row.why.isEmpty ? what : "\(what), \(row.why)"
    }

    private func drawObject(on line: Canvas, _ place: ListPane.Place) {
        line.put(
            [Span(String(sign), role), Span(" \(object)", .text)],
            x: place.x,
            y: 0,
            width: place.width
        )
    }

    private var sign: Character {
        switch row.kind {
        case .source, .rewritten, .apply: pen.glyphs.behind
        case .missing, .helm: pen.glyphs.drift
        }
    }

    private var role: Role {
        switch row.kind {
        case .source, .rewritten, .apply: .behind
        case .missing, .helm: .drift
        }
    }

    private var object: String {
        switch row.kind {
        case .missing(let entry): entry.ref(in: row.about.cluster).description
        case .source, .rewritten, .apply, .helm: "\(row.short) \(row.about.path)"
        }
    }

    /// A revision without the branch that the other one has too.
    private static func apart(_ revision: String, from other: String) -> Substring {
        guard let at = revision.lastIndex(of: "@"), other.hasPrefix(revision[...at]) else {
            return revision[...]
        }
        return revision[revision.index(after: at)...]
    }

    private var what: String {
        switch row.kind {
        case .source(let commits, let here):
            "\(row.branch) is \(commits) ahead\(here == commits ? "" : " (\(here) here)")"
        case .rewritten: "\(row.branch) was rewritten"
        case .apply(let fetched, let applied):
            "\(DriftLine.apart(fetched, from: applied)) is fetched, \(DriftLine.apart(applied, from: fetched)) runs"
        case .missing: "missing"
        case .helm(let message): message.isEmpty ? "differs from its release" : message
        }
    }
}
