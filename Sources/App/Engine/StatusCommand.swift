package struct StatusCommand {
    private let asJSON: Bool
    private let timeout: String

    package init(asJSON: Bool, timeout: String) {
        self.asJSON = asJSON
        self.timeout = timeout
    }

    /// Prints one snapshot; 0 all ready, 1 something is not ready, 2 something is unreachable or wrong.
    package func run(_ options: LaunchOptions) throws(LaunchFailure) -> Int32 {
        let limit = try Duration.argument(timeout, option: "--timeout")
        try LogFile.start(options)
        var options = options
        options.isReadOnly = true
        let fleet = try HeadlessFleet(options)
        fleet.settle(within: limit)
        fleet.settleDrift(within: min(limit, .seconds(10)))
        let now = SystemClock.now
        let report = StatusReport(fleet.store.state, now: now)
        CommandLineOutput.print(asJSON ? report.json : StatusTable(fleet.store.state, now: now).text)
        fleet.stop()
        return report.exitCode
    }
}
