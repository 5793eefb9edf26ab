import Chrono
import Dashboard
import HashTreeCollections
import Kube
import Screen
import Text

/// The fleet for a wall screen: a tile a cluster, worst first, in pages where they do not fit.
struct WallView {
    let pen: Pen

    func draw(_ all: Rect, on canvas: Canvas) {
        let events = pen.state.events.newest
        let strip = WallPages.strip(height: all.height, events: events.count)
        let (body, foot) = all.splitBottom(strip == 0 ? 0 : strip + 1)
        if strip > 0 {
            draw(Array(events.prefix(strip)), on: canvas.canvas(foot))
        }
        drawTiles(body, on: canvas)
    }

    /// The newest events, by the clock: ages would have to run on.
    private func draw(_ events: [FluxEvent], on strip: Canvas) {
        strip.put("Newest events", x: 1, y: 0, role: .heading)
        let names = events.map { pen.name($0.about.cluster).columns }.max() ?? 0
        for (index, event) in events.enumerated() {
            let kind =
                FluxKind.of(group: event.about.group, kind: event.about.kind)?.short ?? event.about.kind
            let name = pen.name(event.about.cluster)
                .truncated(to: min(names, 16), ellipsis: String(pen.glyphs.ellipsis))
            strip.put(
                [
                    Span("\(event.at.clock)  ", .age),
                    Span("\(name.padded(to: min(names, 16)))  "),
                    Span("\(event.reason)  ", event.isWarning ? .bad : .dim),
                    Span("\(kind) ", .dim), Span("\(event.about.path)  ", .text, .bold),
                    Span(event.message, .dim),
                ],
                x: 1,
                y: index + 1,
                width: strip.size.columns - 2
            )
        }
    }

    private func drawTiles(_ body: Rect, on canvas: Canvas) {
        guard let wall = WallPages(pen.state, width: body.width, height: body.height) else {
            return
        }
        let (across, down) = (wall.across, wall.down)
        let shown = wall.page(at: pen.state.wallMoment(pen.now))
        for (index, cluster) in wall.pages[shown].enumerated() {
            let (column, row) = (index % across, index / across)
            let (left, right) = (body.width * column / across, body.width * (column + 1) / across)
            let (top, bottom) = (body.height * row / down, body.height * (row + 1) / down)
            let rect = Rect(x: body.x + left, y: body.y + top, width: right - left, height: bottom - top)
            if let picture = pen.state.clusters[cluster] {
                draw(picture, rect, on: canvas)
            }
        }
        if wall.pages.count > 1 {
            let paused = pen.state.wallPaused == nil ? "" : " stays"
            let words = " \(shown + 1)/\(wall.pages.count)\(paused) "
            canvas.put(words, x: body.maxX - words.columns - 2, y: body.maxY - 1, role: .accent)
        }
    }

    // MARK: One tile

    private func draw(_ picture: ClusterPicture, _ rect: Rect, on canvas: Canvas) {
        let summary = picture.summary
        let role: Role =
            summary.problem != nil
            ? .unreachable : summary.isStale ? .stale : summary.counts.troubled > 0 ? .failed : .ready
        let sign =
            summary.problem != nil
            ? pen.glyphs.unreachable
            : summary.isStale ? pen.glyphs.stale : pen.symbol(summary.counts.troubled > 0 ? .failed : .ready)
        let inside = canvas.box(
            rect,
            title: [Span("\(sign) ", role, .bold), Span(picture.profile.displayName, role, .bold)]
        )
        let (content, foot) = inside.bounds.splitBottom(inside.size.rows > 1 ? 1 : 0)
        let upper = inside.canvas(content)
        var y = drawNumbers(summary, on: upper)
        if let problem = summary.problem {
            let since = summary.problemSince.map { " for \(pen.now.since($0).age)" } ?? ""
            y = tell("\(pen.glyphs.unreachable) \(problem)\(since)", .unreachable, lines: 3, y: y, on: upper)
        }
        let trouble = picture.trouble.compactMap { picture.snapshot.resources[$0] }
        for (index, resource) in trouble.enumerated() where y < upper.size.rows {
            upper.put(
                [
                    pen.span(resource.state), Span(" \(resource.kind.short) ", .dim),
                    Span(resource.ref.path, .text, .bold),
                ],
                x: 1,
                y: y,
                width: upper.size.columns - 2
            )
            // Other failures must have a line each before one may say more.
            let others = trouble.dropFirst(index).count(where: \.state.isTrouble)
            let spare = upper.size.rows - y - max(1, others)
            // That something is under way is all there is to say of it.
            let words = resource.state == .reconciling ? "" : resource.message
            y = tell(words, .dim, lines: min(3, spare), y: y + 1, on: upper)
        }
        drawAge(picture, on: inside.canvas(foot))
    }

