/// Replaces `${name}` in built objects, as `spec.postBuild` asks for.
struct VariableSubstitution {
    let variables: [String: String]

    /// The object with its variables filled in; objects that opt out come back as they were.
    func applied(to object: JSON) -> JSON {
        let mark = "kustomize.toolkit.fluxcd.io/substitute"
        guard object.label(mark) != "disabled", object.annotation(mark) != "disabled" else { return object }
        return substituted(object)
    }

    private func substituted(_ value: JSON) -> JSON {
        switch value {
        case .string(let text):
            guard text.contains("$") else { return value }
            let result = expand(text)
            return result == text ? value : Self.scalar(result, wasPlain: !text.contains("\n"))
        case .array(let elements):
            return .array(elements.map(substituted))
        case .object(let members):
            return .object(members.mapValues(substituted))
        default:
            return value
        }
    }

    /// The text with `${a}`, `${a:=default}` and `${a:-default}` replaced; `$${a}` stays `${a}`.
    func expand(_ text: String) -> String {
        var result = ""
        var rest = Substring(text)
        while let dollar = rest.firstIndex(of: "$") {
            result += rest[..<dollar]
            rest = rest[rest.index(after: dollar)...]
            if rest.hasPrefix("${") {
                result += "${"
                rest = rest.dropFirst(2)
            } else if rest.hasPrefix("{"), let end = rest.firstIndex(of: "}"),
                let replacement = replacement(for: rest[rest.index(after: rest.startIndex)..<end])
            {
                result += replacement
                rest = rest[rest.index(after: end)...]
            } else {
                result += "$"
            }
        }
        return result + rest
    }

    private func replacement(for expression: Substring) -> String? {
        let name = expression.prefix { $0 == "_" || ($0.isASCII && ($0.isLetter || $0.isNumber)) }
        guard let first = name.first, !first.isNumber else { return nil }
        let rest = expression.dropFirst(name.count)
        let value = variables[String(name)]
        if rest.isEmpty { return value ?? "" }
        if rest.hasPrefix(":=") || rest.hasPrefix(":-") {
            return value.flatMap { $0.isEmpty ? nil : $0 } ?? String(rest.dropFirst(2))
        }
        if rest.hasPrefix("=") || rest.hasPrefix("-") { return value ?? String(rest.dropFirst()) }
        return nil
    }

    /// The value that YAML reads from the text: the controller replaces in YAML, where `${n}` stands unquoted,
    /// so a variable holding `3` becomes a number.
    private static func scalar(_ text: String, wasPlain: Bool) -> JSON {
        guard wasPlain else { return .string(text) }
        if let number = Int64(text), String(number) == text { return .int(number) }
        switch text {
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        case "null", "~", "": return .null
        default: break
        }
        if text.contains("."), !text.hasSuffix("."), let number = Double(text), "\(number)" == text {
            return .double(number)
        }
        return .string(text)
    }
}
