package import Git
package import Kube

/// Something that `reduce` wants done outside; Engine runs it and answers with an event.
package enum Effect: Sendable, Hashable {
    /// Patch `requestedAt` (and `forceAt`) with the token. Answer: `reconcileRequested`.
    case requestReconcile(ObjectRef, token: String, force: Bool)
    /// Answer: `suspensionChanged`.
    case setSuspended(ObjectRef, Bool, reason: String?)
    /// The mirrors to keep, all of them: those not named any more may go.
    case followRepositories([RepositoryDemand])
    /// Ask the remote for its heads now. Answer: `repositoryChanged`.
    case fetch(RepositoryID)
    /// The same where that takes no answer of the operator. Answer: `repositoryChanged`.
    case check(RepositoryID)
    /// Answer: `distancesMeasured`.
    case measure([DistanceKey])
    /// Let keys and news come first, then go on with what was too much for one go. Answer: `carriedOn`.
    case carryOn
    /// Answer: `logLoaded`.
    case loadLog(LogQuery, offset: Int, limit: Int, Ticket)
    /// Answer: `diffLoaded`.
    case loadDiff(RepositoryID, commit: String, Ticket)
    /// Find the files and lines behind fields. Answer: `located`.
    case locate(ManifestQuestion, Ticket)
    /// Answer: `revertPlanned`.
    case planRevert(RevertRequest, Ticket)
    /// Dry runs of an applier's manifests on its cluster. Answer: `exactlyCompared`.
    case compareExactly(ExactQuestion, Ticket)
    /// Answer: `pushed`.
    case commitAndPush(Confirmed<RevertPlan>, Ticket)
    /// What the operator typed for a mirror that waits; nil gives up. Kept nowhere.
    case answerSecret(id: Int, Secret?)
    /// Connect and list again; nil means every cluster.
    case refresh(ClusterID?)
    /// Read the whole object as YAML. Answer: `objectLoaded`.
    case loadObject(ObjectRef, Ticket)
    /// Read the newest changes of the ledger. Answer: `auditLoaded`.
    case loadAudit(limit: Int, withDryRuns: Bool, Ticket)
    /// Read what the controller of an object logs about it, and go on until `stopLog`. Answers: `logTold`.
    case followLog(ObjectRef, Ticket)
    case stopLog(ClusterID)
    /// To the terminal's clipboard (OSC 52).
    case copy(String)
    case bell
    case nextTheme
    case saveScreenshot(path: String)
    case redrawScreen
    case suspendProcess
    case quit

    /// True where running it changes a cluster or Git, or counts as that in audit logs: read-only refuses all of these.
    package var isMutating: Bool {
        switch self {
        case .requestReconcile, .setSuspended, .commitAndPush, .compareExactly: true
        default: false
        }
    }

    /// The cluster that a mutating effect changes; nil where it changes none directly.
    package var changedCluster: ClusterID? {
        switch self {
        case .requestReconcile(let ref, _, _), .setSuspended(let ref, _, _): ref.cluster
        case .compareExactly(let question, _): question.applier.cluster
        default: nil
        }
    }
}

/// A repository that some cluster reads, and what of it must be mirrored.
package struct RepositoryDemand: Hashable, Sendable {
    package let id: RepositoryID
    /// The address as a cluster spells it, without credentials.
    package let url: String
    /// Full ref names, sorted.
    package let refs: [String]

    package init(id: RepositoryID, url: String, refs: [String]) {
        self.id = id
        self.url = url
        self.refs = refs
    }
}
