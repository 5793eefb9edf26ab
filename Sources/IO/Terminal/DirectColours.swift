/// Puts 24-bit colours into output in which curses wrote places in the palette.
///
/// - Source: xterm control sequences, SGR 38 and 48 with `5;n` and `2;r;g;b`.
struct DirectColours: Equatable {
    private var replacements: [UInt8: [UInt8]] = [:]

    /// Shows a 24-bit colour where the place in the palette is asked for.
    mutating func set(_ place: UInt8, red: UInt8, green: UInt8, blue: UInt8) {
        replacements[place] = Array("2;\(red);\(green);\(blue)".utf8)
    }

    /// The output with its colours.
    ///
    /// - Shape: sequences are `ESC [ 38 ; 5 ; n m` alone, as curses sends them; others pass as they are.
    func applied(to bytes: [UInt8]) -> [UInt8] {
        guard !replacements.isEmpty else { return bytes }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + bytes.count / 4)
        var index = 0
        while index < bytes.count {
            if bytes[index] == 0x1B, let match = match(bytes, at: index) {
                result += bytes[index..<index + 5]
                result += match.replacement
                index = match.end
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return result
    }

    /// A colour sequence at the place, with what follows its `38;`, and the index of its final `m`.
    private func match(_ bytes: [UInt8], at start: Int) -> (replacement: [UInt8], end: Int)? {
        guard start + 8 < bytes.count, bytes[start + 1] == UInt8(ascii: "["),
            bytes[start + 2] == UInt8(ascii: "3") || bytes[start + 2] == UInt8(ascii: "4"),
            bytes[start + 3] == UInt8(ascii: "8"), bytes[start + 4] == UInt8(ascii: ";"),
            bytes[start + 5] == UInt8(ascii: "5"), bytes[start + 6] == UInt8(ascii: ";")
        else { return nil }
        var place = 0
        var index = start + 7
        while index < bytes.count, (0x30...0x39).contains(bytes[index]), place < 256 {
            place = place * 10 + Int(bytes[index] - 0x30)
            index += 1
        }
        guard index < bytes.count, bytes[index] == UInt8(ascii: "m"), place < 256,
            let replacement = replacements[UInt8(place)]
        else { return nil }
        return (replacement, index)
    }
}
