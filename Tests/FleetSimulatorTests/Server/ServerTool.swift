import Dispatch
import Foundation
import ProgramTesting

/// A program that a test runs to its end, or listens to while it runs.
///
/// Nothing here blocks the thread of a test: there are as few of those as processors.
final class ServerTool: Sendable {
    typealias Result = Child.Outcome

    /// kubectl, from `WEIR_KUBECTL` or the `PATH`.
    static let kubectl = find("kubectl", variable: "WEIR_KUBECTL")
    static let curl = find("curl", variable: "WEIR_CURL")

    private let child: Child
    private let lines: AsyncStream<String>

    /// Starts a program; its standard output is read line by line.
    init(_ path: String, _ arguments: [String]) throws {
        let pipe = Pipe()
        child = try Child(path, arguments, output: pipe)
        lines = Self.lines(of: pipe)
    }

    /// The next line that fits; nil when the program ends before it.
    func line(where fits: (String) -> Bool) async -> String? {
        for await line in lines where fits(line) { return line }
        return nil
    }

    /// How the program ended; waits for that.
    var exitStatus: Int32 {
        get async { await child.status }
    }

    /// Asks the program to end, without waiting.
    func stop() {
        child.stop()
    }

    /// Runs a program to its end.
    static func run(_ path: String, _ arguments: [String], input: String = "") async throws -> Result {
        let (stdin, output, errors) = (Pipe(), Pipe(), Pipe())
        let child = try Child(path, arguments, input: stdin, output: output, errors: errors)
        stdin.fileHandleForWriting.write(Data(input.utf8))
        try stdin.fileHandleForWriting.close()
        async let text = all(of: output)
        async let trouble = all(of: errors)
        return Result(status: await child.status, output: await text, errors: await trouble)
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

    /// Read by a thread of its own: Foundation's own handler now and then misses the end.
    private static func lines(of pipe: Pipe) -> AsyncStream<String> {
        let (stream, continuation) = AsyncStream.makeStream(of: String.self)
        Thread.detachNewThread {
            var buffer = Data()
            while case let data = pipe.fileHandleForReading.availableData, !data.isEmpty {
                buffer.append(data)
                while let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
                    continuation.yield(String(decoding: buffer[..<end], as: UTF8.self))
                    buffer = Data(buffer[buffer.index(after: end)...])
                }
            }
            continuation.finish()
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
