import Chrono
import Dashboard
import Git
import Kube

/// `weir log`: what is in Git, and who has it.
package struct LogCommand {
    package struct Request {
        package var source = ""
        package var branch: String?
        package var path = ""
        package var text = ""
        package var limit = 20
        package var asJSON = false

        package init() {}
    }

    /// What `weir log -o json` prints.
    struct Listing: Report {
        struct Place: Encodable {
            let cluster: String
            let state: String
            /// How many appliers run the commit.
            let appliers: Int
            /// True where all appliers of the repository do.
            let whole: Bool
        }

        struct Entry: Encodable {
            let commit: String
            let author: String
            let email: String
            let committed: String
            let subject: String
            let at: [Place]
        }

        var version = 1
        let generated: String
        let repository: String
        let branch: String
        let commits: [Entry]
    }

    private let request: Request

    package init(_ request: Request) {
        self.request = request
    }

    /// Prints the newest commits of a branch; 0 printed, 2 where that could not be.
    package func run(_ options: LaunchOptions) throws(LaunchFailure) -> Int32 {
        guard request.limit > 0, request.limit <= 10_000 else {
            throw LaunchFailure("--limit \(request.limit) is not a number from 1 to 10000")
        }
        try LogFile.start(options)
        var options = options
        options.isReadOnly = true
        let fleet = try HeadlessFleet(options)
        defer { fleet.stop() }
        fleet.settle(within: .seconds(20), gitWithin: .seconds(30))
        let target = try GitTarget(source: request.source, branch: request.branch, in: fleet.store.state)
        try target.check(fleet.store.state)
        let query = LogQuery(
            repository: target.repository,
            ref: "refs/heads/\(target.branch)",
            text: request.text,
            path: request.path
        )
        try fleet.load(query, limit: request.limit)
        let state = fleet.store.state
        let commits = Array(state.commits.commits.prefix(request.limit))
        CommandLineOutput.print(
            request.asJSON ? json(commits, target, state) : table(commits, state),
            terminator: request.asJSON ? "\n" : ""
        )
        return 0
    }

    private func table(_ commits: [Commit], _ state: AppState) -> String {
        let now = SystemClock.now
        return commits.map { commit in
            let places = state.markers(at: commit.id).map { marker in
                let name = state.profile(marker.cluster).displayName
                let part =
                    marker.isWhole ? "" : marker.count == 1 ? "/\(marker.first.name)" : " (\(marker.count))"
                return "\(name)\(part) \(marker.state.word)"
            }
            let who = places.isEmpty ? "" : "  [\(places.joined(separator: ", "))]"
            return
                "\(commit.short)  \(now.since(commit.committed).age)  \(commit.author)  \(commit.subject)\(who)\n"
        }.joined()
    }

    private func json(_ commits: [Commit], _ target: GitTarget, _ state: AppState) -> String {
        let entries = commits.map { commit in
            Listing.Entry(
                commit: commit.id,
                author: commit.author,
                email: commit.email,
                committed: commit.committed.rfc3339,
                subject: commit.subject,
                at: state.markers(at: commit.id).map { marker in
                    Listing.Place(
                        cluster: state.profile(marker.cluster).displayName,
                        state: marker.state.word,
                        appliers: marker.count,
                        whole: marker.isWhole
                    )
                }
            )
        }
        let report = Listing(
            generated: SystemClock.now.rfc3339,
            repository: target.repository.address,
            branch: target.branch,
            commits: entries
        )
        return report.json
    }
}

extension HeadlessFleet {
    /// Reads the newest commits of a log into the state.
    func load(_ query: LogQuery, limit: Int) throws(LaunchFailure) {
        store.perform { $0.orderLog(query, limit: limit) }
        let isThere = run(for: .seconds(60)) { !$0.commits.isLoading }
        if let problem = store.state.commits.problem {
            throw LaunchFailure(problem)
        }
        guard isThere else {
            throw LaunchFailure("the log of \(query.repository) was not read within a minute")
        }
    }
}
