package import Chrono
import GRDB

extension Ledger {
    /// Notes that a change is about to be made, before anything of it leaves the process; it is on the disk then.
    package func asked(_ record: AuditRecord) throws(LedgerFailure) {
        try writeDurably { database in
            try database.execute(
                sql: """
                    INSERT INTO asked (change, at, user, host, gitIdentity, cluster, clusterIdentity,
                                       action, subject, plan, confirmation)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    record.change, record.at.nanoseconds, record.user, record.host, record.gitIdentity,
                    record.cluster, record.clusterIdentity, record.action, record.subject, record.plan,
                    record.confirmation,
                ]
            )
        }
    }

    /// Notes how a change ended; a change that was never asked for, or ended before, is left as it is.
    package func ended(
        _ change: String,
        at moment: Timestamp,
        result: String,
        message: String
    ) throws(LedgerFailure) {
        try write { database in
            try database.execute(
                sql: """
                    INSERT OR IGNORE INTO ended (change, at, result, message)
                    SELECT change, ?, ?, ? FROM asked WHERE change = ?
                    """,
                arguments: [moment.nanoseconds, result, message, change]
            )
        }
    }

    /// The changes since a moment, the newest first.
    ///
    /// - Shape: a change without a result is under way, or its weir ended before the answer came.
    ///   `leavingOut` names an action that is not asked for, so that many of it crowd out nothing.
    package func audit(
        since moment: Timestamp,
        limit: Int = 1_000,
        leavingOut action: String? = nil
    ) throws(LedgerFailure) -> [AuditRecord] {
        try read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT asked.*, ended.at AS endedAt, ended.result, ended.message
                    FROM asked LEFT JOIN ended ON ended.change = asked.change
                    WHERE asked.at >= ? AND asked.action IS NOT ? ORDER BY asked.at DESC, asked.id DESC LIMIT ?
                    """,
                arguments: [moment.nanoseconds, action, limit]
            )
            return rows.map { AuditRecord($0) }
        }
    }
}

extension AuditRecord {
    fileprivate init(_ row: Row) {
        let ended: Int64? = row["endedAt"]
        self.init(
            change: row["change"],
            at: Timestamp(nanoseconds: row["at"]),
            user: row["user"],
            host: row["host"],
            gitIdentity: row["gitIdentity"],
            cluster: row["cluster"],
            clusterIdentity: row["clusterIdentity"],
            action: row["action"],
            subject: row["subject"],
            plan: row["plan"],
            confirmation: row["confirmation"],
            result: row["result"],
            message: row["message"] ?? "",
            ended: ended.map { Timestamp(nanoseconds: $0) }
        )
    }
}
