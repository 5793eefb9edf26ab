import ArgumentParser
import Engine

struct Drift: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print what differs from Git on all clusters, and who did it.",
        discussion: """
            Read from field ownership, with read-only rights; docs/drift.md says what that can tell.
            Exit code 0: nothing differs; 1: something does; 2: not everything could be compared.

            --exact also builds what each Kustomization applied, reads what Helm stored of each release, and asks \
            the clusters by dry runs what Flux would change: that needs the right to patch (and to get Helm's \
            Secrets), and audit logs count it as writes. A cluster that is silent for --timeout is given up.

            Example: weir drift -o json --context 'prod-*'
            """
    )

    @OptionGroup var fleet: FleetOptions

    @Option(name: .shortAndLong, help: "The form of the output: table or json.")
    var output = Status.Form.table

    @Flag(help: "Compare field by field, by server-side dry runs of what Git has.")
    var exact = false

    @Option(help: "How long to wait for the slowest cluster, as a duration such as 20s.")
    var timeout = "20s"

    mutating func run() throws {
        let options = fleet.launch
        try leave { () throws(LaunchFailure) in
            try DriftCommand(asJSON: output == .json, isExact: exact, timeout: timeout).run(options)
        }
    }
}

struct Audit: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the changes that were made through weir by this user.",
        discussion: "Example: weir audit --since 24h -o json"
    )

    @Option(name: .shortAndLong, help: "The form of the output: table or json.")
    var output = Status.Form.table

    @Option(help: "How far to look back, as a duration such as 24h.")
    var since = "720h"

    @Flag(help: "Print the dry runs of exact drift too, which change nothing.")
    var dryRuns = false

    @Option(help: "weir's config file. (default: $XDG_CONFIG_HOME/weir/config.toml)")
    var config: String?

    mutating func run() throws {
        var options = LaunchOptions()
        options.config = config
        try leave { () throws(LaunchFailure) in
            try AuditCommand(asJSON: output == .json, since: since, withDryRuns: dryRuns).run(options)
        }
    }
}
