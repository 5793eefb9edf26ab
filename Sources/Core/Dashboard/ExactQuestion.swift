package import Git
package import Kube

/// Which objects are to be held against what their applier last applied, by dry runs on the cluster.
package struct ExactQuestion: Hashable, Sendable {
    /// Where it stands what the objects should be.
    package enum Wanted: Hashable, Sendable {
        /// In Git: the commit that is applied, and the applier's path as Git spells it.
        case built(RepositoryID, commit: String, path: String)
        /// In the cluster: what Helm stored when it deployed.
        case release
    }

    package let applier: ObjectRef
    package let wanted: Wanted
    /// One object of the inventory; nil for all that the applier has.
    package let only: InventoryEntry?
    package let ignores: [IgnoreRule]
    /// What is in the inventory: what is built beside it is new, what is not built would be pruned.
    package let inventory: Inventory
    /// What makes it another thing than what Flux has, one sentence each.
    package let remarks: [String]

    package init(
        applier: ObjectRef,
        wanted: Wanted,
        only: InventoryEntry?,
        ignores: [IgnoreRule],
        inventory: Inventory,
        remarks: [String]
    ) {
        self.applier = applier
        self.wanted = wanted
        self.only = only
        self.ignores = ignores
        self.inventory = inventory
        self.remarks = remarks
    }
}

/// What exact comparisons told, and which are under way.
///
/// - Shape: of each applier the newest answer.
struct ExactBook: Sendable {
    var awaited: [ObjectRef: Ticket] = [:]
    var answers: [ObjectRef: Result<ExactDrift, ActionFailure>] = [:]
    /// What ownership told of each applier's objects when it was asked.
    var before: [ObjectRef: [InventoryEntry: [DriftHand]]] = [:]
    /// Those that are asked when others of their cluster are done, the last one first.
    var waiting: [ClusterID: [ObjectRef]] = [:]
    var isWaiting: Set<ObjectRef> = []

    /// Appliers whose manifests weir builds: of them nothing is outstanding at their cluster.
    var building: [ClusterID: Set<ObjectRef>] = [:]
    var tallies: [ClusterID: ExactTally] = [:]

    /// Appliers of one cluster that are compared at the same time.
    static let atOnce = 4
}

/// How far a cluster is with the exact comparisons that it was asked for.
package struct ExactTally: Hashable, Sendable {
    /// Appliers without an answer yet, those included that wait for their turn.
    package internal(set) var open = 0
    /// Those of them that are under way.
    package internal(set) var asked = 0
    /// Those of them that wait for weir's own builds.
    package internal(set) var building = 0
    /// Grows with every sign of progress.
    package internal(set) var heard = 0

    package init() {}

    /// True where the cluster itself has something to answer.
    package var isOutstanding: Bool { asked > building }
}

/// How an exact comparison stands.
package enum ExactStanding: Sendable {
    case asking
    case answered(ExactDrift)
    /// Why there is none, in one sentence.
    case failed(String)
}
