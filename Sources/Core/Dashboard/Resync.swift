package import Chrono
package import Kube

/// One object that Flux was asked to reconcile, followed to the end of the answer.
package struct Resync: Sendable, Hashable {
    package typealias ID = Int

    package enum Phase: Sendable, Hashable {
        /// Waits for its turn, or for those in `after`.
        case queued
        /// Is being resumed first.
        case resuming
        /// The patch is on its way.
        case asking
        /// The cluster took the patch; the controller has not answered it yet.
        case asked
        case ended(Outcome)
    }

    package enum Outcome: Sendable, Hashable {
        case ready
        /// It was reconciled and is not ready, with the message.
        case failed(String)
        /// It was reconciled and waits for a dependency.
        case waiting(String)
        /// The cluster did not take the patch.
        case refused(String)
        /// What had to be reconciled before did not get ready.
        case sourceFailed(String)
        /// No answer in time.
        case timedOut(Duration)
        case gone
        case cancelled
    }

    package let id: ID
    /// Those asked for by one confirmation.
    package let batch: Int
    package let ref: ObjectRef
    /// Sources come before their appliers.
    package let after: [ID]
    package let force: Bool
    package let resumesFirst: Bool
    /// True where weir asks on behalf of another, which comes after it.
    package let isSource: Bool
    package internal(set) var phase: Phase
    package internal(set) var token: String?
    package let queued: Timestamp
    /// The token that had been acknowledged before.
    var handledBefore: String?
    package internal(set) var requested: Timestamp?
    package internal(set) var ended: Timestamp?
    /// How long to wait for the answer.
    package let patience: Duration

    package var isEnded: Bool {
        if case .ended = phase {
            return true
        }
        return false
    }

    /// How long it took, from the request to the end.
    package var took: Duration? {
        guard let requested, let ended else {
            return nil
        }
        return ended.since(requested)
    }
}

/// The resyncs that are queued, under way and done.
package struct ResyncQueue: Sendable {
    /// Oldest first; ended ones are kept until there are too many.
    package internal(set) var all: [Resync]
    var nextID: Int
    var nextBatch: Int
    /// Batches whose end was not told yet.
    var untold: Set<Int>

    /// How many may wait for an answer at once, in all and in one cluster.
    package static let limits = (fleet: 8, cluster: 2)

    package init() {
        all = []
        nextID = 1
        nextBatch = 1
        untold = []
    }

    /// What is not ended.
    package var open: [Resync] { all.filter { !$0.isEnded } }
}
