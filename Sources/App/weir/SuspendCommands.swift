import ArgumentParser
import Engine

/// What suspending and resuming have in common.
struct SuspensionOptions: ParsableArguments {
    @Argument(help: "The resource as KIND/NAME; kinds may be short, such as ks, hr or git.")
    var resource: String

    @Option(name: .shortAndLong, help: "The resource's namespace.")
    var namespace: String

    @Option(help: "The name of a protected cluster, in place of typing it; may be repeated.")
    var confirm: [String] = []

    @Option(help: "How long to wait for the clusters, as a duration such as 30s.")
    var timeout = "30s"

    func request(suspends: Bool, reason: String) -> SuspendCommand.Request {
        var request = SuspendCommand.Request()
        request.resource = resource
        request.namespace = namespace
        request.suspends = suspends
        request.reason = reason
        request.confirmed = confirm
        request.timeout = timeout
        return request
    }
}

struct Suspend: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Suspend one resource, with a reason for those who find it so.",
        discussion: """
            Exit code 0: suspended on every named cluster, be it since before; 1: not seen in time; 2: refused, with
            the reason.

            Example: weir suspend ks/checkout -n apps --context prod-eu --reason "upgrade of the database"
            """
    )

    @OptionGroup var fleet: FleetOptions
    @OptionGroup var suspension: SuspensionOptions

    @Option(help: "Why: written on the object, beside your name.")
    var reason = ""

    mutating func run() throws {
        let request = suspension.request(suspends: true, reason: reason)
        let options = fleet.launch
        try leave { () throws(LaunchFailure) in try SuspendCommand(request).run(options) }
    }
}

struct Resume: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Resume one suspended resource.",
        discussion: """
            Exit code 0: resumed on every named cluster, be it since before; 1: not seen in time; 2: refused, with
            the reason.

            Example: weir resume ks/checkout -n apps --context prod-eu
            """
    )

    @OptionGroup var fleet: FleetOptions
    @OptionGroup var suspension: SuspensionOptions

    @Option(help: "Why, for the log; the object keeps no reason.")
    var reason = ""

    mutating func run() throws {
        let request = suspension.request(suspends: false, reason: reason)
        let options = fleet.launch
        try leave { () throws(LaunchFailure) in try SuspendCommand(request).run(options) }
    }
}
