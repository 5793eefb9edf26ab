package import Foundation

extension JSON {
    /// Reads JSON text; of a key written twice the last value counts.
    ///
    /// Throws a 400 whose message is `context` and the words of a real server's parser.
    package init(parsing data: Data, context: String = "") throws(APIStatus) {
        var reader = JSONReader([UInt8](data))
        self = try JSON.read(&reader, context: context)
    }

    /// Reads JSON text and tells the paths of keys that were written twice, such as `metadata.annotations.a`.
    package static func parse(
        _ data: Data,
        duplicates: inout [String],
        context: String = ""
    ) throws(APIStatus) -> JSON {
        var reader = JSONReader([UInt8](data))
        reader.noticesDuplicates = true
        let value = try read(&reader, context: context)
        duplicates = reader.duplicates
        return value
    }

    private static func read(_ reader: inout JSONReader, context: String) throws(APIStatus) -> JSON {
        do {
            return try reader.document()
        } catch {
            throw .badRequest(context + error.message)
        }
    }
}

/// A strict reader of JSON text that fails in the words of Go's encoding/json.
struct JSONReader {
    /// Why the text is no JSON.
    struct Failure: Error {
        let message: String
    }

    private let bytes: [UInt8]
    private var index = 0
    private var depth = 0
    private var path: [String] = []
    var noticesDuplicates = false
    private(set) var duplicates: [String] = []

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func document() throws(Failure) -> JSON {
        let value = try value()
        skipSpace()
        guard index == bytes.count else { throw unexpected("after top-level value") }
        return value
    }

