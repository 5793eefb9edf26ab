package import Kube

/// What a list of all clusters holds.
package protocol FleetRow: Hashable, Sendable {
    associatedtype ID: Hashable, Sendable
    /// What a list of such rows can be sorted by.
    associatedtype Order: Hashable, Sendable

    /// Stays the same while the row's numbers change.
    var id: ID { get }
    var cluster: ClusterID { get }

    static func isBefore(_ left: Self, _ right: Self, in order: Order) -> Bool
}

/// A list of all clusters in one order, with its cursor: each cluster's rows are a run of their own.
///
/// A change of one cluster replaces its run; the others are neither read nor moved. Rows are merged where they
/// are looked at only: around the cursor.
/// - Shape: whatever the number of clusters and rows, a change costs a search in each run.
package struct FleetList<Row: FleetRow>: Sendable {
    private var runs: SortedRuns<Row>?
    /// What each run was made of, in the order of the runs.
    private var versions: [Int?] = []
    private var filter = Filter.none
    /// Where the cursor stands in the runs.
    private var anchor: SortedRuns<Row>.Place?
    private var window: [Row] = []
    private var windowStart = 0
    /// The height that the window was made for.
    private var windowHeight = 0
    package private(set) var cursor = Cursor<Row.ID>()
    /// The row with the cursor.
    package private(set) var selected: Row?

    package init() {}

    package var count: Int { runs?.count ?? 0 }
    package var isEmpty: Bool { count == 0 }

    /// The row at a place near the cursor; nil further away than any screen shows.
    package subscript(index: Int) -> Row? {
        window.indices.contains(index - windowStart) ? window[index - windowStart] : nil
    }

    /// The rows in view where the list has so many lines.
    package func shown(_ height: Int) -> [Row] {
        cursor.window(count: count, height: height).compactMap { self[$0] }
    }

    /// Every row in order: for what is about all of them, never for a frame.
    package var rows: [Row] { runs?.prefix(count) ?? [] }

    /// Makes the runs of the clusters that changed anew and finds the cursor's row again.
    ///
    /// - Shape: `clusters` come in one order always, each with the version of what its rows are made of;
    ///   another filter or order makes all runs anew; `make` returns a run in order.
    mutating func settle(
        _ clusters: [(id: ClusterID, version: Int)],
        filter: Filter,
        order: Row.Order,
        height: Int,
        make: (ClusterID) -> [Row]
    ) {
        var runs = self.runs ?? SortedRuns(clusters.map(\.id), order: order)
        // The list gives its hold up, so that runs are replaced in place.
        self.runs = nil
        if filter != self.filter || order != runs.order || clusters.count != versions.count {
            self.filter = filter
            runs = SortedRuns(clusters.map(\.id), order: order)
            versions = Array(repeating: nil, count: clusters.count)
        }
        var changed: Set<ClusterID> = []
        for (place, cluster) in clusters.enumerated() where versions[place] != cluster.version {
            versions[place] = cluster.version
            runs.replace(place, make(cluster.id))
            changed.insert(cluster.id)
        }
        self.runs = runs
        if !changed.isEmpty || height > windowHeight {
            findAgain(changed, height: height)
        }
    }

    /// Selects a row by its place; places outside the list take the nearest row.
    mutating func select(_ wanted: Int, height: Int) {
        guard let runs, runs.count > 0 else {
            (anchor, selected, window, windowStart) = (nil, nil, [], 0)
            cursor = Cursor()
            return
        }
        let place = runs.seek(from: anchor, to: min(max(0, wanted), runs.count - 1))
        // As many rows on each side of the cursor as any layout may show.
        let reach = 2 * height + 8
        windowHeight = height
        let before = runs.rows(before: place, reach)
        windowStart = place.rank - before.count
        window = before + runs.rows(from: place, reach)
        anchor = place
        selected = self[place.rank]
        if let selected {
            cursor.put(selected.id, at: place.rank, count: runs.count, height: height)
        }
    }

    /// The nearest place in a direction, around the end, whose row fits; nil where none does.
    func place(from index: Int, direction: Int, where fits: (Row) -> Bool) -> Int? {
        let rows = self.rows
        return (0..<rows.count).lazy
            .map { ((index + direction * ($0 + 1)) % rows.count + rows.count) % rows.count }
            .first { fits(rows[$0]) }
    }

    /// Follows the selected row to where it is now; where it is gone, its place keeps the selection.
    private mutating func findAgain(_ changed: Set<ClusterID>, height: Int) {
        guard let runs, let old = selected else {
            select(0, height: height)
            return
        }
        let row = changed.contains(old.cluster) ? runs.row(old.id, of: old.cluster) : old
        let place = runs.place(of: row ?? old)
        anchor = place
        select(place.rank, height: height)
    }
}
