package import Git
package import Kube

/// One cluster with what was worked out from its snapshot, once per change and never per key or frame.
package struct ClusterPicture: Sendable {
    package let profile: ClusterProfile
    package internal(set) var snapshot: ClusterSnapshot
    package internal(set) var summary: ClusterSummary
    /// Sources and appliers that come from Git.
    package internal(set) var tracks: [Track]
    package internal(set) var behind: [ObjectRef: Behind]
    package internal(set) var drift: [DriftRow]
    /// Corrections that the ledger remembers.
    var remembered: [CorrectedDrift] = []
    /// The drift that the cluster tells without Git.
    var ownDrift: [DriftRow]
    /// The appliers at each commit, as places in `tracks`.
    package internal(set) var runningAt: [String: [Int]]
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
        behind = [:]
        drift = []
        ownDrift = []
        runningAt = [:]
        repositories = []
        automations = []
        includers = []
        repositoryIDs = [:]
        demands = []
        generation = 0
    }
}
