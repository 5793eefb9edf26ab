package import Chrono
import GRDB
package import Kube

extension Ledger {
    /// Two weirs, and an Event beside a watch, tell of one correction within this time.
    private static let sameSpan = Duration.seconds(30)

    /// Remembers drift before Flux erases its traces; what is known already is not noted again.
    package func saw(_ drift: ObjectDrift, at moment: Timestamp) throws(LedgerFailure) {
        let names = Ledger.joined(drift.hands.map(\.name).filter { !$0.isEmpty })
        try saw(Subject(drift.applier, drift.entry), names, drift.fields, drift.onset.exact, false, moment)
    }

    /// Remembers that an object is missing, so that a later weir knows since when.
    package func saw(_ missing: MissingObject, at moment: Timestamp) throws(LedgerFailure) {
        try saw(Subject(missing.applier, missing.entry), "", [], missing.onset.exact, true, moment)
    }

    private func saw(
        _ subject: Subject,
        _ names: String,
        _ fields: [String],
        _ began: Timestamp?,
        _ isMissing: Bool,
        _ moment: Timestamp
    ) throws(LedgerFailure) {
        let fields = Ledger.joined(fields)
        try write { database in
            let known = try Row.fetchOne(
                database,
                sql: """
                    SELECT at, hands, fields, began, isEnd, wasMissing FROM sighting
                    WHERE cluster = ? AND object = ? ORDER BY at DESC, id DESC LIMIT 1
                    """,
                arguments: [subject.cluster, subject.object]
            )
            let knownBegin: Int64? = known?["began"]
            var began = began
            if let known, known["isEnd"] == 0, known["hands"] == names, known["fields"] == fields,
                known["wasMissing"] == isMissing, began == nil || knownBegin == began?.nanoseconds
            {
                // What lasts is noted anew before its names are too old to tell who it was.
                let age = moment.since(Timestamp(nanoseconds: known["at"]))
                guard age > Ledger.attributionSpan / 2 else {
                    return
                }
                // A weir that came later and does not know the beginning takes nothing from one that saw it.
                began = began ?? knownBegin.map { Timestamp(nanoseconds: $0) }
            }
            try Ledger.insert(
                database,
                subject,
                isEnd: false,
                at: moment,
                began: began,
                hands: names,
                fields: fields,
                wasMissing: isMissing,
                ending: ""
            )
        }
    }

