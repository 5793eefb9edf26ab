import Git
import Text

extension RollbackState {
    /// Columns that a line of the preview has on a screen so wide.
    package static func lineWidth(columns: Int) -> Int {
        min(columns, 110) - 4
    }

    /// Lines of what is shown on a screen so wide, or a few more: what scrolling is bounded by.
    package func lineCount(columns: Int) -> Int {
        guard let plan, let radius = blastRadius else {
            return 0
        }
        if showsDiff {
            return plan.diff.lineCount + (plan.diff.isCut ? 1 : 0) + plan.diff.files.count(where: \.isBinary)
        }
        let width = RollbackState.lineWidth(columns: columns)
        // Subject, facts on two lines at most, a remark, an empty line.
        let held = heldBots.isEmpty ? 0 : 4 + heldBots.count
        let heading = 5 + held + (obstacle.map { wrapped($0, max(10, width)) + 1 } ?? 0)
        let undone = plan.reverted.count > 1 ? min(plan.reverted.count, RollbackState.undoneLimit) + 3 : 3
        if !plan.conflicts.isEmpty {
            return plan.conflicts.reduce(heading + 2) { $0 + 2 + min(5, $1.changedBy.count) + $1.lines.count }
        }
        let rows = radius.rows.reduce(heading + undone + 1) { sum, row in
            switch row.reach {
            case .changes: sum + 1
            case .later(let why), .notAffected(let why): sum + 1 + wrapped("not affected: \(why)", width - 6)
            }
        }
        guard !radius.traps.isEmpty else {
            return rows + 1
        }
        return radius.traps.reduce(rows + 3) { $0 + wrapped($1.sentence, max(10, width - 4)) }
    }

    /// Lines that a text takes below another; none where it fits beside.
    private func wrapped(_ text: String, _ width: Int) -> Int {
        text.wrapped(to: max(1, width)).count
    }
}
