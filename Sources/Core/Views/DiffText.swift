import Git
import Screen

/// A diff as lines, drawn from any of them on.
struct DiffText {
    let diff: CommitDiff

    /// How many lines the whole diff has.
    static func height(of diff: CommitDiff) -> Int {
        diff.files.reduce(diff.isCut ? 1 : 0) { sum, file in
            sum + 1 + (file.isBinary ? 1 : 0) + file.hunks.reduce(0) { $0 + 1 + $1.lines.count }
        }
    }

    /// Draws the lines from `first` on; only those that are seen are made.
    func draw(from first: Int, on canvas: Canvas) {
        var skip = max(0, first)
        var y = 0
        func line(_ spans: @autoclosure () -> [Span]) -> Bool {
            if skip > 0 {
                skip -= 1
                return true
            }
            guard y < canvas.size.rows else {
                return false
            }
            canvas.put(spans(), x: 1, y: y)
            y += 1
            return true
        }
        for file in diff.files {
            guard line(DiffText.heading(file)) else {
                return
            }
            if file.isBinary, !line([Span("  binary file", .dim)]) {
                return
            }
            for hunk in file.hunks {
                guard line([Span(hunk.header, .diffHunk)]) else {
                    return
                }
                for text in hunk.lines {
                    guard line(DiffText.spans(text)) else {
                        return
                    }
                }
            }
        }
        if diff.isCut {
            _ = line([Span("more was left out", .dim)])
        }
    }

    private static func heading(_ file: FileDiff) -> [Span] {
        let name: String =
            switch file.change {
            case .renamed: "\(file.oldPath ?? "") -> \(file.newPath ?? "")"
            case .added, .deleted, .modified, .typeChanged: file.path
            }
        let change: String =
            switch file.change {
            case .added: "  new"
            case .deleted: "  deleted"
            case .typeChanged: "  other type"
            case .modified, .renamed: ""
            }
        return [
            Span(name, .diffHeader, .bold),
            Span(change, .dim),
            Span("  +\(file.added)", .diffAdded),
            Span(" -\(file.removed)", .diffRemoved),
        ]
    }

    private static func spans(_ line: DiffLine) -> [Span] {
        switch line.origin {
        case .context: [Span("  \(line.text)", .diffContext)]
        case .added: [Span("+ \(line.text)", .diffAdded)]
        case .removed: [Span("- \(line.text)", .diffRemoved)]
        }
    }
}
