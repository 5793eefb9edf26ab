import CPosix
import Git
import Glibc

/// A child process that is talked to over one socket, with what it complains about kept aside.
///
/// It gets a session of its own: it cannot touch weir's terminal, and ending it ends what it started.
final class ChildProcess {
    private let process: pid_t
    /// The child's standard input and output.
    private let talk: Int32
    private let complaint: Int32
    private(set) var complaints: [UInt8] = []
    private var isEnded = false

    private static let complaintLimit = 64 << 10

    /// - Errors: the sentence says which program cannot be started.
    init(_ arguments: [String], environment: [String: String]) throws(MirrorTrouble) {
        var talking: [Int32] = [-1, -1]
        var complaining: [Int32] = [-1, -1]
        let stream = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        for pair in [true, false] {
            let code =
                pair ? socketpair(AF_UNIX, stream, 0, &talking) : socketpair(AF_UNIX, stream, 0, &complaining)
            guard code == 0 else {
                let reason = String(cString: strerror(errno))
                talking.filter { $0 >= 0 }.forEach { _ = close($0) }
                throw MirrorTrouble(.other, "No sockets left: \(reason).")
            }
        }
        defer {
            close(talking[1])
            close(complaining[1])
        }
        var spawned = pid_t()
        let code = ChildProcess.spawn(
            &spawned,
            arguments,
            environment,
            talk: talking[1],
            complain: complaining[1]
        )
        guard code == 0 else {
            close(talking[0])
            close(complaining[0])
            let name = arguments.first ?? ""
            throw MirrorTrouble(.other, "\(name) cannot be started: \(String(cString: strerror(code))).")
        }
        process = spawned
        talk = talking[0]
        complaint = complaining[0]
    }

    deinit {
        end(patience: 0)
    }

    /// The next bytes of the child's output; 0 at its end.
    ///
    /// - Errors: nil where the transfer was called off or the child kept silent.
    func read(_ buffer: UnsafeMutableRawBufferPointer, for transfer: Transfer) -> Int? {
        while true {
            guard case .ready = transfer.wait(for: talk, POLLIN, other: watched, drain: drained) else {
                return nil
            }
            let count = recv(talk, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
            if count >= 0 {
                return count
            }
            guard errno == EINTR || errno == EAGAIN else {
                return 0
            }
        }
    }

    /// Hands all bytes to the child; false where it is gone, silent, or the transfer was called off.
    func write(_ bytes: UnsafeRawBufferPointer, for transfer: Transfer) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
            let count = send(talk, rest.baseAddress, rest.count, flags)
            if count >= 0 {
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
                continue
            }
            switch errno {
            case EINTR: continue
            case EAGAIN:
                guard case .ready = transfer.wait(for: talk, POLLOUT, other: watched, drain: drained) else {
                    return false
                }
            default: return false
            }
        }
        return true
    }

    /// Tells the child that nothing more comes.
    func finishWriting() {
        shutdown(talk, Int32(SHUT_WR))
    }

    /// Waits for the child, ends it by force when it does not end by itself, and gives its exit code.
    ///
    /// - Units: `patience` is in milliseconds. A signal counts as 128 and its number.
    @discardableResult
    func end(patience: Int32) -> Int32 {
        guard !isEnded else {
            return 0
        }
        isEnded = true
        finishWriting()
        var status: Int32 = 0
        var left = patience
        // Reading to the end of its complaints is how to wait without asking again and again.
        while left > 0, !isDrained {
            var polls = [pollfd(fd: complaint, events: Int16(POLLIN), revents: 0)]
            let step = min(left, 100)
            if poll(&polls, 1, step) == 0 {
                left -= step
            }
            drain()
        }
        drain()
        close(talk)
        while left > 0, waitpid(process, &status, WNOHANG) == 0 {
            poll(nil, 0, 10)
            left -= 10
        }
        if left <= 0, waitpid(process, &status, WNOHANG) == 0 {
            kill(-process, SIGKILL)
            while waitpid(process, &status, 0) < 0, errno == EINTR {}
        }
        close(complaint)
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
    }

    private var isDrained = false

    /// What is left to listen to besides the talk; -1 once the child has closed it.
    private var watched: Int32 { isDrained ? -1 : complaint }

    private func drained() -> Int32 {
        drain()
        return watched
    }

    private func drain() {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while !isDrained {
            let count = recv(complaint, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            guard count > 0 else {
                isDrained = count == 0 || (errno != EAGAIN && errno != EINTR)
                return
            }
            complaints += buffer.prefix(min(count, ChildProcess.complaintLimit - complaints.count))
        }
    }

    private static func spawn(
        _ process: inout pid_t,
        _ arguments: [String],
        _ environment: [String: String],
        talk: Int32,
        complain: Int32
    ) -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, talk, 0)
        posix_spawn_file_actions_adddup2(&actions, talk, 1)
        posix_spawn_file_actions_adddup2(&actions, complain, 2)
        CPosix_close_from(&actions, 3)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        CPosix_own_session(&attributes)
        let words = arguments.map { strdup($0) } + [nil]
        let variables = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer {
            words.forEach { free($0) }
            variables.forEach { free($0) }
        }
        guard let program = words[0] else {
            return ENOMEM
        }
        return posix_spawnp(&process, program, &actions, &attributes, words, variables)
    }
}

extension ChildProcess {
    /// Runs a program to its end with some input, and gives its output and what it complained about.
    static func output(
        of arguments: [String],
        input: String,
        for transfer: Transfer,
        limit: Int = 1 << 20
    ) throws(MirrorTrouble) -> (code: Int32, text: String, complaint: String) {
        let child = try ChildProcess(arguments, environment: transfer.childEnvironment)
        var bytes = Array(input.utf8)
        defer { bytes = [] }
        let isWritten = bytes.withUnsafeBytes { child.write($0, for: transfer) }
        child.finishWriting()
        var output: [UInt8] = []
        var isDone = !isWritten
        while !isDone, output.count < limit {
            isDone = withUnsafeTemporaryAllocation(byteCount: 4_096, alignment: 1) { buffer in
                guard let count = child.read(buffer, for: transfer), count > 0 else {
                    return true
                }
                output += buffer.prefix(count)
                return false
            }
        }
        // What was called off is not worth waiting for.
        let code = child.end(patience: transfer.isCancelled ? 0 : 2_000)
        let complaint = String(decoding: child.complaints, as: UTF8.self)
        return (code, String(decoding: output, as: UTF8.self), complaint)
    }
}
