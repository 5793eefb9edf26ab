import CPosix
import Dispatch
package import Foundation
import Glibc
import Synchronization

/// A program that a test starts.
///
/// Foundation's own `Process` learns of the end by a socket that whatever is started in the same moment inherits;
/// a test then waits until that has ended too. A `Child` inherits nothing but its three streams, and is waited for.
/// - Thread: any.
package final class Child: Sendable {
    /// How a program ended, and what it said.
    package struct Outcome: Sendable {
        /// The exit code; 128 and the number of the signal that ended it.
        package let status: Int32
        package let output: String
        package let errors: String

        package init(status: Int32, output: String, errors: String) {
            self.status = status
            self.output = output
            self.errors = errors
        }
    }

    private let id: pid_t
    /// Done once: who writes to a program that has ended is told so, instead of ending with it.
    private static let ignoresBrokenPipes: Void = { signal(SIGPIPE, SIG_IGN) }()

    private let ending = Mutex<Int32?>(nil)
    private let end = DispatchGroup()
    /// Held as long as the program is: a pipe that nobody holds is closed.
    private let pipes: [Pipe]

    /// Starts a program; a stream that is not given is `/dev/null`.
    ///
    /// - Shape: of a pipe the end that the program uses is closed here. Without an environment it gets the test's.
    /// - Errors: what the system says where the program cannot be started.
    package init(
        _ path: String,
        _ arguments: [String],
        environment: [String: String]? = nil,
        input: Pipe? = nil,
        output: Pipe? = nil,
        errors: Pipe? = nil
    ) throws {
        Child.ignoresBrokenPipes
        let environment = environment ?? ProcessInfo.processInfo.environment
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (stream, handle) in [
            input?.fileHandleForReading, output?.fileHandleForWriting, errors?.fileHandleForWriting,
        ]
        .enumerated() {
            if let handle {
                posix_spawn_file_actions_adddup2(&actions, handle.fileDescriptor, Int32(stream))
            } else {
                posix_spawn_file_actions_addopen(&actions, Int32(stream), "/dev/null", O_RDWR, 0)
            }
        }
        CPosix_close_from(&actions, 3)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        CPosix_own_session(&attributes)
        let words = ([path] + arguments).map { strdup($0) } + [nil]
        let variables = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { (words + variables).forEach { free($0) } }
        var process = pid_t()
        let code = posix_spawn(&process, path, &actions, &attributes, words, variables)
        guard code == 0 else { throw POSIXError(POSIXErrorCode(rawValue: code) ?? .ENOENT) }
        id = process
        pipes = [input, output, errors].compactMap(\.self)
        for handle in [
            input?.fileHandleForReading, output?.fileHandleForWriting, errors?.fileHandleForWriting,
        ] {
            try? handle?.close()
        }
        end.enter()
        Thread.detachNewThread { self.reap() }
    }

    /// Notes how it ended; until then its number is nobody else's.
    private func reap() {
        var about = siginfo_t()
        while waitid(P_PID, id_t(id), &about, WEXITED | WNOWAIT) < 0, errno == EINTR {}
        ending.withLock { ending in
            var status: Int32 = 0
            waitpid(id, &status, 0)
            let signal = status & 0x7F
            ending = signal == 0 ? (status >> 8) & 0xFF : 128 + signal
        }
        end.leave()
    }

    /// Sends it a signal, unless it has ended.
    package func stop(_ signal: Int32 = SIGTERM) {
        ending.withLock { ending in
            if ending == nil { kill(id, signal) }
        }
    }

    /// Blocks until it has ended; says how.
    @discardableResult
    package func wait() -> Int32 {
        end.wait()
        return ending.withLock { $0 ?? -1 }
    }

    /// Waits until it has ended, and ends it when the test is called off; says how.
    package var status: Int32 {
        get async {
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    end.notify(queue: .global()) { continuation.resume() }
                }
            } onCancel: {
                stop(SIGKILL)
            }
            return wait()
        }
    }

    /// Runs a program to its end and blocks so long.
    package static func run(
        _ path: String,
        _ arguments: [String],
        environment: [String: String]? = nil,
        input text: String = ""
    ) throws -> Outcome {
        let (input, output, errors) = (Pipe(), Pipe(), Pipe())
        let child = try Child(
            path,
            arguments,
            environment: environment,
            input: input,
            output: output,
            errors: errors
        )
        let read = DispatchGroup()
        let complaint = Mutex(Data())
        DispatchQueue.global().async(group: read) {
            let data = errors.fileHandleForReading.readDataToEndOfFile()
            complaint.withLock { $0 = data }
        }
        // A program that ends without reading its input is no fault of the test's.
        try? input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
        try? input.fileHandleForWriting.close()
        let said = output.fileHandleForReading.readDataToEndOfFile()
        read.wait()
        return Outcome(
            status: child.wait(),
            output: String(decoding: said, as: UTF8.self),
            errors: complaint.withLock { String(decoding: $0, as: UTF8.self) }
        )
    }
}
