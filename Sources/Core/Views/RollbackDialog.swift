import Chrono
import Configuration
import Dashboard
import Git
import Keys
import Kube
import Screen
import Text

/// The way to a revert: what it does, whom it changes, what stands in its way, and one confirmation.
struct RollbackDialog {
    let pen: Pen
    let rollback: RollbackState

    func draw(_ body: Rect, on canvas: Canvas) {
        let width = min(body.width, 110)
        let lines = self.lines(width: RollbackState.lineWidth(columns: body.width))
        let footHeight = footHeight(width: width - 2)
        // As high as it needs to be; a diff, a text and a small screen take all there is.
        let isWhole = rollback.showsDiff || rollback.editsBody || body.height <= 24
        let needed = isWhole ? body.height : lines.count + footHeight + 3
        let rect = body.centered(width: width, height: min(body.height, max(14, needed)))
        canvas.canvas(rect).clear(role: .dialog)
        let inside = canvas.box(rect, title: title, role: .dialogBorder)
        let (content, foot) = inside.bounds.splitBottom(footHeight)
        let first = min(rollback.scroll, max(0, lines.count - content.height))
        if rollback.editsBody {
            BlockField(block: rollback.body).draw(on: inside.canvas(content))
        } else if rollback.showsDiff, let plan = rollback.plan {
            DiffText(diff: plan.diff).draw(from: rollback.scroll, on: inside.canvas(content))
        } else {
            let shown = visible(lines, from: first, height: content.height)
            for (index, line) in shown.enumerated() {
                inside.put(line, x: 1, y: index, width: content.width - 2)
            }
            canvas.scrollbar(
                first: first,
                visible: content.height,
                total: lines.count,
                x: rect.maxX - 1,
                y: rect.y + 1,
                height: content.height
            )
        }
        drawFoot(inside.canvas(foot))
    }

    /// The lines that fit; where some do not, the last says what lies below and how to get there.
    private func visible(_ lines: [[Span]], from first: Int, height: Int) -> [[Span]] {
        let window = Array(lines.dropFirst(first).prefix(max(0, height)))
        guard height > 3, first + height < lines.count else {
            return window
        }
        let more = more(below: lines.dropFirst(first + height - 1))
        return window.dropLast() + [more]
    }

    private func more(below hidden: ArraySlice<[Span]>) -> [Span] {
        let key = pen.state.settings.keymap.keys(for: .moveDown).first?.notation ?? "j"
        let warnings = hidden.count { $0.first?.text.contains(pen.glyphs.caution) == true }
        guard warnings > 0 else {
            return [Span("more below: \(key) scrolls", .dim)]
        }
        return [Span("+\(warnings) more warning\(warnings == 1 ? "" : "s") below: \(key) scrolls", .warning)]
    }

    private var title: [Span] {
        let short = rollback.commit?.short ?? Revision.cut(rollback.request.commit)
        if rollback.editsBody {
            return [Span("The text below the subject", .dialogTitle)]
        }
        let target = rollback.plan?.target ?? rollback.commit
        switch rollback.request.aim {
        case .path(let path, _):
            let place = path == "." ? "everything" : path
            return [
                Span("Put ", .dialogTitle), Span(place, .matched), Span(" back to ", .dialogTitle),
                Span(short, .revision), Span(target.map { " \"\($0.subject)\"" } ?? "", .dialogTitle),
            ]
        case .range, .commits:
            let all = rollback.plan?.reverted ?? rollback.chosen
            let (oldest, newest) = (all.last?.short ?? "", all.first?.short ?? "")
            return [
                Span("Roll back \(all.count) commits ", .dialogTitle), Span("\(oldest)", .revision),
                Span(" to ", .dialogTitle), Span("\(newest)", .revision),
            ]
        case .commit:
            let verb = rollback.isUndo ? "Undo the rollback: revert " : "Roll back "
            var title = [Span(verb, .dialogTitle), Span(short, .revision)]
            if let target {
                title.append(Span(" \"\(target.subject)\"", .dialogTitle))
                title.append(Span("  \(target.author), \(pen.age(target.committed)) ago", .dim))
            }
            return title
        }
    }

    private func lines(width: Int) -> [[Span]] {
        switch rollback.step {
        case .planning:
            [[Span("working out the revert", .dim)]]
        case .impossible(let failure):
            failure.message.wrapped(to: max(1, width)).map { [Span($0, .bad)] }
                + [[], [Span("Nothing was changed.", .text)]]
        case .preview(let plan, let radius), .suspendingBots(let plan, let radius, _),
            .pushing(let plan, let radius):
            lines(plan, radius, width: width)
        }
    }
}
