import Chrono
import Dashboard
import Git
import Kube
import Screen
import Text

/// What is in Git, and who has it? The log above, the selected commit's diff below or beside it.
struct CommitsView {
    let pen: Pen

    func draw(_ body: Rect, on canvas: Canvas) {
        let commits = pen.state.commits
        let upper = max(4, min(body.height - 3, body.height / 2 + 1))
        let list = Rect(x: body.x, y: body.y, width: body.width, height: upper)
        let below = Rect(x: body.x, y: body.y + upper - 1, width: body.width, height: body.height - upper + 1)
        drawLog(commits, list, on: canvas)
        drawDetail(commits, below, on: canvas)
    }

    // MARK: The log

    private func drawLog(_ commits: CommitsState, _ rect: Rect, on canvas: Canvas) {
        let list = ListPane(pen: pen, title: title(commits), isFocused: !commits.isDiffFocused)
        guard !commits.commits.isEmpty else {
            list.drawEmpty(rect, words: emptyWords(commits), on: canvas)
            return
        }
        let warning = warningLines(rect)
        defer {
            for (index, text) in warning.enumerated() {
                let y = rect.maxY - 1 - warning.count + index
                let sign = index == 0 ? "\(pen.glyphs.caution) " : "  "
                canvas.put(
                    [Span(sign, .warning), Span(text, .warning)],
                    x: rect.x + 2,
                    y: y,
                    width: rect.width - 4
                )
            }
        }
        let range = commits.range
        list.draw(
            rect,
            reserved: warning.count,
            columns: [
                .init("COMMIT", 8),
                .init("AGE", 4, .right, priority: 3),
                .init("AUTHOR", rect.width >= 100 ? 16 : 10, priority: 4),
                .init("SUBJECT", 20),
                .init("WHO IS THERE", rect.width >= 140 ? 54 : rect.width >= 100 ? 36 : 26, priority: 2),
            ],
            flexible: 3,
            cursor: commits.cursor,
            count: commits.commits.count,
            target: { .row(index: $0) },
            on: canvas
        ) { index, line, places in
            let isChosen = range?.contains(index) ?? (commits.marked[commits.commits[index].id] != nil)
            draw(commits.commits[index], isChosen: isChosen, on: line, places)
        }
    }

    /// What happened to the branch other than new commits.
    private func warningLines(_ rect: Rect) -> [String] {
        guard let words = pen.state.shownUpheaval, rect.height > 6, rect.width > 20 else {
            return []
        }
        return Array(words.wrapped(to: rect.width - 6).prefix(3))
    }

    private func draw(_ commit: Commit, isChosen: Bool, on line: Canvas, _ places: [ListPane.Place]) {
        for place in places {
            switch place.index {
            case 0:
                let sign = isChosen ? String(pen.glyphs.mark) : " "
                line.put(
                    [Span(sign, .marked), Span(commit.short, isChosen ? .marked : .revision)],
                    x: place.x,
                    y: 0,
                    width: place.width
                )
            case 1: line.put(pen.age(commit.committed), in: place, role: .age)
            case 2: line.put(commit.author, in: place, role: .author)
            case 3: line.put(commit.isMerge ? "merge: \(commit.subject)" : commit.subject, in: place)
            default:
                line.put(markers(at: commit.id, width: place.width), x: place.x, y: 0, width: place.width)
            }
        }
    }

    /// Whole clusters by name, single appliers by name and path; no more than the line has room for.
    private func markers(at commit: String, width: Int) -> [Span] {
        var spans: [Span] = []
        for marker in pen.state.markers(at: commit).prefix(width / 3 + 1) {
            if !spans.isEmpty {
                spans.append(Span("  "))
            }
            var words = " \(pen.name(marker.cluster))"
            if !marker.isWhole {
                words += marker.count == 1 ? "/\(marker.first.name)" : " (\(marker.count))"
            }
            spans.append(pen.span(marker.state))
            spans.append(Span(words, .text))
        }
        return spans
    }

    private func title(_ commits: CommitsState) -> [Span] {
        guard let query = commits.query else {
            return [Span("Commits", .title)]
        }
        let branch = query.ref.hasPrefix("refs/heads/") ? String(query.ref.dropFirst(11)) : query.ref
        var title = [
            Span(query.repository.name, .titleFocused),
            Span("  \(branch)", .revision),
        ]
        if !query.path.isEmpty {
            title.append(Span("  \(query.path)", .matched))
        }
        if !query.text.isEmpty {
            title.append(Span("  /\(query.text)", .matched))
        }
        if let range = commits.range {
            title.append(Span("  range of \(range.count)", .marked))
        } else if !commits.marked.isEmpty {
            title.append(Span("  \(commits.marked.count) marked", .marked))
        }
        if let repository = pen.state.shownRepository {
            switch repository.health {
            case .fetching: title.append(Span("  fetching", .dim))
            case .failed(let reason): title.append(Span("  \(reason)", .bad))
            case .never, .current: break
            }
            if let fetched = repository.fetched {
                title.append(Span("  fetched \(pen.age(fetched)) ago", .dim))
            }
        }
        return title
    }

    private func emptyWords(_ commits: CommitsState) -> String {
        if let problem = commits.problem {
            return problem
        }
        guard let query = commits.query else {
            return "no cluster reads a Git repository"
        }
        if case .failed(let reason)? = pen.state.shownRepository?.health {
            return reason
        }
        if let words = pen.state.shownUpheaval {
            return words
        }
        if commits.isLoading {
            return "reading the log of \(query.repository)"
        }
        return query.text.isEmpty && query.path.isEmpty ? "no commits" : "no commit matches"
    }

    // MARK: The selected commit

    private func drawDetail(_ commits: CommitsState, _ rect: Rect, on canvas: Canvas) {
        let selected = commits.cursor.selected.flatMap { id in commits.commits.first { $0.id == id } }
        let title = selected.map { "\($0.short) \($0.subject)" } ?? ""
        let showsTouched = rect.width >= 100 && !commits.touched.isEmpty
        let side = showsTouched ? min(52, rect.width / 3) : 0
        let inside = canvas.box(rect, title: title, focused: commits.isDiffFocused)
        let diffRect = Rect(x: 0, y: 0, width: inside.size.columns - side, height: inside.size.rows)
        let diffCanvas = inside.canvas(diffRect)
        if let problem = commits.diffProblem {
            diffCanvas.put(problem, x: 1, y: 0, role: .bad)
        } else if let diff = commits.diff {
            DiffText(diff: diff).draw(from: commits.diffScroll, on: diffCanvas)
        } else if selected != nil {
            diffCanvas.put("reading the diff", x: 1, y: 0, role: .dim)
        }
        guard showsTouched else {
            return
        }
        canvas.verticalLine(x: rect.x + inside.size.columns - side + 1, y: rect.y, height: rect.height)
        let touched = inside.canvas(
            Rect(x: inside.size.columns - side + 2, y: 0, width: side - 2, height: inside.size.rows)
        )
        touched.put("touches", x: 0, y: 0, role: .heading)
        var y = 1
        for applier in commits.touched where y < touched.size.rows {
            touched.put([Span(applier.short, .dim), Span(" \(applier.path)")], x: 0, y: y)
            y += 1
            let names = applier.clusters.map(pen.name).joined(separator: ", ")
            for text in "on \(names)".wrapped(to: max(1, touched.size.columns - 2))
            where y < touched.size.rows {
                touched.put(text, x: 2, y: y, role: .dim)
                y += 1
            }
        }
    }
}
