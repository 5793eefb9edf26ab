import Chrono
import Dashboard
import HashTreeCollections
import Kube
import Text

/// The table that `weir status` prints: a line per cluster, then what is not in order.
struct StatusTable {
    let text: String

    init(_ state: AppState, now: Timestamp) {
        let pictures = state.profiles.compactMap { state.clusters[$0.id] }
        var lines = StatusTable.aligned(
            [["CLUSTER", "READY", "DRIFT", "BEHIND", "LAST", "FLUX", "PROBLEM"]]
                + pictures.map { StatusTable.row($0, now: now) }
        )
        let trouble = pictures.flatMap { picture in
            picture.snapshot.resources.values
                .filter { $0.state != .ready && $0.state != .suspended }
                .sorted { ($0.state, $0.ref) < ($1.state, $1.ref) }
                .map { StatusTable.row($0, in: picture) }
        }
        if !trouble.isEmpty {
            lines.append("")
            lines += StatusTable.aligned(
                [["CLUSTER", "STATE", "KIND", "RESOURCE", "REVISION", "MESSAGE"]] + trouble
            )
        }
        if let difference = FleetVersions.difference(pictures) {
            lines += ["", difference]
        }
        text = lines.joined(separator: "\n")
    }

    private static func row(_ picture: ClusterPicture, now: Timestamp) -> [String] {
        let summary = picture.summary
        let ready = summary.counts[.ready]
        return [
            picture.profile.displayName,
            summary.isKnown ? "\(ready)/\(summary.counts.total)" : "-",
            summary.driftFigure ?? "-",
            summary.behindFigure ?? "-",
            summary.lastReconciled.map { now.since($0).age } ?? "-",
            picture.snapshot.fluxVersion ?? "-",
            summary.problem ?? picture.snapshot.link.problem ?? "",
        ]
    }

    private static func row(_ resource: FluxResource, in picture: ClusterPicture) -> [String] {
        [
            picture.profile.displayName,
            resource.state.word,
            resource.kind.short,
            resource.ref.path,
            resource.revision?.short ?? "-",
            resource.message.truncated(to: 100),
        ]
    }

    /// Columns two spaces apart; the last one is as long as it is.
    ///
    /// - Shape: every cell is made harmless here, wherever it comes from.
    static func aligned(_ rows: [[String]]) -> [String] {
        let rows = rows.map { $0.map { Sanitiser.line($0, limit: 4096) } }
        guard let first = rows.first else {
            return []
        }
        let widths = first.indices.map { column in rows.map { $0[column].columns }.max() ?? 0 }
        return rows.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                line += column == row.count - 1 ? cell : cell.padded(to: widths[column]) + "  "
            }
            while line.last == " " {
                line.removeLast()
            }
            return line
        }
    }
}
