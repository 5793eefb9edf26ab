import Dashboard
import Dispatch
import Git
import Synchronization

/// Carries questions of mirrors to the operator, and answers back to who waits.
///
/// An answer is held for the moment between the two threads, and nowhere longer.
/// - Thread: `ask` blocks the lane of a mirror that calls it; everything else is called by the owner of the state.
final class SecretDesk: Sendable {
    private struct Waiting {
        let repository: RepositoryID
        let bell: DispatchSemaphore
        var answer: Secret?
    }

    private struct State {
        var last = 0
        var isClosed = false
        var waiting: [Int: Waiting] = [:]
    }

    private let state = Mutex(State())
    private let mailbox: Mailbox

    init(_ mailbox: Mailbox) {
        self.mailbox = mailbox
    }

    /// Asks, and waits as long as the operator takes; nil where he gave up or nobody is there any more.
    func ask(_ question: SecretQuestion) -> String? {
        let bell = DispatchSemaphore(value: 0)
        let id: Int? = state.withLock { state in
            guard !state.isClosed else {
                return nil
            }
            state.last += 1
            state.waiting[state.last] = Waiting(repository: question.repository, bell: bell)
            // Told within the lock: nobody can withdraw what was not asked yet.
            mailbox.post(.secretAsked(question, id: state.last))
            return state.last
        }
        guard let id else {
            return nil
        }
        bell.wait()
        return state.withLock { $0.waiting.removeValue(forKey: id)?.answer?.text }
    }

    func answer(_ id: Int, _ secret: Secret?) {
        let bell = state.withLock { state in
            state.waiting[id]?.answer = secret
            return state.waiting[id]?.bell
        }
        bell?.signal()
    }

    /// Gives up what a mirror asked that is not needed any more.
    func withdraw(_ repository: RepositoryID) {
        let waiting = state.withLock { $0.waiting.filter { $1.repository == repository } }
        for (id, one) in waiting {
            mailbox.post(.secretWithdrawn(id: id))
            one.bell.signal()
        }
    }

    /// Gives up everything: the operator leaves.
    func close() {
        let bells = state.withLock { state in
            state.isClosed = true
            return state.waiting.values.map(\.bell)
        }
        bells.forEach { $0.signal() }
    }
}
