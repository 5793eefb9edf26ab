import Chrono

/// The table that `weir drift` prints: a line per difference, then what could not be seen.
struct DriftTable {
    let text: String

    init(_ report: DriftReport, now: Timestamp) {
        let rows = report.clusters.flatMap { cluster in
            cluster.drift.map { DriftTable.row($0, cluster.name, now) }
        }
        var lines = rows.isEmpty ? ["nothing differs from Git, as far as field ownership tells"] : []
        if !rows.isEmpty {
            lines += StatusTable.aligned(
                [["CLUSTER", "TYPE", "OBJECT", "WHO", "SINCE", "BACK", "WHAT"]] + rows
            )
        }
        for cluster in report.clusters {
            if let error = cluster.error {
                lines.append("\(cluster.name): not known: \(error)")
            } else if !cluster.complete {
                lines.append("\(cluster.name): not every object was looked at in time")
            }
            lines += cluster.blindSpots.map { "\(cluster.name): not seen: \($0)" }
        }
        text = lines.joined(separator: "\n")
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
            row.since.flatMap { Timestamp(rfc3339: $0) }.map { now.since($0).age } ?? "-",
            row.stays.map { _ in "stays" } ?? due.map { $0 > .zero ? $0.age : "now" } ?? "-",
            row.message + (row.putBackLastHour > 1 ? ", put back \(row.putBackLastHour)× in 1h" : "")
                + (row.flapping ? ", flapping" : ""),
        ]
    }
}
