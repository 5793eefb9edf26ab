package import Foundation

extension JSON {
    /// The text as the server sends it: keys sorted, `<`, `>` and `&` escaped; `pretty` indents by two
    /// spaces.
    package func encoded(pretty: Bool = false) -> Data {
        Data(bytes(pretty: pretty))
    }

    /// The text as `encoded` makes it, as bytes; `schema` gives objects the key order of a built-in kind.
    func bytes(pretty: Bool = false, schema: Schema? = nil) -> [UInt8] {
        var writer = JSONWriter(pretty: pretty)
        writer.write(self, schema: schema)
        return writer.bytes
    }

    /// The text as a string.
    package var text: String {
        String(decoding: bytes(), as: UTF8.self)
    }
}

/// A writer of JSON text in the form of Go's encoding/json.
struct JSONWriter {
    private(set) var bytes: [UInt8] = []
    private let pretty: Bool
    private let isSpecial = JSONWriter.isSpecial
    private var depth = 0

    init(pretty: Bool) {
        self.pretty = pretty
        bytes.reserveCapacity(4096)
    }

    mutating func write(_ value: JSON, schema: Schema?) {
        switch value {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .bool(let truth): bytes.append(contentsOf: (truth ? "true" : "false").utf8)
        case .int(let number): bytes.append(contentsOf: String(number).utf8)
        case .double(let number): write(number)
        case .string(let text): write(text)
        case .array(let elements): write(elements, schema: schema)
        case .object(let members): write(members, schema: schema)
        }
    }

    private mutating func write(_ number: Double) {
        guard let whole = Int64(exactly: number), abs(number) < 1e15 else {
            bytes.append(contentsOf: (number.isFinite ? "\(number)" : "null").utf8)
            return
        }
        bytes.append(contentsOf: String(whole).utf8)
    }

    private mutating func write(_ elements: [JSON], schema: Schema?) {
        guard !elements.isEmpty else {
            bytes.append(contentsOf: "[]".utf8)
            return
        }
        let inner = schema?.element
        bytes.append(UInt8(ascii: "["))
        depth += 1
        for (index, element) in elements.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            breakLine()
            write(element, schema: inner)
        }
        depth -= 1
        breakLine()
        bytes.append(UInt8(ascii: "]"))
    }

    private mutating func write(_ members: [String: JSON], schema: Schema?) {
        guard !members.isEmpty else {
            bytes.append(contentsOf: "{}".utf8)
            return
        }
        bytes.append(UInt8(ascii: "{"))
        depth += 1
        var first = true
        if let schema, case .record = schema.shape {
            var written = 0
            for field in schema.fields {
                guard let value = members[field.name] else { continue }
                write(field.name, value, field.schema, &first)
                written += 1
            }
            if written < members.count {
                for key in members.keys.sorted() where schema.field(key) == nil {
                    write(key, members[key] ?? .null, nil, &first)
                }
            }
        } else {
            let inner = schema?.element
            for (key, value) in members.sorted(by: { $0.key < $1.key }) {
                write(key, value, inner, &first)
            }
        }
        depth -= 1
        breakLine()
        bytes.append(UInt8(ascii: "}"))
    }

    private mutating func write(_ key: String, _ value: JSON, _ schema: Schema?, _ first: inout Bool) {
        if !first { bytes.append(UInt8(ascii: ",")) }
        first = false
        breakLine()
        write(key)
        bytes.append(UInt8(ascii: ":"))
        if pretty { bytes.append(UInt8(ascii: " ")) }
        write(value, schema: schema)
    }

    private mutating func breakLine() {
        guard pretty else { return }
        bytes.append(UInt8(ascii: "\n"))
        for _ in 0..<depth { bytes.append(contentsOf: "  ".utf8) }
    }

    private mutating func write(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        let start = bytes.count
        var plain = true
        for byte in text.utf8 {
            bytes.append(byte)
            if isSpecial[Int(byte)] { plain = false }
        }
        if !plain {
            bytes.removeLast(bytes.count - start)
            writeEscaped(text)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func writeEscaped(_ text: String) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": bytes.append(contentsOf: "\\\"".utf8)
            case "\\": bytes.append(contentsOf: "\\\\".utf8)
            case "\n": bytes.append(contentsOf: "\\n".utf8)
            case "\r": bytes.append(contentsOf: "\\r".utf8)
            case "\t": bytes.append(contentsOf: "\\t".utf8)
            case "\u{8}": bytes.append(contentsOf: "\\b".utf8)
            case "\u{C}": bytes.append(contentsOf: "\\f".utf8)
            case "<", ">", "&", "\u{2028}", "\u{2029}", "\u{0}"..."\u{1F}":
                let digits = String(scalar.value, radix: 16)
                bytes.append(contentsOf: "\\u".utf8)
                for _ in digits.count..<4 { bytes.append(UInt8(ascii: "0")) }
                bytes.append(contentsOf: digits.utf8)
            default: bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            }
        }
    }

    /// Bytes that may need an escape; 0xE2 begins the two line separators that do.
    private static let isSpecial: [Bool] = (0..<256).map { byte in
        byte < 0x20 || byte == 0xE2 || "\"\\<>&".utf8.contains(UInt8(byte))
    }
}
