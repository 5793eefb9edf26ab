import Chrono
import Dispatch
import HashTreeCollections
import Kube
import KubeWire

/// The inside of a session: what it knows, and everything that runs for it.
///
/// - Thread: the session's queue only.
final class ClusterWorker {
    let settings: ClusterSettings
    let queue: DispatchQueue
    let line: ClusterLine
    let alarms: Alarms
    let plugins: ExecPlugins
    var random: SeededRandom
    private let publish: @Sendable (ClusterSnapshot) -> Void

    var snapshot: ClusterSnapshot
    var link: LinkMachine
    var credentials: LoadedCredentials?
    /// The reason behind a refusal was the kubeconfig itself.
    var hasBadConfiguration = false
    var greeting: Greeting?
    var discovery = Discovery()
    var groupsTag: String?
    var kinds: [FluxKind: KindFollowing] = [:]
    var eventFollowers: [Follower<DecodedEvent>] = []
    var watchedKinds: [DriftTracker.Sight: Follower<ObjectMetadata>] = [:]
    var missing = MissingTracker()
    var drift: DriftTracker
    /// Why objects of an inventory are not seen, and where they were listed or refused.
    var sights = SightStates()
    var log = ReconcileLog()
    /// Looks at single objects that are under way or wait for their turn.
    var looks = LookQueue()
    var hasSecondPart = false
    /// How long to wait before looking for a kind that discovery promised and the server denied.
    var goneBackoff: Backoff
    var isStopped = false
    /// Holds the worker from start to stop: what it waits for calls back without holding it.
    private var itself: ClusterWorker?

    let linkAlarm: Alarms.ID
    let discoveryAlarm: Alarms.ID
    let publishAlarm: Alarms.ID
    let missingAlarm: Alarms.ID
    let tokenAlarm: Alarms.ID
    let secondPartAlarm: Alarms.ID
    private var lastPublished: UInt64 = 0
    private var isPublishDue = false

    init(
        settings: ClusterSettings,
        seed: UInt64,
        queue: DispatchQueue,
        plugins: ExecPlugins,
        publish: @escaping @Sendable (ClusterSnapshot) -> Void
    ) {
        self.settings = settings
        self.queue = queue
        self.plugins = plugins
        self.publish = publish
        drift = DriftTracker(rules: settings.ownerRules)
        line = ClusterLine(queue: queue, settings: settings)
        alarms = Alarms(queue: queue)
        random = SeededRandom(seed: seed)
        link = LinkMachine(seed: random.next())
        goneBackoff = Backoff(longest: .seconds(60), seed: random.next())
        snapshot = ClusterSnapshot(id: settings.id)
        linkAlarm = alarms.newID()
        discoveryAlarm = alarms.newID()
        publishAlarm = alarms.newID()
        missingAlarm = alarms.newID()
        tokenAlarm = alarms.newID()
        secondPartAlarm = alarms.newID()
    }

    func start() {
        guard !isStopped else {
            return
        }
        itself = self
        alarms.activate()
        guard case .success(let access) = settings.access else {
            if case .failure(let problem) = settings.access {
                snapshot.link = .misconfigured(problem.description)
            }
            changed()
            return
        }
        snapshot.notes = ClusterWorker.notes(access)
        line.heard = { [unowned self] in
            confirm()
        }
        changed()
        perform(link.started())
    }

    func stop(then: @escaping @Sendable () -> Void) {
        guard !isStopped else {
            then()
            return
        }
        isStopped = true
        link.stopped()
        kinds.values.forEach { $0.stop() }
        eventFollowers.forEach { $0.stop() }
        watchedKinds.values.forEach { $0.stop() }
        alarms.stop()
        line.heard = {}
        line.shutdown { [self] in
            itself = nil
            then()
        }
    }

    func refresh() {
        guard !isStopped else {
            return
        }
        perform(link.hurried())
        if link.isLive {
            rediscover()
            for kind in kinds.values {
                kind.followers.forEach { $0.reconsider() }
            }
        }
    }

    private static func notes(_ access: ClusterAccess) -> [String] {
        var notes: [String] = []
        if access.server.isSecure, access.skipsVerification {
            notes.append(
                "TLS is not verified (insecure-skip-tls-verify): anybody could answer for this cluster"
            )
        }
        if !access.server.isSecure {
            notes.append(
                access.credentials.isEmpty
                    ? "plain http: nothing of the traffic is protected"
                    : "plain http: the credentials of the kubeconfig are not sent"
            )
        }
        return notes
    }

    // MARK: - Publishing

    /// The shortest time between two snapshots.
    private static let pace = Duration.milliseconds(30)

    /// Something of the snapshot changed: it is published now, or with the burst that it belongs to.
    func changed() {
        guard !isPublishDue else {
            return
        }
        let now = Clock.uptime()
        let next = lastPublished + ClusterWorker.pace.nanoseconds
        guard now < next, lastPublished > 0 else {
            publishNow()
            return
        }
        isPublishDue = true
        alarms.set(publishAlarm, after: .nanoseconds(Int64(next - now))) { [unowned self] in
            isPublishDue = false
            publishNow()
        }
    }

    private func publishNow() {
        lastPublished = Clock.uptime()
        publish(snapshot)
    }

    /// The server said something: what is shown was true just now.
    private func confirm() {
        let now = Clock.now()
        let shown = snapshot.confirmed
        snapshot.confirmed = now
        // Bookmarks alone do not deserve a frame each, but freshness must not fall behind either.
        guard let shown, now.since(shown) < .seconds(15), now.since(shown) >= .zero else {
            changed()
            return
        }
    }
}
