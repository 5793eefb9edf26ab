package import Chrono
package import Dashboard
package import Screen
import Text

/// Draws the state: the one function from what weir knows to what the operator sees.
///
/// - Shape: any size; what does not fit is left out from the least important on, and below 30 columns or 8 rows one
///   sentence says so.
/// - Source: `now` decides ages alone; the same state at the same moment is the same frame.
package func render(_ state: AppState, size: Size, glyphs: Glyphs, now: Timestamp) -> Drawing {
    let canvas = Canvas(size: size, glyphs: glyphs)
    guard size.columns >= leastSize.columns, size.rows >= leastSize.rows else {
        return Drawing(frame: tooSmall(canvas), targets: [])
    }
    let pen = Pen(state: state, now: now, glyphs: glyphs, pointer: PointerMap())
    let (top, belowTop) = canvas.bounds.splitTop(1)
    let (body, bottom) = belowTop.splitBottom(1)
    TopBar(pen: pen).draw(on: canvas.canvas(top))
    drawScreen(pen, body, on: canvas)
    BottomLine(pen: pen).draw(bottom, on: canvas)
    if state.modal == nil, state.secrets.isEmpty {
        BottomLine(pen: pen).drawLong(bottom, on: canvas)
    }
    drawModal(pen, body, on: canvas)
    if let first = state.secrets.first {
        SecretDialog(pen: pen, prompt: first, others: state.secrets.count - 1).draw(body, on: canvas)
    }
    return Drawing(frame: canvas.frame, targets: pen.pointer.areas)
}

/// The least terminal on which a screen says something.
private let leastSize = Size(columns: 30, rows: 8)

private func tooSmall(_ canvas: Canvas) -> Frame {
    let words = "weir needs at least \(leastSize.columns) columns and \(leastSize.rows) rows"
    let lines = words.wrapped(to: max(1, canvas.size.columns))
    for (y, line) in lines.prefix(canvas.size.rows).enumerated() {
        canvas.put(line, x: 0, y: y)
    }
    return canvas.frame
}

private func drawScreen(_ pen: Pen, _ body: Rect, on canvas: Canvas) {
    switch pen.state.screen {
    case .fleet: FleetView(pen: pen).draw(body, on: canvas)
    case .matrix: MatrixView(pen: pen).draw(body, on: canvas)
    case .commits: CommitsView(pen: pen).draw(body, on: canvas)
    case .drift: DriftView(pen: pen).draw(body, on: canvas)
    case .events: EventsView(pen: pen).draw(body, on: canvas)
    case .rollouts: RolloutsView(pen: pen).draw(body, on: canvas)
    case .audit: AuditView(pen: pen).draw(body, on: canvas)
    case .wall: WallView(pen: pen).draw(body, on: canvas)
    case .convergence(let id): ConvergenceView(pen: pen, id: id).draw(body, on: canvas)
    case .resource(let ref): ResourceView(pen: pen, ref: ref).draw(body, on: canvas)
    }
}

private func drawModal(_ pen: Pen, _ body: Rect, on canvas: Canvas) {
    switch pen.state.modal {
    case .help(let help): HelpDialog(pen: pen, help: help).draw(body, on: canvas)
    case .confirm(let confirmation):
        ConfirmDialog(pen: pen, confirmation: confirmation).draw(body, on: canvas)
    case .rollback(let rollback): RollbackDialog(pen: pen, rollback: rollback).draw(body, on: canvas)
    case .prompt(let prompt):
        CompletionList(pen: pen, prompt: prompt).draw(body, on: canvas)
        FilterHint(pen: pen, prompt: prompt).draw(body, on: canvas)
    case nil: break
    }
}
