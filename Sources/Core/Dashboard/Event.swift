package import Git
package import Keys
package import Kube

/// A fact that `reduce` folds into the state.
///
/// - Shape: carries no time: the moment it is folded in comes as `now`.
package enum Event: Sendable {
    case keyPressed(Key)
    /// The mouse hit something that the views drew.
    case pointed(PointerTarget)
    case resized(columns: Int, rows: Int)
    /// Nothing happened but time: what expires, expires.
    case timePassed
    case clusterChanged(ClusterSnapshot)
    case repositoryChanged(RepositorySnapshot)
    case distancesMeasured([DistanceKey: Distance])
    /// The turn of what was too much for one go.
    case carriedOn
    case logLoaded(Result<LogPage, GitFailure>, Ticket)
    case diffLoaded(commit: String, Result<CommitDiff, GitFailure>, Ticket)
    case revertPlanned(Result<RevertPlan, GitFailure>, Ticket)
    case pushed(Result<PushReceipt, GitFailure>, Ticket)
    /// The answer to the patch that carries the token; the object as it is after the patch, where told.
    case reconcileRequested(ObjectRef, token: String, Result<FluxResource?, ActionFailure>)
    case suspensionChanged(ObjectRef, isSuspended: Bool, Result<FluxResource?, ActionFailure>)
    /// The object as text, one harmless line each.
    case objectLoaded(ObjectRef, Result<[String], ActionFailure>, Ticket)
    /// What was changed through weir, newest first.
    case auditLoaded(Result<[AuditEntry], ActionFailure>, Ticket)
    /// What the controller of the open resource logs about it.
    case logTold(LogNews, Ticket)
    /// A mirror waits for an answer of the operator. It is answered by the effect `answerSecret`.
    case secretAsked(SecretQuestion, id: Int)
    /// Nobody waits for the answer any more.
    case secretWithdrawn(id: Int)
    /// Where objects and fields come from.
    case located(Result<[InventoryEntry: ManifestOrigins], ActionFailure>, Ticket)
    /// What an applier would change if it ran now.
    case exactlyCompared(ObjectRef, Result<ExactDrift, ActionFailure>, Ticket)
    /// An exact comparison goes on: by a build of weir's own, or with its cluster, which answered or is asked now.
    case exactProgressed(ObjectRef, isBuilding: Bool, Ticket)
    /// Drift that was put back lately, and when open drift began, from the ledger.
    case remembered(DriftMemory)
    /// Pushes that an earlier weir left under way, from the ledger.
    case rolloutsRemembered([RememberedRollout])
    /// What became of a push whose weir ended before it could tell.
    case pushSettled(PushRemnant)
    /// Something that the operator should read, in one sentence: of the settings, of a saved screenshot.
    case noticed(String, isProblem: Bool)
}

/// What lies under the pointer; the views know, because they drew it.
package enum PointerTarget: Hashable, Sendable {
    /// A row of a pane of the fleet view, counted in the whole list.
    case fleetRow(Pane, index: Int)
    /// A pane of the fleet view outside its rows.
    case pane(Pane)
    /// A row of the one list of any other screen.
    case row(index: Int)
    /// A line of the help or of the completions.
    case modalRow(index: Int)
    /// A key hint, a tab: as if its key was pressed.
    case command(String)
    /// The wheel, over anything: negative is up.
    case wheel(rows: Int)
}
