import CPosix
import FoundationEssentials
import Glibc

/// The simulated fleet of `weir demo`: a `weir-sim` that runs beside this process and ends with it.
///
/// It reads a pipe of this process as its standard input and ends when that closes, so that a dashboard that
/// was killed leaves nothing behind.
///
/// - Thread: confined to the thread that started it.
final class SimulatorProcess {
    /// A directory of its own, removed when the simulator ends.
    let directory: String
    private var process: pid_t
    private let leash: Int32

    var kubeconfig: String { "\(directory)/kubeconfig" }

    /// Starts it and waits until it serves.
    ///
    /// - Errors: a sentence where there is no `weir-sim`, or with what it said before it ended.
    init(clusters: Int, resources: Int) throws(LaunchFailure) {
        let program = try SimulatorProcess.program()
        directory = try SimulatorProcess.makeDirectory()
        let output = try SimulatorProcess.makePipe()
        let input = try SimulatorProcess.makePipe()
        leash = input.write
        let arguments = [
            program, "--directory", directory, "--clusters", String(clusters), "--resources",
            String(resources),
            "--end-with-input",
        ]
        process = 0
        let failure = SimulatorProcess.spawn(
            arguments,
            input: input.read,
            output: output.write,
            process: &process
        )
        close(input.read)
        close(output.write)
        defer { close(output.read) }
        guard failure == 0 else {
            close(leash)
            rmdir(directory)
            throw LaunchFailure("cannot start \(program): \(String(cString: strerror(failure)))")
        }
        let said = SimulatorProcess.readUntilReady(output.read)
        guard said.isReady else {
            stop()
            let reason = said.lines.last ?? "it ended without a word"
            throw LaunchFailure("the simulated fleet did not start: \(reason)")
        }
    }

    /// Ends it and waits until it has cleaned up.
    func stop() {
        guard process > 0 else {
            return
        }
        kill(process, SIGTERM)
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        process = 0
        close(leash)
        try? FileManager.default.removeItem(atPath: directory)
    }

    private static func makePipe() throws(LaunchFailure) -> (read: Int32, write: Int32) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            throw LaunchFailure("cannot make a pipe: \(String(cString: strerror(errno)))")
        }
        // Nothing else is started between the two calls: this is before the first thread.
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        return (ends[0], ends[1])
    }

    /// `weir-sim` in the directory of this program.
    private static func program() throws(LaunchFailure) -> String {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        let own = String(decoding: buffer[..<max(count, 0)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let folder = own.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        let path = folder.joined(separator: "/") + "/weir-sim"
        guard access(path, X_OK) == 0 else {
            throw LaunchFailure("weir-sim is not beside weir at \(path); install both, or run make demo")
        }
        return path
    }

    private static func makeDirectory() throws(LaunchFailure) -> String {
        let base = TextFile.environment("TMPDIR").flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
        var template = Array("\(base)/weir-demo-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw LaunchFailure("cannot make a directory in \(base): \(String(cString: strerror(errno)))")
        }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func spawn(
        _ arguments: [String],
        input: Int32,
        output: Int32,
        process: inout pid_t
    ) -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // A group of its own: Ctrl-c and Ctrl-z are for the dashboard. No signal is blocked in it.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK))
        let words = arguments.map { strdup($0) }
        let variables = ProcessInfo.processInfo.environment.map { strdup("\($0)=\($1)") }
        defer { (words + variables).forEach { free($0) } }
        return posix_spawn(&process, arguments[0], &actions, &attributes, words + [nil], variables + [nil])
    }

    /// Reads lines until one says `ready` or the other end is closed.
    private static func readUntilReady(_ descriptor: Int32) -> (isReady: Bool, lines: [String]) {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = chunk.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR {
                continue
            }
            if count > 0 {
                bytes.append(contentsOf: chunk[..<count])
            }
            let lines = bytes.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
            if lines.contains("ready") {
                return (true, lines)
            }
            guard count > 0 else {
                return (false, lines)
            }
        }
    }
}
