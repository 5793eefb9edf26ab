/// A JSON text taken apart in one pass: where its values begin and end, and which value follows which.
///
/// Objects of a cluster are read for a few of their fields, and a page holds hundreds of them. Building a
/// dictionary for every object in it, as a general decoder must, costs ten times what the fields do.
/// - Shape: any bytes give a tape or a fault; strings are checked for their end, and for the rest when read.
/// - Units: at most 2 GiB and 200 levels.
package final class JSONTape: Sendable {
    /// Why a text is no JSON.
    package enum Fault: Error, Equatable {
        case tooLarge, tooDeep, malformed
    }

    enum Kind: UInt8 {
        case object, array, string, escapedString, number, yes, no, null
    }

    /// One value: its kind, its bytes (of a string without the quotes), and the token after all it holds.
    struct Token {
        let kind: Kind
        let start: Int32
        var end: Int32
        var next: Int32
    }

    let bytes: [UInt8]
    let tokens: [Token]

    /// Takes a text apart; members named `skipped` are stepped over and read as absent.
    ///
    /// - Throws: a fault where it is no JSON.
    package init(_ bytes: [UInt8], skipping skipped: String = "managedFields") throws(Fault) {
        guard bytes.count < Int32.max else {
            throw .tooLarge
        }
        var builder = Builder(skipped: Array(skipped.utf8))
        try builder.build(bytes.span)
        self.bytes = bytes
        tokens = builder.tokens
    }
}

/// Walks through the bytes once; no function keeps the span, it is handed on.
private struct Builder {
    private let skipped: [UInt8]
    private(set) var tokens: [JSONTape.Token] = []
    private var position = 0
    private static let deepest = 200

    init(skipped: [UInt8]) {
        self.skipped = skipped
    }

    mutating func build(_ bytes: Span<UInt8>) throws(JSONTape.Fault) {
        // About one value for twelve bytes in what API servers send.
        tokens.reserveCapacity(bytes.count / 12 + 4)
        try value(bytes, depth: 0)
        skipSpaces(bytes)
        guard position == bytes.count else {
            throw .malformed
        }
    }

    private mutating func skipSpaces(_ bytes: Span<UInt8>) {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    /// The next byte that is no space, without stepping over it.
    private mutating func peek(_ bytes: Span<UInt8>) throws(JSONTape.Fault) -> UInt8 {
        skipSpaces(bytes)
        guard position < bytes.count else {
            throw .malformed
        }
        return bytes[position]
    }

    private mutating func value(_ bytes: Span<UInt8>, depth: Int) throws(JSONTape.Fault) {
        guard depth < Builder.deepest else {
            throw .tooDeep
        }
        switch try peek(bytes) {
        case UInt8(ascii: "{"): try object(bytes, depth: depth)
        case UInt8(ascii: "["): try array(bytes, depth: depth)
        case UInt8(ascii: "\""): try string(bytes)
        case UInt8(ascii: "t"): try word(bytes, "true", .yes)
        case UInt8(ascii: "f"): try word(bytes, "false", .no)
        case UInt8(ascii: "n"): try word(bytes, "null", .null)
        default: try number(bytes)
        }
    }

    private mutating func object(_ bytes: Span<UInt8>, depth: Int) throws(JSONTape.Fault) {
        let own = open(.object)
        if try peek(bytes) == UInt8(ascii: "}") {
            close(own)
            return
        }
        while true {
            guard try peek(bytes) == UInt8(ascii: "\"") else {
                throw .malformed
            }
            let key = tokens.count
            try string(bytes)
            guard try peek(bytes) == UInt8(ascii: ":") else {
                throw .malformed
            }
            position += 1
            if isSkipped(tokens[key], bytes) {
                tokens.removeLast()
                try stepOver(bytes)
            } else {
                try value(bytes, depth: depth + 1)
            }
            switch try peek(bytes) {
            case UInt8(ascii: ","): position += 1
            case UInt8(ascii: "}"):
                close(own)
                return
            default: throw .malformed
            }
        }
    }

    private mutating func array(_ bytes: Span<UInt8>, depth: Int) throws(JSONTape.Fault) {
        let own = open(.array)
        if try peek(bytes) == UInt8(ascii: "]") {
            close(own)
            return
        }
        while true {
            try value(bytes, depth: depth + 1)
            switch try peek(bytes) {
            case UInt8(ascii: ","): position += 1
            case UInt8(ascii: "]"):
                close(own)
                return
            default: throw .malformed
            }
        }
    }

    private mutating func open(_ kind: JSONTape.Kind) -> Int {
        tokens.append(JSONTape.Token(kind: kind, start: Int32(position), end: 0, next: 0))
        position += 1
        return tokens.count - 1
    }

    private mutating func close(_ index: Int) {
        position += 1
        tokens[index].end = Int32(position)
        tokens[index].next = Int32(tokens.count)
    }

    private mutating func append(_ kind: JSONTape.Kind, from start: Int, to end: Int) {
        tokens.append(
            JSONTape.Token(kind: kind, start: Int32(start), end: Int32(end), next: Int32(tokens.count + 1))
        )
    }

    private mutating func string(_ bytes: Span<UInt8>) throws(JSONTape.Fault) {
        position += 1
        let start = position
        var kind = JSONTape.Kind.string
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                append(kind, from: start, to: position)
                position += 1
                return
            }
            if byte == UInt8(ascii: "\\") {
                kind = .escapedString
                position += 1
            } else if byte < 0x20 {
                throw .malformed
            }
            position += 1
        }
        throw .malformed
    }

    private mutating func word(
        _ bytes: Span<UInt8>,
        _ text: StaticString,
        _ kind: JSONTape.Kind
    ) throws(JSONTape.Fault) {
        let count = text.utf8CodeUnitCount
        guard position + count <= bytes.count else {
            throw .malformed
        }
        var index = position
        for scalar in text.description.utf8 {
            guard bytes[index] == scalar else {
                throw .malformed
            }
            index += 1
        }
        append(kind, from: position, to: index)
        position = index
    }

    private mutating func number(_ bytes: Span<UInt8>) throws(JSONTape.Fault) {
        let start = position
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"),
                UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
                position += 1
                continue
            default: break
            }
            break
        }
        guard position > start else {
            throw .malformed
        }
        append(.number, from: start, to: position)
    }

    private func isSkipped(_ key: JSONTape.Token, _ bytes: Span<UInt8>) -> Bool {
        guard key.kind == .string, Int(key.end - key.start) == skipped.count else {
            return false
        }
        var index = Int(key.start)
        for byte in skipped {
            guard bytes[index] == byte else {
                return false
            }
            index += 1
        }
        return true
    }

    /// Steps over a value by its brackets alone.
    private mutating func stepOver(_ bytes: Span<UInt8>) throws(JSONTape.Fault) {
        var depth = 0
        var isBegun = false
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                isBegun = true
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                guard depth > 0 else {
                    guard isBegun else {
                        throw .malformed
                    }
                    return
                }
                depth -= 1
            case UInt8(ascii: "\""):
                try stepOverString(bytes)
                isBegun = true
                continue
            case UInt8(ascii: ",") where depth == 0 && isBegun:
                return
            case 0x20, 0x0A, 0x0D, 0x09: break
            default: isBegun = true
            }
            position += 1
        }
        throw .malformed
    }

    private mutating func stepOverString(_ bytes: Span<UInt8>) throws(JSONTape.Fault) {
        position += 1
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                position += 1
                return
            case UInt8(ascii: "\\"): position += 2
            default: position += 1
            }
        }
        throw .malformed
    }
}
