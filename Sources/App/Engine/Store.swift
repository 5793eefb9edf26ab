import Chrono
import Dashboard
import Git
import Kube
import Ledger

/// The state of the fleet with the means to change it: events in, effects out.
///
/// - Thread: confined to the thread that made it.
final class Store {
    private(set) var state: AppState
    let mailbox: Mailbox
    private let runner: EffectRunner
    private let sightings: SightingLog
    private var rollouts: RolloutLog
    /// An operator is there to see pushes of an earlier weir to their end.
    private let takesUp: Bool
    /// Effects of the terminal that nobody has run yet, oldest first.
    private(set) var screenEffects: [Effect] = []

    init(_ fleet: FleetAssembly, columns: Int, rows: Int, ring: @escaping @Sendable () -> Void) {
        mailbox = Mailbox(ring: ring)
        // Jitter must differ between two weirs that start together, and nothing else depends on the seed.
        let mailbox = mailbox
        let isDashboard = fleet.isDashboard
        let desk = fleet.ledgerPath.map { path in
            LedgerDesk(path: path) { failure in
                if isDashboard {
                    mailbox.post(.noticed("changes and drift are not noted: \(failure)", isProblem: true))
                }
            }
        }
        sightings = SightingLog(desk)
        rollouts = RolloutLog(desk)
        takesUp = fleet.isDashboard && !fleet.isReadOnly
        runner = EffectRunner(
            fleet,
            mailbox: mailbox,
            seed: UInt64(bitPattern: SystemClock.uptime),
            desk: desk
        )
        state = AppState(
            settings: fleet.settings,
            profiles: fleet.profiles,
            isReadOnly: fleet.isShownReadOnly,
            isMonitor: fleet.isMonitor,
            columns: columns,
            rows: rows
        )
        for problem in fleet.problems {
            dispatch(.noticed(problem, isProblem: true))
        }
    }

    func start() {
        sightings.remember(mailbox)
        if takesUp {
            rollouts.remember(mailbox)
        }
        runner.start()
    }

    func stop(then: @escaping @Sendable () -> Void) {
        runner.stop(then: then)
    }

    /// Folds one event in and runs what follows from it.
    func dispatch(_ event: Event) {
        perform { reduce(&$0, event, now: SystemClock.now) }
    }

    /// Folds in everything that arrived; false where nothing did.
    @discardableResult
    func drain() -> Bool {
        let events = mailbox.drain()
        for event in events {
            if case .clusterChanged(let snapshot) = event {
                sightings.note(snapshot, after: state.clusters[snapshot.id]?.snapshot, mailbox)
            }
            if case .pushed(.failure(let failure), _) = event, failure.cause != .unclear {
                rollouts.didNotPush()
            }
            dispatch(event)
        }
        return !events.isEmpty
    }

    /// Changes the state by one of the Dashboard's own flows.
    func perform(_ change: (inout AppState) -> [Effect]) {
        for effect in change(&state) {
            if case .commitAndPush(let plan, _) = effect {
                rollouts.willPush(plan.value, state)
            }
            let identity = effect.changedCluster.flatMap { state.clusters[$0]?.snapshot.user }
            if !runner.run(effect, as: identity) {
                screenEffects.append(effect)
            }
        }
        rollouts.note(state.rollouts)
    }

    func takeScreenEffects() -> [Effect] {
        defer { screenEffects = [] }
        return screenEffects
    }

    /// Looks closely at every connection; `then` is called on some queue once everything is found.
    func examine(then: @escaping @Sendable () -> Void) -> Gathering {
        runner.examine(then: then)
    }

    /// Tries a cluster again at once.
    func refresh(_ cluster: ClusterID) {
        runner.refresh(cluster)
    }

    /// Goes on over new connections, after this process was stopped.
    func wakeUp() {
        runner.wakeUp()
    }

    /// Asks every remote for its heads.
    func checkRemotes() {
        runner.checkRemotes()
    }
}
