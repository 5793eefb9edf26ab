import Dashboard
import Kube
import Screen
import Text

/// The resources of the selected cluster, worst first.
struct SyncPane {
    let pen: Pen

    func draw(_ rect: Rect, isFocused: Bool, on canvas: Canvas) {
        let fleet = pen.state.fleet
        let list = ListPane(pen: pen, title: title(isFocused), isFocused: isFocused)
        guard !fleet.syncRows.isEmpty else {
            list.drawEmpty(rect, words: emptyWords, on: canvas)
            return
        }
        let isWide = rect.width >= 90
        // On a tiny screen the revision says more than the kind, and the message stands below.
        let isTiny = rect.width < 60
        let selected =
            fleet.syncRows.indices.contains(fleet.syncCursor.index)
            ? pen.state.line(fleet.syncRows[fleet.syncCursor.index]) : nil
        list.draw(
            rect,
            columns: [
                .init("NAME", min(max(nameColumns, 16), isWide ? 40 : isTiny ? 22 : 24)),
                .init("KIND", kindColumns, priority: isTiny ? 7 : 2),
                .init(isTiny ? "REV" : "REVISION", isWide ? 16 : isTiny ? 7 : 8, priority: 3),
                .init(String(pen.glyphs.behind), isWide ? 5 : 4, .right, priority: 4),
                .init("LAST", 4, .right, priority: 5),
                .init("MESSAGE", 8, priority: 6),
            ],
            flexible: 5,
            detail: selected.map {
                .init(text: message($0), role: $0.row.state.isTrouble ? .bad : .dim, column: 5)
            },
            cursor: fleet.syncCursor,
            count: fleet.syncRows.count,
            target: { .fleetRow(.sync, index: $0) },
            on: canvas
        ) { index, line, places in
            draw(pen.state.line(fleet.syncRows[index]), on: line, places)
        }
    }

    /// What the longest of the first names takes with its signs.
    private var nameColumns: Int {
        let longest = pen.state.fleet.syncRows.prefix(200).map {
            $0.ref.path.columns + $0.depth * 2 + ($0.folded > 0 ? 3 : 0)
        }
        return 3 + (longest.max() ?? 0)
    }

    private var kindColumns: Int {
        pen.state.fleet.syncRows.prefix(200).map(\.kind.short.columns).reduce(4, max)
    }

    private func title(_ isFocused: Bool) -> [Span] {
        let fleet = pen.state.fleet
        let cluster = fleet.cluster.map { " \(pen.glyphs.dot) \(pen.name($0))" } ?? ""
        var title = [Span("Sync\(cluster)", isFocused ? .titleFocused : .title)]
        if fleet.syncSort != .worst {
            title.append(Span(" by \(fleet.syncSort.rawValue)", .dim))
        }
        if let filter = fleet.filters[.sync], !filter.isEmpty {
            title.append(Span(" /\(filter.text)", .matched))
        }
        return title
    }

    private var emptyWords: String {
        let fleet = pen.state.fleet
        guard let picture = pen.state.selectedCluster else {
            return "no cluster is selected"
        }
        if let filter = fleet.filters[.sync], !filter.isEmpty {
            return "nothing matches \(filter.text)"
        }
        if let problem = picture.summary.problem {
            return "\(picture.profile.displayName): \(problem)"
        }
        return picture.summary.isComplete
            ? "no Flux resources" : "connecting to \(picture.profile.displayName)"
    }

    private func draw(_ row: SyncLine, on line: Canvas, _ places: [ListPane.Place]) {
        let isStale = pen.state.selectedCluster?.summary.isStale ?? false
        for place in places {
            switch place.index {
            case 0: drawName(row, isStale: isStale, on: line, place)
            case 1: line.put(row.row.kind.short, in: place, role: .dim)
            case 2: line.put(fitted(row.revision, to: place.width), in: place, role: .revision)
            case 3: line.put(behind(row.row.behind, place.width), in: place, role: pen.role(row.row.behind))
            case 4: line.put(pen.age(row.row.last), in: place, role: .age)
            default: line.put(message(row), in: place, role: row.row.state.isTrouble ? .bad : .dim)
            }
        }
    }

    private func drawName(_ row: SyncLine, isStale: Bool, on line: Canvas, _ place: ListPane.Place) {
        var spans: [Span] = []
        spans.append(row.isMarked ? Span(String(pen.glyphs.mark), .marked) : Span(" "))
        spans.append(Span(String(repeating: "  ", count: row.row.depth)))
        spans.append(
            row.resync == nil ? pen.span(row.row.state) : Span(String(pen.glyphs.reconciling), .accent)
        )
        spans.append(Span(" \(row.path)", isStale ? .stale : row.isMarked ? .marked : .text))
        if row.row.folded > 0 {
            spans.append(Span(" \(pen.glyphs.folded)\(row.row.folded)", .waiting))
        }
        line.put(spans, x: place.x, y: 0, width: place.width)
    }

    /// All commits alone where there is no room for those that touch the path.
    private func behind(_ behind: Behind, _ width: Int) -> String {
        let text = pen.text(behind)
        return text.columns > width ? behind.count.map(String.init) ?? text : text
    }

    /// Where all of it does not fit, the commit or checksum alone says more than half of both.
    private func fitted(_ revision: String, to width: Int) -> String {
        guard revision.columns > width else {
            return revision
        }
        let last = revision[
            (revision.lastIndex(of: "@").map(revision.index(after:)) ?? revision.startIndex)...
        ]
        guard last.columns > width, let colon = last.lastIndex(of: ":") else {
            return String(last)
        }
        return String(last[last.index(after: colon)...])
    }

    private func message(_ row: SyncLine) -> String {
        switch row.resync {
        case .queued: "resync: waits for its turn"
        case .resuming: "resync: resuming"
        case .asking: "resync: asking"
        case .asked: "resync: asked, \(row.message.isEmpty ? "waiting for the answer" : row.message)"
        case .ended, nil:
            if let since = row.suspendedSince {
                "for \(pen.age(since)) \(row.message)"
            } else {
                row.isRetrying ? "retrying: \(row.message)" : row.message
            }
        }
    }
}