    /// Draws the wrapped text in so many lines at most; returns the line after it.
    private func tell(_ text: String, _ role: Role, lines most: Int, y: Int, on canvas: Canvas) -> Int {
        guard most > 0, !text.isEmpty else {
            return y
        }
        let width = max(1, canvas.size.columns - 3)
        let lines = text.wrapped(to: width)
        let told =
            lines.prefix(most - 1) + [lines.dropFirst(most - 1).joined(separator: " ")].filter { !$0.isEmpty }
        for (index, line) in told.enumerated() {
            canvas.put(line, x: 2, y: y + index, role: role, width: width)
        }
        return y + told.count
    }

    /// Ready of all, large where there is room; returns the line after it.
    private func drawNumbers(_ summary: ClusterSummary, on inside: Canvas) -> Int {
        let behind = summary.behind ?? 0
        // What is not known is none, never 0.
        let drifts = summary.driftFigure ?? String(pen.glyphs.none)
        let commits = summary.behindFigure ?? String(pen.glyphs.none)
        let drifted = Span("\(pen.glyphs.drift) \(drifts) drifted", summary.drifted > 0 ? .drift : .dim)
        let late = Span("\(pen.glyphs.behind) \(commits) behind", behind > 0 ? .behind : .dim)
        let isOld = summary.isStale || summary.problem != nil
        let role: Role = isOld ? .stale : summary.counts.troubled > 0 ? .failed : .digits
        guard summary.isKnown, summary.isComplete || summary.counts.total > 0 else {
            let words = summary.problem == nil ? "connecting" : "nothing is known of it yet"
            inside.put(words, x: 1, y: 0, role: .dim)
            return 1
        }
        let large = BigDigits(text: "\(summary.counts[.ready])/\(summary.counts.total)", glyphs: pen.glyphs)
        let height = BigDigits.height(pen.glyphs)
        guard inside.size.rows >= height + 3, inside.size.columns >= large.columns + 16 else {
            let ready = Span("\(summary.counts[.ready])/\(summary.counts.total)", role, .bold)
            let words = [ready, Span(" ready   "), drifted, Span("   "), late]
            let signs = [
                ready, Span("  \(pen.glyphs.drift) \(drifts)", drifted.role),
                Span("  \(pen.glyphs.behind) \(commits)", late.role),
            ]
            let fits = words.reduce(0) { $0 + $1.columns } < inside.size.columns - 1
            inside.put(fits ? words : signs, x: 1, y: 0, width: inside.size.columns - 2)
            return 1
        }
        let figures = [
            Figure(large, word: "ready", sign: " ", role: role),
            figure(drifts, summary.drifted, "drifted", pen.glyphs.drift, isOld ? .stale : .drift),
            figure(commits, behind, "behind", pen.glyphs.behind, isOld ? .stale : .behind),
        ]
        guard inside.size.columns < figures.reduce(2, { $0 + $1.columns }) else {
            var x = 2
            for figure in figures {
                figure.draw(x: x, on: inside)
                x += figure.columns
            }
            return height + 1
        }
        large.draw(x: 2, y: 0, role: role, on: inside)
        let x = large.columns + 5
        inside.put("ready", x: x, y: 0, role: isOld ? .stale : .text)
        inside.put([drifted], x: x, y: 1)
        inside.put([late], x: x, y: 2)
        return height + 1
    }

    private func figure(
        _ text: String,
        _ number: Int,
        _ word: String,
        _ sign: Character,
        _ role: Role
    ) -> Figure {
        let digits = BigDigits(text: text, glyphs: pen.glyphs)
        return Figure(digits, word: word, sign: sign, role: number > 0 ? role : .dim)
    }

    /// A large number with its sign and what it counts.
    private struct Figure {
        let digits: BigDigits
        let word: String
        let sign: Character
        let role: Role

        init(_ digits: BigDigits, word: String, sign: Character, role: Role) {
            (self.digits, self.word, self.sign, self.role) = (digits, word, sign, role)
        }

        var columns: Int { digits.columns + word.columns + 5 }

        func draw(x: Int, on canvas: Canvas) {
            digits.draw(x: x, y: 0, role: role, on: canvas)
            let beside = x + digits.columns + 1
            canvas.put(String(sign), x: beside, y: 0, role: role, attributes: .bold)
            canvas.put(word, x: beside, y: BigDigits.height(digits.glyphs) - 1, role: role)
        }
    }

    private func drawAge(_ picture: ClusterPicture, on foot: Canvas) {
        guard let confirmed = picture.snapshot.confirmed else {
            foot.put("no data yet", x: 1, y: 0, role: .dim)
            return
        }
        let isOld = picture.summary.isStale || picture.summary.problem != nil
        // A quiet cluster is as true as a busy one: what is followed says so, what is not says how old it is.
        let (live, age) = isOld ? ("", ", \(pen.age(confirmed)) old") : ("live, ", "")
        foot.put("\(live)data as of \(confirmed.clock)Z\(age)", x: 1, y: 0, role: isOld ? .stale : .dim)
    }
}
