import Chrono
import Dashboard
import Git
import Glibc
import Kube

/// `weir rollback`: plans, shows, asks, pushes and watches.
package struct RollbackCommand {
    package struct Request {
        /// One commit, `FROM..TO`, or several commits.
        package var commits: [String] = []
        /// A path to put back, and the commit that it goes back to, in place of `commits`.
        package var path: String?
        package var pathTarget: String?
        package var source = ""
        package var branch: String?
        package var newBranch: String?
        package var mainline: Int?
        package var reason = ""
        package var isDryRun = false
        package var isConfirmed = false
        /// The name of a protected cluster, as the dashboard would have it typed.
        package var typedName = ""
        package var waits = false
        package var timeout = "10m"
        package var asJSON = false

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
        let aim = try RollbackCommand.aim(of: request)
        if request.newBranch != nil, request.waits {
            throw LaunchFailure(
                "--wait and --new-branch do not go together: no cluster changes before the merge"
            )
        }
        if request.asJSON, !request.isDryRun, !request.isConfirmed {
            throw LaunchFailure("-o json cannot ask: add --dry-run, or --yes to push")
        }
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
        let rollback = try plan(place, aim, on: fleet)
        guard let plan = rollback.plan, let radius = rollback.blastRadius else {
            throw LaunchFailure("the revert could not be planned")
        }
        var report = RollbackReport(plan, rollback, radius, fleet.store.state, at: SystemClock.now.rfc3339)
        if !request.asJSON {
            CommandLineOutput.print(RollbackText(plan: plan, radius: radius, state: fleet.store.state).text)
        }
        if let obstacle = rollback.obstacle {
            show(report)
            throw LaunchFailure("nothing was pushed: \(obstacle)")
        }
        guard !request.isDryRun else {
            show(report)
            return 0
        }
        try confirm(rollback, on: fleet)
        let bots = rollback.suspendsBots ? radius.bots : []
        let code = try push(on: fleet, limit: limit, bots: bots, &report)
        show(report)
        return code
    }

    private func show(_ report: RollbackReport) {
        if request.asJSON {
            CommandLineOutput.print(report.json)
        }
    }

    private func tell(_ sentence: String) {
        if !request.asJSON {
            CommandLineOutput.tell(sentence)
        }
    }

    // MARK: Plan and confirmation

    /// What is to be undone: one thing, and said in one way.
    static func aim(of request: Request) throws(LaunchFailure) -> RevertAim {
        if let path = request.path {
            guard let target = request.pathTarget else {
                throw LaunchFailure("--path \(path) goes back to which commit? add --to COMMIT")
            }
            guard request.commits.isEmpty, request.mainline == nil else {
                throw LaunchFailure(
                    "--path puts a path back, whatever commits did to it: name no commit beside it"
                )
            }
            return .path(path, at: target)
        }
        guard request.pathTarget == nil else {
            throw LaunchFailure("--to names the commit that a path goes back to: add --path PATH")
        }
        guard let first = request.commits.first else {
            throw LaunchFailure("name what is to be undone: a COMMIT, FROM..TO, or --path PATH --to COMMIT")
        }
        guard request.commits.count == 1 else {
            if let range = request.commits.first(where: { $0.contains("..") }) {
                throw LaunchFailure("\(range) is a range and stands alone; name the commits one by one")
            }
            return .commits(request.commits)
        }
        guard let dots = first.firstRange(of: "..") else {
            return .commit(first)
        }
        let (from, to) = (String(first[..<dots.lowerBound]), String(first[dots.upperBound...]))
        guard !from.isEmpty, !to.hasPrefix("."), !to.contains("..") else {
            throw LaunchFailure(
                "\(first) is no range: write FROM..TO, which undoes all after FROM up to TO, or FROM.. up to the tip"
            )
        }
        return .range(from: from, to: to.isEmpty ? "HEAD" : to)
    }

    private func plan(
        _ place: GitTarget,
        _ aim: RevertAim,
        on fleet: HeadlessFleet
    ) throws(LaunchFailure) -> RollbackState {
        if case .failed(let reason) = fleet.store.state.repositories[place.repository]?.health {
            throw LaunchFailure("nothing was pushed: \(place.repository) cannot be read: \(reason)")
        }
        fleet.store.perform {
            $0.orderPlan(
                repository: place.repository,
                branch: place.branch,
                aim: aim,
                mainline: request.mainline,
                reason: request.reason,
                newBranch: request.newBranch
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
        if let line = rollback.requiredName, !rollback.requiredNames.isMet(by: typed) {
            let names = rollback.requiredNames.names
            let told = "\(names.joined(separator: ", ")) \(names.count == 1 ? "is" : "are") protected"
            let argument = line.contains(" ") ? "\"\(line)\"" : line
            throw LaunchFailure("nothing was pushed: \(told); add --confirm \(argument)")
        }
        CommandLineOutput.goOnWithoutReader()
        fleet.awaitIdentities()
        fleet.store.perform { $0.confirmRollback(typedName: typed, now: SystemClock.now) }
    }

    // MARK: Push and convergence

    private func push(
        on fleet: HeadlessFleet,
        limit: Duration,
        bots: [ObjectRef],
        _ report: inout RollbackReport
    ) throws(LaunchFailure) -> Int32 {
        let store = fleet.store
        fleet.run(for: .seconds(600)) { $0.openRollback?.isCommitted != true }
        if let open = store.state.openRollback, open.isCommitted {
            report.result = "unknown"
            show(report)
            let branch = open.request.destination
            throw LaunchFailure(
                "the server has not answered for ten minutes: look whether \(branch) has the revert before you try again",
                exitCode: 3
            )
        }
        guard let receipt = store.state.lastPush else {
            let open = store.state.openRollback
            let isUnclear = open?.isUnclear == true
            report.result = isUnclear ? "unknown" : "notPushed"
            show(report)
            let problem = open?.problem ?? "nothing was pushed: the plan was left"
            throw LaunchFailure(problem, exitCode: isUnclear ? 3 : 2)
        }
        report.result = "pushed"
        report.push = RollbackReport.Push(
            commit: receipt.commit,
            branch: receipt.branch,
            remarks: receipt.remarks,
            compare: receipt.compare,
            suspended: bots.map { "\($0) on \($0.cluster)" }
        )
        tell("pushed \(receipt.commit) to \(receipt.branch) of \(receipt.repository)")
        for remark in receipt.remarks {
            tell("remote: \(remark)")
        }
        if let compare = receipt.compare {
            tell("open a pull request: \(compare)")
        }
        for bot in bots {
            tell("suspended until you resume it: \(bot) on \(bot.cluster)")
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
                tell("\(current.done) of \(current.rows.count) healthy")
            }
            return current.finished != nil
        }
        return conclude(store.state, &report)
    }

    private func conclude(_ state: AppState, _ report: inout RollbackReport) -> Int32 {
        guard let convergence = state.rollouts.convergences.last else {
            report.result = "notHealthy"
            return 1
        }
        for row in convergence.rows {
            let name = "\(row.member.applier) on \(state.profile(row.member.applier.cluster).displayName)"
            if let healthy = row.healthy {
                tell("\(name): healthy after \(healthy.since(convergence.pushed).took)")
            } else {
                let words = row.stuck ?? (row.note.isEmpty ? "not there yet" : row.note)
                tell("\(name): \(row.stage): \(words)")
            }
        }
        report.convergence = convergence.rows.map { ConvergenceReport.Row($0, state) }
        // What is held, by a suspension for example, is not healthy on the revert.
        let isHealthy = convergence.finished != nil && convergence.rows.allSatisfy { $0.healthy != nil }
        report.result = isHealthy ? "healthy" : "notHealthy"
        return isHealthy ? 0 : 1
    }
}

extension AppState {
    /// The newest push of this process; nil where nothing was pushed.
    fileprivate var lastPush: PushReceipt? {
        rollouts.convergences.last?.receipt
    }
}
