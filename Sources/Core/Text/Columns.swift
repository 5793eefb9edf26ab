extension Unicode.Scalar {
    /// Terminal columns of the scalar alone: 0, 1 or 2.
    ///
    /// - Shape: controls, format characters and marks are 0; ambiguous East Asian characters are 1.
    package var columns: Int {
        if value < 0x7F { return value >= 0x20 ? 1 : 0 }
        if value < 0xA0 { return 0 }
        if value < 0x300 { return value == 0xAD ? 0 : 1 }
        // Vowels and finals of Hangul syllables written as separate letters join the leading consonant.
        if (0x1160...0x11FF).contains(value) { return 0 }
        if WideScalars.contains(self) { return 2 }
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control, .lineSeparator, .paragraphSeparator: return 0
        default: return 1
        }
    }
}

extension Character {
    /// Terminal columns of the character: 0, 1 or 2.
    ///
    /// - Shape: 0 means that it has nothing to show (a control, a lone mark); a canvas skips it.
    ///   Flags, emoji with modifiers and joined emoji are 2, as is a symbol asked to look like an emoji.
    package var columns: Int {
        if let ascii = asciiValue { return ascii >= 0x20 && ascii < 0x7F ? 1 : 0 }
        var total = 0
        for scalar in unicodeScalars {
            if scalar.value == 0xFE0F {
                if total == 1 { total = 2 }
            } else {
                total += scalar.columns
            }
            if total >= 2 { return 2 }
        }
        return total
    }
}

/// Where text sits in a field wider than itself.
package enum Alignment: Sendable {
    /// Text first, padding after it.
    case left
    /// Padding first: for numbers.
    case right
    /// Padding on both sides; an odd column goes to the right.
    case center
}

extension StringProtocol {
    /// Terminal columns of the text, drawn on one line.
    package var columns: Int {
        if let count = utf8.withContiguousStorageIfAvailable(printableASCIICount) ?? nil { return count }
        return reduce(0) { $0 + $1.columns }
    }

    /// The text cut to at most so many columns, ending in the ellipsis when something was cut.
    ///
    /// - Shape: never splits a character; may be one column short before a wide one.
    package func truncated(to columns: Int, ellipsis: String = "…") -> String {
        guard columns > 0 else { return "" }
        if utf8.count <= columns || self.columns <= columns { return String(self) }
        let tail = ellipsis.columns
        guard tail < columns else { return tail == columns ? ellipsis : ellipsis.prefix(columns: columns) }
        return prefix(columns: columns - tail) + ellipsis
    }

    /// The text in exactly so many columns: cut when longer, filled with spaces when shorter.
    package func padded(to columns: Int, alignment: Alignment = .left) -> String {
        let text = truncated(to: columns)
        let missing = Swift.max(0, columns - text.columns)
        guard missing > 0 else { return text }
        switch alignment {
        case .left: return text + String(repeating: " ", count: missing)
        case .right: return String(repeating: " ", count: missing) + text
        case .center:
            let before = missing / 2
            return String(repeating: " ", count: before) + text
                + String(repeating: " ", count: missing - before)
        }
    }

    /// The longest beginning that fits into so many columns.
    package func prefix(columns: Int) -> String {
        var result = ""
        var used = 0
        for character in self {
            let width = character.columns
            if used + width > columns { break }
            used += width
            result.append(character)
        }
        return result
    }
}

/// The number of bytes when all are printable ASCII: then columns and bytes are the same.
private func printableASCIICount(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    for byte in bytes where byte < 0x20 || byte >= 0x7F { return nil }
    return bytes.count
}
