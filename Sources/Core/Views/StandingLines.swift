import Chrono
import Dashboard
import Kube
import Screen
import Text

/// The steps from Git to what runs, for the summary of a source or an applier.
struct StandingLines {
    let pen: Pen
    let standing: SyncStanding

    /// Name, value and role of each line.
    var fields: [(name: String, value: String, role: Role)] {
        var fields: [(String, String, Role)] = []
        if let follows = standing.follows {
            let head = standing.head.map { "\(follows) is at \(Revision.cut($0))" }
            fields.append(("Git", head ?? "\(follows), not seen yet", .revision))
        }
        if let fetched = standing.fetched {
            let age = standing.fetchedAt.map { "  \(pen.age($0)) ago" } ?? ""
            fields.append(("fetched", "\(fetched.text)\(age)", .revision))
        }
        if let applied = standing.applied {
            fields.append(("applied", applied.text, .revision))
        }
        if let behind = standing.behind, behind != .notApplicable {
            fields.append(("behind", words(behind), pen.role(behind)))
        }
        if let cause = standing.cause {
            fields.append(("why", words(cause), .text))
        }
        return fields
    }

    private func words(_ behind: Behind) -> String {
        switch behind {
        case .notApplicable: return ""
        case .pinned(let what): return "follows no branch: \(what)"
        case .measuring: return "being measured"
        case .unknown(let why): return "not known: \(why)"
        case .diverged: return "history was rewritten under it"
        case .commits(0, _, _): return "level with Git"
        case .commits(let all, let here, let since):
            let commits = "\(all) commit\(all == 1 ? "" : "s")"
            let touching = here == all ? "" : ", \(here) of them in what it is built from"
            return "\(commits)\(touching)\(since.map { ", for \(pen.age($0))" } ?? "")"
        }
    }

    private func words(_ cause: SyncStanding.Cause) -> String {
        switch cause {
        case .words(let words): return words
        case .notDue(let ref, let every, let next):
            let left = next.map { $0.since(pen.now) }
            let due = left.map { $0 > .zero ? "due in \($0.age)" : "due any moment" }
            return "\(ref.description) runs every \(every.took)\(due.map { ", \($0)" } ?? "")"
        }
    }
}
