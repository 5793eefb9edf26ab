/// Which labels an object must have: the parsed form of `labelSelector`.
package struct LabelSelector: Sendable, Equatable {
    /// What one term asks of a label.
    private enum Demand: Sendable, Equatable {
        case present
        case absent
        case oneOf(Set<String>)
        case noneOf(Set<String>)
        case above(Int64)
        case below(Int64)
    }

    private struct Term: Sendable, Equatable {
        let key: String
        let demand: Demand
    }

    private var terms: [Term] = []

    /// Reads a selector such as `app=web,tier in (a,b),!legacy`; throws the 400 of a real server.
    package init(parsing text: String) throws(APIStatus) {
        var tokens = Tokens(text)
        while true {
            guard let token = tokens.peek() else { return }
            guard token == "!" || Tokens.isWord(token) else {
                throw LabelSelector.failure(token, expected: "!, identifier, or 'end of string'")
            }
            terms.append(try LabelSelector.term(&tokens))
            guard let separator = tokens.next() else { return }
            guard separator == "," else {
                throw LabelSelector.failure(separator, expected: "',' or 'end of string'")
            }
            guard let following = tokens.peek(), following == "!" || Tokens.isWord(following) else {
                throw LabelSelector.failure(tokens.peek() ?? "", expected: "identifier after ','")
            }
        }
    }

    /// A selector that asks for exact values of labels.
    package init(labels: [String: String]) {
        terms = labels.sorted { $0.key < $1.key }.map { Term(key: $0.key, demand: .oneOf([$0.value])) }
    }

    /// Whether an object's labels fit.
    package func matches(_ object: JSON) -> Bool {
        guard !terms.isEmpty else { return true }
        let labels = object["metadata"]?["labels"]?.object ?? [:]
        return terms.allSatisfy { term in
            let value = labels[term.key]?.string
            switch term.demand {
            case .present: return value != nil
            case .absent: return value == nil
            case .oneOf(let values): return value.map(values.contains) ?? false
            case .noneOf(let values): return value.map { !values.contains($0) } ?? true
            case .above(let bound): return value.flatMap { Int64($0) }.map { $0 > bound } ?? false
            case .below(let bound): return value.flatMap { Int64($0) }.map { $0 < bound } ?? false
            }
        }
    }

    private static func failure(_ found: String, expected: String) -> APIStatus {
        .badRequest("found '\(found)', expected: \(expected)")
    }

    private static func term(_ tokens: inout Tokens) throws(APIStatus) -> Term {
        do {
            return try requirement(&tokens)
        } catch {
            throw .badRequest("unable to parse requirement: \(error.message)")
        }
    }

    private static func requirement(_ tokens: inout Tokens) throws(APIStatus) -> Term {
        if tokens.peek() == "!" {
            _ = tokens.next()
            return Term(key: try word(&tokens, "identifier"), demand: .absent)
        }
        let key = try word(&tokens, "identifier")
        guard (key.split(separator: "/").last ?? "").utf8.count <= 63 else {
            throw .badRequest("<nil>: Invalid value: \"\(key)\": name part must be no more than 63 bytes")
        }
        guard let sign = tokens.peek(), sign != "," else { return Term(key: key, demand: .present) }
        _ = tokens.next()
        switch sign {
        case "=", "==": return Term(key: key, demand: .oneOf([value(&tokens)]))
        case "!=": return Term(key: key, demand: .noneOf([value(&tokens)]))
        case "in": return Term(key: key, demand: .oneOf(try values(&tokens)))
        case "notin": return Term(key: key, demand: .noneOf(try values(&tokens)))
        case ">", "<":
            guard let bound = Int64(value(&tokens)) else {
                throw .badRequest("for 'Gt', 'Lt' operators, the value must be an integer")
            }
            return Term(key: key, demand: sign == ">" ? .above(bound) : .below(bound))
        default:
            throw failure(sign, expected: "in, notin, =, ==, !=, gt, lt")
        }
    }

    private static func word(_ tokens: inout Tokens, _ expected: String) throws(APIStatus) -> String {
        let token = tokens.next() ?? ""
        guard Tokens.isWord(token) else { throw failure(token, expected: expected) }
        return token
    }

    private static func value(_ tokens: inout Tokens) -> String {
        guard let token = tokens.peek(), Tokens.isWord(token) else { return "" }
        return tokens.next() ?? ""
    }

    private static func values(_ tokens: inout Tokens) throws(APIStatus) -> Set<String> {
        var values: Set<String> = []
        let opening = tokens.next() ?? ""
        guard opening == "(" else { throw failure(opening, expected: "'('") }
        while true {
            values.insert(value(&tokens))
            let separator = tokens.next() ?? ""
            if separator == ")" { return values }
            guard separator == "," else { throw failure(separator, expected: "',', ')' or identifier") }
        }
    }

    /// The words and signs of a selector.
    private struct Tokens {
        private var rest: Substring

        init(_ text: String) {
            rest = text[...]
        }

        static func isWord(_ token: String) -> Bool {
            guard let first = token.first else { return false }
            return !"!=<>(),".contains(first)
        }

        func peek() -> String? {
            var copy = self
            return copy.next()
        }

        mutating func next() -> String? {
            rest = rest.drop(while: \.isWhitespace)
            guard let first = rest.first else { return nil }
            let signs = "!=<>"
            if "(),".contains(first) {
                rest.removeFirst()
                return String(first)
            }
            if signs.contains(first) {
                for sign in ["==", "!="] where rest.hasPrefix(sign) {
                    rest.removeFirst(2)
                    return sign
                }
                rest.removeFirst()
                return String(first)
            }
            let word = rest.prefix { !$0.isWhitespace && !"(),".contains($0) && !signs.contains($0) }
            rest = rest.dropFirst(word.count)
            return String(word)
        }
    }
}
