import Chrono

/// The table that `weir drift` prints: a line per difference, then what could not be seen.
struct DriftTable {
    let text: String

    init(_ report: DriftReport, now: Timestamp) {
        let rows = report.clusters.flatMap { cluster in
            cluster.drift.map { DriftTable.row($0, cluster.name, now) }
        }
        var lines: [String] = []
        if rows.isEmpty {
            lines.append(
                report.isComplete
                    ? "nothing differs from Git, as far as field ownership tells"
                    : "no difference was seen, but not everything was compared with Git:"
            )
        } else {
            lines += StatusTable.aligned(
                [["CLUSTER", "TYPE", "OBJECT", "WHO", "SINCE", "BACK", "WHAT"]] + rows
            )
        }
        for cluster in report.clusters {
            lines += DriftTable.fields(cluster)
            if let error = cluster.error {
                lines.append("\(cluster.name): not known: \(error)")
            }
            lines += cluster.blindSpots.map { "\(cluster.name): not compared: \($0)" }
            lines += (cluster.remarks ?? []).map { "\(cluster.name): note: \($0)" }
            lines += cluster.notLookedAt.map { "\(cluster.name): never looked at: \($0)" }
        }
        lines.append(
            "what was put back before now is known only as far as Events and weir's ledger tell; else it is unknown"
        )
        text = lines.joined(separator: "\n")
    }

    /// Each field that a dry run found to differ, as Git has it and as it is.
    private static func fields(_ cluster: DriftReport.Cluster) -> [String] {
        cluster.drift.flatMap { row -> [String] in
            let object = row.object ?? row.applier
            let author = row.applier.kind == "HelmRelease" ? "Helm" : "Git"
            return (row.fields ?? []).map { field in
                let (desired, live) = (field.desired ?? "-", field.live ?? "-")
                let values =
                    field.desired == nil && field.live == nil
                    ? field.change : "\(author) \(desired), live \(live)"
                return
                    "\(cluster.name): \(object.kind) \(object.namespace)/\(object.name) \(field.path): \(values)"
            }
        }
    }

    /// The age of a difference: `<3m` where it is at most that, `?` where nobody knows.
    private static func since(_ row: DriftReport.Row, _ now: Timestamp) -> String {
        func age(_ time: String?) -> String? {
            time.flatMap { Timestamp(rfc3339: $0) }.map { now.since($0).age }
        }
        return age(row.since) ?? age(row.notBefore).map { "<\($0)" } ?? (row.object == nil ? "-" : "?")
    }

    private static func row(_ row: DriftReport.Row, _ cluster: String, _ now: Timestamp) -> [String] {
        let object = row.object ?? row.applier
        let path = object.namespace.isEmpty ? object.name : "\(object.namespace)/\(object.name)"
        let due = row.comesBack.flatMap { Timestamp(rfc3339: $0) }?.since(now)
        return [
            cluster,
            row.type,
            "\(object.kind) \(path)",
            row.who.isEmpty ? "-" : row.who.joined(separator: ", "),
            since(row, now),
            row.stays.map { _ in "stays" } ?? due.map { $0 > .zero ? $0.age : "now" } ?? "-",
            row.message + (row.putBackLastHour > 1 ? ", put back \(row.putBackLastHour)× in 1h" : "")
                + (row.flapping ? ", flapping" : ""),
        ]
    }
}
