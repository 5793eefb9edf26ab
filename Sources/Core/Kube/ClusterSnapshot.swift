package import Chrono
package import HashTreeCollections

/// Everything weir knows of one cluster at one moment: immutable, shared structurally with its predecessor.
///
/// - Thread: made on the cluster's queue, read anywhere.
package struct ClusterSnapshot: Sendable {
    package let id: ClusterID
    package var link: ClusterLink
    /// When the cluster last confirmed anything: an answer, a watch event or a bookmark.
    package var confirmed: Timestamp?
    package var serverVersion: String?
    package var fluxVersion: String?
    package var resources: TreeDictionary<ObjectRef, FluxResource> {
        get { objects }
        set {
            objects = newValue
            // Whatever was done to them, nobody noted it.
            journal = nil
        }
    }
    /// The Flux kinds the cluster serves, and how weir follows each; kinds it lacks are absent.
    package var kinds: [FluxKind: KindState]
    /// Objects that an applier's inventory names and the cluster does not have.
    package var missing: [MissingObject]
    /// Objects of inventories that somebody else changed.
    package var drifted: [ObjectDrift] = []
    /// True when the objects of all inventories were listed, as far as they may be: `missing` and `drifted` are whole.
    package var knowsObjects = false
    /// Since when nothing that happens to those objects is missed; what was put back before is not known by itself.
    package var watchedSince: Timestamp?
    /// Kinds of inventories whose objects are not seen, with the reason, one sentence each.
    package var blindSpots: [String] = []
    /// Drift that ended while weir watched or that Events tell of, newest first, bounded.
    package var corrected: [CorrectedDrift] = []
    /// Finished reconciliations that weir saw or found in Events, newest first, bounded.
    package var recent: [ReconcileRecord]
    /// Events of Flux objects, newest first, bounded.
    package var events: [FluxEvent]
    /// Things an operator should know of the connection, one sentence each, such as TLS that is not verified.
    package var notes: [String]
    /// How far the server's clock is ahead of this machine's, in whole seconds; nil before the first answer.
    package var clockSkew: Duration?
    /// When the credentials in use run out; nil where they do not say, or do not.
    package var credentialsExpire: Timestamp?
    /// Who the cluster says that weir is; nil before it said so, or where it does not.
    package var user: String?
    /// What the user may change here.
    package var rights: ClusterRights
    private var objects: TreeDictionary<ObjectRef, FluxResource>
    private var journal: ChangeJournal?

    /// Starts without any objects.
    ///
    /// - Shape: with a journal, changes that are made by `put` and `remove` can be told from snapshot to snapshot.
    package init(id: ClusterID, link: ClusterLink = .connecting, journal: ChangeJournal? = nil) {
        self.id = id
        self.link = link
        self.journal = journal
        objects = [:]
        kinds = [:]
        missing = []
        recent = []
        events = []
        notes = []
        rights = ClusterRights()
    }

    /// Puts an object in the place of the one that has its name.
    package mutating func put(_ resource: FluxResource) {
        objects[resource.ref] = resource
        journal?.note(resource.ref)
    }

    /// Removes an object; false where there is none.
    @discardableResult
    package mutating func remove(_ ref: ObjectRef) -> Bool {
        guard objects.removeValue(forKey: ref) != nil else {
            return false
        }
        journal?.note(ref)
        return true
    }

    /// The objects that were put or removed since an earlier snapshot; nil where that was not noted.
    package func changes(since earlier: ClusterSnapshot) -> Set<ObjectRef>? {
        guard let journal, let before = earlier.journal else {
            return nil
        }
        return journal.changes(since: before)
    }

    /// True when every kind was listed, or is known not to be listable: the picture is whole.
    package var isComplete: Bool {
        switch link {
        case .connecting: false
        case .live: kinds.values.allSatisfy(\.isSettled)
        case .unreachable, .refused, .withoutFlux, .misconfigured: true
        }
    }

    /// True where rows are older than the connection: they are shown as stale.
    package var isStale: Bool {
        switch link {
        case .live: kinds.values.contains(where: \.isStale)
        case .connecting, .unreachable, .refused, .withoutFlux, .misconfigured: !resources.isEmpty
        }
    }
}

/// How weir and a cluster stand.
package enum ClusterLink: Hashable, Sendable {
    case connecting
    case live
    /// No answer: the reason in one sentence, and since when.
    case unreachable(String, since: Timestamp)
    /// It answers and does not let weir in: 401 or 403.
    case refused(String, since: Timestamp)
    /// It answers and serves no kind of Flux.
    case withoutFlux
    /// The kubeconfig entry cannot be used; the sentence names file, context and key.
    case misconfigured(String)

    /// The problem in one sentence without its full stop, as words follow it; nil where there is none.
    package var problem: String? {
        switch self {
        case .connecting, .live: nil
        case .withoutFlux: "serves no Flux kinds"
        case .unreachable(let reason, _), .refused(let reason, _), .misconfigured(let reason):
            reason.hasSuffix(".") && !reason.hasSuffix("..") ? String(reason.dropLast()) : reason
        }
    }
}

/// How one kind of one cluster is followed.
package enum KindState: Hashable, Sendable {
    case listing
    case watching
    /// The rows shown are of before: a new list is on its way (410) or the watch is down.
    case stale(String)
    case forbidden(String)

    package var isSettled: Bool { self != .listing }

    package var isStale: Bool {
        if case .stale = self {
            return true
        }
        return false
    }
}

/// An object that Git demands, Flux applied, and somebody removed.
package struct MissingObject: Hashable, Sendable {
    package let entry: InventoryEntry
    package let applier: ObjectRef
    /// When weir found out.
    package let seen: Timestamp
    /// Since when it is gone: exactly only where weir saw it go.
    package let onset: Onset

    package init(entry: InventoryEntry, applier: ObjectRef, seen: Timestamp, onset: Onset) {
        self.entry = entry
        self.applier = applier
        self.seen = seen
        self.onset = onset
    }
}

/// One finished reconciliation.
package struct ReconcileRecord: Hashable, Sendable {
    package let ref: ObjectRef
    package let finished: Timestamp
    package let duration: Duration?
    package let outcome: SyncState
    package let revision: Revision?

    package init(
        ref: ObjectRef,
        finished: Timestamp,
        duration: Duration?,
        outcome: SyncState,
        revision: Revision?
    ) {
        self.ref = ref
        self.finished = finished
        self.duration = duration
        self.outcome = outcome
        self.revision = revision
    }
}

/// A core/v1 Event about a Flux object.
///
/// - Source: events are lossy and live an hour: never the state of record.
package struct FluxEvent: Hashable, Sendable {
    package let uid: String
    package let about: ObjectRef
    package let at: Timestamp
    package let isWarning: Bool
    package let reason: String
    /// As it is shown: one line, cut.
    package let message: String
    package let count: Int
    package let revision: Revision?
    /// The objects that a run of an applier changed, all of them.
    package let changes: ObjectChanges

    /// - Shape: without `changes` they are those that the message names.
    package init(
        uid: String,
        about: ObjectRef,
        at: Timestamp,
        isWarning: Bool,
        reason: String,
        message: String,
        count: Int,
        revision: Revision?,
        changes: ObjectChanges? = nil
    ) {
        self.changes = changes ?? ObjectChanges(message)
        self.uid = uid
        self.about = about
        self.at = at
        self.isWarning = isWarning
        self.reason = reason
        self.message = message
        self.count = count
        self.revision = revision
    }
}
