import ArgumentParser
import Engine

struct Dashboard: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Open the dashboard (what weir does without a command).",
        discussion: "Example: weir dashboard --context 'prod-*'"
    )

    @OptionGroup var fleet: FleetOptions
    @OptionGroup var look: LookOptions

    mutating func run() throws {
        let options = look.applied(to: fleet.launch)
        try leave { () throws(LaunchFailure) in try FullScreen.run(options, mode: .dashboard) }
    }
}

struct Monitor: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the fleet on a wall screen: read-only, no keys but q, Space and ?.",
        discussion: """
            Pages turn by themselves where the clusters do not fit on one; Space stops and goes on.

            Example: weir monitor --context 'prod-*'
            """
    )

    @OptionGroup var fleet: FleetOptions
    @OptionGroup var look: LookOptions

    @Flag(help: "Print one frame once every cluster answered or timed out, and exit.")
    var once = false

    @Option(help: "The size of that frame, COLUMNSxROWS. (default: the terminal's, 120x40 without one)")
    var size: String?

    func validate() throws {
        guard once || size == nil else {
            throw ValidationError("--size is for --once: a wall screen is as large as its terminal")
        }
    }

    mutating func run() throws {
        var options = look.applied(to: fleet.launch)
        options.isReadOnly = true
        guard !once else {
            try leave { () throws(LaunchFailure) in try SnapshotCommand(wallOf: size).run(options) }
        }
        try leave { () throws(LaunchFailure) in try FullScreen.run(options, mode: .monitor) }
    }
}

struct Snapshot: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the frame that the dashboard would draw once every cluster answered or timed out.",
        discussion: "Example: weir snapshot --size 120x40 --view commits"
    )

    @OptionGroup var fleet: FleetOptions
    @OptionGroup var look: LookOptions

    @Option(help: "The frame's size, COLUMNSxROWS.")
    var size = "120x40"

    @Option(help: "The view: \(SnapshotCommand.viewNames.joined(separator: ", ")).")
    var view = "fleet"

    @Flag(help: "Print colours, for a terminal that shows them.")
    var colour = false

    mutating func run() throws {
        let options = look.applied(to: fleet.launch)
        try leave { () throws(LaunchFailure) in
            try SnapshotCommand(size: size, view: view, colour: colour).run(options)
        }
    }
}

struct Demo: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Open the dashboard on a simulated fleet; nothing outside this machine is touched.",
        discussion: """
            Without a terminal, prints one frame and a status table instead.

            Example: weir demo --clusters 3
            """
    )

    @OptionGroup var look: LookOptions

    @Option(help: "How many clusters to simulate.")
    var clusters = 6

    @Option(help: "How many Flux objects a cluster has.")
    var resources = 40

    @Flag(help: "Refuse every change, as in the real thing.")
    var readOnly = false

    mutating func run() throws {
        var options = look.applied(to: LaunchOptions())
        options.isReadOnly = readOnly
        try leave { () throws(LaunchFailure) in
            try DemoCommand(clusters: clusters, resources: resources).run(options)
        }
    }
}
