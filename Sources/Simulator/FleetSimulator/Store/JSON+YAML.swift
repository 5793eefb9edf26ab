import Yams

extension JSON {
    /// Reads a YAML stream of one or more documents; empty documents are left out.
    ///
    /// Plain scalars become null, booleans or numbers by the rules that kubectl follows; throws what Yams
    /// throws.
    package static func fromYAML(_ text: String) throws -> [JSON] {
        var nodes = try compose_all(yaml: text, .basic)
        var documents: [JSON] = []
        while let node = nodes.next() {
            let document = JSON(node: node)
            if !document.isNull { documents.append(document) }
        }
        // At a mistake the sequence just ends and keeps the error.
        if let error = nodes.error { throw error }
        return documents
    }

    private init(node: Node) {
        switch node {
        case .scalar(let scalar):
            let plain = scalar.style == .plain || scalar.style == .any
            self = plain ? JSON(plain: scalar.string) : .string(scalar.string)
        case .sequence(let sequence):
            self = .array(sequence.map(JSON.init(node:)))
        case .mapping(let mapping):
            var members: [String: JSON] = [:]
            for (key, value) in mapping {
                let name = key.scalar?.string ?? ""
                if name == "<<", key.scalar?.style == .plain, case .object(let merged) = JSON(node: value) {
                    members.merge(merged) { present, _ in present }
                } else {
                    members[name] = JSON(node: value)
                }
            }
            self = .object(members)
        case .alias:
            self = .null
        }
    }

    private init(plain text: String) {
        switch text {
        case "", "~", "null", "Null", "NULL": self = .null
        case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON": self = .bool(true)
        case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF": self = .bool(false)
        default: self = JSON(number: text) ?? .string(text)
        }
    }

    private init?(number text: String) {
        guard let first = text.utf8.first else { return nil }
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard digits.contains(first) || "+-.".utf8.contains(first) else { return nil }
        let unsigned = text.hasPrefix("+") || text.hasPrefix("-") ? text.dropFirst() : text[...]
        let negative = text.hasPrefix("-")
        for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where unsigned.hasPrefix(prefix) {
            guard let number = Int64(unsigned.dropFirst(2), radix: radix) else { return nil }
            self = .int(negative ? -number : number)
            return
        }
        if unsigned.count > 1, unsigned.first == "0", let octal = Int64(unsigned, radix: 8) {
            self = .int(negative ? -octal : octal)
        } else if let number = Int64(text) {
            self = .int(number)
        } else if unsigned.utf8.allSatisfy({ digits.contains($0) || ".eE+-".utf8.contains($0) }),
            let number = Double(text)
        {
            self = .double(number)
        } else {
            return nil
        }
    }
}
