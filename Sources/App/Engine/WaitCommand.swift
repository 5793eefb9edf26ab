import Chrono
import Dashboard
import Git
import Kube

/// `weir wait`: until every cluster runs a commit, healthy.
package struct WaitCommand {
    package struct Request {
        package var revision = ""
        package var source = ""
        package var branch: String?
        package var timeout = "10m"
        package var asJSON = false

        package init() {}
    }

    /// As far back as an abbreviated commit is looked for.
    private static let depth = 10_000

    private let request: Request

    package init(_ request: Request) {
        self.request = request
    }

    /// Waits for all appliers that read the branch.
    ///
    /// - Shape: 0 all run the commit, or a later one that contains it, and are ready; 1 not all in time, with
    ///   the reasons, or a cluster told nothing; 2 where there is nothing to wait for, or the question is unclear.
    package func run(_ options: LaunchOptions) throws(LaunchFailure) -> Int32 {
        let limit = try Duration.argument(request.timeout, option: "--timeout")
        let digits = try WaitCommand.digits(of: request.revision)
        try LogFile.start(options)
        var options = options
        options.isReadOnly = true
        let fleet = try HeadlessFleet(options)
        defer { fleet.stop() }
        fleet.settle(within: min(limit, .seconds(20)), gitWithin: .seconds(30))
        let target = try GitTarget(source: request.source, branch: request.branch, in: fleet.store.state)
        try target.check(fleet.store.state)
        let commit = try commit(digits, in: target, fleet)
        let convergence = try follow(commit, target, fleet, limit)
        return report(convergence, commit, target, fleet.store.state)
    }

    /// The hex digits of `9f2c1ab`, `main@sha1:9f2c…` or `sha1:9f2c…`.
    private static func digits(of text: String) throws(LaunchFailure) -> String {
        let last = text.split(separator: ":").last.map(String.init)?.lowercased() ?? ""
        guard (4...64).contains(last.count), last.allSatisfy({ $0.isHexDigit && $0.isASCII }) else {
            throw LaunchFailure("--revision \(text) is no commit; give 4 hex digits of it or more")
        }
        return last
    }

    /// The one commit of the branch that the digits mean.
    private func commit(
        _ digits: String,
        in target: GitTarget,
        _ fleet: HeadlessFleet
    ) throws(LaunchFailure) -> Commit {
        let query = LogQuery(repository: target.repository, ref: "refs/heads/\(target.branch)")
        try fleet.load(query, limit: WaitCommand.depth)
        let found = fleet.store.state.commits.commits.filter { $0.id.hasPrefix(digits) }
        guard let commit = found.first else {
            throw LaunchFailure(
                "--revision \(request.revision) is not among the newest \(WaitCommand.depth) commits of "
                    + "\(target.branch) of \(target.repository)"
            )
        }
        guard found.count == 1 else {
            throw LaunchFailure(
                "--revision \(request.revision) may be \(found.count) commits; give more digits"
            )
        }
        return commit
    }

    // MARK: - Watching

    /// Follows the commit until all have it or the time is over.
    ///
    /// A cluster that answers only now may read the branch too: then its appliers are followed as well.
    private func follow(
        _ commit: Commit,
        _ target: GitTarget,
        _ fleet: HeadlessFleet,
        _ limit: Duration
    ) throws(LaunchFailure) -> Convergence {
        let end = SystemClock.uptime + limit.wholeNanoseconds
        var told = -1
        var current: Convergence?
        while true {
            let silent = fleet.store.state.silentClusters
            let watched = order(commit, target, fleet)
            func find(_ state: AppState) -> Convergence? {
                state.rollouts.convergences.first { $0.id == watched }
            }
            let left = Duration.nanoseconds(max(0, end - SystemClock.uptime))
            let isDone = fleet.run(for: left) { state in
                if let now = find(state), now.done != told, !request.asJSON {
                    told = now.done
                    CommandLineOutput.tell("\(now.done) of \(now.rows.count) healthy at \(commit.short)")
                }
                let isWhole = find(state)?.finished != nil || watched == nil
                return state.silentClusters != silent || isWhole && silent.isEmpty
            }
            current = find(fleet.store.state)
            guard isDone, fleet.store.state.silentClusters != silent else {
                break
            }
        }
        guard let current else {
            throw LaunchFailure("no applier of these clusters reads \(target.branch) of \(target.repository)")
        }
        return current
    }

    private func order(_ commit: Commit, _ target: GitTarget, _ fleet: HeadlessFleet) -> Int? {
        var watched: Int?
        fleet.store.perform { state in
            let (id, effects) = state.orderWatch(
                for: commit.id,
                subject: commit.subject,
                of: target.repository,
                branch: target.branch,
                now: SystemClock.now
            )
            watched = id
            return effects
        }
        return watched
    }

    // MARK: - Telling

    private func report(
        _ convergence: Convergence,
        _ commit: Commit,
        _ target: GitTarget,
        _ state: AppState
    ) -> Int32 {
        let silent = state.silentClusters
        // What is suspended or can tell no commit is said and not held against the rest; but where nothing else is
        // there, nobody has it.
        let isWhole =
            convergence.finished != nil && silent.isEmpty
            && convergence.rows.allSatisfy { $0.isDone || $0.isHeld }
            && convergence.rows.contains(where: \.isDone)
        if request.asJSON {
            let report = ConvergenceReport(
                generated: SystemClock.now.rfc3339,
                repository: target.repository.address,
                branch: target.branch,
                commit: commit.id,
                subject: commit.subject,
                done: isWhole,
                silent: silent.map { state.profile($0).displayName },
                rows: convergence.rows.map { ConvergenceReport.Row($0, state) }
            )
            CommandLineOutput.print(report.json)
            return isWhole ? 0 : 1
        }
        for row in convergence.rows where !row.isDone {
            let name = "\(row.member.applier) on \(state.profile(row.member.applier.cluster).displayName)"
            let words = row.stuck ?? (row.note.isEmpty ? "not there yet" : row.note)
            let held = row.isHeld ? " (not waited for)" : ""
            CommandLineOutput.tell("\(name): \(row.stage): \(words)\(held)")
        }
        for cluster in silent {
            let why = state.clusters[cluster]?.snapshot.link.problem ?? "no answer yet"
            CommandLineOutput.tell("\(state.profile(cluster).displayName): not known: \(why)")
        }
        return isWhole ? 0 : 1
    }
}

extension AppState {
    /// The clusters that have told nothing: what they run is not known.
    var silentClusters: [ClusterID] {
        profiles.map(\.id).filter { id in
            guard let snapshot = clusters[id]?.snapshot, snapshot.link != .withoutFlux else {
                return false
            }
            return snapshot.resources.isEmpty && (snapshot.link != .live || !snapshot.isComplete)
        }
    }
}
