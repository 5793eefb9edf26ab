package import Dashboard
import Kube
import Git
import Synchronization

/// The one way from the queues of clusters and repositories to the thread that owns the state.
///
/// - Shape: snapshots are latest-wins, in the place of the one they replace; everything else keeps its order.
/// - Thread: `post` from anywhere; `drain` from the owner. The lock is held for no longer than an append.
package final class Mailbox: Sendable {
    private struct Pending {
        var events: [Event] = []
        var clusters: [ClusterID: Int] = [:]
        var repositories: [RepositoryID: Int] = [:]
    }

    private let pending = Mutex(Pending())
    private let ring: @Sendable () -> Void

    /// `ring` is called when the first event arrives in an empty box, outside the lock.
    package init(ring: @escaping @Sendable () -> Void) {
        self.ring = ring
    }

    package func post(_ event: Event) {
        let wasEmpty = pending.withLock { pending in
            let wasEmpty = pending.events.isEmpty
            switch event {
            case .clusterChanged(let snapshot):
                if let place = pending.clusters[snapshot.id] {
                    pending.events[place] = event
                    return wasEmpty
                }
                pending.clusters[snapshot.id] = pending.events.count
            case .repositoryChanged(let snapshot):
                if let place = pending.repositories[snapshot.id] {
                    pending.events[place] = event
                    return wasEmpty
                }
                pending.repositories[snapshot.id] = pending.events.count
            default:
                break
            }
            pending.events.append(event)
            return wasEmpty
        }
        if wasEmpty {
            ring()
        }
    }

    /// Everything that arrived since the last call, oldest first.
    package func drain() -> [Event] {
        pending.withLock { pending in
            defer { pending = Pending() }
            return pending.events
        }
    }
}
