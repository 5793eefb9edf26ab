package import Chrono
package import Kube

/// Whom a rollback touches, on all clusters, and what stands in its way.
package struct BlastRadius: Sendable, Hashable {
    package enum Reach: Sendable, Hashable {
        /// Its content changes as soon as Flux sees the commit.
        case changes
        /// Its content changes later, with the reason: `suspended`, `needs CI to pack it`.
        case later(String)
        /// It reads the repository and is left alone, with the reason: `tracks branch staging`.
        case notAffected(String)
    }

    package struct Row: Sendable, Hashable {
        package let ref: ObjectRef
        package let short: String
        package let source: ObjectRef
        package let path: String
        package let state: SyncState
        package let reach: Reach
        /// False where the applier never names a commit of the repository: it reads it through an include or a copy.
        package var tellsCommit = true
    }

    /// By cluster, those that change first.
    package let rows: [Row]
    package let traps: [Trap]

    /// Those that change now or later.
    package var affected: [Row] {
        rows.filter { row in
            if case .notAffected = row.reach {
                return false
            }
            return true
        }
    }

    /// The clusters on which something changes, sorted.
    package var clusters: [ClusterID] {
        Set(affected.map(\.ref.cluster)).sorted()
    }

    /// The clusters that are in a freeze of the settings, sorted.
    package var frozen: [ClusterID] {
        traps.compactMap { trap in
            if case .frozen(let cluster, _, _) = trap {
                return cluster
            }
            return nil
        }
    }

    /// The clusters of which nothing is known yet, sorted.
    package var unseen: [ClusterID] {
        traps.compactMap { trap in
            if case .unseen(let cluster) = trap {
                return cluster
            }
            return nil
        }
    }

    /// Bots that would write the commit again and can be suspended first.
    package var bots: [ObjectRef] {
        traps.compactMap { trap in
            if case .imageBot(let ref, _) = trap {
                return ref
            }
            return nil
        }
    }
}

/// Something that makes a rollback do other than one thinks.
package enum Trap: Sendable, Hashable {
    /// An image automation writes to the same branch and would do it again.
    case imageBot(ObjectRef, branch: String)
    /// Pruning deletes what the reverted commit had added.
    case prune(objects: [String], clusters: [ClusterID])
    /// Nothing happens there until it is resumed: the applier, its source or what applies it.
    case suspended(ObjectRef, by: ObjectRef)
    /// The source demands signatures and the revert has none.
    case verifies(ObjectRef)
    /// It waits for something that is not ready and that the revert does not touch.
    case dependency(ObjectRef, on: ObjectRef)
    /// A running health check goes on until its timeout before the new commit is tried.
    case healthCheck(ObjectRef, timeout: Duration)
    /// The branch reaches the source only through a tag, a range or a fixed commit.
    case pinned(ObjectRef, to: String)
    /// The cluster reads an artifact that CI packs: it must run first.
    case packed(ObjectRef)
    /// Another source takes in parts of the repository, and what it feeds may refer to them.
    case included(ObjectRef)
    /// The cluster is read-only in weir.
    case readOnly(ClusterID)
    /// The settings say that the cluster should be left as it is now.
    case frozen(ClusterID, name: String, until: Timestamp)
    /// The cluster has told nothing since weir started: whether the commit reaches it is not known.
    case unseen(ClusterID)
    /// The cluster does not answer: it will take the commit, unseen.
    case unreachable(ClusterID)
}
