package import Chrono
package import Kube

/// One row of the clusters pane: a cluster in numbers.
package struct ClusterSummary: Hashable, Sendable {
    /// How many resources are in each state.
    package internal(set) var counts: StateCounts
    /// Differences from Git, without those that are over, that Flux leaves alone, or that a rollout is closing.
    package internal(set) var drifted: Int
    /// The most commits that any applier that is not suspended lies behind; nil where none is known.
    package internal(set) var behind: Int?
    /// Appliers that lie behind.
    package internal(set) var appliersBehind: Int
    /// When Flux last finished a reconciliation there.
    package internal(set) var lastReconciled: Timestamp?
    /// Why the cluster's rows cannot be trusted or are missing, in one sentence.
    package internal(set) var problem: String?
    /// Since when there is a problem.
    package internal(set) var problemSince: Timestamp?
    package internal(set) var isStale: Bool
    /// False until every kind was listed.
    package internal(set) var isComplete: Bool
    /// False where the cluster told nothing, now or before: then its numbers are none, not 0.
    package internal(set) var isKnown: Bool
    /// True where the objects of all inventories were looked at, as far as they may be.
    package internal(set) var knowsObjects: Bool
    /// True where `drifted` is all that differs; elsewhere there may be more.
    package internal(set) var isDriftWhole: Bool
    /// True where of each applier that is not suspended it is known how far it lies behind.
    package internal(set) var isBehindWhole: Bool

    package init() {
        counts = StateCounts()
        drifted = 0
        appliersBehind = 0
        isStale = false
        isComplete = false
        isKnown = false
        knowsObjects = false
        isDriftWhole = false
        isBehindWhole = false
    }

    /// The differences as they are told: `3+` where there may be more; nil where nothing is known of them.
    package var driftFigure: String? {
        guard isKnown, knowsObjects || isDriftWhole || drifted > 0 else {
            return nil
        }
        return isDriftWhole ? "\(drifted)" : "\(drifted)+"
    }

    /// How far the cluster lies behind as it is told: `3+` where it may be more; nil where nothing is known of it.
    package var behindFigure: String? {
        behind.map { isBehindWhole ? "\($0)" : "\($0)+" }
    }

    /// Trouble first: smaller is worse.
    package var severity: Int {
        if counts.troubled > 0 {
            return 0
        }
        if problem != nil {
            return 1
        }
        if drifted > 0 || (behind ?? 0) > 0 {
            return 2
        }
        return counts[.ready] + counts[.suspended] == counts.total ? (isComplete ? 4 : 3) : 3
    }
}

/// How many resources are in each sync state.
package struct StateCounts: Hashable, Sendable {
    private var numbers: [Int]

    package init() {
        numbers = Array(repeating: 0, count: SyncState.allCases.count)
    }

    package internal(set) subscript(state: SyncState) -> Int {
        get { numbers[Int(state.rawValue)] }
        set { numbers[Int(state.rawValue)] = newValue }
    }

    package var total: Int { numbers.reduce(0, +) }

    /// Failed and stalled ones.
    package var troubled: Int { self[.failed] + self[.stalled] }

    mutating func add(_ other: StateCounts, times factor: Int) {
        for index in numbers.indices {
            numbers[index] += factor * other.numbers[index]
        }
    }
}

/// The whole fleet in numbers, for the line at the top.
package struct FleetTotals: Hashable, Sendable {
    package internal(set) var counts = StateCounts()
    package internal(set) var clusters = 0
    package internal(set) var unreachable = 0
    package internal(set) var drifted = 0
    /// Clusters with an applier that lies behind.
    package internal(set) var clustersBehind = 0
    /// Clusters that told something, now or before.
    package internal(set) var known = 0
    /// Clusters that may differ in more than was counted.
    package internal(set) var driftUnknown = 0
    /// Clusters that may lie behind though that is not known.
    package internal(set) var behindUnknown = 0

    package init() {}

    /// As `ClusterSummary.driftFigure`, of all clusters.
    package var driftFigure: String? {
        FleetTotals.figure(drifted, isWhole: driftUnknown == 0, isKnown: driftUnknown < clusters)
    }

    /// As `ClusterSummary.behindFigure`: how many clusters lie behind.
    package var behindFigure: String? {
        FleetTotals.figure(clustersBehind, isWhole: behindUnknown == 0, isKnown: behindUnknown < clusters)
    }

    private static func figure(_ count: Int, isWhole: Bool, isKnown: Bool) -> String? {
        isWhole ? "\(count)" : isKnown || count > 0 ? "\(count)+" : nil
    }

    mutating func add(_ summary: ClusterSummary) {
        count(summary, 1)
    }

    mutating func subtract(_ summary: ClusterSummary) {
        count(summary, -1)
    }

    private mutating func count(_ summary: ClusterSummary, _ sign: Int) {
        clusters += sign
        counts.add(summary.counts, times: sign)
        drifted += sign * summary.drifted
        unreachable += summary.problem == nil ? 0 : sign
        clustersBehind += summary.appliersBehind > 0 ? sign : 0
        known += summary.isKnown ? sign : 0
        driftUnknown += summary.isDriftWhole ? 0 : sign
        behindUnknown += summary.isBehindWhole || summary.appliersBehind > 0 ? 0 : sign
    }
}
