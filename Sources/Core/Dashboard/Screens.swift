package import Chrono
package import Git
package import Kube

/// What fills the screen below the top line.
package enum Screen: Hashable, Sendable {
    case fleet, matrix, commits, drift, events, rollouts, audit, wall
    /// The convergence with this number.
    case convergence(Int)
    case resource(ObjectRef)
}

/// The matrix: appliers by name, clusters as columns.
package struct MatrixState: Sendable {
    package internal(set) var filter = Filter.none
    /// Columns, by group and name.
    package internal(set) var columns: [ClusterID] = []
    /// The names that are listed; their rows are made when they are looked at.
    package internal(set) var rows: [MatrixRow.ID] = []
    package internal(set) var cursor = Cursor<MatrixRow.ID>()
    /// The selected column.
    package internal(set) var column = 0
    /// Bytes of the longest name with its namespace: what its column may need.
    package internal(set) var longest = 0
    /// The revision that most clusters have, of names that were looked at since their cells changed.
    var usual: [MatrixRow.ID: String] = [:]
    /// On how many clusters each name is.
    var names: [MatrixRow.ID: Int] = [:]
    /// Counts up when a name comes or goes.
    var namesGeneration = 0
    /// All names, in the order of the rows.
    var sorted: [MatrixRow.ID] = []
    /// What the rows were made of.
    var basis: MatrixBasis?
    /// Rows that must be held against the filter again.
    var dirty: Set<MatrixRow.ID> = []

    package init() {}
}

/// Everything that the rows of the matrix depend on, but for cells.
struct MatrixBasis: Hashable, Sendable {
    var names: Int
    var filter: Filter
}

/// One applier name with its cell in each cluster.
package struct MatrixRow: Hashable, Sendable {
    package struct ID: Hashable, Sendable {
        package let group: String
        package let kind: String
        package let namespace: String
        package let name: String
    }

    package struct Cell: Hashable, Sendable {
        package let ref: ObjectRef
        package let state: SyncState
        /// Short, `9f2c1ab` or `6.1.4`.
        package let revision: String
        package let behind: Behind
        /// True where the revision is another than that of most cells of the row.
        package let isOdd: Bool
    }

    package let id: ID
    package let short: String
    /// Of the columns that were asked for.
    package let cells: [ClusterID: Cell]
}

/// The resource view.
package struct ResourceState: Sendable {
    package enum Tab: String, CaseIterable, Sendable {
        case summary, tree, drift, events, history, yaml, logs
    }

    package internal(set) var ref: ObjectRef
    package internal(set) var tab: Tab
    package internal(set) var scroll = 0
    /// The object as YAML, when it was read.
    package internal(set) var yaml: [String]?
    package internal(set) var problem: String?
    package internal(set) var isLoading = false
    package internal(set) var log = ResourceLog()
    /// Where drifted objects and fields come from, as far as that was found.
    package internal(set) var origins: [InventoryEntry: ManifestOrigins] = [:]
    package internal(set) var originsProblem: String?
    var originsAsked: ManifestQuestion?
}

/// The events view.
package struct EventsState: Sendable {
    package internal(set) var filter = Filter.none
    /// Newest first, of all clusters.
    package internal(set) var list = FleetList<FluxEvent>()
    /// The newest of all clusters, for the wall.
    package internal(set) var newest: [FluxEvent] = []
    /// The generation that those were made of.
    var newestBasis: Int?

    /// The most events that a wall has room for.
    static let newestLimit = 12

    package init() {}
}

/// Names an event across clusters.
package struct EventID: Hashable, Sendable {
    package let cluster: ClusterID
    package let uid: String
}

extension FluxEvent: FleetRow {
    /// What events can be sorted by: their age.
    package enum Order: Sendable {
        case newest
    }

    package var id: EventID { EventID(cluster: about.cluster, uid: uid) }
    package var cluster: ClusterID { about.cluster }

    package static func isBefore(_ left: FluxEvent, _ right: FluxEvent, in order: Order) -> Bool {
        left.at > right.at
    }
}

/// The drift view: all clusters.
package struct DriftState: Sendable {
    package internal(set) var filter = Filter.none
    package internal(set) var sort = DriftSort.cluster
    package internal(set) var list = FleetList<DriftRow>()

    package init() {}
}

/// The rollouts view and the convergence views: what was changed in this session and how it goes on.
package struct RolloutsState: Sendable {
    package internal(set) var convergences: [Convergence] = []
    /// Image automations that were suspended for a push, by the number of its convergence.
    var bots: [Int: [ObjectRef]] = [:]
    /// How the ledger knows those that were taken up from an earlier weir, by their number.
    package internal(set) var keys: [Int: String] = [:]
    /// Pushes of earlier weirs of which nobody knows yet whether the server took them.
    var unsettled: [RememberedRollout] = []
    /// Commits that turned out to be on their branch before the ledger was read.
    var settled: [PushRemnant] = []
    /// Clusters whose suspensions of before were told.
    var lookedThrough: Set<ClusterID> = []
    /// Everything that is suspended, as of the generation of the world that it was listed at.
    var suspended: [RolloutRow] = []
    var suspendedBasis: Int?
    package internal(set) var cursor = Cursor<RolloutRow.ID>()
    package internal(set) var rows: [RolloutRow] = []
    /// The first row shown of a convergence.
    package internal(set) var scroll = 0
    var nextID = 1

    package init() {}
}

/// One line of the rollouts view: a push, a batch of resyncs, or something that is suspended.
package struct RolloutRow: Hashable, Sendable {
    package enum ID: Hashable, Sendable {
        case push(Int)
        case resync(batch: Int)
        /// Something that is suspended now, whoever did it.
        case suspension(ObjectRef)
    }

    package let id: ID
    /// Nil where nobody told since when it is suspended.
    package let started: Timestamp?
    package let title: String
    package let done: Int
    package let total: Int
    package let failed: Int
    package let isFinished: Bool
}

/// Something that `z` can take back.
package enum Undoable: Hashable, Sendable {
    case suspended([ObjectRef])
    case resumed([ObjectRef], reasons: [ObjectRef: String])
    case pushed(PushReceipt)
}