    private mutating func skipSpace() {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x0A, 0x0D, 0x09: index += 1
            default: return
            }
        }
    }

    private func unexpected(_ place: String) -> Failure {
        guard index < bytes.count else { return Failure(message: "unexpected end of JSON input") }
        let byte = bytes[index]
        let shown =
            switch byte {
            case UInt8(ascii: "'"): "'\\''"
            case UInt8(ascii: "\""): "'\"'"
            case 0x20..<0x7F: "'\(Character(UnicodeScalar(byte)))'"
            case 0x0A: "'\\n'"
            case 0x09: "'\\t'"
            case 0x0D: "'\\r'"
            default:
                "'\\" + (byte < 0x80 ? "x" : "u00") + (byte < 16 ? "0" : "") + String(byte, radix: 16) + "'"
            }
        return Failure(message: "invalid character \(shown) \(place)")
    }

    private mutating func value() throws(Failure) -> JSON {
        skipSpace()
        guard index < bytes.count else { throw unexpected("") }
        depth += 1
        defer { depth -= 1 }
        guard depth < 512 else { throw Failure(message: "exceeded max depth") }
        switch bytes[index] {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw unexpected("looking for beginning of value")
        }
    }

    private mutating func word(_ text: StaticString, _ value: JSON) throws(Failure) -> JSON {
        for expected in text.description.utf8 {
            guard index < bytes.count, bytes[index] == expected else {
                throw unexpected("in literal \(text)")
            }
            index += 1
        }
        return value
    }

    private mutating func object() throws(Failure) -> JSON {
        index += 1
        skipSpace()
        var members: [String: JSON] = [:]
        if index < bytes.count, bytes[index] == UInt8(ascii: "}") {
            index += 1
            return .object(members)
        }
        while true {
            skipSpace()
            guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else {
                throw unexpected("looking for beginning of object key string")
            }
            let key = try string()
            skipSpace()
            guard index < bytes.count, bytes[index] == UInt8(ascii: ":") else {
                throw unexpected("after object key")
            }
            index += 1
            if noticesDuplicates {
                path.append(key)
                if members[key] != nil { duplicates.append(path.joined(separator: ".")) }
            }
            members[key] = try value()
            if noticesDuplicates { path.removeLast() }
            skipSpace()
            guard index < bytes.count else { throw unexpected("") }
            switch bytes[index] {
            case UInt8(ascii: ","): index += 1
            case UInt8(ascii: "}"):
                index += 1
                return .object(members)
            default: throw unexpected("after object key:value pair")
            }
        }
    }

    private mutating func array() throws(Failure) -> JSON {
        index += 1
        skipSpace()
        var elements: [JSON] = []
        if index < bytes.count, bytes[index] == UInt8(ascii: "]") {
            index += 1
            return .array(elements)
        }
        while true {
            elements.append(try value())
            skipSpace()
            guard index < bytes.count else { throw unexpected("") }
            switch bytes[index] {
            case UInt8(ascii: ","): index += 1
            case UInt8(ascii: "]"):
                index += 1
                return .array(elements)
            default: throw unexpected("after array element")
            }
        }
    }

    private mutating func number() throws(Failure) -> JSON {
        let start = index
        var fractional = false
        if bytes[index] == UInt8(ascii: "-") { index += 1 }
        guard index < bytes.count, isDigit(bytes[index]) else { throw unexpected("in numeric literal") }
        if bytes[index] == UInt8(ascii: "0") {
            index += 1
        } else {
            skipDigits()
        }
        if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
            fractional = true
            index += 1
            guard index < bytes.count, isDigit(bytes[index]) else {
                throw unexpected("after decimal point in numeric literal")
            }
            skipDigits()
        }
        if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
            fractional = true
            index += 1
            if index < bytes.count, bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-") {
                index += 1
            }
            guard index < bytes.count, isDigit(bytes[index]) else {
                throw unexpected("in exponent of numeric literal")
            }
            skipDigits()
        }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        if !fractional, let number = Int64(text) { return .int(number) }
        return .double(Double(text) ?? 0)
    }

    private func isDigit(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }

    private mutating func skipDigits() {
        while index < bytes.count, isDigit(bytes[index]) { index += 1 }
    }

    private mutating func string() throws(Failure) -> String {
        index += 1
        let start = index
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                let text = String(decoding: bytes[start..<index], as: UTF8.self)
                index += 1
                return text
            case UInt8(ascii: "\\"):
                return try escapedString(from: start)
            case 0..<0x20:
                throw unexpected("in string literal")
            default:
                index += 1
            }
        }
        throw unexpected("")
    }

    private mutating func escapedString(from start: Int) throws(Failure) -> String {
        var text = [UInt8](bytes[start..<index])
        while index < bytes.count {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: "\""):
                index += 1
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                index += 1
                try escape(into: &text)
            case 0..<0x20:
                throw unexpected("in string literal")
            default:
                text.append(byte)
                index += 1
            }
        }
        throw unexpected("")
    }

    private mutating func escape(into text: inout [UInt8]) throws(Failure) {
        guard index < bytes.count else { throw unexpected("") }
        let byte = bytes[index]
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "u"):
            index += 1
            let scalar = try unicodeEscape()
            text.append(contentsOf: Character(scalar).utf8)
            return
        default: throw unexpected("in string escape code")
        }
        index += 1
    }

    private mutating func unicodeEscape() throws(Failure) -> UnicodeScalar {
        let replacement: UnicodeScalar = "\u{FFFD}"
        let first = try hexadecimal()
        if let scalar = UnicodeScalar(first) { return scalar }
        guard first < 0xDC00, index + 1 < bytes.count, bytes[index] == UInt8(ascii: "\\"),
            bytes[index + 1] == UInt8(ascii: "u")
        else { return replacement }
        let afterFirst = index
        index += 2
        let second = try hexadecimal()
        guard (0xDC00..<0xE000).contains(second) else {
            index = afterFirst
            return replacement
        }
        return UnicodeScalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)) ?? replacement
    }

    private mutating func hexadecimal() throws(Failure) -> UInt32 {
        var number: UInt32 = 0
        for _ in 0..<4 {
            guard index < bytes.count, let digit = Character(UnicodeScalar(bytes[index])).hexDigitValue else {
                throw unexpected("in \\u hexadecimal character escape")
            }
            number = number << 4 | UInt32(digit)
            index += 1
        }
        return number
    }
}
