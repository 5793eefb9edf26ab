/// Makes text from outside harmless to a terminal and to the eye.
///
/// Names, messages and commit subjects come from people and programs that may not mean well: an escape sequence
/// can rewrite the screen, a bidi override can show another name than the one acted upon.
/// Everything that enters a snapshot passes here once; drawing code may then trust it.
package enum Sanitiser {
    /// Marks kept on one base character; more only makes a pile that leaves its row.
    static let marksPerBase = 2

    /// One line: no controls, no invisible or reordering characters, single spaces, a bounded length.
    ///
    /// - Shape: line breaks become " ⏎ "; tabs and other spaces become one space; ends are trimmed; colour
    ///   sequences vanish; other controls are shown as pictures (`␛`), refused characters as `�`.
    /// - Units: `limit` is in characters; a longer text ends in `…`.
    package static func line(_ raw: String, limit: Int = 512) -> String {
        if isPlainLine(raw, limit: limit) { return raw }
        var output = LineOutput(limit: limit, collapsesSpaces: true)
        var scanner = ScalarScanner(raw)
        var breaks = false
        while let piece = scanner.next(), !output.isFull {
            switch piece {
            case .lineBreak: breaks = true
            case .space, .tab: output.space()
            case .shown(let scalar):
                if breaks {
                    breaks = false
                    output.mark("⏎")
                }
                output.append(scalar)
            }
        }
        return output.finish()
    }

    /// Several lines, for text that is shown as a block: line breaks and indentation stay.
    ///
    /// - Shape: at most `lineLimit` lines, the last saying how many more there are; trailing blank lines go.
    /// - Units: `width` is the longest line in characters; a longer one ends in `…`. Tabs stop every 4.
    package static func block(
        _ raw: String,
        lineLimit: Int = 10_000,
        width: Int = 1_000
    ) -> [String] {
        var lines: [String] = []
        var hidden = 0
        var output = LineOutput(limit: width, collapsesSpaces: false)
        var scanner = ScalarScanner(raw)
        func close() {
            if lines.count < max(1, lineLimit) { lines.append(output.finish()) } else { hidden += 1 }
            output = LineOutput(limit: width, collapsesSpaces: false)
        }
        while let piece = scanner.next() {
            switch piece {
            case .lineBreak: close()
            case .space: output.space()
            case .tab: output.tab()
            case .shown(let scalar): output.append(scalar)
            }
        }
        close()
        if hidden > 0 {
            lines[lines.count - 1] = "… \(hidden + 1) more lines"
        } else {
            while lines.count > 1, lines[lines.count - 1].isEmpty { lines.removeLast() }
        }
        return lines
    }

    /// One line of a part of a text; see `line(_:limit:)`.
    package static func line(_ raw: Substring, limit: Int = 512) -> String {
        line(String(raw), limit: limit)
    }

    /// Most names are plain already: one pass over the bytes, no allocation.
    private static func isPlainLine(_ raw: String, limit: Int) -> Bool {
        var previous = UInt8(ascii: " ")
        var count = 0
        for byte in raw.utf8 {
            if byte < 0x20 || byte >= 0x7F { return false }
            if byte == UInt8(ascii: " "), previous == byte { return false }
            previous = byte
            count += 1
        }
        return count <= limit && (count == 0 || previous != UInt8(ascii: " "))
    }
}

/// Collects the characters of one line within its limits.
private struct LineOutput {
    let limit: Int
    let collapsesSpaces: Bool
    private var text = String.UnicodeScalarView()
    private var length = 0
    private var marks = 0
    private var pendingSpaces = 0
    private(set) var isFull = false

    init(limit: Int, collapsesSpaces: Bool) {
        self.limit = max(1, limit)
        self.collapsesSpaces = collapsesSpaces
    }

    mutating func space() {
        if collapsesSpaces {
            pendingSpaces = text.isEmpty ? 0 : 1
        } else {
            pendingSpaces += 1
        }
    }

    mutating func tab() {
        pendingSpaces += 4 - (length + pendingSpaces) % 4
    }

    /// A sign of weir's own between two parts, set off by spaces; nothing at the beginning of the line.
    mutating func mark(_ scalar: Unicode.Scalar) {
        guard !text.isEmpty else { return }
        pendingSpaces = 1
        append(scalar)
        pendingSpaces = 1
    }

    mutating func append(_ scalar: Unicode.Scalar) {
        guard !isFull else { return }
        if scalar.isCombining {
            // A mark joins the character before it, so it needs one and has no length of its own.
            guard !text.isEmpty, pendingSpaces == 0, marks < Sanitiser.marksPerBase else { return }
            marks += 1
            text.append(scalar)
            return
        }
        let scalar =
            scalar.isHangulTail && !(pendingSpaces == 0 && text.last?.isHangul == true) ? "\u{FFFD}" : scalar
        guard length + pendingSpaces + 1 <= limit else {
            isFull = true
            return
        }
        for _ in 0..<pendingSpaces { text.append(" ") }
        length += pendingSpaces + 1
        pendingSpaces = 0
        marks = 0
        text.append(scalar)
    }

    func finish() -> String {
        guard isFull else { return String(text) }
        var cut = String(text)
        if length >= limit { cut.removeLast() }
        while cut.last == " " { cut.removeLast() }
        return cut + "…"
    }
}

extension Unicode.Scalar {
    /// Whether the scalar is a vowel or a final that has no width except as part of a syllable.
    fileprivate var isHangulTail: Bool { (0x1160...0x11FF).contains(value) }

    fileprivate var isHangul: Bool { (0x1100...0x11FF).contains(value) || (0xAC00...0xD7A3).contains(value) }

    fileprivate var isCombining: Bool {
        if value < 0x300 || isPlain { return false }
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return true
        default: return false
        }
    }
}
