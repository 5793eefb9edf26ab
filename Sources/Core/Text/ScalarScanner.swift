/// Reads scalars from outside and says for each what may be shown of it.
struct ScalarScanner {
    /// What remains of one or more scalars.
    enum Piece: Equatable {
        case shown(Unicode.Scalar)
        case space
        case tab
        case lineBreak
    }

    /// Longest colour sequence that is taken for one; more is shown as it is.
    private static let sequenceLimit = 48

    private var source: String.UnicodeScalarView.Iterator
    /// Scalars read ahead while looking for the end of a sequence, in reverse order.
    private var pushedBack: [Unicode.Scalar] = []

    init(_ text: String) {
        source = text.unicodeScalars.makeIterator()
    }

    mutating func next() -> Piece? {
        while let scalar = read() {
            if let piece = piece(for: scalar) { return piece }
        }
        return nil
    }

    private mutating func read() -> Unicode.Scalar? {
        pushedBack.popLast() ?? source.next()
    }

    /// Nil when nothing of the scalar remains.
    private mutating func piece(for scalar: Unicode.Scalar) -> Piece? {
        switch scalar.value {
        case 0x20: .space
        case 0x21...0x7E: .shown(scalar)
        case 0x09: .tab
        case 0x0D:
            lineBreakAfterReturn()
        case 0x0A, 0x0B, 0x0C, 0x85, 0x2028, 0x2029: .lineBreak
        case 0x1B: skipColourSequence() ? nil : .shown("␛")
        case 0x00...0x1F: .shown(Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}")
        case 0x7F: .shown("␡")
        case 0x80...0x9F: .shown("\u{FFFD}")
        // Embeddings, overrides and isolates reorder what is read: their presence must be seen.
        case 0x202A...0x202E, 0x2066...0x2069: .shown("\u{FFFD}")
        // Blanks that do not count as spaces.
        case 0x2800: .space
        default: pieceByProperty(of: scalar)
        }
    }

    private func pieceByProperty(of scalar: Unicode.Scalar) -> Piece? {
        if scalar.isPlain, scalar.value != 0xA0 { return .shown(scalar) }
        let properties = scalar.properties
        // Joiners, variation selectors, tags, fillers, soft hyphens, byte order marks.
        if properties.isDefaultIgnorableCodePoint { return nil }
        switch properties.generalCategory {
        case .spaceSeparator: return .space
        case .format: return nil
        case .control, .surrogate, .privateUse, .unassigned: return .shown("\u{FFFD}")
        case .lineSeparator, .paragraphSeparator: return .lineBreak
        default: return .shown(scalar)
        }
    }

    private mutating func lineBreakAfterReturn() -> Piece {
        if let following = read(), following != "\n" { pushedBack.append(following) }
        return .lineBreak
    }

    /// Skips `[ … m` after an escape: log lines are full of them and they carry no content.
    ///
    /// Anything else after an escape stays visible, so that nothing can be hidden by a sequence without an end.
    private mutating func skipColourSequence() -> Bool {
        var taken: [Unicode.Scalar] = []
        while taken.count < Self.sequenceLimit, let scalar = read() {
            taken.append(scalar)
            if taken.count == 1 {
                if scalar != "[" { break }
            } else if scalar == "m" {
                return true
            } else if !(0x30...0x3B).contains(scalar.value) {
                break
            }
        }
        pushedBack.append(contentsOf: taken.reversed())
        return false
    }
}
