import ArgumentParser
import Engine

struct Rollback: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Revert commits in Git, or put a path back, and watch every cluster converge.",
        discussion: """
            Shows the plan, the diff and whom it changes, and asks before it pushes. Nothing is ever force-pushed.
            Exit code 0: done, or planned with --dry-run; 1: pushed, not healthy in time; 2: nothing was pushed;
            3: nobody knows, because the server did not answer.

            Example: weir rollback 9f2c1ab --source fleet --reason "bad health check" --wait
            Example: weir rollback 9f2c1ab..4d5e6f7 --source fleet --dry-run
            Example: weir rollback --path apps/checkout --to 9f2c1ab --source fleet --new-branch checkout-back
            """
    )

    @OptionGroup var fleet: FleetOptions

    @Argument(
        help:
            "A commit as Git names it, 9f2c1ab, HEAD~2; several; or FROM..TO, all after FROM up to TO."
    )
    var commits: [String] = []

    @Option(help: "A file or directory to put back to how it was, in place of commits; goes with --to.")
    var path: String?

    @Option(help: "The commit that the path goes back to.")
    var to: String?

    @Option(help: "The GitRepository by name, or the repository's address.")
    var source: String

    @Option(help: "The branch that is undone and gets the new commit. (default: the one the source follows)")
    var branch: String?

    @Option(help: "Push to a new branch of this name instead, for a pull request.")
    var newBranch: String?

    @Option(help: "For merges: the parent to go back to, from 1.")
    var mainline: Int?

    @Option(help: "Why, for the commit message.")
    var reason = ""

    @Flag(help: "Show the plan and change nothing.")
    var dryRun = false

    @Flag(name: .shortAndLong, help: "Do not ask; without a terminal nothing is pushed without it.")
    var yes = false

    @Option(help: "The name of a protected cluster that changes, in place of typing it.")
    var confirm = ""

    @Flag(help: "Wait until every affected cluster is healthy on the new commit; exit 1 where one is not.")
    var wait = false

    @Option(help: "How long to wait, as a duration such as 10m.")
    var timeout = "10m"

    @Option(name: .shortAndLong, help: "The form of the output: table or json.")
    var output = Status.Form.table

    mutating func run() throws {
        var request = RollbackCommand.Request()
        request.commits = commits
        request.path = path
        request.pathTarget = to
        request.source = source
        request.branch = branch
        request.newBranch = newBranch
        request.mainline = mainline
        request.reason = reason
        request.isDryRun = dryRun
        request.isConfirmed = yes
        request.typedName = confirm
        request.waits = wait
        request.timeout = timeout
        request.asJSON = output == .json
        let options = fleet.launch
        try leave { () throws(LaunchFailure) in
            try RollbackCommand(request).run(options)
        }
    }
}
