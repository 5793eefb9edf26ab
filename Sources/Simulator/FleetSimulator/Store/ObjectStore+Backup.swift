/// Going back to an earlier life, as a cluster does whose storage is restored.
extension ObjectStore {
    /// Everything that a cluster held at one moment.
    package struct Backup: Sendable {
        fileprivate let state: State
    }

    /// Keeps the present state; changes of the future copy what they touch once.
    package func backUp() -> Backup {
        transact { state in Backup(state: state) }
    }

    /// Puts an earlier state back: objects, versions and all.
    ///
    /// - Shape: history is gone, as after every restart; watches stay registered, and learn nothing of it; whoever restores ends those that must not stay.
    package func restore(_ backup: Backup) {
        transact { state in
            var earlier = backup.state
            for shelf in earlier.shelves.indices {
                earlier.shelves[shelf].watchers = state.shelves[shelf].watchers
                earlier.shelves[shelf].forget(upTo: earlier.revision)
            }
            earlier.watcherCount = state.watcherCount
            earlier.touched = state.touched
            state = earlier
        }
    }
}
