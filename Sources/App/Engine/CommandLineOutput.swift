import Glibc

/// Text to the standard streams, whole and in order.
package enum CommandLineOutput {
    /// Prints to standard output; a reader that went away ends the process quietly, as it does for `cat`.
    package static func print(_ text: String, terminator: String = "\n") {
        send(text + terminator, to: STDOUT_FILENO)
    }

    /// Prints one line to standard error.
    package static func complain(_ text: String) {
        send(text + "\n", to: STDERR_FILENO)
    }

    private static func send(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR {
                continue
            }
            guard count > 0 else {
                return
            }
            bytes = bytes.dropFirst(count)
        }
    }
}
