import Kube
import Yams

extension ObjectValue {
    /// The value that YAML means, as Kubernetes reads it; nil beyond 100 levels or a million values.
    init?(_ node: Node) {
        var budget = 1_000_000
        self.init(node, depth: 0, budget: &budget)
    }

    /// An alias is written out each time: a short text may mean more than any memory holds.
    private init?(_ node: Node, depth: Int, budget: inout Int) {
        budget -= 1
        guard depth < 100, budget > 0 else {
            return nil
        }
        switch node {
        case .scalar(let scalar): self = ObjectValue(scalar)
        case .sequence(let sequence):
            var elements: [ObjectValue] = []
            for element in sequence {
                guard let value = ObjectValue(element, depth: depth + 1, budget: &budget) else {
                    return nil
                }
                elements.append(value)
            }
            self = .list(elements)
        case .mapping(let mapping):
            var members: [String: ObjectValue] = [:]
            var merged: [String: ObjectValue] = [:]
            for (key, element) in mapping {
                guard let name = key.scalar?.string,
                    let value = ObjectValue(element, depth: depth + 1, budget: &budget)
                else {
                    return nil
                }
                if name == "<<", key.scalar?.style == .plain {
                    for part in value.elements ?? [value] {
                        merged.merge(part.members ?? [:]) { first, _ in first }
                    }
                } else {
                    members[name] = value
                }
            }
            self = .object(members.merging(merged) { own, _ in own })
        case .alias: return nil
        }
    }

    private init(_ scalar: Node.Scalar) {
        let text = scalar.string
        guard scalar.style == .plain || scalar.style == .any else {
            self = .string(text)
            return
        }
        switch text {
        case "", "~", "null", "Null", "NULL": self = .null
        case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON": self = .flag(true)
        case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF": self = .flag(false)
        default: self = ObjectValue.number(text) ?? .string(text)
        }
    }

    private static func number(_ text: String) -> ObjectValue? {
        let digits = text.hasPrefix("-") || text.hasPrefix("+") ? text.dropFirst() : text[...]
        guard let first = digits.utf8.first, (0x30...0x39).contains(first) || first == UInt8(ascii: ".")
        else {
            return nil
        }
        let sign = text.hasPrefix("-") ? "-" : ""
        for (prefix, radix) in [("0x", 16), ("0b", 2), ("0o", 8)] where digits.hasPrefix(prefix) {
            return Int64(sign + digits.dropFirst(2), radix: radix).map(ObjectValue.whole)
        }
        // Octal as YAML 1.1 has it: file modes are written so.
        if digits.count > 1, first == UInt8(ascii: "0"),
            digits.utf8.allSatisfy({ (0x30...0x37).contains($0) })
        {
            return Int64(sign + digits, radix: 8).map(ObjectValue.whole)
        }
        if digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            return Int64(text).map(ObjectValue.whole) ?? Double(text).map(ObjectValue.number)
        }
        let isDecimal = digits.utf8.allSatisfy {
            (0x30...0x39).contains($0) || ".eE+-".utf8.contains($0)
        }
        guard isDecimal, let number = Double(text), number.isFinite else {
            return nil
        }
        return .number(number)
    }

    /// The documents of a YAML text, empty ones left out; nil where it does not parse.
    static func documents(_ text: String) -> [ObjectValue]? {
        guard let nodes = Node.documents(text) else {
            return nil
        }
        var values: [ObjectValue] = []
        for node in nodes {
            guard let value = ObjectValue(node) else {
                return nil
            }
            if value != .null {
                values.append(value)
            }
        }
        return values
    }
}

extension Node {
    /// The documents of a YAML text; nil where any of it does not parse, or is nested deeper than any manifest.
    static func documents(_ text: String) -> [Node]? {
        guard KustomizationFile.isShallow(Array(text.utf8)), var sequence = try? Yams.compose_all(yaml: text)
        else {
            return nil
        }
        var nodes: [Node] = []
        while let node = sequence.next() {
            nodes.append(node)
        }
        // What does not parse ends the sequence without a word.
        return sequence.error == nil ? nodes : nil
    }
}
