/// A selector of objects by their labels or annotations, as Kubernetes writes it.
///
/// - Source: `labels.Parse`: `app=shop`, `tier!=db`, `env in (a, b)`, `env notin (c)`, `key`, `!key`, `n>3`, all of which
///   must hold. What names a value that an object has not got holds for `!=` and `notin`, and for nothing else.
package struct LabelSelector: Hashable, Sendable {
    private enum Demand: Hashable, Sendable {
        case isOneOf([String])
        case isNoneOf([String])
        case exists
        case isAbsent
        case isGreater(than: Int)
        case isLess(than: Int)
    }

    private struct Requirement: Hashable, Sendable {
        let key: String
        let demand: Demand
    }

    private let requirements: [Requirement]

    /// Reads a selector; nil where Kubernetes would not take it.
    package init?(_ text: String) {
        guard text.utf8.count <= 4_096 else {
            return nil
        }
        var requirements: [Requirement] = []
        for part in LabelSelector.parts(text) {
            guard let requirement = LabelSelector.requirement(part) else {
                return nil
            }
            requirements.append(requirement)
        }
        self.requirements = requirements
    }

    package func matches(_ marks: [String: String]) -> Bool {
        requirements.allSatisfy { requirement in
            let value = marks[requirement.key]
            return switch requirement.demand {
            case .isOneOf(let values): value.map(values.contains) ?? false
            case .isNoneOf(let values): value.map { !values.contains($0) } ?? true
            case .exists: value != nil
            case .isAbsent: value == nil
            case .isGreater(let bound): value.flatMap { Int($0) }.map { $0 > bound } ?? false
            case .isLess(let bound): value.flatMap { Int($0) }.map { $0 < bound } ?? false
            }
        }
    }

    /// The requirements, which commas outside of brackets divide; none of nothing.
    private static func parts(_ text: String) -> [Substring] {
        var depth = 0
        let parts = text.split(omittingEmptySubsequences: false) { character in
            depth += character == "(" ? 1 : character == ")" ? -1 : 0
            return character == "," && depth == 0
        }
        return text.allSatisfy(\.isWhitespace) ? [] : parts
    }

    private static func requirement(_ part: Substring) -> Requirement? {
        let text = trimmed(part)
        if text.hasPrefix("!") {
            return named(trimmed(text.dropFirst()), .isAbsent)
        }
        // A key has none of these characters.
        let key = text.prefix { !"=!<> \t\n(".contains($0) }
        let rest = trimmed(text.dropFirst(key.count))
        if rest.isEmpty {
            return named(key, .exists)
        }
        for sign in ["==", "=", "!="] where rest.hasPrefix(sign) {
            guard let value = value(rest.dropFirst(sign.count)) else {
                return nil
            }
            return named(key, sign == "!=" ? .isNoneOf([value]) : .isOneOf([value]))
        }
        for sign in [">", "<"] where rest.hasPrefix(sign) {
            return Int(trimmed(rest.dropFirst())).flatMap { bound in
                named(key, sign == ">" ? .isGreater(than: bound) : .isLess(than: bound))
            }
        }
        for word in ["in", "notin"] where rest.hasPrefix(word) {
            let list = trimmed(rest.dropFirst(word.count))
            guard list.hasPrefix("("), list.hasSuffix(")"), list.count >= 2 else {
                return nil
            }
            let values = list.dropFirst().dropLast().split(separator: ",", omittingEmptySubsequences: false)
                .map { value($0) }
            guard !values.contains(nil) else {
                return nil
            }
            let known = values.compactMap(\.self)
            return named(key, word == "in" ? .isOneOf(known) : .isNoneOf(known))
        }
        return nil
    }

    private static func named(_ key: Substring, _ demand: Demand) -> Requirement? {
        let parts = key.split(separator: "/", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), parts.allSatisfy({ !$0.isEmpty && isName($0, limit: 253) }),
            parts.last.map({ $0.utf8.count <= 63 }) ?? false
        else {
            return nil
        }
        return Requirement(key: String(key), demand: demand)
    }

    private static func value(_ text: Substring) -> String? {
        let value = trimmed(text)
        return isName(value, limit: 63) ? String(value) : nil
    }

    /// Letters, digits and a few signs, which neither begin nor end it.
    private static func isName(_ text: Substring, limit: Int) -> Bool {
        func isPlain(_ byte: UInt8) -> Bool {
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        }
        let bytes = text.utf8
        guard bytes.count <= limit, bytes.first.map(isPlain) ?? true, bytes.last.map(isPlain) ?? true else {
            return false
        }
        return bytes.allSatisfy {
            isPlain($0) || [UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ".")].contains($0)
        }
    }

    private static func trimmed(_ text: Substring) -> Substring {
        let start = text.drop(while: \.isWhitespace)
        let count = start.reversed().prefix(while: \.isWhitespace).count
        return start.dropLast(count)
    }
}
