import Foundation

/// The notation in which the schemas of the simulated kinds are written, and its reader.
///
/// A type is one of
///
///     s i n b t x *     text, integer, number, truth, time, integer or text, anything
///     s(a|b) s`regex`   one of some words, text of a pattern
///     {a:s b!:i c~:s *} a record: a, the required b, c that is always on the wire, and others (`*`)
///     <s>               an object with free keys
///     [s] [s=] [{…}:k]  a list that is one value, a set, a list told apart by the key k
///     !…                the object that follows is one value
///     #name             a type written elsewhere
///
/// and a field may end in `=value`, which is filled in when it is missing.
struct SchemaNotation {
    /// The place where the text could not be read.
    struct Failure: Error {
        let rest: String
    }

    private let bytes: [UInt8]
    private let named: [String: Schema]
    private var index = 0

    /// Reads one type; `named` holds the types it may refer to.
    static func type(_ text: String, named: [String: Schema] = [:]) throws(Failure) -> Schema {
        var reader = SchemaNotation(bytes: Array(text.utf8), named: named)
        let type = try reader.type()
        reader.skipSpace()
        guard reader.index == reader.bytes.count else { throw reader.failure }
        return type
    }

    private init(bytes: [UInt8], named: [String: Schema]) {
        self.bytes = bytes
        self.named = named
    }

    private var failure: Failure {
        Failure(rest: String(decoding: bytes[index...].prefix(60), as: UTF8.self))
    }

    private mutating func take(_ character: Character) -> Bool {
        guard index < bytes.count, bytes[index] == character.asciiValue else { return false }
        index += 1
        return true
    }

    private mutating func skipSpace() {
        while index < bytes.count, bytes[index] == 0x20 || bytes[index] == 0x0A { index += 1 }
    }

    private mutating func name() -> String {
        let start = index
        while index < bytes.count, UInt8.isNamePart(bytes[index]) { index += 1 }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    private mutating func type() throws(Failure) -> Schema {
        guard index < bytes.count else { throw failure }
        let byte = bytes[index]
        index += 1
        switch byte {
        case UInt8(ascii: "s"): return try text()
        case UInt8(ascii: "t"): return Schema(.string(pattern: nil, words: []))
        case UInt8(ascii: "i"): return Schema(.integer)
        case UInt8(ascii: "n"): return Schema(.number)
        case UInt8(ascii: "b"): return Schema(.boolean)
        case UInt8(ascii: "x"): return Schema(.integerOrString)
        case UInt8(ascii: "*"): return .any
        case UInt8(ascii: "{"): return try recordBody(atomic: false)
        case UInt8(ascii: "<"): return try mapBody(atomic: false)
        case UInt8(ascii: "["): return try listBody()
        case UInt8(ascii: "!"):
            if take("{") { return try recordBody(atomic: true) }
            if take("<") { return try mapBody(atomic: true) }
            throw failure
        case UInt8(ascii: "#"):
            guard let schema = named[name()] else { throw failure }
            return schema
        default:
            index -= 1
            throw failure
        }
    }

    private mutating func text() throws(Failure) -> Schema {
        if take("(") {
            let body = try body(until: ")")
            let words = body.filter { !$0.isWhitespace }.split(separator: "|").map(String.init)
            return Schema(.string(pattern: nil, words: words))
        }
        if take("`") { return Schema(.string(pattern: TextPattern(try body(until: "`")), words: [])) }
        return Schema(.string(pattern: nil, words: []))
    }

    private mutating func body(until end: Character) throws(Failure) -> String {
        let start = index
        while index < bytes.count, bytes[index] != end.asciiValue { index += 1 }
        let body = String(decoding: bytes[start..<index], as: UTF8.self)
        guard take(end) else { throw failure }
        return body
    }

    private mutating func mapBody(atomic: Bool) throws(Failure) -> Schema {
        let element = try type()
        guard take(">") else { throw failure }
        return Schema(.map, atomic: atomic, element: element)
    }

    private mutating func listBody() throws(Failure) -> Schema {
        let element = try type()
        var identity = Schema.ListIdentity.atomic
        if take("=") {
            identity = .set
        } else if take(":") {
            var keys = [name()]
            while take(",") { keys.append(name()) }
            identity = .keys(keys)
        }
        guard take("]") else { throw failure }
        return Schema(.list(identity), element: element)
    }

    private mutating func recordBody(atomic: Bool) throws(Failure) -> Schema {
        var fields: [Schema.Field] = []
        var open = false
        while true {
            skipSpace()
            if take("}") { return Schema(.record(open: open), atomic: atomic, fields: fields) }
            if take("*") {
                open = true
            } else {
                fields.append(try field())
            }
        }
    }

    private mutating func field() throws(Failure) -> Schema.Field {
        let name = name()
        let required = take("!")
        let alwaysPresent = take("~")
        guard !name.isEmpty, take(":") else { throw failure }
        let schema = try type()
        let fallback = take("=") ? try literal() : nil
        return Schema.Field(
            name: name,
            schema: schema,
            required: required,
            alwaysPresent: alwaysPresent,
            fallback: fallback
        )
    }

    private mutating func literal() throws(Failure) -> JSON {
        let start = index
        var depth = 0
        var quoted = false
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") { quoted.toggle() }
            if !quoted {
                if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") { depth += 1 }
                if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") { depth -= 1 }
                if depth < 0 || (depth == 0 && (byte == 0x20 || byte == 0x0A)) { break }
            }
            index += 1
        }
        do {
            return try JSON(parsing: Data(bytes[start..<index]))
        } catch {
            throw failure
        }
    }
}

extension UInt8 {
    /// Whether the byte may stand in the name of a field or type.
    fileprivate static func isNamePart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "$"):
            true
        default: false
        }
    }
}
