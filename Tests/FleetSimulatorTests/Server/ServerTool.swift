import Foundation
import Synchronization

/// A program that a test runs to its end, or talks to while it runs.
final class ServerTool: Sendable {
    struct Result: Sendable {
        let status: Int32
        let output: String
        let errors: String
    }

    /// kubectl, from `WEIR_KUBECTL` or the `PATH`.
    static let kubectl = find("kubectl", variable: "WEIR_KUBECTL")
    static let curl = find("curl", variable: "WEIR_CURL")

    private let process: Process
    private let lines: AsyncStream<String>

    /// Starts a program; its standard output is read line by line.
    init(_ path: String, _ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        let pipe = Pipe()
        process.standardOutput = pipe
        let (stream, continuation) = AsyncStream.makeStream(of: String.self)
        let partial = Mutex(Data())
        pipe.fileHandleForReading.readabilityHandler = { handle in
            let data = handle.availableData
            guard !data.isEmpty else {
                handle.readabilityHandler = nil
                continuation.finish()
                return
            }
            partial.withLock { buffer in
                buffer.append(data)
                while let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
                    continuation.yield(String(decoding: buffer[..<end], as: UTF8.self))
                    buffer = Data(buffer[buffer.index(after: end)...])
                }
            }
        }
        self.process = process
        lines = stream
        try process.run()
    }

    /// The next line that fits; nil when the program ends before it.
    func line(where fits: (String) -> Bool) async -> String? {
        for await line in lines where fits(line) { return line }
        return nil
    }

    /// Ends the program with SIGTERM and waits for it.
    func stop() {
        if process.isRunning { process.terminate() }
        process.waitUntilExit()
    }

    var exitStatus: Int32 {
        process.waitUntilExit()
        return process.terminationStatus
    }

    /// Runs a program to its end.
    static func run(_ path: String, _ arguments: [String], input: String? = nil) throws -> Result {
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        let output = Pipe()
        let errors = Pipe()
        let stdin = Pipe()
        process.standardOutput = output
        process.standardError = errors
        process.standardInput = stdin
        try process.run()
        if let input { stdin.fileHandleForWriting.write(Data(input.utf8)) }
        try stdin.fileHandleForWriting.close()
        // The error output is short: it fits the pipe while the other is read.
        let text = output.fileHandleForReading.readDataToEndOfFile()
        let trouble = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Result(
            status: process.terminationStatus,
            output: String(decoding: text, as: UTF8.self),
            errors: String(decoding: trouble, as: UTF8.self)
        )
    }

    private static func find(_ name: String, variable: String) -> String? {
        let environment = ProcessInfo.processInfo.environment
        if let chosen = environment[variable], !chosen.isEmpty { return chosen }
        return (environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
