import ArgumentParser
import Engine

struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print one snapshot of all clusters.",
        discussion: """
            Exit code 0: all ready; 1: something is not ready; 2: something is unreachable, incomplete or wrong.

            Example: weir status -o json --context 'prod-*'
            """
    )

    enum Form: String, ExpressibleByArgument, CaseIterable {
        case table, json
    }

    @OptionGroup var fleet: FleetOptions

    @Option(name: .shortAndLong, help: "The form of the output: table or json.")
    var output = Form.table

    @Option(help: "How long to wait for the slowest cluster, as a duration such as 20s.")
    var timeout = "20s"

    mutating func run() throws {
        let options = fleet.launch
        try leave { () throws(LaunchFailure) in
            try StatusCommand(asJSON: output == .json, timeout: timeout).run(options)
        }
    }
}

struct Doctor: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look at every connection: clusters, rights, Git, terminal. Changes nothing.",
        discussion: """
            Exit code 0: all is well; 1: a line is marked !, something is limited or worth knowing; 2: a line is
            marked ✗, something cannot be reached or used.

            Example: weir doctor --context 'prod-*'
            """
    )

    @OptionGroup var fleet: FleetOptions

    @Option(name: .shortAndLong, help: "The form of the output: table or json.")
    var output = Status.Form.table

    @Option(help: "How long to wait for the slowest cluster and remote, as a duration such as 20s.")
    var timeout = "20s"

    mutating func run() throws {
        let options = fleet.launch
        try leave { () throws(LaunchFailure) in
            try DoctorCommand(asJSON: output == .json, timeout: timeout).run(options)
        }
    }
}

struct Reconcile: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Ask Flux to reconcile one resource now.",
        discussion: """
            Exit code 0: asked, or ready with --wait; 1: not ready in time; 2: refused, with the reason.

            Example: weir reconcile ks/checkout -n apps --context prod-eu --with-source --wait
            """
    )

    @OptionGroup var fleet: FleetOptions

    @Argument(help: "The resource as KIND/NAME; kinds may be short, such as ks, hr or git.")
    var resource: String

    @Option(name: .shortAndLong, help: "The resource's namespace.")
    var namespace: String

    @Flag(help: "Reconcile its source first.")
    var withSource = false

    @Flag(help: "Force a HelmRelease: one upgrade even where nothing changed.")
    var force = false

    @Option(help: "The name of a protected cluster, in place of typing it; may be repeated.")
    var confirm: [String] = []

    @Flag(help: "Wait for the end and exit 1 where it is not ready.")
    var wait = false

    @Option(help: "How long to wait, as a duration such as 5m.")
    var timeout = "5m"

    mutating func run() throws {
        let options = fleet.launch
        try leave { () throws(LaunchFailure) in
            try ReconcileCommand(
                resource: resource,
                namespace: namespace,
                withSource: withSource,
                force: force,
                confirmed: confirm,
                waits: wait,
                timeout: timeout
            ).run(options)
        }
    }
}
