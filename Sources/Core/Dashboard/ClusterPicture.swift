import Chrono
package import Git
package import Kube

/// One cluster with what was worked out from its snapshot, once per change and never per key or frame.
package struct ClusterPicture: Sendable {
    package let profile: ClusterProfile
    package internal(set) var snapshot: ClusterSnapshot
    package internal(set) var summary: ClusterSummary
    /// All objects, by name.
    var names: [ObjectRef]
    /// Sources and appliers that come from Git, by name.
    package internal(set) var tracks: [Track]
    /// The places of the tracks, by the path that they are built from.
    var placesByPath: [Int]
    /// How far each of the tracks lies behind.
    package internal(set) var behind: BehindList
    package internal(set) var drift: [DriftRow]
    /// What the ledger knows of drift.
    var remembered = DriftMemory()
    /// The open drift in it.
    var knownDrift: [DriftSubject: OpenDrift] = [:]
    /// The drift that sources and appliers tell without Git.
    var ownDrift: [DriftRow]
    /// The objects that are gone, changed by others, or were put back.
    var objectRows: [DriftRow]
    /// The appliers of those rows: what one of them tells may change when its objects come back.
    var objectAppliers: Set<ObjectRef> = []
    /// When the oldest of the corrections in those rows is shown no more; nil where none is.
    var objectRowsHold: Timestamp?
    /// Counts up when the rows of objects are put together: never for snapshots that tell nothing of them.
    package internal(set) var objectReadings = 0
    /// The sources that lie behind, as of the last comparison.
    var sourceDrift: [DriftRow]
    /// True where drift of its own changed since it was put together.
    var isDriftStale: Bool
    /// What is remembered of the appliers that do not run what was fetched.
    var lags: [ObjectRef: Lag] = [:]
    /// True once all appliers were seen: one that lags later was seen level before.
    var knewAppliers = false
    /// When a rollout that is under way counts as drift unless it ends; nil where none is.
    var driftCountHolds: Timestamp?
    /// Counts up when the rows of drift change.
    var driftGeneration: Int
    /// Counts up when the events change.
    var eventsGeneration: Int
    /// Who is at each commit.
    var standings: [CommitPlace: Standing]
    /// Appliers of each repository that run a commit.
    var applierCounts: [RepositoryID: Int]
    /// Which tracks must be compared with Git anew.
    var uncompared: Uncompared
    /// The tracks whose distance is not known yet, as places in their list.
    var measuring: Set<Int>
    /// The newest end of a reconciliation that an object itself told.
    var lastFinished: Timestamp?
    /// What is neither ready nor suspended, worst first.
    var troubled: [Troubled]
    package internal(set) var repositories: Set<RepositoryID>
    /// Image automations, which write to repositories.
    package internal(set) var automations: [ObjectRef]
    /// Rules for what may differ that cannot be judged, by applier: what is wrong with them.
    var unreadRules: [ObjectRef: String] = [:]
    var repositoryIDs: [String: RepositoryID]
    package internal(set) var demands: [RepositoryDemand]
    /// Counts up with every change of anything above.
    package internal(set) var generation: Int

    package init(profile: ClusterProfile) {
        self.profile = profile
        snapshot = ClusterSnapshot(id: profile.id)
        summary = ClusterSummary()
        names = []
        tracks = []
        placesByPath = []
        behind = BehindList()
        drift = []
        ownDrift = []
        objectRows = []
        sourceDrift = []
        isDriftStale = false
        driftGeneration = 0
        eventsGeneration = 0
        standings = [:]
        applierCounts = [:]
        uncompared = .none
        measuring = []
        troubled = []
        repositories = []
        automations = []
        repositoryIDs = [:]
        demands = []
        generation = 0
    }

    /// The track of an object; nil where it does not come from Git.
    func track(of ref: ObjectRef) -> Track? {
        behind.place(of: ref).map { tracks[$0] }
    }
}

/// How far each track of a cluster lies behind, found by its object.
package struct BehindList: Hashable, Sendable {
    /// The objects of the tracks, by name.
    var refs: [ObjectRef] = []
    /// In the order of the tracks.
    package internal(set) var values: [Behind] = []

    package subscript(ref: ObjectRef) -> Behind? {
        place(of: ref).map { values[$0] }
    }

    /// Where an object stands in the list of tracks.
    func place(of ref: ObjectRef) -> Int? {
        let place = refs.partitioningIndex { !($0 < ref) }
        return place < refs.count && refs[place] == ref ? place : nil
    }
}

/// A commit of a repository.
struct CommitPlace: Hashable, Sendable {
    let repository: RepositoryID
    let commit: String
}

/// The appliers of one cluster that run one commit.
struct Standing: Hashable, Sendable {
    var counts = StateCounts()
    /// Their places in the list of tracks, in its order.
    var places: [Int] = []
}

/// An object that is neither ready nor suspended.
struct Troubled: Hashable, Sendable, Comparable {
    let state: SyncState
    let ref: ObjectRef

    static func < (left: Troubled, right: Troubled) -> Bool {
        left.state == right.state ? left.ref < right.ref : left.state < right.state
    }
}

/// Which tracks must be compared with Git anew.
enum Uncompared: Hashable, Sendable {
    case none, all
    /// Places in the list of tracks.
    case some([Int])
}
