import Foundation

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

/// What a command said and how it ended.
struct CommandResult {
    let status: Int32
    let output: String
    let errors: String
}

struct CommandFailure: Error {
    let command: [String]
    let result: CommandResult
}

/// Runs a command to its end, whatever that is.
func attempt(_ arguments: String...) throws -> CommandResult {
    try execute(arguments)
}

/// Runs a command that must succeed and returns its trimmed output.
@discardableResult
func run(_ arguments: String...) throws -> String {
    let result = try execute(arguments)
    guard result.status == 0 else { throw CommandFailure(command: arguments, result: result) }
    return result.output.trimmingCharacters(in: .whitespacesAndNewlines)
}

private func execute(_ arguments: [String]) throws -> CommandResult {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    var environment = ProcessInfo.processInfo.environment
    environment["GIT_TERMINAL_PROMPT"] = "0"
    environment["GIT_CONFIG_GLOBAL"] = "/dev/null"
    process.environment = environment
    // Files instead of pipes: nothing has to be read while the command runs.
    let folder = TemporaryFolder()
    let files = ["out", "err"].map { folder.path + "/" + $0 }
    files.forEach { _ = FileManager.default.createFile(atPath: $0, contents: nil) }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle(forWritingAtPath: files[0])
    process.standardError = FileHandle(forWritingAtPath: files[1])
    try process.run()
    process.waitUntilExit()
    let texts = try files.map { try String(contentsOfFile: $0, encoding: .utf8) }
    return CommandResult(status: process.terminationStatus, output: texts[0], errors: texts[1])
}
