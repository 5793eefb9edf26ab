import Chrono
import Dashboard
import Git
import Kube

/// What `weir wait -o json` prints: how far every applier is with a commit.
struct ConvergenceReport: Report {
    struct Row: Encodable {
        let cluster: String
        let kind: String
        let namespace: String
        let name: String
        /// `pushed`, `fetched`, `applied` or `healthy`.
        let stage: String
        var fetched: String?
        var applied: String?
        var healthy: String?
        /// Why it does not go on by itself.
        var stuck: String?
        /// What it is doing.
        var note: String?
        /// True for what is not waited for: it is suspended, or tells no commit.
        let held: Bool
        /// A later commit that contains the wanted one and came in its place.
        var supersededBy: String?
    }

    var version = 1
    let generated: String
    let repository: String
    let branch: String
    let commit: String
    let subject: String
    /// True where all that can tell run the commit and are ready.
    let done: Bool
    /// Clusters that told nothing: whether they have the commit is not known.
    let silent: [String]
    let rows: [Row]
}

extension ConvergenceReport.Row {
    init(_ row: Convergence.Row, _ state: AppState) {
        let ref = row.member.applier
        self.init(
            cluster: state.profile(ref.cluster).displayName,
            kind: ref.kind,
            namespace: ref.namespace,
            name: ref.name,
            stage: row.stage.word,
            fetched: row.fetched?.rfc3339,
            applied: row.applied?.rfc3339,
            healthy: row.healthy?.rfc3339,
            stuck: row.stuck,
            note: row.note.isEmpty ? nil : row.note,
            held: row.isHeld,
            supersededBy: row.supersededBy
        )
    }
}

extension Convergence.Stage {
    fileprivate var word: String {
        switch self {
        case .pushed: "pushed"
        case .fetched: "fetched"
        case .applied: "applied"
        case .healthy: "healthy"
        }
    }
}
