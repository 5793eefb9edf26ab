import Glibc
import KubeWire

package struct DemoCommand {
    private let clusters: Int
    private let resources: Int

    package init(clusters: Int, resources: Int) {
        self.clusters = clusters
        self.resources = resources
    }

    /// Starts a simulated fleet and opens the dashboard on it; without a terminal prints a frame and a table.
    package func run(_ options: LaunchOptions) throws(LaunchFailure) -> Int32 {
        guard (1...100).contains(clusters), (5...10_000).contains(resources) else {
            throw LaunchFailure("the demo takes 1 to 100 --clusters and 5 to 10000 --resources")
        }
        let simulator = try SimulatorProcess(clusters: clusters, resources: resources)
        defer { simulator.stop() }
        var options = options
        options.kubeconfig = simulator.kubeconfig
        options.cacheDirectory = "\(simulator.directory)/cache"
        options.ledgerPath = "\(simulator.directory)/ledger.sqlite"
        options.contexts = try FleetAssembly.kubeconfig(at: simulator.kubeconfig).contexts.map(\.name)
            .filter { !$0.hasSuffix("-viewer") && !$0.hasSuffix("-tenant") }
        guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else {
            return try printed(options)
        }
        return try FullScreen.run(options, mode: .dashboard)
    }

    private func printed(_ options: LaunchOptions) throws(LaunchFailure) -> Int32 {
        _ = try SnapshotCommand(size: "120x40", view: "fleet", colour: false).run(options)
        CommandLineOutput.print("")
        _ = try StatusCommand(asJSON: false, timeout: "20s").run(options)
        return 0
    }
}
