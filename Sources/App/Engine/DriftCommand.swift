import Dashboard
import Kube

package struct DriftCommand {
    private let asJSON: Bool
    private let isExact: Bool
    private let timeout: String

    package init(asJSON: Bool, isExact: Bool = false, timeout: String) {
        self.asJSON = asJSON
        self.isExact = isExact
        self.timeout = timeout
    }

    /// Prints what differs from Git; 0 nothing does, 1 something does, 2 not everything could be compared.
    package func run(_ options: LaunchOptions) throws(LaunchFailure) -> Int32 {
        let limit = try Duration.argument(timeout, option: "--timeout")
        try LogFile.start(options)
        var options = options
        // Exact drift takes dry runs, which count as writes.
        options.isReadOnly = options.isReadOnly || !isExact
        let fleet = try HeadlessFleet(options)
        fleet.settle(within: limit)
        fleet.settleDrift(within: limit)
        let asked = isExact ? compareExactly(fleet, within: limit) : []
        let now = SystemClock.now
        let report = DriftReport(fleet.store.state, exactly: asked, now: now)
        CommandLineOutput.print(asJSON ? report.json : DriftTable(report, now: now).text)
        fleet.stop()
        return report.exitCode
    }

    /// Asks every cluster what its appliers would change, and gives those that were asked for.
    ///
    /// Clusters are asked at the same time. One that answers nothing for as long as `limit` is waited for no more:
    /// a large one may take longer than that as a whole, and none is to blame for the time that weir's builds take.
    private func compareExactly(_ fleet: HeadlessFleet, within limit: Duration) -> [ObjectRef] {
        let refs = fleet.store.state.exactlyComparable
        fleet.store.perform { $0.orderExactDrift(of: refs) }
        var progress = ExactProgress(refs, limit: limit, now: SystemClock.uptime)
        while progress.isOpen {
            let left = progress.left(now: SystemClock.uptime)
            fleet.run(for: left) { progress.isNew($0) }
            progress.take(fleet.store.state, now: SystemClock.uptime)
        }
        return refs
    }
}

/// How far the clusters are with what they were asked, and which of them fell silent.
///
/// - Units: moments of the uptime, in nanoseconds.
struct ExactProgress {
    private struct Cluster {
        var told: ExactTally?
        var heard: Int64
    }

    private var clusters: [ClusterID: Cluster]
    private let limit: Int64

    init(_ refs: [ObjectRef], limit: Duration, now: Int64) {
        self.limit = limit.wholeNanoseconds
        clusters = Dictionary(refs.map { ($0.cluster, Cluster(heard: now)) }) { first, _ in first }
    }

    /// True while a cluster that still answers has answers to give.
    var isOpen: Bool { !clusters.isEmpty }

    /// How long it takes until the next cluster counts as silent.
    func left(now: Int64) -> Duration {
        let next = clusters.values.map { $0.heard - now + limit }.min() ?? 0
        return .nanoseconds(max(1_000_000, next))
    }

    /// True where something came since the last look.
    func isNew(_ state: AppState) -> Bool {
        clusters.contains { id, cluster in cluster.told != state.exactTally(of: id) }
    }

    mutating func take(_ state: AppState, now: Int64) {
        for (id, cluster) in clusters {
            let tally = state.exactTally(of: id)
            // Silent is only who was asked: while all of its appliers are being built, it has nothing to say.
            let isHeard = tally != cluster.told || !tally.isOutstanding
            let heard = isHeard ? now : cluster.heard
            let isOver = tally.open == 0 || now - heard >= limit
            clusters[id] = isOver ? nil : Cluster(told: tally, heard: heard)
        }
    }
}
