import Chrono
import Glibc
package import Logging
import Synchronization
import Text

/// Writes log lines to a file; never to the screen, never a credential.
///
/// - Shape: `2026-11-23T07:00:00Z info clusters prod-eu: connected`, one line an entry.
/// - Thread: any; each line is one `write`.
package struct LogFile: LogHandler {
    package var logLevel: Logger.Level = .info
    package var metadata: Logger.Metadata = [:]
    private let descriptor: Int32
    private let label: String

    /// Opens the file for appending, readable by its owner only, and makes it the log of the process.
    ///
    /// - Errors: a sentence that names the file and the reason.
    package static func start(path: String, level: Logger.Level = .info) throws(LaunchFailure) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw LaunchFailure("cannot open the log file \(path): \(String(cString: strerror(errno)))")
        }
        use { label in LogFile(logLevel: level, descriptor: descriptor, label: label) }
    }

    /// Starts the log that the command line asks for; without one the process is quiet.
    static func start(_ options: LaunchOptions) throws(LaunchFailure) {
        guard let path = options.logFile else {
            use { _ in SwiftLogNoOpLogHandler() }
            return
        }
        try start(path: path)
    }

    /// A process chooses its log once; a command that runs others starts it for them too.
    private static func use(_ handler: @escaping @Sendable (String) -> any LogHandler) {
        if !isChosen.exchange(true, ordering: .relaxed) {
            LoggingSystem.bootstrap(handler)
        }
    }

    private static let isChosen = Atomic(false)

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var text = "\(SystemClock.now.rfc3339Nano) \(event.level) \(label): "
        text += Sanitiser.line(event.message.description, limit: 4096) + "\n"
        let bytes = Array(text.utf8)
        // A full disk must not stop weir: what cannot be written is lost.
        _ = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    }
}
