import Chrono
import Dashboard
import Dispatch
import Git
import Kube

/// The fleet without a screen: the same state and the same flows, driven until something is true.
///
/// - Thread: confined to the thread that made it, which it blocks while it waits.
final class HeadlessFleet {
    let store: Store
    /// What was wrong with the input and left out.
    let problems: [String]
    private let doorbell: DispatchSemaphore

    init(_ options: LaunchOptions, columns: Int = 80, rows: Int = 24) throws(LaunchFailure) {
        var fleet = try FleetAssembly(options)
        fleet.ledgerPath = options.ledgerPath ?? LedgerPlace.path
        let doorbell = DispatchSemaphore(value: 0)
        self.doorbell = doorbell
        store = Store(fleet, columns: columns, rows: rows) { doorbell.signal() }
        problems = fleet.problems
        for problem in problems {
            CommandLineOutput.complain("weir: \(problem)")
        }
        SignIn.run(fleet.clusters)
        store.start()
    }

    /// Folds in what arrives until the condition holds.
    ///
    /// - Shape: false where the time ran out first; what arrived until then is in the state.
    @discardableResult
    func run(for limit: Duration, until isDone: (AppState) -> Bool) -> Bool {
        let deadline = SystemClock.uptime + limit.wholeNanoseconds
        store.drain()
        while !isDone(store.state) {
            let now = SystemClock.uptime
            guard now < deadline else {
                return false
            }
            // Time alone may end something too: an answer that does not come.
            var pause = deadline - now
            if let next = nextChange(store.state, now: SystemClock.now) {
                pause = min(pause, max(next.since(SystemClock.now).wholeNanoseconds, 1_000_000))
            }
            let timeout = DispatchTime.now() + .nanoseconds(Int(pause))
            if doorbell.wait(timeout: timeout) == .timedOut {
                store.dispatch(.timePassed)
            }
            store.drain()
            _ = store.takeScreenEffects()
        }
        return true
    }

    /// Waits until every cluster answered or failed, and then for Git as long as it makes progress.
    ///
    /// - Shape: false where a cluster said nothing at all within `limit`.
    @discardableResult
    func settle(within limit: Duration, gitWithin gitLimit: Duration = .seconds(10)) -> Bool {
        let isWhole = run(for: limit) { $0.clusters.values.allSatisfy(\.snapshot.isComplete) }
        run(for: gitLimit) { $0.knowsDistances }
        return isWhole
    }

    /// Waits until every cluster that answers was looked over for drift, and has told which Flux it runs.
    ///
    /// - Shape: what is not known after `limit` is told as not known.
    func settleDrift(within limit: Duration) {
        run(for: limit) { state in
            state.clusters.values.allSatisfy { $0.snapshot.knowsObjects || $0.snapshot.link != .live }
        }
        run(for: .seconds(2)) { $0.hasRemembered }
        run(for: .seconds(1)) { state in
            state.clusters.values.allSatisfy { $0.snapshot.fluxVersion != nil || $0.snapshot.link != .live }
        }
    }

    /// Gives the clusters a moment to say who we are, for the ledger; what does not say so is noted without.
    func awaitIdentities() {
        run(for: .seconds(1)) { state in
            state.clusters.values.allSatisfy { $0.snapshot.user != nil || $0.snapshot.link != .live }
        }
    }

    /// Looks closely at every connection, as far as they answer in time.
    func examine(within limit: Duration) -> Examination {
        let isDone = DispatchSemaphore(value: 0)
        let gathering = store.examine { isDone.signal() }
        _ = isDone.wait(timeout: .now() + .nanoseconds(Int(limit.wholeNanoseconds)))
        return gathering.found
    }

    /// Closes every connection, but waits for a server that does not let go only so long.
    func stop() {
        let closed = DispatchSemaphore(value: 0)
        store.stop { closed.signal() }
        _ = closed.wait(timeout: .now() + .seconds(2))
    }
}

extension Duration {
    var wholeNanoseconds: Int64 {
        let (seconds, overflow) = components.seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? .max : seconds &+ components.attoseconds / 1_000_000_000
    }

    /// Reads a duration from the command line.
    ///
    /// - Errors: a sentence that names the option and shows what is expected.
    static func argument(_ text: String, option: String) throws(LaunchFailure) -> Duration {
        guard let duration = Duration(go: text), duration > .zero else {
            throw LaunchFailure("\(option) \(text) is not a duration; write it like 30s, 5m or 1h30m")
        }
        return duration
    }
}

extension AppState {
    /// True when no question to Git is open.
    var knowsDistances: Bool {
        let isFetching = repositories.values.contains { [.never, .fetching].contains($0.health) }
        let isMeasuring = clusters.values.contains { $0.behind.values.contains(.measuring) }
        return !isFetching && !isMeasuring && !isComparing
    }
}
