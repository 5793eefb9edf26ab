import ArgumentParser
import Engine

@main
struct Weir: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "weir",
        abstract: "See whether every cluster runs what Git says, and act on it.",
        discussion: """
            Without a command, weir opens the dashboard on the clusters of your kubeconfig.

            Example: weir --context 'prod-*' --read-only
            """,
        version: "weir \(Version.current)",
        subcommands: [
            Dashboard.self, Status.self, Snapshot.self, Reconcile.self, Suspend.self, Resume.self, Log.self,
            Rollback.self, Wait.self, Drift.self, Audit.self, Monitor.self, Doctor.self, Demo.self,
        ],
        defaultSubcommand: Dashboard.self
    )

    static func main() {
        ProcessMemory.beFrugal()
        let commands = Set(configuration.subcommands.map { String(describing: $0).lowercased() })
        let arguments = Array(CommandLine.arguments.dropFirst())
        if let word = CommandOrder.unknownCommand(arguments, commands: commands.union(["help"])) {
            CommandLineOutput.complain("weir: \(UnknownCommand.sentence(word, commands: commands))")
            exit(withError: ExitCode(64))
        }
        main(CommandOrder.commandFirst(arguments, commands: commands))
    }
}

/// Options that every command takes.
struct FleetOptions: ParsableArguments {
    @Option(help: "A kubeconfig file. (default: $KUBECONFIG, then ~/.kube/config)")
    var kubeconfig: String?

    @Option(
        help: "A context by name or glob; may be repeated. (default: those of the config, else every context)"
    )
    var context: [String] = []

    @Option(help: "weir's config file. (default: $XDG_CONFIG_HOME/weir/config.toml)")
    var config: String?

    @Flag(help: "Refuse every change to clusters and Git.")
    var readOnly = false

    @Option(help: "Write a log to this file; nothing is ever logged to the screen.")
    var logFile: String?

    var launch: LaunchOptions {
        var options = LaunchOptions()
        options.kubeconfig = kubeconfig
        options.contexts = context
        options.config = config
        options.isReadOnly = readOnly
        options.logFile = logFile
        return options
    }
}

/// Options of what draws.
struct LookOptions: ParsableArguments {
    @Option(help: "A theme: a built-in name or a file.")
    var theme: String?

    @Flag(help: "Draw with ASCII characters only.")
    var ascii = false

    func applied(to options: LaunchOptions) -> LaunchOptions {
        var options = options
        options.theme = theme
        options.isASCII = ascii
        return options
    }
}

/// Runs a command and leaves with its exit code; a failure is one sentence on standard error.
func leave(_ run: () throws(LaunchFailure) -> Int32) throws -> Never {
    do {
        throw ExitCode(CommandLineOutput.exitCode(try run()))
    } catch let failure as LaunchFailure {
        CommandLineOutput.complain("weir: \(failure.description)")
        throw ExitCode(failure.exitCode)
    }
}
