import ArgumentParser
import Engine

struct Log: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the commits of a source, and which clusters are at which.",
        discussion: """
            Exit code 0: printed; 2: it could not be read, or the question is unclear.

            Example: weir log --source fleet --path apps/checkout --limit 20
            """
    )

    @OptionGroup var fleet: FleetOptions

    @Option(help: "The GitRepository by name, or the repository's address.")
    var source: String

    @Option(help: "The branch. (default: the one the source follows)")
    var branch: String?

    @Option(help: "Only commits that touch this path.")
    var path = ""

    @Option(help: "Only commits with this text in subject or author.")
    var text = ""

    @Option(help: "How many commits.")
    var limit = 20

    @Option(name: .shortAndLong, help: "The form of the output: table or json.")
    var output = Status.Form.table

    mutating func run() throws {
        var request = LogCommand.Request()
        request.source = source
        request.branch = branch
        request.path = path
        request.text = text
        request.limit = limit
        request.asJSON = output == .json
        let options = fleet.launch
        try leave { () throws(LaunchFailure) in try LogCommand(request).run(options) }
    }
}

struct Wait: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Wait until every cluster runs a commit, healthy.",
        discussion: """
            A later commit that contains it counts too. What is suspended is named and not waited for.
            Exit code 0: all do that are waited for; 1: not all in time, or a cluster tells nothing; 2: the question
            is unclear.

            Example: weir wait --revision 9f2c1ab --source fleet --context 'prod-*' --timeout 10m
            """
    )

    @OptionGroup var fleet: FleetOptions

    @Option(help: "The commit: 4 hex digits or more, or as Flux writes it.")
    var revision: String

    @Option(help: "The GitRepository by name, or the repository's address.")
    var source: String

    @Option(help: "The branch. (default: the one the source follows)")
    var branch: String?

    @Option(help: "How long to wait, as a duration such as 10m.")
    var timeout = "10m"

    @Option(name: .shortAndLong, help: "The form of the output: table or json.")
    var output = Status.Form.table

    mutating func run() throws {
        var request = WaitCommand.Request()
        request.asJSON = output == .json
        request.revision = revision
        request.source = source
        request.branch = branch
        request.timeout = timeout
        let options = fleet.launch
        try leave { () throws(LaunchFailure) in try WaitCommand(request).run(options) }
    }
}
