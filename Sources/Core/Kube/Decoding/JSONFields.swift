package import Chrono
import Text

/// A JSON object of a tape, in which every member may be absent or of another type than expected.
///
/// - Shape: text comes out as one harmless line; equal texts of one reader share their memory.
package struct JSONFields {
    private let tape: JSONTape
    private let texts: TextTable
    /// The token of the object; nil where there is none.
    private let index: Int?

    /// The root of a tape.
    package init(_ tape: JSONTape, texts: TextTable) {
        self.tape = tape
        self.texts = texts
        index = tape.tokens.first?.kind == .object ? 0 : nil
    }

    private init(_ tape: JSONTape, _ texts: TextTable, _ index: Int?) {
        self.tape = tape
        self.texts = texts
        self.index = index
    }

    /// True where the object is there, even an empty one.
    package var isPresent: Bool { index != nil }

    package subscript(name: String) -> JSONFields {
        guard let token = find(name), tape.tokens[token].kind == .object else {
            return JSONFields(tape, texts, nil)
        }
        return JSONFields(tape, texts, token)
    }

    /// True where the member is there and not null.
    package func has(_ name: String) -> Bool {
        find(name).map { tape.tokens[$0].kind != .null } ?? false
    }

    /// Text as it came, for tokens that are compared; nil where absent or empty.
    package func raw(_ name: String) -> String? {
        guard let token = find(name), let text = text(at: token), !text.isEmpty else {
            return nil
        }
        return text
    }

    /// Text as one harmless line; nil where absent or empty.
    package func text(_ name: String, limit: Int = 512) -> String? {
        raw(name).map { texts.line($0, limit: limit) }
    }

    package func flag(_ name: String) -> Bool? {
        guard let token = find(name) else {
            return nil
        }
        switch tape.tokens[token].kind {
        case .yes: return true
        case .no: return false
        default: return nil
        }
    }

    package func integer(_ name: String) -> Int64? {
        guard let token = find(name), tape.tokens[token].kind == .number else {
            return nil
        }
        let digits = String(decoding: bytes(of: token), as: UTF8.self)
        return Int64(digits) ?? Double(digits).flatMap { Int64(exactly: $0) }
    }

    package func time(_ name: String) -> Timestamp? {
        raw(name).flatMap { Timestamp(rfc3339: $0) }
    }

    package func duration(_ name: String) -> Duration? {
        raw(name).flatMap { Duration(go: $0) }
    }

    package func revision(_ name: String) -> Revision? {
        text(name).map { texts.revision($0) }
    }

    /// The objects of a list; other elements are left out.
    package func list(_ name: String, limit: Int = .max) -> [JSONFields] {
        var result: [JSONFields] = []
        for element in elements(name) where tape.tokens[element].kind == .object {
            guard result.count < limit else {
                break
            }
            result.append(JSONFields(tape, texts, element))
        }
        return result
    }

    /// The texts of a list as they came; other elements are left out.
    package func rawTexts(_ name: String) -> [String] {
        elements(name).compactMap { text(at: $0) }
    }

    /// How many elements a list has, whatever they are; nil where it is none.
    package func count(_ name: String) -> Int? {
        guard let token = find(name), tape.tokens[token].kind == .array else {
            return nil
        }
        return elements(name).count
    }

    /// True where there is no member, or no object.
    var isEmpty: Bool {
        index.map { Int(tape.tokens[$0].next) == $0 + 1 } ?? true
    }

    /// The members that are objects, with their names as they came.
    var members: [(key: String, value: JSONFields)] {
        var found: [(key: String, value: JSONFields)] = []
        forEachMember { key, value in
            if tape.tokens[value].kind == .object, let name = text(at: key) {
                found.append((name, JSONFields(tape, texts, value)))
            }
        }
        return found
    }

    /// The members that are texts, numbers or flags, as they are written.
    var scalars: [(key: String, value: String)] {
        var found: [(key: String, value: String)] = []
        forEachMember { key, value in
            guard let name = text(at: key) else {
                return
            }
            switch tape.tokens[value].kind {
            case .object, .array, .null: break
            case .string, .escapedString: found.append((name, text(at: value) ?? ""))
            case .number, .yes, .no: found.append((name, String(decoding: bytes(of: value), as: UTF8.self)))
            }
        }
        return found
    }

    // MARK: - Tokens

    private func forEachMember(_ body: (_ key: Int, _ value: Int) -> Void) {
        guard let index else {
            return
        }
        let end = Int(tape.tokens[index].next)
        var key = index + 1
        while key < end {
            body(key, key + 1)
            key = Int(tape.tokens[key + 1].next)
        }
    }

    private func elements(_ name: String) -> [Int] {
        guard let token = find(name), tape.tokens[token].kind == .array else {
            return []
        }
        var found: [Int] = []
        let end = Int(tape.tokens[token].next)
        var element = token + 1
        while element < end {
            found.append(element)
            element = Int(tape.tokens[element].next)
        }
        return found
    }

    /// The token of a member's value; the first of several, as servers never send two.
    private func find(_ name: String) -> Int? {
        guard let index else {
            return nil
        }
        let end = Int(tape.tokens[index].next)
        let length = name.utf8.count
        var key = index + 1
        while key < end {
            let token = tape.tokens[key]
            if Int(token.end - token.start) == length, isEqual(token, name) {
                return key + 1
            }
            key = Int(tape.tokens[key + 1].next)
        }
        return nil
    }

    private func isEqual(_ token: JSONTape.Token, _ name: String) -> Bool {
        var index = Int(token.start)
        for byte in name.utf8 {
            guard tape.bytes[index] == byte else {
                return false
            }
            index += 1
        }
        return true
    }

    private func bytes(of token: Int) -> ArraySlice<UInt8> {
        tape.bytes[Int(tape.tokens[token].start)..<Int(tape.tokens[token].end)]
    }

    private func text(at token: Int) -> String? {
        switch tape.tokens[token].kind {
        case .string: String(decoding: bytes(of: token), as: UTF8.self)
        case .escapedString: JSONEscapes.undone(bytes(of: token))
        default: nil
        }
    }
}

