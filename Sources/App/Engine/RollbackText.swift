import Dashboard
import Git
import Kube
import Text

/// A plan in plain text: what it does, whom it changes, what stands in its way, and the diff.
struct RollbackText {
    let plan: RevertPlan
    let radius: BlastRadius
    let state: AppState

    var text: String {
        let files = plan.diff.files.count == 1 ? "file" : "files"
        var lines = aim
        lines += [
            "New commit on \(plan.request.destination): \(plan.message.prefix { $0 != "\n" })",
            "\(plan.diff.files.count) \(files), +\(plan.diff.added) -\(plan.diff.removed)",
        ]
        lines += [""] + conflicts
        if !radius.rows.isEmpty {
            lines.append("Who changes")
            lines += StatusTable.aligned(radius.rows.map(cells)).map { "  \($0)" }
            lines.append("")
        }
        if !radius.traps.isEmpty {
            lines.append("Before you go")
            lines += radius.traps.map { "  ! \($0.sentence)" }
            if state.openRollback?.suspendsBots == true {
                lines += radius.bots.map { "  weir suspends \($0) on \($0.cluster) before it pushes" }
            }
            lines.append("")
        }
        return (lines + diff).joined(separator: "\n")
    }

    /// What is undone, in the words of its kind.
    private var aim: [String] {
        let target = "\(plan.target.short) \"\(plan.target.subject)\""
        let list = plan.reverted.prefix(20).map { "  \($0.short) \($0.subject), by \($0.author)" }
        let rest = plan.reverted.count > 20 ? ["  and \(plan.reverted.count - 20) older ones"] : []
        switch plan.request.aim {
        case .path(let path, _):
            let undone = plan.reverted.isEmpty ? "" : ", which undoes there"
            return ["Put \(Sanitiser.line(path)) back to \(target)\(undone)"] + list + rest
        case .commit, .commits, .range:
            guard plan.reverted.count > 1 else {
                return ["Revert \(target) by \(plan.target.author)"]
            }
            return ["Revert \(plan.reverted.count) commits"] + list + rest
        }
    }

    private func cells(_ row: BlastRadius.Row) -> [String] {
        let reach: String =
            switch row.reach {
            case .changes: "changes, \(row.state.word) now"
            case .later(let why): "later: \(why)"
            case .notAffected(let why): "not affected: \(why)"
            }
        return [state.profile(row.ref.cluster).displayName, "\(row.short) \(row.ref.path)", reach]
    }

    private var conflicts: [String] {
        plan.conflicts.flatMap { conflict in
            ["conflict in \(conflict.path)"]
                + conflict.changedBy.prefix(5).map { "  changed by \($0.short) \($0.subject)" }
                + conflict.lines.map { "    \($0)" } + [""]
        }
    }

    private var diff: [String] {
        var lines: [String] = []
        for file in plan.diff.files {
            lines.append("\(file.path)  +\(file.added) -\(file.removed)")
            for hunk in file.hunks {
                lines.append(hunk.header)
                lines += hunk.lines.map { line in
                    let patch = line.patchLine
                    return "\(patch.prefix(1)) \(patch.dropFirst())"
                }
            }
        }
        if plan.diff.isCut {
            lines.append("(more was left out)")
        }
        return lines
    }
}
