extension Unicode.Scalar {
    /// Terminal columns of the scalar alone: 0, 1 or 2.
    ///
    /// - Shape: controls, format characters and marks are 0; ambiguous East Asian characters are 1.
    package var columns: Int {
        if value < 0x7F { return value >= 0x20 ? 1 : 0 }
        if isPlain { return value >= 0x4E00 ? 2 : 1 }
        if value < 0xA0 || value == 0xAD { return 0 }
        // Vowels and finals of Hangul syllables written as separate letters join the leading consonant.
        if (0x1160...0x11FF).contains(value) { return 0 }
        if WideScalars.contains(self) { return 2 }
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control, .lineSeparator, .paragraphSeparator: return 0
        default: return 1
        }
    }

    /// Whether the scalar shows something, and never joins another such scalar into one character.
    ///
    /// A quick answer for most of the world's text, without a look into the Unicode tables: not all scalars for which
    /// it would be true are known to it.
    package var isPlain: Bool {
        switch value {
        case 0x20..<0x7F, 0xA0..<0xAD, 0xAE..<0x300, 0x370..<0x378, 0x391..<0x3A2, 0x3A3..<0x483,
            0x48A..<0x530:
            true
        // Dashes, quotation marks, bullets, the ellipsis; arrows, mathematics, lines and blocks.
        case 0x2010..<0x2028, 0x2030..<0x203C, 0x2190..<0x2194, 0x219A..<0x21A9, 0x2200..<0x231A,
            0x2500..<0x25AA,
            0x25AC..<0x25B6, 0x25B7..<0x25C0, 0x25C1..<0x25FB:
            true
        case 0x4E00..<0x9FFD, 0xAC00..<0xD7A4: true
        default: false
        }
    }
}

extension Character {
    /// Terminal columns of the character: 0, 1 or 2.
    ///
    /// - Shape: 0 means that it has nothing to show (a control, a lone mark); a canvas skips it.
    ///   Flags, emoji with modifiers and joined emoji are 2, as is a symbol asked to look like an emoji.
    package var columns: Int {
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

extension String {
    /// Terminal columns of the text, drawn on one line.
    package var columns: Int {
        if isPrintableASCII { return utf8.count }
        var total = 0
        for scalar in unicodeScalars {
            // Whatever may join its neighbours is looked at as whole characters.
            guard scalar.isPlain else { return reduce(0) { $0 + $1.columns } }
            total += scalar.columns
        }
        return total
    }

    /// Whether it takes at most so many columns; looks no further into a long text than that.
    package func fits(in columns: Int) -> Bool {
        // No character takes more columns than it has bytes.
        if utf8.count <= columns { return true }
        var used = 0
        for character in self {
            used += character.columns
            if used > columns { return false }
        }
        return true
    }

    /// Whether every byte is a column.
    package var isPrintableASCII: Bool {
        for byte in utf8 where byte < 0x20 || byte >= 0x7F { return false }
        return true
    }

    /// The text cut to at most so many columns, ending in the ellipsis when something was cut.
    ///
    /// - Shape: never splits a character; may be one column short before a wide one.
    package func truncated(to columns: Int, ellipsis: String = "…") -> String {
        guard columns > 0 else { return "" }
        if fits(in: columns) { return self }
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

/// The same for parts of texts.
extension Substring {
    /// Terminal columns of the text; see `String.columns`.
    package var columns: Int { String(self).columns }

    /// The text cut to at most so many columns; see `String.truncated(to:ellipsis:)`.
    package func truncated(to columns: Int, ellipsis: String = "…") -> String {
        String(self).truncated(to: columns, ellipsis: ellipsis)
    }

    /// The text in exactly so many columns; see `String.padded(to:alignment:)`.
    package func padded(to columns: Int, alignment: Alignment = .left) -> String {
        String(self).padded(to: columns, alignment: alignment)
    }
}
