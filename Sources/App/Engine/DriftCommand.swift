import Dashboard
import HashTreeCollections
import Kube

package struct DriftCommand {
    private let asJSON: Bool
    private let timeout: String

    package init(asJSON: Bool, timeout: String) {
        self.asJSON = asJSON
        self.timeout = timeout
    }

    /// Prints what differs from Git; 0 nothing does, 1 something does, 2 a cluster is unreachable or not known.
    package func run(_ options: LaunchOptions) throws(LaunchFailure) -> Int32 {
        let limit = try Duration.argument(timeout, option: "--timeout")
        try LogFile.start(options)
        var options = options
        options.isReadOnly = true
        let fleet = try HeadlessFleet(options)
        fleet.settle(within: limit)
        fleet.run(for: limit) { state in
            state.clusters.values.allSatisfy { $0.snapshot.knowsObjects || $0.snapshot.link != .live }
        }
        let now = SystemClock.now
        let report = DriftReport(fleet.store.state, now: now)
        CommandLineOutput.print(asJSON ? report.json : DriftTable(report, now: now).text)
        fleet.stop()
        return report.exitCode
    }
}