    /// What was seen on any cluster with its beginning, and no end after it.
    ///
    /// - Shape: an object that left Git while it differed has no end: such sightings are forgotten after `moment`.
    package func openDrift(since moment: Timestamp, limit: Int = 2_000) throws(LedgerFailure) -> [OpenDrift] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM sighting AS last
                    WHERE at >= ? AND isEnd = 0 AND began IS NOT NULL AND NOT EXISTS (
                        SELECT 1 FROM sighting AS later
                        WHERE later.cluster = last.cluster AND later.object = last.object
                            AND later.isEnd IN (0, 1) AND later.at >= last.at
                            AND (later.at > last.at OR later.id > last.id))
                    ORDER BY at DESC, id DESC LIMIT ?
                    """,
                arguments: [moment.nanoseconds, limit]
            ).compactMap { OpenDrift($0) }
        }
    }

    /// Remembers that drift ended; where the report has no names, those that were seen before it are taken.
    package func saw(_ report: CorrectedDrift) throws(LedgerFailure) {
        try write { database in
            let corrected = report.by.isEmpty ? try Ledger.attributed(report, database) : report
            let subject = Subject(corrected.applier, corrected.entry)
            let span = Ledger.sameSpan.components.seconds * 1_000_000_000
            let near = try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM sighting WHERE cluster = ? AND object = ? AND isEnd = 1 AND at BETWEEN ? AND ?
                    """,
                arguments: [
                    subject.cluster, subject.object, corrected.ended.nanoseconds - span,
                    corrected.ended.nanoseconds + span,
                ]
            )
            let known = near.compactMap { CorrectedDrift($0) }.filter { $0.isSame(as: corrected) }
            if known.contains(where: { corrected.by.isEmpty || $0.by == corrected.by }) {
                return
            }
            try Ledger.insert(
                database,
                subject,
                isEnd: true,
                at: corrected.ended,
                began: corrected.began,
                hands: Ledger.joined(corrected.by),
                fields: Ledger.joined(corrected.fields),
                wasMissing: corrected.wasMissing,
                ending: corrected.ending.rawValue
            )
        }
    }

    /// What ended on any cluster since a moment, the newest first; each correction once, however often reported.
    package func corrections(since moment: Timestamp, limit: Int = 2_000) throws(LedgerFailure)
        -> [CorrectedDrift]
    {
        try read { database in
            let rows = try Row.fetchAll(
                database,
                sql: "SELECT * FROM sighting WHERE isEnd = 1 AND at >= ? ORDER BY at DESC, id DESC LIMIT ?",
                arguments: [moment.nanoseconds, limit]
            )
            let reports = Dictionary(grouping: rows.compactMap { CorrectedDrift($0) }) { report in
                Subject(report.applier, report.entry)
            }
            return reports.values.flatMap { CorrectedDrift.each($0) }.sorted { $0.ended > $1.ended }
        }
    }

    /// A sighting that no end followed says nothing of a correction much later: its own may have gone unseen.
    private static let attributionSpan = Duration.seconds(24 * 3600)

    /// The report with the names and fields last seen of the object since it was put back before.
    private static func attributed(_ report: CorrectedDrift, _ database: Database) throws -> CorrectedDrift {
        let subject = Subject(report.applier, report.entry)
        let span = sameSpan.components.seconds * 1_000_000_000
        let last = try Row.fetchOne(
            database,
            sql: """
                SELECT * FROM sighting WHERE cluster = ? AND object = ? AND at BETWEEN ? AND ?
                ORDER BY at DESC, id DESC LIMIT 1
                """,
            arguments: [
                subject.cluster, subject.object,
                report.ended.nanoseconds - attributionSpan.components.seconds * 1_000_000_000,
                report.ended.nanoseconds + span,
            ]
        )
        guard let last, last["isEnd"] == 0 else {
            return report
        }
        let began: Int64? = last["began"]
        return CorrectedDrift(
            entry: report.entry,
            applier: report.applier,
            by: CorrectedDrift.lines(last["hands"]),
            fields: CorrectedDrift.lines(last["fields"]),
            wasMissing: report.wasMissing,
            began: began.map { Timestamp(nanoseconds: $0) },
            ended: report.ended,
            ending: report.ending
        )
    }

    private static func insert(
        _ database: Database,
        _ subject: Subject,
        isEnd: Bool,
        at moment: Timestamp,
        began: Timestamp?,
        hands: String,
        fields: String,
        wasMissing: Bool,
        ending: String
    ) throws {
        try database.execute(
            sql: """
                INSERT INTO sighting (cluster, applier, object, isEnd, at, began, hands, fields, wasMissing, ending)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                subject.cluster, subject.applier, subject.object, isEnd, moment.nanoseconds,
                began?.nanoseconds, hands, fields, wasMissing, ending,
            ]
        )
    }

    private static func joined(_ texts: [String]) -> String {
        texts.joined(separator: "\n")
    }
}

/// An object and its applier as the ledger writes them: parts by spaces, which no name has; empty ones are `-`.
private struct Subject: Hashable {
    let cluster: String
    let applier: String
    let object: String

    init(_ applier: ObjectRef, _ entry: InventoryEntry) {
        cluster = applier.cluster.name
        self.applier = Subject.words([applier.group, applier.kind, applier.namespace, applier.name])
        object = Subject.words([entry.group, entry.kind, entry.namespace, entry.name, entry.version])
    }

    private static func words(_ parts: [String]) -> String {
        parts.map { $0.isEmpty ? "-" : $0 }.joined(separator: " ")
    }

    static func parts(_ text: String) -> [String] {
        text.split(separator: " ").map { $0 == "-" ? "" : String($0) }
    }
}

/// Object and applier as a row has them; nil where it was written by another version.
private func subject(_ row: Row) -> (applier: ObjectRef, entry: InventoryEntry)? {
    let applier = Subject.parts(row["applier"])
    let object = Subject.parts(row["object"])
    guard applier.count == 4, object.count == 5 else {
        return nil
    }
    return (
        ObjectRef(
            cluster: ClusterID(row["cluster"]),
            group: applier[0],
            kind: applier[1],
            namespace: applier[2],
            name: applier[3]
        ),
        InventoryEntry(
            namespace: object[2],
            name: object[3],
            group: object[0],
            kind: object[1],
            version: object[4]
        )
    )
}

extension OpenDrift {
    fileprivate init?(_ row: Row) {
        guard let (applier, entry) = subject(row), let began: Int64 = row["began"] else {
            return nil
        }
        self.init(
            entry: entry,
            applier: applier,
            by: CorrectedDrift.lines(row["hands"]),
            fields: CorrectedDrift.lines(row["fields"]),
            isMissing: row["wasMissing"],
            began: Timestamp(nanoseconds: began)
        )
    }
}

extension CorrectedDrift {
    fileprivate init?(_ row: Row) {
        guard let (applier, entry) = subject(row), let ending = Ending(rawValue: row["ending"]) else {
            return nil
        }
        let began: Int64? = row["began"]
        self.init(
            entry: entry,
            applier: applier,
            by: CorrectedDrift.lines(row["hands"]),
            fields: CorrectedDrift.lines(row["fields"]),
            wasMissing: row["wasMissing"],
            began: began.map { Timestamp(nanoseconds: $0) },
            ended: Timestamp(nanoseconds: row["at"]),
            ending: ending
        )
    }

    fileprivate static func lines(_ text: String) -> [String] {
        text.split(separator: "\n").map(String.init)
    }
}
