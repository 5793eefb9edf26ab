import CPosix
import FoundationEssentials
import Glibc
import KubeWire
import Text

/// One run of an exec plugin as a child process without a terminal.
///
/// - Thread: blocks the calling one until the child ended or its time was up.
enum PluginProcess {

    /// Standard output of a run that ended well.
    ///
    /// - Errors: what to do or what the plugin complained about, in one sentence.
    static func run(
        _ spec: ExecSpec,
        info: String,
        limit: Duration
    ) -> Result<[UInt8], ExecFault> {
        let name = Sanitiser.line(spec.command, limit: 80)
        guard let output = Pipe(), let complaints = Pipe() else {
            return .failure(ExecFault("the plugin \(name) cannot be started: too many open files"))
        }
        var process = pid_t()
        let place = Place.nowhere(complaints: complaints.writer)
        let code = spawn(&process, spec, info: info, output: output.writer, at: place)
        output.closeWriter()
        complaints.closeWriter()
        guard code == 0 else {
            return .failure(unstartable(spec, name: name, code: code))
        }
        let deadline = Clock.uptime() + limit.nanoseconds
        let isDone = output.drain(with: complaints, until: deadline)
        // The session of the child is its own, so this ends whatever it started, too.
        let status = isDone ? wait(process, until: deadline) : nil
        guard let status else {
            kill(-process, SIGKILL)
            _ = wait(process, until: .max)
            return .failure(
                ExecFault("the plugin \(name) did not answer within \(limit.components.seconds) s")
            )
        }
        guard status == 0 else {
            let words = complaint(complaints.bytes)
            return .failure(
                ExecFault(
                    "the plugin \(name) failed with exit code \(status)\(words.isEmpty ? "" : ": \(words)")"
                )
            )
        }
        return .success(output.bytes)
    }

    /// Standard output of a run that has the terminal of this process for itself; its complaints are read there.
    ///
    /// The plugin is a process group of its own in the foreground, so that Ctrl-C ends it and not weir.
    static func runOnTerminal(_ spec: ExecSpec, info: String) -> Result<[UInt8], ExecFault> {
        let name = Sanitiser.line(spec.command, limit: 80)
        guard isatty(STDIN_FILENO) == 1 else {
            return .failure(
                ExecFault(
                    "the plugin \(name) wants a terminal (interactiveMode Always), and standard input is none"
                )
            )
        }
        guard let output = Pipe() else {
            return .failure(ExecFault("the plugin \(name) cannot be started: too many open files"))
        }
        var process = pid_t()
        let code = spawn(&process, spec, info: info, output: output.writer, at: .terminal)
        output.closeWriter()
        guard code == 0 else {
            return .failure(unstartable(spec, name: name, code: code))
        }
        let isDone = output.drain(with: nil, until: .max)
        let status = wait(process, until: .max)
        CPosix_take_terminal(STDIN_FILENO)
        guard isDone, let status else {
            return .failure(ExecFault("the plugin \(name) printed more than any credentials"))
        }
        guard status == 0 else {
            return .failure(ExecFault("the plugin \(name) failed with exit code \(status)"))
        }
        return .success(output.bytes)
    }

    /// What a plugin has for standard input and standard error.
    private enum Place {
        case nowhere(complaints: Int32)
        case terminal
    }

    private static func unstartable(_ spec: ExecSpec, name: String, code: Int32) -> ExecFault {
        guard code == ENOENT else {
            return ExecFault("the plugin \(name) cannot be started: \(String(cString: strerror(code)))")
        }
        let hint = spec.installHint.isEmpty ? "" : ": \(spec.installHint)"
        return ExecFault("the plugin \(name) is not installed\(hint)")
    }

    /// The last lines of what the plugin wrote to standard error.
    private static func complaint(_ bytes: [UInt8]) -> String {
        let lines = String(decoding: bytes.suffix(2048), as: UTF8.self)
            .split(whereSeparator: \.isNewline).suffix(3)
        return Sanitiser.line(lines.joined(separator: " "), limit: 300)
    }

    private static func spawn(
        _ process: inout pid_t,
        _ spec: ExecSpec,
        info: String,
        output: Int32,
        at place: Place
    ) -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        switch place {
        case .nowhere(let complaints):
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
            posix_spawn_file_actions_adddup2(&actions, complaints, 2)
            CPosix_own_session(&attributes)
        case .terminal:
            // By name: this process may have put its own standard error elsewhere.
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/tty", O_RDWR, 0)
            posix_spawn_file_actions_addopen(&actions, 2, "/dev/tty", O_RDWR, 0)
            CPosix_own_foreground_group(&actions, &attributes, STDIN_FILENO)
        }
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        CPosix_close_from(&actions, 3)
        var variables = ProcessInfo.processInfo.environment
        for variable in spec.environment {
            variables[variable.name] = variable.value
        }
        variables["KUBERNETES_EXEC_INFO"] = info
        let words = ([spec.command] + spec.arguments).map { strdup($0) } + [nil]
        let environment = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer {
            words.forEach { free($0) }
            environment.forEach { free($0) }
        }
        return posix_spawnp(&process, spec.command, &actions, &attributes, words, environment)
    }

    /// The exit status of a child; nil where it does not end in time.
    private static func wait(_ process: pid_t, until deadline: UInt64) -> Int32? {
        var status: Int32 = 0
        while true {
            let isPatient = deadline == .max
            let ended = waitpid(process, &status, isPatient ? 0 : WNOHANG)
            if ended == process {
                let signal = status & 0x7F
                return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
            }
            if ended < 0, errno != EINTR {
                return 0
            }
            guard Clock.uptime() < deadline else {
                return nil
            }
            if ended == 0 {
                poll(nil, 0, 5)
            }
        }
    }
}

/// A pipe whose end for reading is kept until it is drained.
private final class Pipe {
    private let reader: Int32
    private(set) var writer: Int32
    private(set) var bytes: [UInt8] = []
    private var isAtEnd = false

    init?() {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            return nil
        }
        (reader, writer) = (ends[0], ends[1])
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
    }

    deinit {
        close(reader)
        closeWriter()
    }

    func closeWriter() {
        if writer >= 0 {
            close(writer)
            writer = -1
        }
    }

    /// Reads both pipes to their ends; false where that takes too long or gives too much.
    func drain(with other: Pipe?, until deadline: UInt64) -> Bool {
        while !isAtEnd || other?.isAtEnd == false {
            let now = Clock.uptime()
            guard now < deadline else {
                return false
            }
            var polls = [self, other].compactMap(\.self).map { pipe in
                pollfd(fd: pipe.isAtEnd ? -1 : pipe.reader, events: Int16(POLLIN), revents: 0)
            }
            let left = Int32(min((deadline - now) / 1_000_000 + 1, 60_000))
            guard poll(&polls, nfds_t(polls.count), left) >= 0 || errno == EINTR else {
                return false
            }
            if polls[0].revents != 0, !read(limit: 1 << 20, keepsLast: false) {
                return false
            }
            if let other, polls[1].revents != 0 {
                _ = other.read(limit: 16 << 10, keepsLast: true)
            }
        }
        return true
    }

    private func read(limit: Int, keepsLast: Bool) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        let count = Glibc.read(reader, &buffer, buffer.count)
        guard count > 0 else {
            isAtEnd = count == 0 || errno != EINTR
            return true
        }
        bytes += buffer.prefix(count)
        if keepsLast, bytes.count > limit {
            bytes.removeFirst(bytes.count - limit)
        }
        return bytes.count <= limit
    }
}
