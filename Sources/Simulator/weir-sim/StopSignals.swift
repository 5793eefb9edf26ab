import Foundation

/// Waits for the signals that end the program, in the one thread that asks.
///
/// Must be made before any other thread is started: they inherit that the signals are blocked.
struct StopSignals {
    private var set = sigset_t()

    /// With `includingEndOfInput`, the end of standard input counts as SIGTERM.
    init(includingEndOfInput: Bool) {
        signal(SIGPIPE, SIG_IGN)
        sigemptyset(&set)
        sigaddset(&set, SIGTERM)
        sigaddset(&set, SIGINT)
        sigaddset(&set, SIGHUP)
        pthread_sigmask(SIG_BLOCK, &set, nil)
        if includingEndOfInput { Self.watchInput() }
    }

    func wait() {
        var set = set
        var received: Int32 = 0
        sigwait(&set, &received)
    }

    private static func watchInput() {
        Thread.detachNewThread {
            while !FileHandle.standardInput.availableData.isEmpty {}
            kill(getpid(), SIGTERM)
        }
    }
}