/// Undoes the escapes of JSON strings.
enum JSONEscapes {
    /// The text; nil for an escape that JSON does not know, while halves of pairs that stand alone become `�`.
    static func undone(_ bytes: ArraySlice<UInt8>) -> String? {
        var units: [UInt8] = []
        units.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            index += 1
            guard byte == UInt8(ascii: "\\") else {
                units.append(byte)
                continue
            }
            guard index < bytes.endIndex else {
                return nil
            }
            let letter = bytes[index]
            index += 1
            switch letter {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): units.append(letter)
            case UInt8(ascii: "b"): units.append(0x08)
            case UInt8(ascii: "f"): units.append(0x0C)
            case UInt8(ascii: "n"): units.append(0x0A)
            case UInt8(ascii: "r"): units.append(0x0D)
            case UInt8(ascii: "t"): units.append(0x09)
            case UInt8(ascii: "u"):
                guard let scalar = scalar(bytes, &index) else {
                    return nil
                }
                units.append(contentsOf: Character(scalar).utf8)
            default: return nil
            }
        }
        return String(decoding: units, as: UTF8.self)
    }

    private static func scalar(_ bytes: ArraySlice<UInt8>, _ index: inout Int) -> Unicode.Scalar? {
        guard let first = hex(bytes, &index) else {
            return nil
        }
        guard (0xD800..<0xDC00).contains(first) else {
            return Unicode.Scalar(first) ?? "\u{FFFD}"
        }
        var after = index
        guard after + 1 < bytes.endIndex, bytes[after] == UInt8(ascii: "\\"),
            bytes[after + 1] == UInt8(ascii: "u")
        else {
            return "\u{FFFD}"
        }
        after += 2
        guard let second = hex(bytes, &after), (0xDC00..<0xE000).contains(second) else {
            return "\u{FFFD}"
        }
        index = after
        return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) ?? "\u{FFFD}"
    }

    private static func hex(_ bytes: ArraySlice<UInt8>, _ index: inout Int) -> UInt32? {
        guard index + 4 <= bytes.endIndex else {
            return nil
        }
        var value: UInt32 = 0
        for byte in bytes[index..<index + 4] {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt32(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"):
                value = value << 4 | UInt32(byte - UInt8(ascii: "a") + 10)
            case UInt8(ascii: "A")...UInt8(ascii: "F"):
                value = value << 4 | UInt32(byte - UInt8(ascii: "A") + 10)
            default: return nil
            }
        }
        index += 4
        return value
    }
}
