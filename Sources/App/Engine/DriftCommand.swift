import Dashboard
import HashTreeCollections
import Kube

package struct DriftCommand {
    private let asJSON: Bool
    private let isExact: Bool
    private let timeout: String

    package init(asJSON: Bool, isExact: Bool = false, timeout: String) {
        self.asJSON = asJSON
        self.isExact = isExact
        self.timeout = timeout
    }

    /// Prints what differs from Git; 0 nothing does, 1 something does, 2 not everything could be compared.
    package func run(_ options: LaunchOptions) throws(LaunchFailure) -> Int32 {
        let limit = try Duration.argument(timeout, option: "--timeout")
        try LogFile.start(options)
        var options = options
        // Exact drift takes dry runs, which count as writes.
        options.isReadOnly = options.isReadOnly || !isExact
        let fleet = try HeadlessFleet(options)
        fleet.settle(within: limit)
        fleet.settleDrift(within: limit)
        let asked = isExact ? compareExactly(fleet, within: limit) : []
        let now = SystemClock.now
        let report = DriftReport(fleet.store.state, exactly: asked, now: now)
        CommandLineOutput.print(asJSON ? report.json : DriftTable(report, now: now).text)
        fleet.stop()
        return report.exitCode
    }

    /// Asks every cluster what its Kustomizations would change, and gives those that were asked for.
    private func compareExactly(_ fleet: HeadlessFleet, within limit: Duration) -> [ObjectRef] {
        let refs = fleet.store.state.clusters.values.flatMap { picture in
            picture.snapshot.link == .live
                ? picture.snapshot.resources.values.filter { $0.kind == .kustomization }.map(\.ref) : []
        }
        fleet.store.perform { $0.orderExactDrift(of: refs) }
        fleet.run(for: limit) { state in
            refs.allSatisfy { ref in
                if case .asking? = state.exactStanding(of: ref) { false } else { true }
            }
        }
        return refs
    }
}
