import Foundation

/// The small JSONPath that printer columns use: `.a.b`, `['a.b']`, `[0]` and `[?(@.type=="Ready")]`.
struct PrinterPath: Sendable, Equatable {
    private enum Step: Sendable, Equatable {
        case key(String)
        case index(Int)
        case wildcard
        case filter(path: [String], value: String)
    }

    private let steps: [Step]

    /// Reads a path; nil for a text that is none.
    init?(_ text: String) {
        var steps: [Step] = []
        var rest = text[...]
        if rest.hasPrefix("{") { rest = rest.dropFirst() }
        if rest.hasSuffix("}") { rest = rest.dropLast() }
        if rest.hasPrefix("$") { rest = rest.dropFirst() }
        while let first = rest.first {
            rest.removeFirst()
            if first == "[" {
                guard let end = PrinterPath.closing(rest), let step = PrinterPath.bracket(rest[..<end]) else {
                    return nil
                }
                steps.append(step)
                rest = rest[rest.index(after: end)...]
            } else if first == "." {
                let key = PrinterPath.key(&rest)
                if !key.isEmpty { steps.append(.key(key)) }
            } else {
                return nil
            }
        }
        self.steps = steps
    }

    /// The first value at the path.
    func value(in object: JSON) -> JSON? {
        values(in: object).first
    }

    /// All values at the path.
    func values(in object: JSON) -> [JSON] {
        steps.reduce([object]) { values, step in
            values.flatMap { value -> [JSON] in
                switch step {
                case .key(let key): return value[key].map { [$0] } ?? []
                case .index(let index):
                    let elements = value.array ?? []
                    return value[index < 0 ? elements.count + index : index].map { [$0] } ?? []
                case .wildcard: return value.array ?? value.object.map { Array($0.values) } ?? []
                case .filter(let path, let wanted):
                    return (value.array ?? []).filter { $0.value(at: path)?.string == wanted }
                }
            }
        }
    }

    /// A key up to the next dot or bracket; a backslash keeps what follows.
    private static func key(_ rest: inout Substring) -> String {
        var key = ""
        while let character = rest.first, character != ".", character != "[" {
            rest.removeFirst()
            if character == "\\", let escaped = rest.first {
                key.append(escaped)
                rest.removeFirst()
            } else {
                key.append(character)
            }
        }
        return key
    }

    /// The bracket that closes, outside quotes.
    private static func closing(_ text: Substring) -> Substring.Index? {
        var quote: Character?
        for index in text.indices {
            let character = text[index]
            if let open = quote {
                if character == open { quote = nil }
            } else if character == "\"" || character == "'" {
                quote = character
            } else if character == "]" {
                return index
            }
        }
        return nil
    }

    private static func bracket(_ text: Substring) -> Step? {
        if text == "*" { return .wildcard }
        if let index = Int(text) { return .index(index) }
        if text.hasPrefix("?(@"), text.hasSuffix(")") {
            let body = text.dropFirst(3).dropLast()
            guard let sign = body.range(of: "==") else { return nil }
            let path = body[..<sign.lowerBound].split(separator: ".").map { $0.filter { $0 != " " } }
            return .filter(path: path, value: unquoted(body[sign.upperBound...]))
        }
        guard let quote = text.first, quote == "'" || quote == "\"" else { return nil }
        return .key(unquoted(text))
    }

    private static func unquoted(_ text: Substring) -> String {
        String(text.drop { $0 == " " || $0 == "'" || $0 == "\"" }.prefix { $0 != "'" && $0 != "\"" })
    }
}
