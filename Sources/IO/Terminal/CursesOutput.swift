import CPosix
import Glibc

/// The file in memory that curses writes to.
///
/// Curses blocks until its output has taken every byte, and spins when the output is non-blocking. A terminal behind
/// a stalled line would hold the UI thread for ever. So curses writes here, where it never waits, and the bytes go
/// to the terminal as fast as that takes them.
final class CursesOutput {
    /// Owned by curses, which closes it with its screen.
    let descriptor: CInt

    init() throws(TerminalFailure) {
        descriptor = CPosix_memory_file("weir-screen", false)
        guard descriptor >= 0 else { throw .system(operation: "making a screen buffer", code: errno) }
    }

    /// What was written since the last time.
    func take() -> [UInt8] {
        let end = Int(lseek(descriptor, 0, SEEK_CUR))
        guard end > 0 else { return [] }
        var bytes = [UInt8](repeating: 0, count: end)
        let count = pread(descriptor, &bytes, end, 0)
        lseek(descriptor, 0, SEEK_SET)
        return Array(bytes.prefix(max(0, count)))
    }
}

extension [UInt8] {
    /// The bytes without any occurrence of others in them.
    func removing(_ part: [UInt8]) -> [UInt8] {
        guard let first = part.first else { return self }
        var result: [UInt8] = []
        var rest = self[...]
        while let byte = rest.first {
            if byte == first, rest.starts(with: part) {
                rest = rest.dropFirst(part.count)
            } else {
                result.append(byte)
                rest = rest.dropFirst()
            }
        }
        return result
    }
}
