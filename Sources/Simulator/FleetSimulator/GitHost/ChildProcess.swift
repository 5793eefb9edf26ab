import CPosix
import Glibc
import NIOCore
import Synchronization

/// A child process whose input is known beforehand and whose output is read as it comes.
///
/// - Thread: used by one thread; `finish` must be called exactly once, and waits for the child.
final class ChildProcess {
    /// A system call that failed while starting a child.
    struct Failure: Error, CustomStringConvertible {
        let call: String
        let code: Int32

        var description: String { "\(call): \(String(cString: strerror(code)))" }
    }

    private let process: pid_t
    private let output: Int32

    /// Held while descriptors exist that are not yet marked, so that no other child inherits them.
    private static let starting = Mutex(())

    /// Starts `arguments[0]` found in `PATH`; its errors go nowhere.
    ///
    /// The input is an unlinked file, so a child that does not read it can neither block nor break anything.
    init(arguments: [String], environment: [String: String], input: ByteBuffer) throws {
        (process, output) = try Self.starting.withLock { _ in
            let source = try Self.file(holding: input)
            defer { close(source) }
            var ends: [Int32] = [-1, -1]
            guard pipe(&ends) == 0 else { throw Failure(call: "pipe", code: errno) }
            defer { close(ends[1]) }
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            do {
                return (try Self.spawn(arguments, environment, input: source, output: ends[1]), ends[0])
            } catch {
                close(ends[0])
                throw error
            }
        }
    }

    /// The next piece of output; nil at its end.
    func read() -> ByteBuffer? {
        var buffer = ByteBuffer()
        while true {
            errno = 0
            let count = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: 32 << 10) { bytes in
                max(Glibc.read(output, bytes.baseAddress, bytes.count), 0)
            }
            if count > 0 { return buffer }
            guard errno == EINTR else { return nil }
        }
    }

    /// Closes the output and waits for the child, so that none is left behind; returns its exit status.
    @discardableResult
    func finish() -> Int32 {
        close(output)
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 && errno == EINTR {}
        return status
    }

    private static func file(holding input: ByteBuffer) throws -> Int32 {
        var name = Array("/tmp/weir-sim-XXXXXX".utf8CString)
        let file = mkstemp(&name)
        guard file >= 0 else { throw Failure(call: "mkstemp", code: errno) }
        _ = fcntl(file, F_SETFD, FD_CLOEXEC)
        unlink(name)
        var written = 0
        while written < input.readableBytes {
            let count = input.readableBytesView.withUnsafeBytes { bytes in
                write(file, bytes.baseAddress.map { $0 + written }, bytes.count - written)
            }
            guard count > 0 else {
                let code = errno
                close(file)
                throw Failure(call: "write", code: code)
            }
            written += count
        }
        lseek(file, 0, SEEK_SET)
        return file
    }

    private static func spawn(
        _ arguments: [String],
        _ environment: [String: String],
        input: Int32,
        output: Int32
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        // What others opened in this moment and did not mark yet: they would wait for this child to let it go.
        CPosix_close_from(&actions, 3)

        // Signals that this process ignores (SIGPIPE) must end the child again.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var defaults = sigset_t()
        sigfillset(&defaults)
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        var mask = sigset_t()
        sigemptyset(&mask)
        posix_spawnattr_setsigmask(&attributes, &mask)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

        var arguments: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] =
            environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (arguments + variables).forEach { free($0) } }
        var process: pid_t = 0
        let code = arguments[0].map { program in
            posix_spawnp(&process, program, &actions, &attributes, &arguments, &variables)
        }
        guard code == 0 else { throw Failure(call: "posix_spawnp", code: code ?? ENOMEM) }
        return process
    }
}
