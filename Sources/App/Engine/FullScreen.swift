import Chrono
import Clusters
import Configuration
import Dashboard
import Dispatch
import FoundationEssentials
import Keys
import Kube
import Screen
import Terminal
import Themes
import Views

/// The dashboard on a terminal: one loop that waits, folds in what happened, and draws.
///
/// Keys are folded in before anything from outside, so that a key always acts on what the operator was shown.
/// - Thread: the first thread of the process.
package final class FullScreen {
    package enum Mode: Sendable {
        case dashboard
        /// A wall screen: no change is possible, and hardly any key does anything.
        case monitor
    }

    /// Frames that nobody pressed a key for keep this distance, in nanoseconds.
    private static let pace: Int64 = 16_000_000
    /// Stopped for longer than this, nobody emptied the sockets and servers may have given up on them; nanoseconds.
    private static let longStop: Int64 = 30_000_000_000

    private let screen: TerminalScreen
    private let loop: EventLoop
    private let store: Store
    private let mode: Mode
    private let themes: [Theme]
    private let clusters: [ClusterSettings]
    private var targets: [PointerArea] = []
    private var lastDrawn: Int64 = 0
    private var mustDraw = true
    private var exitCode: Int32?
    private let remoteInterval: Int64
    private var nextRemoteCheck: Int64

    /// Takes the terminal, shows the fleet until the operator leaves, and gives the terminal back.
    ///
    /// - Shape: the exit code; 128 and the signal's number after a signal.
    package static func run(_ options: LaunchOptions, mode: Mode) throws(LaunchFailure) -> Int32 {
        ProcessSignals.block()
        try LogFile.start(options)
        var fleet = try FleetAssembly(options)
        fleet.ledgerPath = options.ledgerPath ?? LedgerPlace.path
        fleet.isDashboard = true
        fleet.isMonitor = mode == .monitor
        fleet.canAsk = mode == .dashboard
        let look = try Look(options, settings: fleet.settings)
        SignIn.run(fleet.clusters)
        let screen: TerminalScreen
        let loop: EventLoop
        do {
            screen = try TerminalScreen(
                TerminalOptions(theme: look.theme, ascii: look.isASCII, mouse: look.usesMouse)
            )
            loop = try EventLoop(screen: screen, input: InputReader(of: screen))
        } catch {
            throw LaunchFailure(error.description)
        }
        let runner = FullScreen(screen: screen, loop: loop, fleet: fleet, look: look, mode: mode)
        defer { screen.restore() }
        return runner.run()
    }

    private init(screen: TerminalScreen, loop: EventLoop, fleet: FleetAssembly, look: Look, mode: Mode) {
        self.screen = screen
        self.loop = loop
        self.mode = mode
        themes = look.themes
        clusters = fleet.clusters
        let doorbell = loop.doorbell
        store = Store(fleet, columns: screen.size.columns, rows: screen.size.rows) { doorbell.ring() }
        remoteInterval = fleet.settings.general.fetchInterval.wholeNanoseconds
        nextRemoteCheck = SystemClock.uptime + remoteInterval
        for problem in look.problems {
            store.dispatch(.noticed(problem, isProblem: true))
        }
    }

    private func run() -> Int32 {
        draw()
        store.start()
        while true {
            let occurrences = loop.wait(until: nextWake())
            occurrences.forEach(handle)
            if let exitCode {
                leave()
                return exitCode
            }
            checkRemotesWhenDue()
            let sinceLast = SystemClock.uptime - lastDrawn
            let isKeyed = occurrences.contains { $0.isFromOperator }
            guard isKeyed || (mustDraw && sinceLast >= FullScreen.pace) else {
                continue
            }
            // What came from outside is folded in only now that it is going to be seen.
            store.drain()
            draw()
        }
    }

    private func handle(_ occurrence: EventLoop.Occurrence) {
        switch occurrence {
        case .keys(let keys):
            for key in keys {
                press(key)
            }
        case .doorbell:
            mustDraw = true
        case .resized:
            screen.resize()
            store.dispatch(.resized(columns: screen.size.columns, rows: screen.size.rows))
            mustDraw = true
        case .suspendRequested: stop()
        case .continued:
            screen.resume()
            afterPause()
            // Nobody knows since when: what connections were worth is of before.
            store.wakeUp()
        case .terminate(let signal):
            exitCode = 128 + signal
        case .hangup:
            exitCode = 129
        case .deadline:
            store.dispatch(.timePassed)
            mustDraw = true
        }
        runScreenEffects()
    }

    private func press(_ key: Key) {
        if case .mouse(let mouse) = key {
            point(mouse)
            return
        }
        store.dispatch(.keyPressed(key))
        runScreenEffects()
    }

    private func point(_ mouse: MouseEvent) {
        switch mouse.kind {
        case .wheelUp: store.dispatch(.pointed(.wheel(rows: -3)))
        case .wheelDown: store.dispatch(.pointed(.wheel(rows: 3)))
        case .press(.left):
            // Later areas lie over earlier ones.
            let area = targets.last { $0.rect.contains(x: mouse.x, y: mouse.y) }
            if let area {
                store.dispatch(.pointed(area.target))
            }
        default: break
        }
    }

    /// Stops this process until somebody continues it; after a long while, connections are of before.
    private func stop() {
        let began = SystemClock.uptime
        screen.stop()
        afterPause()
        if SystemClock.uptime - began > FullScreen.longStop {
            store.wakeUp()
        }
    }

    /// The size may be another one after the process was stopped.
    private func afterPause() {
        screen.resize()
        store.dispatch(.resized(columns: screen.size.columns, rows: screen.size.rows))
        mustDraw = true
    }

    private func runScreenEffects() {
        for effect in store.takeScreenEffects() {
            switch effect {
            case .quit: exitCode = 0
            case .suspendProcess: stop()
            case .redrawScreen: screen.redraw()
            case .bell: screen.ring()
            case .copy(let text): screen.copy(text)
            case .nextTheme: takeNextTheme()
            case .saveScreenshot(let path): saveScreenshot(path)
            case .refresh(let cluster?): signIn(to: cluster)
            default: preconditionFailure("the runner gave back an effect that is not the terminal's")
            }
        }
    }

    /// The plugin of the cluster gets the terminal, and the cluster is tried again with what it gave.
    private func signIn(to cluster: ClusterID) {
        var isRefused = false
        if case .refused? = store.state.clusters[cluster]?.snapshot.link {
            isRefused = true
        }
        if mode == .dashboard, isRefused, let settings = clusters.first(where: { $0.id == cluster }) {
            screen.suspend()
            SignIn.run([settings])
            screen.resume()
            afterPause()
        }
        store.refresh(cluster)
    }

    private func takeNextTheme() {
        let place = themes.firstIndex { $0.name == screen.theme.name } ?? -1
        screen.theme = themes[(place + 1) % themes.count]
        store.dispatch(.noticed("theme \(screen.theme.name)", isProblem: false))
    }

    private func saveScreenshot(_ path: String) {
        let text = drawing().frame.goldenText()
        do {
            try Data(text.utf8).write(
                to: URL(filePath: FleetAssembly.expanded(path)),
                options: .withoutOverwriting
            )
            store.dispatch(.noticed("the screen was saved to \(path)", isProblem: false))
        } catch {
            store.dispatch(
                .noticed(
                    "the screen could not be saved to \(path): it exists or cannot be written",
                    isProblem: true
                )
            )
        }
    }

    private func drawing() -> Drawing {
        render(
            store.state,
            size: screen.size,
            glyphs: screen.glyphs,
            now: SystemClock.now
        )
    }

    private func draw() {
        let drawing = drawing()
        targets = drawing.targets
        screen.draw(drawing.frame)
        lastDrawn = SystemClock.uptime
        mustDraw = false
    }

    /// The next moment at which something visible changes by time alone.
    private func nextWake() -> ContinuousClock.Instant? {
        var pause = nextRemoteCheck - SystemClock.uptime
        if mustDraw {
            pause = min(pause, lastDrawn + FullScreen.pace - SystemClock.uptime)
        }
        let now = SystemClock.now
        if let next = nextChange(store.state, now: now) {
            pause = min(pause, next.since(now).wholeNanoseconds)
        }
        return .now + .nanoseconds(max(pause, 0))
    }

    private func checkRemotesWhenDue() {
        let now = SystemClock.uptime
        guard now >= nextRemoteCheck else {
            return
        }
        nextRemoteCheck = now + remoteInterval
        store.checkRemotes()
    }

    /// The terminal first: it must be right even where a server does not let go.
    private func leave() {
        screen.restore()
        let closed = DispatchSemaphore(value: 0)
        store.stop { closed.signal() }
        _ = closed.wait(timeout: .now() + .seconds(1))
    }
}

extension EventLoop.Occurrence {
    fileprivate var isFromOperator: Bool {
        switch self {
        case .keys, .resized, .continued, .suspendRequested: true
        case .doorbell, .terminate, .hangup, .deadline: false
        }
    }
}
