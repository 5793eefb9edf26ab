package import Chrono
import FoundationEssentials
import GRDB
import Kube

extension Ledger {
    /// Notes whom a push is for, before anything of it leaves the process.
    package func plannedRollout(_ record: RolloutRecord) throws(LedgerFailure) {
        let members = MemberText.text(record.members)
        try write { database in
            try database.execute(
                sql: """
                    INSERT OR IGNORE INTO rollout (rollout, at, repository, branch, subject, members)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    record.rollout, record.at.nanoseconds, record.repository, record.branch, record.subject,
                    members,
                ]
            )
        }
    }

    /// Notes that the server took the commit; what is known already stays as it is.
    package func pushedRollout(
        _ rollout: String,
        commit: String,
        at moment: Timestamp
    ) throws(LedgerFailure) {
        try write { database in
            try database.execute(
                sql: """
                    INSERT OR IGNORE INTO rolloutPushed (rollout, at, commitID)
                    SELECT rollout, ?, ? FROM rollout WHERE rollout = ?
                    """,
                arguments: [moment.nanoseconds, commit, rollout]
            )
        }
    }

    /// Notes that everyone has the commit, or that nobody waits for it any more.
    package func endedRollout(_ rollout: String, at moment: Timestamp) throws(LedgerFailure) {
        try write { database in
            try database.execute(
                sql: """
                    INSERT OR IGNORE INTO rolloutEnded (rollout, at)
                    SELECT rollout, ? FROM rollout WHERE rollout = ?
                    """,
                arguments: [moment.nanoseconds, rollout]
            )
        }
    }

    /// Rollouts since a moment that have not ended, the oldest first.
    package func openRollouts(since moment: Timestamp) throws(LedgerFailure) -> [RolloutRecord] {
        try read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT rollout.*, rolloutPushed.at AS pushedAt, rolloutPushed.commitID
                    FROM rollout LEFT JOIN rolloutPushed ON rolloutPushed.rollout = rollout.rollout
                    WHERE rollout.at >= ? AND rollout.rollout NOT IN (SELECT rollout FROM rolloutEnded)
                    ORDER BY rollout.at, rollout.id LIMIT 50
                    """,
                arguments: [moment.nanoseconds]
            )
            return rows.map { row in
                let pushed: Int64? = row["pushedAt"]
                return RolloutRecord(
                    rollout: row["rollout"],
                    at: Timestamp(nanoseconds: row["at"]),
                    repository: row["repository"],
                    branch: row["branch"],
                    subject: row["subject"],
                    members: MemberText.members(row["members"]),
                    commit: row["commitID"],
                    pushed: pushed.map { Timestamp(nanoseconds: $0) }
                )
            }
        }
    }

    static let rolloutTables = """
        CREATE TABLE rollout (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            rollout TEXT NOT NULL UNIQUE, at INTEGER NOT NULL,
            repository TEXT NOT NULL, branch TEXT NOT NULL, subject TEXT NOT NULL, members TEXT NOT NULL);
        CREATE TABLE rolloutPushed (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            rollout TEXT NOT NULL UNIQUE REFERENCES rollout (rollout),
            at INTEGER NOT NULL, commitID TEXT NOT NULL);
        CREATE TABLE rolloutEnded (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            rollout TEXT NOT NULL UNIQUE REFERENCES rollout (rollout), at INTEGER NOT NULL);
        CREATE INDEX rolloutByTime ON rollout (at);
        """
}

/// Members as the ledger writes them: JSON, as names of clusters may hold anything.
private enum MemberText {
    private struct Entry: Codable {
        let cluster: String
        let applier: [String]
        let source: [String]
        let before: String?
        let tellsCommit: Bool?
    }

    static func text(_ members: [RolloutRecord.Member]) -> String {
        let entries = members.map { member in
            Entry(
                cluster: member.applier.cluster.name,
                applier: parts(member.applier),
                source: parts(member.source),
                before: member.before,
                tellsCommit: member.tellsCommit
            )
        }
        return (try? JSONEncoder().encode(entries)).map { String(decoding: $0, as: UTF8.self) } ?? "[]"
    }

    /// What another version wrote in another form is left out.
    static func members(_ text: String) -> [RolloutRecord.Member] {
        let entries = (try? JSONDecoder().decode([Entry].self, from: Data(text.utf8))) ?? []
        return entries.compactMap { entry in
            guard let applier = ref(entry.applier, entry.cluster),
                let source = ref(entry.source, entry.cluster)
            else {
                return nil
            }
            return RolloutRecord.Member(
                applier: applier,
                source: source,
                before: entry.before,
                tellsCommit: entry.tellsCommit ?? true
            )
        }
    }

    private static func parts(_ ref: ObjectRef) -> [String] {
        [ref.group, ref.kind, ref.namespace, ref.name]
    }

    private static func ref(_ parts: [String], _ cluster: String) -> ObjectRef? {
        guard parts.count == 4 else {
            return nil
        }
        return ObjectRef(
            cluster: ClusterID(cluster),
            group: parts[0],
            kind: parts[1],
            namespace: parts[2],
            name: parts[3]
        )
    }
}
