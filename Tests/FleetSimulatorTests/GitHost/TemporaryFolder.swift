import Foundation
import ProgramTesting

/// A folder of a test's own, removed with the last reference to it.
final class TemporaryFolder: Sendable {
    let path = NSTemporaryDirectory() + "weir-sim-tests-\(UUID().uuidString)"

    init() {
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}

struct CommandFailure: Error {
    let command: [String]
    let result: Child.Outcome
}

/// Runs a command to its end, whatever that is.
func attempt(_ arguments: String...) throws -> Child.Outcome {
    try execute(arguments)
}

/// Runs a command that must succeed and returns its trimmed output.
@discardableResult
func run(_ arguments: String...) throws -> String {
    let result = try execute(arguments)
    guard result.status == 0 else { throw CommandFailure(command: arguments, result: result) }
    return result.output.trimmingCharacters(in: .whitespacesAndNewlines)
}

private func execute(_ arguments: [String]) throws -> Child.Outcome {
    let environment = ProcessInfo.processInfo.environment.merging(
        ["GIT_TERMINAL_PROMPT": "0", "GIT_CONFIG_GLOBAL": "/dev/null"]
    ) { $1 }
    return try Child.run("/usr/bin/env", arguments, environment: environment)
}
