import Chrono
import Glibc
import Dashboard
import Git
import Kube

package struct RollbackCommand {
    package struct Request {
        package var commit = ""
        package var source = ""
        package var branch: String?
        package var mainline: Int?
        package var reason = ""
        package var isDryRun = false
        package var isConfirmed = false
        /// The name of a protected cluster, as the dashboard would have it typed.
        package var typedName = ""
        package var waits = false
        package var timeout = "10m"

        package init() {}
    }

    private let request: Request

    package init(_ request: Request) {
        self.request = request
    }

    /// Plans, shows, asks, pushes and watches.
    ///
    /// - Shape: 0 done (or planned, with `--dry-run`); 1 pushed and not healthy in time; 2 nothing was pushed;
    ///   3 the server has not answered, so nobody knows.
    package func run(_ options: LaunchOptions) throws(LaunchFailure) -> Int32 {
        let limit = try Duration.argument(request.timeout, option: "--timeout")
        try LogFile.start(options)
        var options = options
        options.isRehearsal = request.isDryRun
        let fleet = try HeadlessFleet(options)
        defer { fleet.stop() }
        fleet.settle(within: .seconds(20), gitWithin: .seconds(30))
        let place = try GitTarget(
            source: request.source,
            branch: request.branch,
            in: fleet.store.state
        )
        let rollback = try plan(place, on: fleet)
        guard let plan = rollback.plan, let radius = rollback.blastRadius else {
            throw LaunchFailure("the revert could not be planned")
        }
        CommandLineOutput.print(RollbackText(plan: plan, radius: radius, state: fleet.store.state).text)
        if let obstacle = rollback.obstacle {
            throw LaunchFailure("nothing was pushed: \(obstacle)")
        }
        if request.isDryRun {
            return 0
        }
        try confirm(rollback, on: fleet)
        return try push(on: fleet, limit: limit, bots: rollback.suspendsBots ? radius.bots : [])
    }

    // MARK: Plan and confirmation

    private func plan(_ place: GitTarget, on fleet: HeadlessFleet) throws(LaunchFailure) -> RollbackState {
        if case .failed(let reason) = fleet.store.state.repositories[place.repository]?.health {
            throw LaunchFailure("nothing was pushed: \(place.repository) cannot be read: \(reason)")
        }
        fleet.store.perform {
            $0.orderPlan(
                repository: place.repository,
                branch: place.branch,
                commit: request.commit,
                mainline: request.mainline,
                reason: request.reason
            )
        }
        fleet.run(for: .seconds(60)) { $0.openRollback?.step != .planning }
        guard let rollback = fleet.store.state.openRollback, rollback.step != .planning else {
            throw LaunchFailure("nothing was pushed: the plan took longer than a minute")
        }
        if case .impossible(let failure) = rollback.step {
            throw LaunchFailure(failure.sentence)
        }
        return rollback
    }

    /// Asks on the terminal, unless `--yes` answered already.
    private func confirm(_ rollback: RollbackState, on fleet: HeadlessFleet) throws(LaunchFailure) {
        var typed = request.typedName
        if !request.isConfirmed {
            guard isatty(STDIN_FILENO) == 1 else {
                throw LaunchFailure("nothing was pushed: without a terminal --yes is needed")
            }
            let wanted = rollback.requiredName ?? "yes"
            CommandLineOutput.print("Push this? Type \(wanted) to go on: ", terminator: "")
            let answer = readLine() ?? ""
            guard answer == wanted else {
                throw LaunchFailure("nothing was pushed", exitCode: 2)
            }
            typed = answer
        }
        if let name = rollback.requiredName, typed != name {
            throw LaunchFailure("nothing was pushed: \(name) is protected; add --confirm \(name)")
        }
        fleet.store.perform { $0.confirmRollback(typedName: typed, now: SystemClock.now) }
    }

    // MARK: Push and convergence

    private func push(
        on fleet: HeadlessFleet,
        limit: Duration,
        bots: [ObjectRef]
    ) throws(LaunchFailure) -> Int32 {
        let store = fleet.store
        fleet.run(for: .seconds(600)) { $0.openRollback?.isCommitted != true }
        if let open = store.state.openRollback, open.isCommitted {
            let branch = open.request.branch
            throw LaunchFailure(
                "the server has not answered for ten minutes: look whether \(branch) has the revert before you try again",
                exitCode: 3
            )
        }
        guard let convergence = store.state.rollouts.convergences.last else {
            let problem =
                store.state.openRollback?.problem ?? "nothing was pushed: the plan was left"
            throw LaunchFailure(problem)
        }
        CommandLineOutput.print(
            "pushed \(convergence.receipt.commit) to \(convergence.receipt.branch) of \(convergence.receipt.repository)"
        )
        for remark in convergence.receipt.remarks {
            CommandLineOutput.print("remote: \(remark)")
        }
        for bot in bots {
            CommandLineOutput.print("suspended until you resume it: \(bot) on \(bot.cluster)")
        }
        guard request.waits else {
            // The clusters are still asked to look at once; that takes one answer each.
            fleet.run(for: .seconds(10)) { $0.resyncs.open.allSatisfy { $0.phase == .asked } }
            return 0
        }
        var told = 0
        fleet.run(for: limit) { state in
            guard let current = state.rollouts.convergences.last else {
                return true
            }
            if current.done != told {
                told = current.done
                CommandLineOutput.print("\(current.done) of \(current.rows.count) healthy")
            }
            return current.finished != nil
        }
        return report(store.state)
    }

    private func report(_ state: AppState) -> Int32 {
        guard let convergence = state.rollouts.convergences.last else {
            return 1
        }
        for row in convergence.rows {
            let name = "\(row.member.applier) on \(state.profile(row.member.applier.cluster).displayName)"
            if let healthy = row.healthy {
                CommandLineOutput.print("\(name): healthy after \(healthy.since(convergence.pushed).took)")
            } else {
                let words = row.stuck ?? (row.note.isEmpty ? "not there yet" : row.note)
                CommandLineOutput.print("\(name): \(row.stage): \(words)")
            }
        }
        // What is held, by a suspension for example, is not healthy on the revert.
        return convergence.finished != nil && convergence.rows.allSatisfy { $0.healthy != nil } ? 0 : 1
    }
}
