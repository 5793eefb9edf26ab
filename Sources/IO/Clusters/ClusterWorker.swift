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
    var logFollower: LogFollower?
    var watchedKinds: [SightWatch: Follower<ObjectMetadata>] = [:]
    var missing = MissingTracker()
    var drift: DriftTracker
    /// What each Kustomization runs, and since when nothing else was applied.
    var standing: [ObjectRef: StandingRevision] = [:]
    /// Events that may tell of corrections, and say nothing yet.
    var undecided: [ObjectRef: [FluxEvent]] = [:]
    /// Why objects of an inventory are not seen, and where they were listed or refused.
    var sights = SightStates()
    var log = ReconcileLog()
    /// Looks at single objects that are under way or wait for their turn.
    var looks = LookQueue()
    var hasSecondPart = false
    /// Before this moment of the uptime Flux's version is not asked for again.
    var nextVersionLook: UInt64 = 0
    /// What is being found out about the user's rights.
    var inquiry = RightsInquiry()
    /// Where to look while the whole cluster may not be listed.
    var narrowing = Narrowing.unasked
    /// The namespaces that were looked at until rights were asked again; they hold until there is an answer.
    var keptScopes: [String] = []
    /// Before this moment of the uptime nothing that was forbidden is asked again by itself.
    var nextReconsideration: UInt64 = 0
    /// Notes by what they are about, in the order in which they are shown.
    private var notes: [NoteTopic: String] = [:]
    private var fileWatch: FileWatch?
    private var wakeNumber: Int?
    /// How long to wait before looking for a kind that discovery promised and the server denied.
    var goneBackoff: Backoff
    var isStopped = false
    /// Holds the worker from start to stop: what it waits for calls back without holding it.
    private var itself: ClusterWorker?

    let linkAlarm: Alarms.ID
    let discoveryAlarm: Alarms.ID
    let publishAlarm: Alarms.ID
    let missingAlarm: Alarms.ID
    let missingShowAlarm: Alarms.ID
    let repeatAlarm: Alarms.ID
    let tokenAlarm: Alarms.ID
    let secondPartAlarm: Alarms.ID
    let rightsAlarm: Alarms.ID
    let filesAlarm: Alarms.ID
    let wakeAlarm: Alarms.ID
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
        snapshot = ClusterSnapshot(id: settings.id, journal: ChangeJournal())
        linkAlarm = alarms.newID()
        discoveryAlarm = alarms.newID()
        publishAlarm = alarms.newID()
        missingAlarm = alarms.newID()
        missingShowAlarm = alarms.newID()
        repeatAlarm = alarms.newID()
        tokenAlarm = alarms.newID()
        secondPartAlarm = alarms.newID()
        rightsAlarm = alarms.newID()
        filesAlarm = alarms.newID()
        wakeAlarm = alarms.newID()
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
        note(ClusterWorker.warning(access), on: .trust)
        line.heard = { [unowned self] in
            confirm()
        }
        line.dated = { [unowned self] skew in
            compareClocks(skew)
        }
        watchFiles(access)
        watchSleep()
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
        stopLog()
        watchedKinds.values.forEach { $0.stop() }
        alarms.stop()
        fileWatch = nil
        if let wakeNumber {
            WakeWatch.shared.forget(wakeNumber)
        }
        line.heard = {}
        line.dated = { _ in }
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
        guard link.isLive else {
            return
        }
        rediscover()
        keptScopes += narrowedNamespaces.filter { !keptScopes.contains($0) }
        for (kind, following) in kinds {
            if following.isNarrowed {
                // Rights may have grown: the whole cluster first, as in the beginning.
                following.stop()
                begin(kind, following.resource)
            } else {
                following.followers.forEach { $0.hurry() }
            }
        }
        narrowing = .unasked
        eventFollowers.forEach { $0.hurry() }
        watchedKinds.values.forEach { $0.hurry() }
        missing.lookAgain(atOnce: true)
        judgeMissing()
        askRights()
    }

    private static func warning(_ access: ClusterAccess) -> String? {
        if access.server.isSecure {
            return access.skipsVerification
                ? "TLS is not verified (insecure-skip-tls-verify): anybody could answer for this cluster"
                : nil
        }
        return access.credentials.isEmpty
            ? "plain http: nothing of the traffic is protected"
            : "plain http: the credentials of the kubeconfig are not sent"
    }

    // MARK: - Notes

    /// What a note is about; each has one sentence at most.
    enum NoteTopic: Int, CaseIterable {
        case trust, clock, credentials, namespaces, events
    }

    /// Shows a sentence on a topic in place of the one of before; nil takes it away.
    func note(_ sentence: String?, on topic: NoteTopic) {
        guard notes[topic] != sentence else {
            return
        }
        notes[topic] = sentence
        snapshot.notes = NoteTopic.allCases.compactMap { notes[$0] }
        changed()
    }

    /// Clocks this far apart are worth a word: tokens and certificates begin to fail.
    private static let skewWorthTelling = Duration.seconds(60)

    private func compareClocks(_ skew: Duration) {
        let rounded = Duration.seconds(Int64(skew.inSeconds.rounded()))
        // The server tells whole seconds, so a second more or less is no news.
        if let shown = snapshot.clockSkew, abs((shown - rounded).inSeconds) < 3 {
            return
        }
        snapshot.clockSkew = rounded
        let size = rounded < .zero ? .zero - rounded : rounded
        let side = rounded < .zero ? "behind" : "ahead of"
        note(
            size < ClusterWorker.skewWorthTelling
                ? nil : "the clock of the cluster is \(size.age) \(side) this machine's",
            on: .clock
        )
    }

    // MARK: - The world around

    /// Files that the kubeconfig names are read again as soon as they change.
    private func watchFiles(_ access: ClusterAccess) {
        let paths = access.files
        guard !paths.isEmpty else {
            return
        }
        fileWatch = FileWatch(paths, queue: queue) { [weak self] in
            guard let self, !isStopped else {
                return
            }
            // Certificate and key are two files: what renews them writes one after the other.
            alarms.set(filesAlarm, after: .milliseconds(300)) { [unowned self] in
                rereadFiles()
            }
        }
    }

    private func watchSleep() {
        let carried = RoundTrip(WeakWorker(self), on: queue)
        WakeWatch.shared.listen { [queue] in
            queue.async { carried.value.worker?.woke() }
        } registered: { [queue] number in
            queue.async {
                guard let worker = carried.value.worker, !worker.isStopped else {
                    WakeWatch.shared.forget(number)
                    return
                }
                worker.wakeNumber = number
            }
        }
    }

    /// The machine slept: all connections are dropped, and the work goes on where it was.
    func woke() {
        guard !isStopped else {
            return
        }
        // The network needs a moment, and a fleet is not to come back in the same instant.
        alarms.set(wakeAlarm, after: .milliseconds(Int64.random(in: 200...1500, using: &random))) {
            [unowned self] in
            renewConnections("this machine slept, or weir was stopped")
            perform(link.hurried())
        }
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

/// Lets a queue that calls back later find out whether there still is a worker.
private final class WeakWorker {
    weak var worker: ClusterWorker?

    init(_ worker: ClusterWorker) {
        self.worker = worker
    }
}

extension ClusterAccess {
    /// The files that its credentials are read from.
    fileprivate var files: [String] {
        var files: [String] = []
        for source in [authority, credentials.certificate?.certificate, credentials.certificate?.key] {
            if case .file(let path)? = source {
                files.append(path)
            }
        }
        if case .file(let path, _)? = credentials.bearer {
            files.append(path)
        }
        return files
    }
}
