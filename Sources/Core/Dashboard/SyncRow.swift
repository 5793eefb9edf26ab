package import Chrono
package import Kube

/// One row of the sync pane: enough to sort, fold and find it; texts are made for the rows shown only.
package struct SyncRow: Hashable, Sendable {
    package let ref: ObjectRef
    package let kind: FluxKind
    package let state: SyncState
    package let behind: Behind
    package let last: Timestamp?
    /// 1 where the row hangs below the one it waits for.
    package internal(set) var depth: Int
    /// How many rows wait for this one and are not shown.
    package internal(set) var folded: Int
    /// The dependency that keeps it waiting, the first that is not ready.
    package let waitsFor: ObjectRef?
}

/// The texts of a row of the sync pane.
package struct SyncLine: Hashable, Sendable {
    package let row: SyncRow
    /// The name with its namespace, `apps/checkout`.
    package let path: String
    /// `main@9f2c1ab`, `6.1.4`; empty where nothing runs.
    package let revision: String
    /// Why it is as it is; empty where there is nothing to say.
    package let message: String
    /// Since when it is suspended, where that is known.
    package let suspendedSince: Timestamp?
    package let isMarked: Bool
    /// The resync that is under way for it.
    package let resync: Resync.Phase?
    /// True while a failed attempt is being tried again.
    package let isRetrying: Bool
}
