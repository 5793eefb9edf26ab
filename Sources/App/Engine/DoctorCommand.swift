import Dashboard
import FoundationEssentials
import Terminal

/// `weir doctor`: looks at everything between weir and its fleet, and changes nothing.
package struct DoctorCommand {
    private let asJSON: Bool
    private let timeout: String

    package init(asJSON: Bool, timeout: String) {
        self.asJSON = asJSON
        self.timeout = timeout
    }

    /// Prints what it found; 0 all is well, 1 something is limited, 2 something cannot be reached or used.
    package func run(_ options: LaunchOptions) throws(LaunchFailure) -> Int32 {
        let limit = try Duration.argument(timeout, option: "--timeout")
        try LogFile.start(options)
        var options = options
        options.isReadOnly = true
        let fleet = try HeadlessFleet(options)
        fleet.settle(within: limit)
        let examination = fleet.examine(within: limit)
        fleet.store.drain()
        let now = SystemClock.now
        let report = DoctorReport(
            fleet.store.state,
            examination,
            TerminalFacts.current(environment: ProcessInfo.processInfo.environment),
            problems: fleet.problems,
            now: now
        )
        CommandLineOutput.print(asJSON ? report.json : DoctorTable(report, now: now).text)
        fleet.stop()
        return report.exitCode
    }
}
