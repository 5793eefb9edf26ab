import Dashboard
import Kube
import Screen

/// Does every cluster run what Git says? Four panes where there is room, two on a small screen, one on a tiny one.
struct FleetView {
    let pen: Pen

    func draw(_ body: Rect, on canvas: Canvas) {
        for (pane, rect) in FleetView.layout(pen.state.fleet, in: body) {
            pen.pointer.add(rect, .pane(pane))
            let isFocused = pane == pen.state.fleet.focus
            switch pane {
            case .clusters: ClustersPane(pen: pen).draw(rect, isFocused: isFocused, on: canvas)
            case .sync: SyncPane(pen: pen).draw(rect, isFocused: isFocused, on: canvas)
            case .recent: RecentPane(pen: pen).draw(rect, isFocused: isFocused, on: canvas)
            case .drift: DriftPane(pen: pen).draw(rect, isFocused: isFocused, on: canvas)
            }
        }
    }

    /// Which panes are drawn where; neighbours share their border.
    static func layout(_ fleet: FleetState, in body: Rect) -> [(Pane, Rect)] {
        if let enlarged = fleet.enlarged {
            return [(enlarged, body)]
        }
        if body.width < 60 || body.height < 14 {
            return [(fleet.focus, body)]
        }
        // The same proportions as in `AppState.height(of:)`, so that a page of keys is a page of rows.
        let upper = body.height * 11 / 20
        if body.width < 100 {
            // Few clusters leave the room that they do not need to the pane below.
            let upper = min(upper, max(6, fleet.clusterRows.count + 3))
            return [
                (.clusters, Rect(x: body.x, y: body.y, width: body.width, height: upper)),
                (
                    fleet.lowerPane,
                    Rect(x: body.x, y: body.y + upper - 1, width: body.width, height: body.height - upper + 1)
                ),
            ]
        }
        let left = min(max(body.width * 2 / 5, 48), 64)
        let lower = body.height - upper + 1
        let right = body.width - left + 1
        let middle = body.x + left - 1
        return [
            (.clusters, Rect(x: body.x, y: body.y, width: left, height: upper)),
            (.sync, Rect(x: middle, y: body.y, width: right, height: upper)),
            (.recent, Rect(x: body.x, y: body.y + upper - 1, width: left, height: lower)),
            (.drift, Rect(x: middle, y: body.y + upper - 1, width: right, height: lower)),
        ]
    }
}
