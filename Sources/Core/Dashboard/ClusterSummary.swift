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

    package init() {
        counts = StateCounts()
        drifted = 0
        appliersBehind = 0
        isStale = false
        isComplete = false
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

    package init() {}

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
    }
}
