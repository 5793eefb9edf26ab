import CZlib

/// Unpacks what came compressed inside an object; compressed answers are libcurl's business.
enum Gunzip {
    /// More than any release: etcd takes objects of 1.5 MB at most.
    private static let limit = 64 << 20

    /// The bytes in one gzip member; nil for anything else, and for what swells beyond all measure.
    static func unpacked(_ packed: [UInt8], limit: Int = limit) -> [UInt8]? {
        var stream = z_stream()
        guard czlib_gunzip_init(&stream) == Z_OK else {
            return nil
        }
        defer { inflateEnd(&stream) }
        var plain: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        let room = piece.count
        // SAFETY: zlib reads and writes only inside the two buffers, whose sizes it is given, during these calls.
        let isWhole = packed.withUnsafeBufferPointer { source in
            stream.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
            stream.avail_in = uInt(source.count)
            while true {
                let code = piece.withUnsafeMutableBufferPointer { target in
                    stream.next_out = target.baseAddress
                    stream.avail_out = uInt(room)
                    return inflate(&stream, Z_NO_FLUSH)
                }
                plain.append(contentsOf: piece.prefix(room - Int(stream.avail_out)))
                guard code == Z_OK, plain.count <= limit else {
                    return code == Z_STREAM_END && plain.count <= limit
                }
            }
        }
        return isWhole ? plain : nil
    }
}
