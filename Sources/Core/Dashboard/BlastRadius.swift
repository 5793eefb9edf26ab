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

    /// True where the commit goes to a branch of its own: nothing changes before it is merged.
    package let isProposal: Bool
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
