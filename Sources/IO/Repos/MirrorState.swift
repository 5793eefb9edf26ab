import Git

/// Everything a mirror remembers between jobs.
///
/// - Thread: owned by the desk.
struct MirrorState {
    typealias FetchCompletion = @Sendable (Result<RepositorySnapshot, GitFailure>) -> Void

    var refs: Set<String>
    var snapshot: RepositorySnapshot
    var isOpened = false
    var isStopped = false
    /// Counts cancellations: a job that began under another number has been called off.
    var generation = 0

    /// The fetch on its lane, and whom it answers.
    var running: Transfer?
    var runningWaiters: [FetchCompletion] = []
    /// Those whose fetch comes after the running one; nil where none is asked for.
    var nextWaiters: [FetchCompletion]?
    var isNextQuiet = true

    /// True where the last fetch had to ask the operator: nobody is asked again in the background.
    var asksOperator = false

    var hasMirror = false
    /// Jobs that wait for the first fetch.
    var parked: [@Sendable () -> Void] = []

    var cursors: [LogCursor] = []
    var survey = DistanceSurvey()

    var pushes = 0

    var builds = BuildBook()

    var stopWaiters: [@Sendable () -> Void] = []

    init(refs: Set<String>, snapshot: RepositorySnapshot) {
        self.refs = refs
        self.snapshot = snapshot
    }

    /// The survey, moved out so that a job can change it without copying it.
    mutating func takeSurvey() -> DistanceSurvey {
        defer { survey = DistanceSurvey() }
        return survey
    }
}

/// One job of the desk, on its way to its one answer.
struct DeskJob<Value: Sendable>: Sendable {
    let generation: Int
    let completion: @Sendable (Result<Value, GitFailure>) -> Void
    /// True once the mirror was mended for this job: a second damage is told, not mended.
    var isSecondTry = false

    func finish(_ result: Result<Value, MirrorTrouble>) {
        completion(result.mapError(\.failure))
    }
}
