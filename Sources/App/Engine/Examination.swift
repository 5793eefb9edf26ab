import Clusters
import Git
import Kube
import Synchronization

/// What a close look at all connections of a fleet found.
struct Examination: Sendable {
    var clusters: [ClusterID: ClusterExamination] = [:]
    /// For each repository whether it would take a push: a failure, or nil where it would.
    var pushes: [RepositoryID: GitFailure?] = [:]
}

/// Puts together what arrives from many queues, and calls back once all of it is there.
final class Gathering: Sendable {
    private struct State {
        var found = Examination()
        var remaining: Int
    }

    private let state: Mutex<State>
    private let then: @Sendable () -> Void

    init(_ count: Int, then: @escaping @Sendable () -> Void) {
        state = Mutex(State(remaining: count))
        self.then = then
        if count == 0 {
            then()
        }
    }

    /// What arrived so far.
    var found: Examination { state.withLock { $0.found } }

    /// Takes one answer.
    func take(_ add: (inout Examination) -> Void) {
        let isLast = state.withLock { state in
            add(&state.found)
            state.remaining -= 1
            return state.remaining == 0
        }
        if isLast {
            then()
        }
    }
}
