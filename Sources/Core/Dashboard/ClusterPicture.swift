import Chrono
package import Git
package import Kube

/// One cluster with what was worked out from its snapshot, once per change and never per key or frame.
package struct ClusterPicture: Sendable {
    package let profile: ClusterProfile
    package internal(set) var snapshot: ClusterSnapshot
    package internal(set) var summary: ClusterSummary
    /// Sources and appliers that come from Git.
    package internal(set) var tracks: [Track]
    /// How far each of the tracks lies behind.
    package internal(set) var behind: BehindList
    package internal(set) var drift: [DriftRow]
    /// Corrections that the ledger remembers.
    var remembered: [CorrectedDrift] = []
    /// The drift that sources and appliers tell without Git.
    var ownDrift: [DriftRow]
    /// The objects that are gone, changed by others, or were put back.
    var objectRows: [DriftRow]
    /// The sources that lie behind, as of the last comparison.
    var sourceDrift: [DriftRow]
    /// True where drift of its own changed since it was put together.
    var isDriftStale: Bool
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
    /// What is not ready and not suspended, worst first; as many as a wall has room for.
    package internal(set) var trouble: [ObjectRef]
    package internal(set) var repositories: Set<RepositoryID>
    /// Image automations, which write to repositories.
    package internal(set) var automations: [ObjectRef]
    var repositoryIDs: [String: RepositoryID]
    /// Sources that include others.
    var includers: [ObjectRef]
    package internal(set) var demands: [RepositoryDemand]
    /// Counts up with every change of anything above.
    package internal(set) var generation: Int

    package init(profile: ClusterProfile) {
        self.profile = profile
        snapshot = ClusterSnapshot(id: profile.id)
        summary = ClusterSummary()
        tracks = []
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
        trouble = []
        repositories = []
        automations = []
        includers = []
        repositoryIDs = [:]
        demands = []
        generation = 0
    }
}

/// How far each track of a cluster lies behind, found by its object.
package struct BehindList: Hashable, Sendable {
    /// Where each object stands in the list of tracks.
    var places: [ObjectRef: Int] = [:]
    /// In the order of the tracks.
    package internal(set) var values: [Behind] = []

    package subscript(ref: ObjectRef) -> Behind? {
        places[ref].map { values[$0] }
    }
}

/// A commit of a repository.
struct CommitPlace: Hashable, Sendable {
    let repository: RepositoryID
    let commit: String
}

/// The appliers of one cluster that run one commit.
struct Standing: Hashable, Sendable {
    var worst: SyncState
    var count: Int
    /// The first of them by name.
    var first: ObjectRef
}

/// Which tracks must be compared with Git anew.
enum Uncompared: Hashable, Sendable {
    case none, all
    /// Places in the list of tracks.
    case some([Int])
}
