import Foundation

/// Cuts a body into the chunks in which a real server would send it.
///
/// It gathers writes in a buffer of 2048 bytes; a write that finds the buffer empty and does not fit goes out whole.
/// So chunk borders fall anywhere, and one chunk may hold several lines.
struct ChunkCutter {
    static let size = 2048

    private var buffer = Data()

    /// The chunks that a write sends off, in order.
    mutating func write(_ data: Data) -> [Data] {
        var chunks: [Data] = []
        var rest = data[...]
        while rest.count > Self.size - buffer.count {
            if buffer.isEmpty {
                chunks.append(Data(rest))
                return chunks
            }
            let room = Self.size - buffer.count
            buffer.append(rest.prefix(room))
            rest = rest.dropFirst(room)
            chunks.append(buffer)
            buffer = Data()
        }
        buffer.append(rest)
        return chunks
    }

    /// What is left in the buffer.
    mutating func flush() -> Data? {
        guard !buffer.isEmpty else { return nil }
        defer { buffer = Data() }
        return buffer
    }
}
