package import Keys

/// Turns the bytes of a terminal's keyboard into keys, across any chunk boundaries.
///
/// Sequences that are no known key are dropped whole: an answer of the terminal to a question, read as letters,
/// would be a row of commands.
///
/// - Source: xterm control sequences; ECMA-48 5.4 for the form of sequences; the terminal's own description.
package struct KeyDecoder {
    /// What the decoder waits for, and how long it makes sense to.
    package enum Wait: Equatable {
        /// The bytes so far are a key of their own when nothing follows soon: Escape.
        case sequence
        /// Pasted text whose end has not come.
        case paste
    }

    /// Bytes of a paste that are kept.
    private static let pasteLimit = 1 << 20
    private static let pasteStart = Array("\u{1B}[200~".utf8)
    private static let pasteEnd = Array("\u{1B}[201~".utf8)

    private let sequences: [[UInt8]: Key]
    private let longest: Int
    private var pending: [UInt8] = []
    private var pasted: [UInt8]?

    /// A decoder that knows what the terminal's description says of its keys.
    package init(sequences: [[UInt8]: Key] = [:]) {
        self.sequences = sequences
        longest = sequences.keys.map(\.count).max() ?? 0
    }

    /// Nil when everything so far has been told.
    package var waitsFor: Wait? {
        pasted != nil ? .paste : pending.isEmpty ? nil : .sequence
    }

    /// The keys that are complete with these bytes.
    package mutating func decode(_ bytes: some Sequence<UInt8>) -> [Key] {
        pending += bytes
        return take(isEnd: false)
    }

    /// The keys of what is there, when nothing more comes.
    package mutating func finish() -> [Key] {
        var keys = take(isEnd: true)
        if let text = pasted {
            pasted = nil
            keys.append(.paste(String(decoding: text + pending, as: UTF8.self)))
        }
        pending.removeAll()
        return keys
    }

    private mutating func take(isEnd: Bool) -> [Key] {
        var keys: [Key] = []
        var rest = pending[...]
        while !rest.isEmpty {
            if pasted != nil {
                guard let key = takePaste(&rest) else { break }
                keys.append(key)
                continue
            }
            guard let token = KeyToken.first(of: rest, isEnd: isEnd, known: knownLength(rest)) else { break }
            let bytes = Array(rest.prefix(token))
            rest = rest.dropFirst(token)
            if bytes == Self.pasteStart {
                pasted = []
            } else {
                keys += keysOf(bytes)
            }
        }
        pending = Array(rest)
        return keys
    }

    /// Length of a sequence of the description that the bytes begin with.
    private func knownLength(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard bytes.first == 0x1B, longest > 1 else { return nil }
        for length in stride(from: min(longest, bytes.count), to: 1, by: -1)
        where sequences[Array(bytes.prefix(length))] != nil {
            return length
        }
        return nil
    }

    private mutating func takePaste(_ rest: inout ArraySlice<UInt8>) -> Key? {
        var text = pasted ?? []
        while let byte = rest.first {
            if byte == 0x1B {
                let head = Array(rest.prefix(Self.pasteEnd.count))
                if head == Self.pasteEnd {
                    rest = rest.dropFirst(head.count)
                    pasted = nil
                    return .paste(String(decoding: text, as: UTF8.self))
                }
                if Self.pasteEnd.starts(with: head) { break }
            }
            if text.count < Self.pasteLimit { text.append(byte) }
            rest = rest.dropFirst()
        }
        pasted = text
        return nil
    }

    /// The keys of one complete token: none for what is not known, two for an escape that belonged to nothing.
    private func keysOf(_ bytes: [UInt8]) -> [Key] {
        if let key = sequences[bytes] { return [key] }
        guard bytes[0] == 0x1B else { return Self.plain(bytes).map { [$0] } ?? [] }
        if bytes.count == 1 { return [.escape] }
        switch bytes[1] {
        case UInt8(ascii: "[") where bytes.count > 2: return ControlSequence(bytes)?.key.map { [$0] } ?? []
        case UInt8(ascii: "O") where bytes.count > 2:
            return ControlSequence.key(final: bytes[bytes.count - 1]).map { [$0] } ?? []
        case UInt8(ascii: "]") where bytes.count > 2, UInt8(ascii: "P") where bytes.count > 2,
            UInt8(ascii: "_") where bytes.count > 2, UInt8(ascii: "^") where bytes.count > 2:
            return []
        case 0x1B: return [.escape, .escape]
        default:
            guard let key = Self.plain(Array(bytes.dropFirst())) else { return [] }
            if let character = key.typed { return [.alt(character)] }
            return [.escape, key]
        }
    }

    /// A control, or one character in UTF-8.
    private static func plain(_ bytes: [UInt8]) -> Key? {
        switch bytes[0] {
        case 0x00: .control(" ")
        case 0x7F: .backspace
        case 0x01...0x1A: Key(controlling: Character(Unicode.Scalar(bytes[0] + 0x60)))
        case 0x1C...0x1F: Key(controlling: Character(Unicode.Scalar(bytes[0] + 0x40)))
        case 0x20..<0x7F: .character(Character(Unicode.Scalar(bytes[0])))
        default: String(validating: bytes, as: UTF8.self)?.first.map(Key.character)
        }
    }
}

