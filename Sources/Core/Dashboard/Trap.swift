package import Chrono
package import Kube

/// Something that makes a rollback do other than one thinks.
package enum Trap: Sendable, Hashable {
    /// An image automation writes to the same branch and would do it again.
    case imageBot(ObjectRef, branch: String)
    /// Pruning deletes what the reverted commit had added.
    case prune(objects: [String], clusters: [ClusterID])
    /// Nothing happens there until it is resumed: the applier, its source or an object that the commit changes.
    case suspended(ObjectRef, by: ObjectRef)
    /// What applies the appliers below is suspended: they run on, their own objects stay as they are.
    case heldAbove(ObjectRef, below: [ObjectRef])
    /// The source demands signatures and the revert has none.
    case verifies(ObjectRef)
    /// It waits for something that is not ready and that the revert does not touch.
    case dependency(ObjectRef, on: ObjectRef)
    /// Others wait for it before each of their runs.
    case dependants([ObjectRef], of: ObjectRef)
    /// A running health check goes on until its timeout before the new commit is tried.
    case healthCheck(ObjectRef, timeout: Duration)
    /// A release ran out of retries: the older configuration may count as deployed already.
    case remediated(ObjectRef)
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
    /// What the objects in the files cannot take back, or do by side effect; one sentence.
    case manifest(String)
    /// How the plan came about: the side of a merge that stays, steps without effect; one sentence.
    case plan(String)
}
