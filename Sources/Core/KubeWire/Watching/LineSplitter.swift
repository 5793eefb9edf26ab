/// Splits a watch body into complete JSON lines, across any chunk boundaries.
///
/// - Shape: lines without the newline, empty ones left out; the tail is kept for the next chunk, and what
///   is left of it when the stream ends is half a line, to be thrown away.
/// - Units: `limit` is bytes a line; a longer one ends in a failure, and the splitter must be discarded.
/// - Source: Kubernetes API concepts, "Efficient detection of changes".
package struct LineSplitter: Sendable {
    package struct LineTooLong: Error, Equatable {
        package let limit: Int
    }

    private var tail: [UInt8] = []
    private let limit: Int

    package init(limit: Int = 16 << 20) {
        self.limit = limit
    }

    /// Bytes kept for the next chunk.
    package var pending: Int { tail.count }

    /// Takes a chunk and returns the lines that it completes.
    package mutating func append(_ chunk: some Collection<UInt8>) throws(LineTooLong) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        var rest = chunk[...]
        while let newline = rest.firstIndex(of: UInt8(ascii: "\n")) {
            tail.append(contentsOf: rest[..<newline])
            guard tail.count <= limit else {
                throw LineTooLong(limit: limit)
            }
            if !tail.isEmpty {
                lines.append(tail)
                // A fresh buffer: one huge object must not hold its memory for as long as the watch lasts.
                tail = []
            }
            rest = rest[rest.index(after: newline)...]
        }
        tail.append(contentsOf: rest)
        guard tail.count <= limit else {
            throw LineTooLong(limit: limit)
        }
        return lines
    }
}
