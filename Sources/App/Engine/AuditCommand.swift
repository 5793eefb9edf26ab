import Chrono
import Ledger
import Text

package struct AuditCommand {
    private let asJSON: Bool
    private let since: String
    private let withDryRuns: Bool

    /// - Shape: dry runs are those of exact drift, one for each applier that was asked for.
    package init(asJSON: Bool, since: String, withDryRuns: Bool = false) {
        self.asJSON = asJSON
        self.withDryRuns = withDryRuns
        self.since = since
    }

    /// Prints the changes of the ledger, the newest first.
    package func run(_ options: LaunchOptions) throws(LaunchFailure) -> Int32 {
        let span = try Duration.argument(since, option: "--since")
        let records: [AuditRecord]
        do {
            let ledger = try Ledger(path: LedgerPlace.path)
            records = try ledger.audit(
                since: SystemClock.now.advanced(by: .zero - span),
                leavingOut: withDryRuns ? nil : AuditTrail.dryRun
            )
        } catch {
            throw LaunchFailure(error.description)
        }
        CommandLineOutput.print(
            asJSON ? AuditReport(records, at: SystemClock.now).json : AuditCommand.table(records)
        )
        return 0
    }

    static func table(_ records: [AuditRecord]) -> String {
        guard !records.isEmpty else {
            return "nothing was changed through weir in this time"
        }
        let rows = records.map { record in
            [
                record.at.rfc3339, record.user, record.cluster.isEmpty ? "-" : record.cluster, record.action,
                record.subject, record.result ?? "no answer",
                Sanitiser.line(record.message.isEmpty ? record.plan : record.message, limit: 120),
            ]
        }
        return StatusTable.aligned(
            [["WHEN", "WHO", "CLUSTER", "ACTION", "SUBJECT", "RESULT", "WHAT"]] + rows
        )
        .joined(separator: "\n")
    }
}

/// What `weir audit -o json` prints.
struct AuditReport: Report {
    struct Change: Encodable {
        var change: String
        var at: String
        var user: String
        var host: String
        var gitIdentity: String
        var cluster: String
        var clusterIdentity: String
        var action: String
        var subject: String
        var plan: String
        var confirmation: String
        /// Absent where no answer came.
        var result: String?
        var message: String
        var ended: String?
    }

    var version = 1
    var generated: String
    var changes: [Change]

    init(_ records: [AuditRecord], at now: Timestamp) {
        generated = now.rfc3339
        changes = records.map { record in
            Change(
                change: record.change,
                at: record.at.rfc3339,
                user: record.user,
                host: record.host,
                gitIdentity: record.gitIdentity,
                cluster: record.cluster,
                clusterIdentity: record.clusterIdentity,
                action: record.action,
                subject: record.subject,
                plan: record.plan,
                confirmation: record.confirmation,
                result: record.result,
                message: record.message,
                ended: record.ended?.rfc3339
            )
        }
    }
}
