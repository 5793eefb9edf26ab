package import Chrono
package import Configuration
package import Git
package import Kube

/// Everything that weir shows: a value that `reduce` changes and `render` draws.
package struct AppState: Sendable {
    // What weir was started with.
    package let settings: Settings
    /// True where no change of anything is possible in this process.
    package let isReadOnly: Bool
    /// True on a wall screen, where nothing can be selected or opened.
    package let isMonitor: Bool
    /// In the order of the kubeconfig.
    package let profiles: [ClusterProfile]

    // The world, as last heard of.
    package internal(set) var clusters: ClusterTable
    package internal(set) var repositories: [RepositoryID: RepositorySnapshot]
    var distances: DistanceBook
    package internal(set) var totals: FleetTotals
    /// When heads came that were not there when this weir first looked.
    var headArrivals: [RepositoryID: HeadArrivals]
    var askedDistances: Set<DistanceKey>
    /// Clusters that wait to be compared with what Git told last.
    var uncompared: Set<ClusterID>
    /// True while `carryOn` is under way.
    var comparesLater: Bool
    /// Counts up with every change of any cluster's picture.
    var worldGeneration: Int
    /// True once the ledger told what it knows of drift, be it nothing.
    package var hasRemembered = false
    /// Counts up when the events of any cluster change.
    var eventsGeneration: Int
    var demands: [RepositoryDemand]

    // The screen.
    package internal(set) var columns: Int
    package internal(set) var rows: Int
    package internal(set) var screen: Screen
    /// Where Esc leads, last first.
    package internal(set) var trail: [Screen]
    package internal(set) var fleet: FleetState
    package internal(set) var matrix: MatrixState
    package internal(set) var commits: CommitsState
    package internal(set) var drift: DriftState
    package internal(set) var events: EventsState
    package internal(set) var rollouts: RolloutsState
    package internal(set) var audit: AuditState
    package internal(set) var resource: ResourceState?
    /// The object whose controller's log is followed.
    var followedLog: ObjectRef?
    package internal(set) var modal: Modal?
    /// Questions of mirrors, the first of which lies over everything and takes the keys.
    package internal(set) var secrets: [SecretPrompt]
    /// Questions that came while something else was being typed.
    var heldSecrets: [SecretPrompt] = []
    package internal(set) var notices: [Notice]
    package internal(set) var marks: Set<ObjectRef>
    /// False until the first key: before, the worst rows are selected as they come in.
    var hasOperator: Bool
    /// What came in while the screen is held still; nil where it is not.
    package internal(set) var held: HeldNews?
    /// Since when the pages of the wall stay where they are; nil while they turn.
    package internal(set) var wallPaused: Timestamp?

    // What is under way.
    package internal(set) var resyncs: ResyncQueue
    package internal(set) var undoables: [Undoable]
    /// Changes that went out and have no answer yet.
    var changesOnTheWay = 0
    /// True once the operator wants to quit and ordered changes have not left yet.
    var isLeaving = false
    /// Why suspending or resuming failed, for what was ordered without a screen.
    package internal(set) var refusedSuspensions: [ObjectRef: ActionFailure]
    var exact: ExactBook
    var awaited: [Question: Ticket]
    var lastTicket: Int
    var lastNotice: Int
    var lastToken: Int64
    /// When the last event was folded in: what ages of filters are counted from.
    var moment: Timestamp?

    package init(
        settings: Settings = Settings(),
        profiles: [ClusterProfile],
        isReadOnly: Bool = false,
        isMonitor: Bool = false,
        columns: Int = 80,
        rows: Int = 24
    ) {
        self.settings = settings
        self.isReadOnly = isReadOnly || isMonitor || settings.general.isReadOnly
        self.isMonitor = isMonitor
        self.profiles = profiles
        self.columns = columns
        self.rows = rows
        clusters = ClusterTable(profiles.map(ClusterPicture.init))
        repositories = [:]
        distances = DistanceBook()
        totals = FleetTotals()
        for picture in clusters.values {
            totals.add(picture.summary)
        }
        headArrivals = [:]
        askedDistances = []
        uncompared = []
        comparesLater = false
        worldGeneration = 0
        eventsGeneration = 0
        demands = []
        screen = isMonitor ? .wall : .fleet
        trail = []
        fleet = FleetState()
        matrix = MatrixState()
        commits = CommitsState()
        drift = DriftState()
        events = EventsState()
        rollouts = RolloutsState()
        audit = AuditState()
        secrets = []
        notices = []
        marks = []
        hasOperator = false
        resyncs = ResyncQueue()
        undoables = []
        refusedSuspensions = [:]
        exact = ExactBook()
        awaited = [:]
        lastTicket = 0
        lastNotice = 0
        lastToken = 0
        settle()
    }
}

/// What came in while the screen is held still: the newest of each.
package struct HeldNews: Sendable {
    package let since: Timestamp
    package internal(set) var clusters: [ClusterID: ClusterSnapshot] = [:]
    package internal(set) var repositories: [RepositoryID: RepositorySnapshot] = [:]
}
