import Chrono
import Dashboard
import Kube
import Screen
import Text

/// One difference in words, for the pane of one cluster, the list of all and the tab of one applier.
struct DriftLine {
    enum Column {
        case cluster, applier, object, what, who, since, back
    }

    let pen: Pen
    let row: DriftRow
    /// The row above it in a list that is grouped.
    var above: DriftRow?

    func draw(on line: Canvas, _ places: [ListPane.Place], _ columns: [Column]) {
        for place in places where columns.indices.contains(place.index) {
            switch columns[place.index] {
            case .cluster:
                let isSame = above?.about.cluster == row.about.cluster
                line.put(pen.name(row.about.cluster), in: place, role: isSame ? .dim : .text)
            case .applier:
                let applier = row.entry == nil ? "" : "\(row.short) \(row.about.path)"
                line.put(applier, in: place, role: above?.about == row.about ? .dim : .text)
            case .object: drawObject(on: line, place)
            case .what:
                let whole = words(isWhole: true)
                let shown = whole.columns <= place.width ? whole : words(isWhole: false)
                line.put(shown, in: place, role: row.isCounted ? .text : .dim)
            case .who: line.put(row.who.joined(separator: ", "), in: place, role: .accent)
            case .since: line.put(since, in: place, role: .age)
            case .back: line.put(back(isWhole: false), in: place, role: .age)
            }
        }
    }

    /// What the selected row says in full, and what applies it, where its column is too narrow for it.
    func detail(column: Int) -> ListPane.Detail {
        let applier = row.entry == nil ? "" : " \(pen.glyphs.dot) \(row.short) \(row.about.path)"
        return ListPane.Detail(text: sentence + applier, role: .dim, column: column)
    }

    /// The whole row: object, what, who, since when where that is in doubt, and when it comes back.
    var sentence: String {
        let back = back(isWhole: true)
        let parts = [what(isWhole: true) + by, doubt, again, row.why, back].filter { !$0.isEmpty }
        return "\(object): \(parts.joined(separator: ", "))"
    }

    /// What and who, for a line that names the object already.
    var short: String {
        [what(isWhole: false) + by, again].filter { !$0.isEmpty }.joined(separator: ", ")
    }

    /// Who changed it: whoever that was did not put it back.
    private var by: String {
        let names = row.who.joined(separator: ", ")
        guard case .corrected(let corrected) = row.kind else {
            return names.isEmpty ? "" : " by \(names)"
        }
        guard !names.isEmpty else {
            return corrected.wasMissing
                ? ", after it was gone; who removed it is not known" : "; who had changed it is not known"
        }
        let fields = corrected.fields.isEmpty ? "" : " of \(fields(corrected.fields, corrected.fields.count))"
        return " after \(names)\(fields)"
    }

    /// Said where the age of a difference is not known.
    private var doubt: String {
        guard row.entry != nil, row.since == nil else {
            return ""
        }
        return row.notBefore.map { "began within the last \(pen.now.since($0).age)" }
            ?? "since before weir looked"
    }

    /// Since when, in a column: `<3m` where it is at most that, `?` where nobody knows.
    private var since: String {
        if let since = row.since {
            return pen.age(since)
        }
        let bound = row.notBefore.map { "<\(pen.now.since($0).age)" }
        return bound ?? (row.entry == nil ? pen.age(nil) : "?")
    }

    private func words(isWhole: Bool) -> String {
        [what(isWhole: isWhole), again, row.why].filter { !$0.isEmpty }.joined(separator: ", ")
    }

    private func drawObject(on line: Canvas, _ place: ListPane.Place) {
        line.put(
            [Span(String(sign), role), Span(" \(object)", .text)],
            x: place.x,
            y: 0,
            width: place.width
        )
    }

    var sign: Character {
        switch row.kind {
        case .source, .rewritten, .apply, .index: pen.glyphs.behind
        case .missing, .helm, .object: pen.glyphs.drift
        case .corrected: pen.glyphs.corrected
        }
    }

    var role: Role {
        switch row.kind {
        case .source, .rewritten, .apply: .behind
        case .index: .dim
        case .missing, .helm: .drift
        case .object(let drift): drift.isQuiet ? .dim : .drift
        case .corrected: row.isFlapping ? .drift : .dim
        }
    }

    var object: String {
        row.entry?.ref(in: row.about.cluster).description ?? "\(row.short) \(row.about.path)"
    }

    /// When Git's word comes back; empty where that cannot be told.
    func back(isWhole: Bool) -> String {
        if case .corrected = row.kind {
            return ""
        }
        switch row.comeback {
        case .unknown: return ""
        case .stays(let why): return isWhole ? "stays: \(why)" : "stays"
        case .within(let span): return isWhole ? "comes back within \(span.took)" : "<\(span.age)"
        case .due(let moment):
            let left = moment.since(pen.now)
            let when = left > .zero ? left.age : "now"
            return isWhole ? (left > .zero ? "comes back in \(when)" : "comes back any moment") : when
        }
    }

    /// A revision without the branch that the other one has too.
    private static func apart(_ revision: String, from other: String) -> Substring {
        guard let at = revision.lastIndex(of: "@"), other.hasPrefix(revision[...at]) else {
            return revision[...]
        }
        return revision[revision.index(after: at)...]
    }

    private func what(isWhole: Bool) -> String {
        switch row.kind {
        case .source(let commits, let here):
            "\(row.branch) is \(commits) ahead\(here == commits ? "" : " (\(here) here)")"
        case .rewritten: "\(row.branch) was rewritten"
        case .apply(let fetched, let applied):
            "\(DriftLine.apart(fetched, from: applied)) is fetched, \(DriftLine.apart(applied, from: fetched)) runs"
        case .index(let chart, let range):
            isWhole ? "a newer index than \(chart) (\(range)) was chosen from" : "newer index, \(range)"
        case .missing: "missing"
        case .helm(let message): message.isEmpty ? "differs from its release" : message
        case .object(let drift): fields(drift, isWhole: isWhole)
        case .corrected(let corrected):
            corrected.ending == .withdrawn
                ? "gone without Flux" : "put back\(isWhole ? " by Flux" : "") \(times)"
        }
    }

    private var times: String {
        "\(row.timesPutBack)\(pen.glyphs.times) in 1h\(row.isFlapping ? ", flapping" : "")"
    }

    /// What Flux did before, to what differs again.
    private var again: String {
        if case .corrected = row.kind {
            return ""
        }
        return row.timesPutBack > 0 ? "put back by Flux \(times)" : ""
    }

    private func fields(_ drift: ObjectDrift, isWhole: Bool) -> String {
        let all = drift.fields
        let count = drift.hands.reduce(0) { $0 + $1.fieldCount }
        let removed = drift.hands.filter { $0.nature == .removed }.reduce(0) { $0 + $1.fieldCount }
        guard !all.isEmpty else {
            return
                "\(removed) field\(removed == 1 ? "" : "s") that Git sets \(removed == 1 ? "is" : "are") gone"
        }
        guard !isWhole else {
            let rest = count - all.count
            return all.joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
        }
        return fields(all, count)
    }

    /// The gravest of some fields, and how many more there are.
    private func fields(_ all: [String], _ count: Int) -> String {
        // The end of a path tells most.
        let first =
            all[0].hasPrefix("spec.template.spec.")
            ? "\(pen.glyphs.ellipsis)\(all[0].dropFirst(19))" : all[0]
        return count > 1 ? "\(first) +\(count - 1)" : first
    }
}
