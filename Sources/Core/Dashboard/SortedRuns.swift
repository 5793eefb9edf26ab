import Kube

/// Lists in one order that are read as one list, without ever being put together.
///
/// - Shape: rows that are neither before nor after each other come in the order of the runs.
struct SortedRuns<Row: FleetRow>: Sendable {
    /// A place in the whole list: how many rows come before it, in all and in each run.
    struct Place: Sendable {
        let rank: Int
        let splits: [Int]
    }

    let order: Row.Order
    private let clusters: [ClusterID]
    private var runs: [[Row]]
    private(set) var count = 0

    init(_ clusters: [ClusterID], order: Row.Order) {
        self.clusters = clusters
        self.order = order
        runs = Array(repeating: [], count: clusters.count)
    }

    mutating func replace(_ run: Int, _ rows: [Row]) {
        count += rows.count - runs[run].count
        runs[run] = rows
    }

    /// The row with this identity in the run of its cluster.
    func row(_ id: Row.ID, of cluster: ClusterID) -> Row? {
        clusters.firstIndex(of: cluster).flatMap { run in runs[run].first { $0.id == id } }
    }

    /// Where a row stands, or would stand where it is not in the list.
    func place(of row: Row) -> Place {
        let own = clusters.firstIndex(of: row.cluster) ?? 0
        let splits = runs.indices.map { run in
            let known = run == own ? runs[run].firstIndex { $0.id == row.id } : nil
            return known ?? split(run, at: row, isAfterTies: run < own)
        }
        return Place(rank: splits.reduce(0, +), splits: splits)
    }

    /// How many rows of a run come before a row.
    private func split(_ run: Int, at row: Row, isAfterTies: Bool) -> Int {
        var (low, high) = (0, runs[run].count)
        while low < high {
            let middle = (low + high) / 2
            let isLower =
                isAfterTies
                ? !Row.isBefore(row, runs[run][middle], in: order)
                : Row.isBefore(runs[run][middle], row, in: order)
            if isLower {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }

    private var begin: Place { Place(rank: 0, splits: runs.map { _ in 0 }) }

    /// A place by its rank, reached from the nearest of what is known: a place, the beginning or the end.
    func seek(from known: Place?, to rank: Int) -> Place {
        let starts = [known ?? begin, begin, Place(rank: count, splits: runs.map(\.count))]
        let start = starts.min { abs($0.rank - rank) < abs($1.rank - rank) } ?? begin
        var merge = RunMerge(runs, order, from: start, isForward: start.rank <= rank)
        for _ in 0..<abs(start.rank - rank) {
            merge.advance()
        }
        return Place(rank: rank, splits: merge.splits)
    }

    /// The first rows of the whole list.
    func prefix(_ limit: Int) -> [Row] {
        rows(from: begin, limit)
    }

    /// So many rows from a place on.
    func rows(from place: Place, _ limit: Int) -> [Row] {
        var merge = RunMerge(runs, order, from: place, isForward: true)
        return (0..<max(0, min(limit, count - place.rank))).compactMap { _ in merge.next() }
    }

    /// So many rows that end before a place, in their order.
    func rows(before place: Place, _ limit: Int) -> [Row] {
        var merge = RunMerge(runs, order, from: place, isForward: false)
        return (0..<max(0, min(limit, place.rank))).compactMap { _ in merge.next() }.reversed()
    }
}

/// Walks through sorted runs as through one list, in either direction.
private struct RunMerge<Row: FleetRow> {
    private let runs: [[Row]]
    private let order: Row.Order
    private let isForward: Bool
    /// Rows of each run that lie before the place reached.
    private(set) var splits: [Int]
    /// A heap of the runs that go on in this direction: the next row is the head of the first.
    private var heads: [Int] = []

    init(_ runs: [[Row]], _ order: Row.Order, from place: SortedRuns<Row>.Place, isForward: Bool) {
        self.runs = runs
        self.order = order
        self.isForward = isForward
        splits = place.splits
        heads = runs.indices.filter { hasMore($0) }
        for index in heads.indices.reversed() {
            sink(index)
        }
    }

    mutating func next() -> Row? {
        guard let run = heads.first else {
            return nil
        }
        let row = runs[run][position(run)]
        advance()
        return row
    }

    mutating func advance() {
        guard let run = heads.first else {
            return
        }
        splits[run] += isForward ? 1 : -1
        if !hasMore(run) {
            heads.swapAt(0, heads.count - 1)
            heads.removeLast()
        }
        sink(0)
    }

    private func hasMore(_ run: Int) -> Bool {
        isForward ? splits[run] < runs[run].count : splits[run] > 0
    }

    private func position(_ run: Int) -> Int {
        isForward ? splits[run] : splits[run] - 1
    }

    private mutating func sink(_ start: Int) {
        var index = start
        while true {
            var first = index
            for child in [2 * index + 1, 2 * index + 2] where child < heads.count && comesFirst(child, first)
            {
                first = child
            }
            guard first != index else {
                return
            }
            heads.swapAt(index, first)
            index = first
        }
    }

    /// Whether the head at one place of the heap comes before that at another, in the direction of the walk.
    private func comesFirst(_ left: Int, _ right: Int) -> Bool {
        let (one, two) = isForward ? (heads[left], heads[right]) : (heads[right], heads[left])
        if Row.isBefore(runs[one][position(one)], runs[two][position(two)], in: order) {
            return true
        }
        return one < two && !Row.isBefore(runs[two][position(two)], runs[one][position(one)], in: order)
    }
}
