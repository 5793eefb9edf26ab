package import Chrono
import HashTreeCollections
import Kube

/// How busy Flux is on a cluster, from the reconciliations that weir saw.
package struct ReconcileStatistics: Hashable, Sendable {
    /// Finished reconciliations in each of the last eight minutes, oldest first.
    package let perMinute: [Int]
    /// The median and the 95th percentile of how long they took; nil where no duration is known.
    package let median: Duration?
    package let slow: Duration?
    /// When the next one is due by interval; nil where nothing tells.
    package let nextDue: Timestamp?

    /// Minutes in `perMinute`.
    package static let minutes = 8

    init(_ snapshot: ClusterSnapshot?, now: Timestamp) {
        var counts = Array(repeating: 0, count: ReconcileStatistics.minutes)
        var durations: [Duration] = []
        for record in snapshot?.recent ?? [] {
            let age = now.since(record.finished).inSeconds
            if age >= 0, Int(age / 60) < counts.count {
                counts[counts.count - 1 - Int(age / 60)] += 1
            }
            if let duration = record.duration {
                durations.append(duration)
            }
        }
        durations.sort()
        perMinute = counts
        median = ReconcileStatistics.percentile(50, of: durations)
        slow = ReconcileStatistics.percentile(95, of: durations)
        // Of the most recent records only: the next due among them is the next due of all but rare ones.
        nextDue = snapshot?.recent.prefix(100).compactMap { record in
            snapshot?.resources[record.ref].flatMap { resource in
                resource.isSuspended ? nil : resource.interval.map { record.finished.advanced(by: $0) }
            }
        }.filter { $0 > now }.min()
    }

    private static func percentile(_ percent: Int, of sorted: [Duration]) -> Duration? {
        guard !sorted.isEmpty else {
            return nil
        }
        // Nearest rank: the smallest value that so many percent do not exceed.
        return sorted[max(0, (sorted.count * percent + 99) / 100 - 1)]
    }
}
