import Dispatch
import Foundation
import Synchronization

/// A program that a test runs to its end, or listens to while it runs.
///
/// Nothing here blocks the thread of a test: there are as few of those as processors.
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
    private let exit: AsyncStream<Int32>

    /// Starts a program; its standard output is read line by line.
    init(_ path: String, _ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        let pipe = Pipe()
        process.standardOutput = pipe
        lines = Self.lines(of: pipe)
        exit = Self.exit(of: process)
        self.process = process
        try process.run()
    }

    /// The next line that fits; nil when the program ends before it.
    func line(where fits: (String) -> Bool) async -> String? {
        for await line in lines where fits(line) { return line }
        return nil
    }

    /// How the program ended; waits for that, and may be asked once.
    var exitStatus: Int32 {
        get async { await exit.first { _ in true } ?? -1 }
    }

    /// Asks the program to end, without waiting.
    func stop() {
        if process.isRunning { process.terminate() }
    }

    /// Runs a program to its end.
    static func run(_ path: String, _ arguments: [String], input: String = "") async throws -> Result {
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        let (output, errors, stdin) = (Pipe(), Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        process.standardInput = stdin
        let exit = exit(of: process)
        try process.run()
        stdin.fileHandleForWriting.write(Data(input.utf8))
        try stdin.fileHandleForWriting.close()
        async let text = all(of: output)
        async let trouble = all(of: errors)
        return Result(
            status: await exit.first { _ in true } ?? -1,
            output: await text,
            errors: await trouble
        )
    }

    private static func exit(of process: Process) -> AsyncStream<Int32> {
        let (stream, continuation) = AsyncStream.makeStream(of: Int32.self)
        process.terminationHandler = {
            continuation.yield($0.terminationStatus)
            continuation.finish()
        }
        return stream
    }

    private static func all(of pipe: Pipe) async -> String {
        let file = pipe.fileHandleForReading.fileDescriptor
        return await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                let handle = FileHandle(fileDescriptor: file, closeOnDealloc: false)
                let data = handle.readDataToEndOfFile()
                continuation.resume(returning: String(decoding: data, as: UTF8.self))
                _ = pipe
            }
        }
    }

    private static func lines(of pipe: Pipe) -> AsyncStream<String> {
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
        return stream
    }

    private static func find(_ name: String, variable: String) -> String? {
        let environment = ProcessInfo.processInfo.environment
        if let chosen = environment[variable], !chosen.isEmpty { return chosen }
        return (environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
