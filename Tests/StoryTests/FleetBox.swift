import Foundation
import ProgramTesting
import Screen
import TerminalTesting

/// A simulated fleet in a process of its own, with the real `weir` to try on it.
final class FleetBox {
    private let simulator: Child
    private let lifeline = Pipe()
    let directory: URL
    /// The admin contexts, by cluster name.
    let clusters: [String]

    static let all = ["prod-eu", "prod-us", "staging", "edge-01", "edge-02", "dev"]

    /// Starts a fleet and returns when it is served; it ends with this object, even if the tests crash.
    init(clusters: Int = 3, _ options: [String] = ["--speed", "5"]) throws {
        self.clusters = Array(FleetBox.all.prefix(clusters))
        directory = FileManager.default.temporaryDirectory.appending(path: "weir-story-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let output = Pipe()
        simulator = try Child(
            PtySession.builtProgram("weir-sim"),
            [
                "--directory", directory.path, "--clusters", String(clusters), "--resources", "24",
                "--end-with-input",
            ] + options,
            input: lifeline,
            output: output
        )
        var text = ""
        while !text.contains("ready\n") {
            let data = output.fileHandleForReading.availableData
            guard !data.isEmpty else {
                throw PtySession.Disappointment(
                    description: "the simulator ended before it was ready: \(text)"
                )
            }
            text += String(decoding: data, as: UTF8.self)
        }
    }

    deinit {
        try? lifeline.fileHandleForWriting.close()
        simulator.wait()
        try? FileManager.default.removeItem(at: directory)
    }

    var kubeconfig: String { directory.appending(path: "kubeconfig").path }

    private var environment: [String: String] {
        var environment = PtySession.plainEnvironment
        environment["HOME"] = directory.appending(path: "home").path
        environment["GIT_AUTHOR_NAME"] = "Storyteller"
        environment["GIT_AUTHOR_EMAIL"] = "story@example.com"
        return environment
    }

    /// The options that name this fleet and its admin contexts.
    private var fleetOptions: [String] {
        ["--kubeconfig", kubeconfig] + clusters.flatMap { ["--context", $0] }
    }

    /// Opens the dashboard on a terminal of its own.
    func dashboard(
        _ arguments: [String] = [],
        size: Size = Size(columns: 140, rows: 40)
    ) throws -> PtySession {
        try PtySession(
            PtySession.builtProgram("weir"),
            arguments + fleetOptions,
            environment: environment,
            size: size
        )
    }

    struct Outcome {
        let code: Int32
        let output: String
        let complaints: String
    }

    /// Runs `weir` to its end without a terminal.
    func weir(_ arguments: [String], on contexts: [String]? = nil) throws -> Outcome {
        let options =
            contexts.map { ["--kubeconfig", kubeconfig] + $0.flatMap { ["--context", $0] } } ?? fleetOptions
        return try FleetBox.run(
            PtySession.builtProgram("weir"),
            arguments + options,
            environment: environment
        )
    }

    /// Runs `weir` without naming a fleet.
    func bare(_ arguments: [String]) throws -> Outcome {
        try FleetBox.run(PtySession.builtProgram("weir"), arguments, environment: environment)
    }

    /// Runs `weir` into a pipe whose reader is gone before anything is written; its exit code as the shell has it,
    /// and what it complained about.
    func weirWithoutReader(_ arguments: [String]) throws -> Outcome {
        // The reader ends at once; weir needs the answers of a fleet first.
        let script = #""$0" "$@" | true; exit "${PIPESTATUS[0]}""#
        return try FleetBox.run(
            "/bin/bash",
            ["-c", script, PtySession.builtProgram("weir")] + arguments + fleetOptions,
            environment: environment
        )
    }

    /// Runs `weir` with an output that takes nothing.
    func weirIntoFullDisk(_ arguments: [String]) throws -> Outcome {
        try FleetBox.run(
            "/bin/bash",
            ["-c", #""$0" "$@" > /dev/full"#, PtySession.builtProgram("weir")] + arguments + fleetOptions,
            environment: environment
        )
    }

    /// What a command printed with `-o json`.
    static func report(_ outcome: Outcome) throws -> [String: Any] {
        guard
            let object = try? JSONSerialization.jsonObject(with: Data(outcome.output.utf8)),
            let report = object as? [String: Any]
        else {
            throw PtySession.Disappointment(description: "no JSON: \(outcome.output) \(outcome.complaints)")
        }
        return report
    }

    /// Writes a config of weir's and returns the options that name it.
    func config(_ text: String) throws -> [String] {
        let path = directory.appending(path: "config.toml")
        try text.write(to: path, atomically: true, encoding: .utf8)
        return ["--config", path.path]
    }

    /// The branches of the repository on its server.
    func branches() throws -> [String] {
        let repository = directory.appending(path: "repositories/fleet.git").path
        let format = ["-C", repository, "branch", "--format=%(refname:short)"]
        let outcome = try FleetBox.run("/usr/bin/git", format, environment: environment)
        return outcome.output.split(separator: "\n").map(String.init)
    }

    /// The subjects of the newest commits of the repository on its server.
    func subjects(_ count: Int = 5, branch: String = "main") throws -> [String] {
        let repository = directory.appending(path: "repositories/fleet.git").path
        let format = ["-C", repository, "log", "--format=%h %s", "-\(count)", branch]
        let outcome = try FleetBox.run("/usr/bin/git", format, environment: environment)
        return outcome.output.split(separator: "\n").map(String.init)
    }

    /// The id of the newest commit whose subject begins so.
    func commit(_ subject: String) throws -> String {
        let line = try subjects(60).first { $0.dropFirst(8).hasPrefix(subject) }
        guard let id = line?.split(separator: " ").first else {
            throw PtySession.Disappointment(description: "the demo has no commit \"\(subject)\"")
        }
        return String(id)
    }

    static func run(_ program: String, _ arguments: [String], environment: [String: String]) throws -> Outcome
    {
        let ended = try Child.run(program, arguments, environment: environment)
        return Outcome(code: ended.status, output: ended.output, complaints: ended.errors)
    }
}
