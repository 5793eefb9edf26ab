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
    ///   the reasons; 2 where there is nothing to wait for, or the question is unclear.
    package func run(_ options: LaunchOptions) throws(LaunchFailure) -> Int32 {
        let limit = try Duration.argument(request.timeout, option: "--timeout")
        let digits = try WaitCommand.digits(of: request.revision)
        try LogFile.start(options)
        var options = options
        options.isReadOnly = true
        let fleet = try HeadlessFleet(options)
        defer { fleet.stop() }
        fleet.settle(within: .seconds(20), gitWithin: .seconds(30))
        let store = fleet.store
        let target = try GitTarget(source: request.source, branch: request.branch, in: store.state)
        try target.check(store.state)
        let commit = try commit(digits, in: target, fleet)
        var watched: Int?
        store.perform { state in
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
        guard let watched else {
            throw LaunchFailure("no applier of these clusters reads \(target.branch) of \(target.repository)")
        }
        var told = -1
        fleet.run(for: limit) { state in
            guard let current = state.rollouts.convergences.first(where: { $0.id == watched }) else {
                return true
            }
            if current.done != told {
                told = current.done
                CommandLineOutput.print("\(current.done) of \(current.rows.count) healthy at \(commit.short)")
            }
            return current.finished != nil
        }
        return report(watched, store.state)
    }

    /// The hex digits of `9f2c1ab`, `main@sha1:9f2c…` or `sha1:9f2c…`.
    private static func digits(of text: String) throws(LaunchFailure) -> String {
        let last = text.split(separator: ":").last.map(String.init)?.lowercased() ?? ""
        guard (7...64).contains(last.count), last.allSatisfy({ $0.isHexDigit && $0.isASCII }) else {
            throw LaunchFailure("--revision \(text) is no commit; give 7 hex digits of it or more")
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

    private func report(_ id: Int, _ state: AppState) -> Int32 {
        guard let convergence = state.rollouts.convergences.first(where: { $0.id == id }) else {
            return 1
        }
        var isWhole = convergence.finished != nil
        for row in convergence.rows where !row.isDone {
            let name = "\(row.member.applier) on \(state.profile(row.member.applier.cluster).displayName)"
            let words = row.stuck ?? (row.note.isEmpty ? "not there yet" : row.note)
            CommandLineOutput.print("\(name): \(row.stage): \(words)")
            // What can tell no commit is said and not held against the rest.
            isWhole = isWhole && row.isHeld && row.stuck == nil
        }
        return isWhole ? 0 : 1
    }
}
