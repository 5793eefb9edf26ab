import Foundation

extension Schema {
    /// A value without the fields that no one declared, and their paths.
    func pruned(_ value: JSON) -> (value: JSON, unknown: [String]) {
        var unknown: [String] = []
        let kept = prune(value, at: "", &unknown)
        return (kept, unknown.sorted())
    }

    private func prune(_ value: JSON, at path: String, _ unknown: inout [String]) -> JSON {
        switch value {
        case .object(var members):
            var closed = false
            if case .record(let open) = shape { closed = !open }
            guard closed || element != nil || !fields.isEmpty else { return value }
            for (key, child) in members {
                let inner = path.isEmpty ? key : "\(path).\(key)"
                if closed, field(key) == nil {
                    members[key] = nil
                    unknown.append(inner)
                } else if child.object != nil || child.array != nil {
                    members[key] = member(key).prune(child, at: inner, &unknown)
                }
            }
            return .object(members)
        case .array(let elements):
            guard let element else { return value }
            return .array(
                elements.enumerated().map { element.prune($1, at: "\(path)[\($0)]", &unknown) }
            )
        default:
            return value
        }
    }

    /// What is wrong with a value, field by field.
    func causes(_ value: JSON, at path: String = "") -> [APIStatus.Cause] {
        switch (shape, value) {
        case (.record, .object(let members)):
            var causes: [APIStatus.Cause] = []
            for field in fields {
                let inner = path.isEmpty ? field.name : "\(path).\(field.name)"
                if let child = members[field.name], !(child.isNull && !field.required) {
                    causes += field.schema.causes(child, at: inner)
                } else if field.required {
                    causes.append(.required(inner))
                }
            }
            return causes
        case (.map, .object(let members)):
            guard let element else { return [] }
            return members.sorted { $0.key < $1.key }.flatMap { element.causes($1, at: "\(path).\($0)") }
        case (.list, .array(let elements)):
            guard let element else { return [] }
            return elements.enumerated().flatMap { element.causes($1, at: "\(path)[\($0)]") }
        case (.string(let pattern, let words), .string(let text)):
            return textCauses(text, pattern: pattern, words: words, at: path)
        case (.any, _), (.integer, .int), (.number, .int), (.number, .double), (.boolean, .bool),
            (.integerOrString, .int), (.integerOrString, .string):
            return []
        default:
            return [wrongType(value, at: path)]
        }
    }

    private func textCauses(
        _ text: String,
        pattern: String?,
        words: [String],
        at path: String
    ) -> [APIStatus.Cause] {
        if !words.isEmpty, !words.contains(text) {
            return [.unsupported(JSON.string(text).text, words, path)]
        }
        guard let pattern, !Schema.matches(text, pattern) else { return [] }
        return [.invalidValue(JSON.string(text).text, "\(path) in body should match '\(pattern)'", path)]
    }

    private func wrongType(_ value: JSON, at path: String) -> APIStatus.Cause {
        let given =
            switch value {
            case .null: "null"
            case .bool: "boolean"
            case .int: "integer"
            case .double: "number"
            case .string: "string"
            case .array: "array"
            case .object: "object"
            }
        return APIStatus.Cause(
            reason: "FieldValueTypeInvalid",
            message: "Invalid value: \"\(given)\": \(path) in body must be of type \(typeName): \"\(given)\"",
            field: path
        )
    }

    private var typeName: String {
        switch shape {
        case .any, .record, .map: "object"
        case .string: "string"
        case .integer: "integer"
        case .number: "number"
        case .boolean: "boolean"
        case .integerOrString: "integer or string"
        case .list: "array"
        }
    }

    /// Whether a text matches a pattern of a schema anywhere.
    private static func matches(_ text: String, _ pattern: String) -> Bool {
        if pattern == duration { return isDuration(text, units: ["ms", "s", "m", "h"]) }
        if pattern == timeout { return isDuration(text, units: ["ms", "s", "m"]) }
        return text.range(of: pattern, options: .regularExpression) != nil
    }

    private static let duration = #"^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$"#
    private static let timeout = #"^([0-9]+(\.[0-9]+)?(ms|s|m))+$"#

    /// The pattern of durations without a regular expression, because every write checks some.
    private static func isDuration(_ text: String, units: [String]) -> Bool {
        var rest = text[...]
        repeat {
            let whole = rest.prefix { $0.isASCII && $0.isNumber }
            guard !whole.isEmpty else { return false }
            rest = rest.dropFirst(whole.count)
            if rest.first == "." {
                let fraction = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }
                guard !fraction.isEmpty else { return false }
                rest = rest.dropFirst(fraction.count + 1)
            }
            guard let unit = units.first(where: { rest.hasPrefix($0) }) else { return false }
            rest = rest.dropFirst(unit.count)
        } while !rest.isEmpty
        return true
    }
}