/// Finds where the first token of keyboard input ends.
enum KeyToken {
    /// Longest sequence that is waited for; what is longer is no key.
    private static let limit = 4_096

    /// Bytes of the first token; nil while it is incomplete.
    ///
    /// - Shape: with `isEnd` nothing more comes, so every token is complete. `known` is the length of a sequence
    ///   in the terminal's description that the bytes begin with.
    static func first(of bytes: ArraySlice<UInt8>, isEnd: Bool, known: Int?) -> Int? {
        guard let first = bytes.first else { return nil }
        if first != 0x1B { return character(bytes, isEnd: isEnd) }
        if let known { return known }
        let whole = isEnd ? bytes.count : nil
        guard bytes.count > 1 else { return whole }
        let second = bytes[bytes.startIndex + 1]
        switch second {
        case UInt8(ascii: "["): return sequence(bytes) ?? whole
        case UInt8(ascii: "O"): return bytes.count > 2 ? 3 : whole
        case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "_"), UInt8(ascii: "^"):
            return string(bytes) ?? whole
        // Escape before a sequence: the key itself, then the sequence.
        case 0x1B: return 1
        default: return character(bytes.dropFirst(), isEnd: isEnd).map { $0 + 1 }
        }
    }

    /// One byte, or the bytes of one UTF-8 scalar.
    private static func character(_ bytes: ArraySlice<UInt8>, isEnd: Bool) -> Int? {
        guard let first = bytes.first else { return nil }
        let length = first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF8 ? 4 : 1
        let tail = bytes.dropFirst().prefix(length - 1).prefix { $0 & 0xC0 == 0x80 }
        if tail.count == length - 1 { return length }
        // A byte that does not belong to the character ends it.
        return isEnd || bytes.count > tail.count + 1 ? tail.count + 1 : nil
    }

    /// `ESC [`, parameters, intermediate bytes, a final byte.
    private static func sequence(_ bytes: ArraySlice<UInt8>) -> Int? {
        var index = bytes.startIndex + 2
        // The Linux console sends `ESC [ [ A` for F1.
        if index < bytes.endIndex, bytes[index] == UInt8(ascii: "[") { index += 1 }
        while index < bytes.endIndex, index - bytes.startIndex < limit {
            let byte = bytes[index]
            if (0x40...0x7E).contains(byte) { return index - bytes.startIndex + 1 }
            // A control cannot be part of it: the sequence was cut off.
            if byte < 0x20 { return index - bytes.startIndex }
            // `$` ends keys of rxvt.
            if byte == UInt8(ascii: "$"), index + 1 == bytes.endIndex || bytes[index + 1] == 0x1B {
                return index - bytes.startIndex + 1
            }
            index += 1
        }
        return bytes.count >= limit ? limit : nil
    }

    /// `ESC ]`, text, and BEL or `ESC \`.
    private static func string(_ bytes: ArraySlice<UInt8>) -> Int? {
        var index = bytes.startIndex + 2
        while index < bytes.endIndex {
            if bytes[index] == 0x07 { return index - bytes.startIndex + 1 }
            if bytes[index] == 0x1B {
                guard index + 1 < bytes.endIndex else { return nil }
                let ends = bytes[index + 1] == UInt8(ascii: "\\")
                return index - bytes.startIndex + (ends ? 2 : 0)
            }
            index += 1
        }
        return bytes.count >= limit ? bytes.count : nil
    }
}
