import CPosix
import Glibc

/// Takes what other code writes to standard error while the screen is up, and hands it on afterwards.
///
/// A library's warning or a crash's last words would land in the middle of a picture and be gone with it.
///
/// - Thread: the UI thread sets and lifts it. Writing to standard error stays possible from all threads.
final class OutputTrap {
    /// Holds what was written.
    let captured: CInt
    /// The descriptor that standard error was.
    let original: CInt

    /// Most that is kept and handed on.
    private static let limit = 64 * 1024

    /// Nil when standard error does not go to a terminal, and therefore disturbs nothing.
    init?() {
        guard isatty(STDERR_FILENO) == 1 else { return nil }
        captured = CPosix_memory_file("weir-standard-error", true)
        guard captured >= 0 else { return nil }
        original = CPosix_duplicate(STDERR_FILENO)
        guard original >= 0 else {
            close(captured)
            return nil
        }
        dup2(captured, STDERR_FILENO)
    }

    /// Gives standard error back, with what was written in between.
    func lift() {
        dup2(original, STDERR_FILENO)
        let end = lseek(captured, 0, SEEK_END)
        let start = max(0, Int(end) - Self.limit)
        var text = [UInt8](repeating: 0, count: max(0, Int(end) - start))
        let count = pread(captured, &text, text.count, off_t(start))
        if count > 0 { _ = write(STDERR_FILENO, text, count) }
        close(original)
        close(captured)
    }

    /// Forgets all when it has grown too much: weir may run for weeks.
    func trim() {
        if lseek(captured, 0, SEEK_END) > off_t(16 * Self.limit) { ftruncate(captured, 0) }
    }
}
