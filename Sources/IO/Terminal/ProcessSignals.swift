import CPosix
import Glibc

/// The signals weir reads as events instead of being interrupted by them.
package enum ProcessSignals {
    /// A size change, the three that ask to stop, and those of job control.
    static let numbers = [SIGWINCH, SIGTSTP, SIGCONT, SIGTERM, SIGHUP, SIGINT]

    /// Keeps the signals for the event loop.
    ///
    /// - Thread: the first thread, before any other one starts: threads inherit what is blocked, and a single one
    ///   that does not block them would receive the signal in place of the event loop. Programs started by weir
    ///   inherit it too, unless they are started with an empty signal mask.
    package static func block() {
        var set = self.set
        pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    /// The signals as a set.
    static var set: sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        for number in numbers { sigaddset(&set, number) }
        return set
    }

    /// Stops this process and its group, and returns when it is continued.
    ///
    /// - Returns: false when nothing was stopped, because nobody is there to continue it.
    @discardableResult
    static func stopProcessGroup() -> Bool {
        var stop = sigset_t()
        sigemptyset(&stop)
        sigaddset(&stop, SIGTSTP)
        signal(SIGTSTP, SIG_DFL)
        kill(0, SIGTSTP)
        // The stop happens here.
        pthread_sigmask(SIG_UNBLOCK, &stop, nil)
        pthread_sigmask(SIG_BLOCK, &stop, nil)
        // The continuation is known by having come here; the event loop need not tell of it again.
        return weir_take_signal(SIGCONT) == SIGCONT
    }
}
