/// Base64 as kubeconfigs hold it: the standard alphabet with padding, line breaks allowed.
enum Base64 {
    /// The bytes, or nil for anything that is not base64 to the end.
    static func decode(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        var pending: UInt32 = 0
        var count = 0
        var padding = 0
        for byte in text.utf8 where byte != UInt8(ascii: "\n") && byte != UInt8(ascii: "\r") {
            if byte == UInt8(ascii: "=") {
                padding += 1
                count += 1
                pending <<= 6
            } else {
                guard padding == 0, let value = value(of: byte) else {
                    return nil
                }
                pending = pending << 6 | value
                count += 1
            }
            if count % 4 == 0 {
                let group = [UInt8(pending >> 16 & 0xFF), UInt8(pending >> 8 & 0xFF), UInt8(pending & 0xFF)]
                guard padding <= 2 else {
                    return nil
                }
                bytes += group.prefix(3 - padding)
                pending = 0
            }
        }
        return count % 4 == 0 ? bytes : nil
    }

    /// The text for some bytes, on one line and padded.
    static func encode(_ bytes: some Sequence<UInt8>) -> String {
        var output: [UInt8] = []
        var pending: UInt32 = 0
        var count = 0
        for byte in bytes {
            pending = pending << 8 | UInt32(byte)
            count += 1
            if count == 3 {
                output += (0..<4).map { digits[Int(pending >> (18 - 6 * UInt32($0)) & 63)] }
                (pending, count) = (0, 0)
            }
        }
        if count > 0 {
            let shifted = pending << UInt32(8 * (3 - count))
            output += (0...count).map { digits[Int(shifted >> (18 - 6 * UInt32($0)) & 63)] }
            output += Array(repeating: UInt8(ascii: "="), count: 3 - count)
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static let digits = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
    )

    private static func value(of byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(byte - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(byte - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
