package import Kube

/// The four panes of the fleet view.
package enum Pane: String, CaseIterable, Sendable {
    case clusters, sync, recent, drift
}

/// The column that orders the clusters pane.
package enum ClusterSort: String, CaseIterable, Sendable {
    case worst, name, drift, behind, last
}

/// The column that orders the sync pane.
package enum SyncSort: String, CaseIterable, Sendable {
    case worst, name, kind, behind, last
}

/// The fleet view: which cluster, which pane, which rows.
///
/// - Shape: rows are worked out when their causes change, never when a frame is drawn.
package struct FleetState: Sendable {
    package internal(set) var focus = Pane.clusters
    /// The pane beside the clusters where there is room for two only.
    package internal(set) var lowerPane = Pane.sync
    /// The pane that has all of the screen.
    package internal(set) var enlarged: Pane?

    package internal(set) var clusterSort = ClusterSort.worst
    package internal(set) var syncSort = SyncSort.worst
    package internal(set) var filters: [Pane: Filter] = [:]
    /// Rows whose waiting rows are shown.
    package internal(set) var unfolded: Set<ObjectRef> = []

    package internal(set) var clusterRows: [ClusterID] = []
    package internal(set) var clusterCursor = Cursor<ClusterID>()
    package internal(set) var syncRows: [SyncRow] = []
    package internal(set) var syncCursor = Cursor<ObjectRef>()
    package internal(set) var driftRows: [DriftRow] = []
    package internal(set) var driftCursor = Cursor<DriftID>()
    package internal(set) var recentRows: [ReconcileRecord] = []
    package internal(set) var recentCursor = Cursor<ReconcileRecord>()

    /// The identities of the rows, for cursors.
    var syncIDs: [ObjectRef] = []
    var driftIDs: [DriftID] = []
    /// What the rows were made of; equal means they are still right.
    var clusterBasis: ClusterBasis?
    var syncBasis: RowBasis?

    package init() {}

    /// The row with the cursor in the drift pane.
    package var selectedDrift: DriftRow? {
        driftRows.indices.contains(driftCursor.index) ? driftRows[driftCursor.index] : nil
    }

    /// The cluster that the other panes follow.
    package var cluster: ClusterID? { clusterCursor.selected }
}

/// Everything that the rows of the selected cluster depend on.
struct RowBasis: Hashable, Sendable {
    var cluster: ClusterID?
    var generation: Int
    /// Whether everything was listed, and everything that drift is read from.
    var isComplete: Bool
    var knowsObjects: Bool
    var sort: SyncSort
    var filters: [Pane: Filter]
    var unfolded: Set<ObjectRef>
}
