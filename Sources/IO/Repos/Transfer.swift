import CPosix
import Git
import Glibc
import Synchronization

/// One job with a remote: how long it may be silent, whether it was called off, and what went wrong in our words.
///
/// Every wait for the remote, by any transport, is a `poll` here over the descriptor and a doorbell. So a remote that
/// says nothing ends the job by itself after `silence`, and `cancel` ends it at once: libgit2 1.5 has no timeouts,
/// and a lane that could hang would never serve again.
// SAFETY: the descriptor never changes, `isCancelled` is atomic, the rest is touched inside `run` on its thread alone.
final class Transfer: @unchecked Sendable {
    /// The transfer that this thread is in: libgit2's stream callbacks carry no context of their own.
    @TaskLocal static var current: Transfer?

    enum Waiting {
        case ready, silent, cancelled
    }

    let settings: RepositorySettings
    private let doorbell: Int32
    private let silence: Int32
    private let cancelled = Atomic<Bool>(false)
    /// The first thing that went wrong, when weir can say it better than libgit2.
    private(set) var failure: GitFailure?
    /// Lines that the server meant for people.
    private(set) var remarks = RemarkLines()
    let credentials: CredentialSupply
    /// How children ask the operator; nil where nobody can be asked.
    private let askPass: AskPass?
    /// Set for the length of a push.
    var outcome: PushOutcome?

    init(_ settings: RepositorySettings, silence: Duration? = nil) {
        self.settings = settings
        let seconds = (silence ?? settings.answerTimeout).components
        self.silence = Int32(clamping: seconds.seconds * 1_000 + seconds.attoseconds / 1_000_000_000_000_000)
        doorbell = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        credentials = CredentialSupply(settings)
        askPass = AskPass(settings)
    }

    deinit {
        if doorbell >= 0 {
            close(doorbell)
        }
    }

    /// The environment for children, with the way to the operator where there is one.
    var childEnvironment: [String: String] {
        settings.childEnvironment.merging(askPass?.environment ?? [:]) { $1 }
    }

    /// True once the operator was asked for a secret: such a one is told to no helper that would keep it.
    var wasAnswered: Bool { askPass?.hasAnswered == true }

    /// True once the operator was asked anything: such a remote is left alone until he wants something of it.
    var wasAsked: Bool { askPass?.hasAsked == true }

    /// Says which key is used next, for questions that do not name it.
    func willUse(key: String) {
        askPass?.key = Redaction.clean(key)
    }

    /// True where ssh may ask.
    var canAsk: Bool { askPass != nil }

    var isCancelled: Bool { cancelled.load(ordering: .acquiring) }

    /// Callable from any thread; wakes a waiting transfer.
    func cancel() {
        cancelled.store(true, ordering: .releasing)
        var one: UInt64 = 1
        _ = write(doorbell, &one, 8)
    }

    /// Runs `body` with this transfer as the thread's own.
    func run<Result>(_ body: () throws(MirrorTrouble) -> Result) throws(MirrorTrouble) -> Result {
        let outcome = Transfer.$current.withValue(self) { () -> Swift.Result<Result, MirrorTrouble> in
            do throws(MirrorTrouble) {
                return .success(try body())
            } catch {
                return .failure(error)
            }
        }
        return try outcome.get()
    }

    func fail(_ cause: GitFailure.Cause, _ message: String) {
        failure = failure ?? GitFailure(cause, message)
    }

    func remark(_ bytes: UnsafeRawBufferPointer) {
        remarks.append(bytes)
    }

    /// Waits until the descriptor is ready, at most as long as the remote may be silent.
    ///
    /// - Shape: `drain` is called whenever `other` has something to read, and the wait goes on; it gives the
    ///   descriptor to watch from then on, -1 once that is at its end.
    func wait(
        for descriptor: Int32,
        _ events: Int32,
        other: Int32 = -1,
        drain: () -> Int32 = { -1 }
    ) -> Waiting {
        var other = other
        while true {
            var polls = [
                pollfd(fd: descriptor, events: Int16(events), revents: 0),
                pollfd(fd: doorbell, events: Int16(POLLIN), revents: 0),
                pollfd(fd: other, events: Int16(POLLIN), revents: 0),
                pollfd(fd: askPass?.questions ?? -1, events: Int16(POLLIN), revents: 0),
            ]
            let count = poll(&polls, 4, silence)
            if isCancelled {
                return .cancelled
            }
            if count < 0 {
                guard errno == EINTR else {
                    return .ready
                }
                continue
            }
            if polls[3].revents != 0 {
                askPass?.serve()
                continue
            }
            if polls[0].revents != 0 {
                return .ready
            }
            if polls[2].revents != 0 {
                other = drain()
                continue
            }
            if count == 0 {
                let host = Redaction.clean(settings.shownURL)
                fail(.unreachable, "\(host) gave no answer within \(silence / 1_000) s.")
                return .silent
            }
        }
    }

    /// What to tell the caller about a call that failed on the way to the remote.
    func trouble(_ error: GitCallError) -> MirrorTrouble {
        if isCancelled {
            return .cancelled
        }
        if let failure {
            return .failure(failure)
        }
        return .failure(RemoteFailure.failure(error, url: settings.shownURL))
    }
}

/// Text that comes in pieces, as lines.
struct RemarkLines {
    private(set) var lines: [String] = []
    private var rest: [UInt8] = []
    private static let limit = 100

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        for byte in bytes {
            // A carriage return rewrites a progress line: only what stays counts.
            if byte == UInt8(ascii: "\r") {
                rest = []
            } else if byte == UInt8(ascii: "\n") {
                finish()
            } else if rest.count < 2_000 {
                rest.append(byte)
            }
        }
    }

    mutating func finish() {
        let line = Redaction.clean(String(decoding: rest, as: UTF8.self), limit: 300)
        rest = []
        if !line.isEmpty, lines.count < RemarkLines.limit {
            lines.append(line)
        }
    }
}
