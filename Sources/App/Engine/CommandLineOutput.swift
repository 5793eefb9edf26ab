import Glibc
import Synchronization
import Text

/// Text to the standard streams, whole and in order.
package enum CommandLineOutput {
    /// Why output was lost; 0 where none was, and a reader that had enough is no loss.
    private static let loss = Atomic<Int32>(0)
    private static let isLate = Atomic(false)

    /// Prints a text that is harmless already, of as many lines as it has.
    ///
    /// - Shape: a reader that went away ends the process quietly, by SIGPIPE, as it does for `cat`.
    package static func print(_ text: String, terminator: String = "\n") {
        send(text + terminator, to: STDOUT_FILENO)
    }

    /// Prints one sentence, made harmless.
    static func tell(_ sentence: String) {
        print(Sanitiser.line(sentence, limit: 4096))
    }

    /// Prints one line to standard error, made harmless.
    package static func complain(_ text: String) {
        send(Sanitiser.line(text, limit: 4096) + "\n", to: STDERR_FILENO)
    }

    /// From now on a reader that goes away ends nothing: what was ordered is carried out, and the exit code says
    /// how it went.
    static func goOnWithoutReader() {
        signal(SIGPIPE, SIG_IGN)
        isLate.store(true, ordering: .relaxed)
    }

    /// The exit code that a command ends with, once all was printed.
    ///
    /// - Shape: 2 in place of a better one where output was lost to a full disk, for it answered nothing; a change
    ///   that was made keeps its own.
    package static func exitCode(_ code: Int32) -> Int32 {
        let reason = loss.load(ordering: .relaxed)
        guard reason != 0 else {
            return code
        }
        complain("weir: the output could not be written: \(String(cString: strerror(reason)))")
        return isLate.load(ordering: .relaxed) ? code : max(code, 2)
    }

    private static func send(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR {
                continue
            }
            guard count > 0 else {
                if errno != EPIPE, descriptor == STDOUT_FILENO {
                    loss.store(errno, ordering: .relaxed)
                }
                return
            }
            bytes = bytes.dropFirst(count)
        }
    }
}
