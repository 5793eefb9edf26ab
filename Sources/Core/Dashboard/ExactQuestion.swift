package import Git
package import Kube

/// Which objects are to be held against the manifests that an applier last applied, by dry runs on the cluster.
package struct ExactQuestion: Hashable, Sendable {
    package let applier: ObjectRef
    package let repository: RepositoryID
    /// The commit that is applied.
    package let commit: String
    /// The applier's path as Git spells it.
    package let path: String
    /// One object of the inventory; nil for all that the applier builds.
    package let only: InventoryEntry?
    package let ignores: [IgnoreRule]
    /// What is in the inventory: what is built beside it is new, what is not built would be pruned.
    package let inventory: Inventory
    /// What makes the mirror another thing than what Flux built from, one sentence each.
    package let remarks: [String]

    package init(
        applier: ObjectRef,
        repository: RepositoryID,
        commit: String,
        path: String,
        only: InventoryEntry?,
        ignores: [IgnoreRule],
        inventory: Inventory,
        remarks: [String]
    ) {
        self.applier = applier
        self.repository = repository
        self.commit = commit
        self.path = path
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
    /// Those that are asked when others of their cluster are done.
    var waiting: [ObjectRef] = []
}

/// How an exact comparison stands.
package enum ExactStanding: Sendable {
    case asking
    case answered(ExactDrift)
    /// Why there is none, in one sentence.
    case failed(String)
}
