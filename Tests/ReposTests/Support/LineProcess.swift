import Foundation

@testable import Repos

/// A server started for a test, that says on a line when it is ready; ended with it, by its own id.
final class LineProcess {
    private let child: ChildProcess
    private let transfer: Transfer

    init(_ arguments: [String], environment: [String: String], of bench: Bench) throws {
        transfer = Transfer(bench.settings())
        // When the test is killed its end of the socket closes, and the server goes too.
        let script = "exec 3<&0; \"$@\" 2>&1 3<&- & p=$!; (cat <&3; kill $p) >/dev/null 2>&1 & wait $p"
        child = try ChildProcess(["sh", "-c", script, "sh"] + arguments, environment: environment)
    }

    deinit {
        child.end(patience: 0)
    }

    /// The first line of the output that holds `text`; nil where the program ends without one.
    func line(holding text: String) -> String? {
        var bytes: [UInt8] = []
        while true {
            let count = withUnsafeTemporaryAllocation(byteCount: 4_096, alignment: 1) { buffer in
                let count = child.read(buffer, for: transfer) ?? 0
                bytes += buffer.prefix(count)
                return count
            }
            guard count > 0 else {
                return nil
            }
            // A line counts once it has its end.
            let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
                .dropLast()
                .map { String(decoding: $0, as: UTF8.self) }
            if let found = lines.first(where: { $0.contains(text) }) {
                return found.trimmingCharacters(in: .whitespacesAndNewlines)
            }
        }
    }
}
