import CZlib
import Foundation

/// Compresses large answers, as the API server does for clients that ask.
enum Gzip {
    /// Answers up to this size are never compressed.
    static let threshold = 128 * 1024

    /// Whether the header lists exactly `gzip`; a quality beside it defeats it, as on a real server.
    static func isAccepted(by header: String?) -> Bool {
        guard let header else { return false }
        return header.split(separator: ",").contains { $0.trimmingCharacters(in: .whitespaces) == "gzip" }
    }

    /// One gzip member, at level 1 as the server writes it; nil when zlib refuses, which leaves the plain text.
    static func compress(_ plain: Data, level: Int32 = 1) -> Data? {
        var stream = z_stream()
        guard czlib_gzip_init(&stream, level) == Z_OK else { return nil }
        defer { deflateEnd(&stream) }
        var packed = Data(count: Int(deflateBound(&stream, uLong(plain.count))))
        let capacity = packed.count
        // SAFETY: zlib reads and writes only inside the two buffers, whose sizes it is given, during this call.
        let isWhole = plain.withUnsafeBytes { source in
            packed.withUnsafeMutableBytes { target in
                stream.next_in = UnsafeMutablePointer(mutating: source.bindMemory(to: Bytef.self).baseAddress)
                stream.avail_in = uInt(plain.count)
                stream.next_out = target.bindMemory(to: Bytef.self).baseAddress
                stream.avail_out = uInt(capacity)
                return deflate(&stream, Z_FINISH) == Z_STREAM_END
            }
        }
        guard isWhole else { return nil }
        packed.removeSubrange(Int(stream.total_out)...)
        return packed
    }

    /// What one gzip member holds; nil for anything else.
    static func expand(_ packed: Data) -> Data? {
        var stream = z_stream()
        guard czlib_gunzip_init(&stream) == Z_OK else { return nil }
        defer { inflateEnd(&stream) }
        var plain = Data()
        var piece = [UInt8](repeating: 0, count: 64 * 1024)
        let room = piece.count
        // SAFETY: zlib reads and writes only inside the two buffers, whose sizes it is given, during this call.
        let isWhole = packed.withUnsafeBytes { source in
            stream.next_in = UnsafeMutablePointer(mutating: source.bindMemory(to: Bytef.self).baseAddress)
            stream.avail_in = uInt(packed.count)
            while true {
                let code = piece.withUnsafeMutableBufferPointer { target in
                    stream.next_out = target.baseAddress
                    stream.avail_out = uInt(room)
                    return inflate(&stream, Z_NO_FLUSH)
                }
                plain.append(contentsOf: piece.prefix(room - Int(stream.avail_out)))
                if code == Z_STREAM_END { return true }
                guard code == Z_OK else { return false }
            }
        }
        return isWhole ? plain : nil
    }
}
