extension Schema {
    /// The paths of the fields that no one declared, sorted.
    func unknownFields(of value: JSON) -> [String] {
        unknownPaths(of: value).map { path in
            path.reduce(into: "") { text, step in
                if !text.isEmpty, !step.hasPrefix("[") { text += "." }
                text += step
            }
        }.sorted()
    }

    private var isClosed: Bool {
        guard case .record(let open) = shape else { return false }
        return !open
    }

    private func unknownPaths(of value: JSON) -> [[String]] {
        switch value {
        case .object(let members):
            guard isClosed || element != nil || !fields.isEmpty else { return [] }
            var paths: [[String]] = []
            for (key, child) in members {
                if isClosed, field(key) == nil {
                    paths.append([key])
                } else {
                    paths += member(key).unknownPaths(of: child).map { [key] + $0 }
                }
            }
            return paths
        case .array(let elements):
            guard let element else { return [] }
            return elements.enumerated().flatMap { index, child in
                element.unknownPaths(of: child).map { ["[\(index)]"] + $0 }
            }
        default:
            return []
        }
    }

    /// The value without the fields that no one declared.
    func pruned(_ value: JSON) -> JSON {
        switch value {
        case .object(let members):
            guard isClosed || element != nil || !fields.isEmpty else { return value }
            var kept: [String: JSON] = [:]
            for (key, child) in members where !isClosed || field(key) != nil {
                kept[key] = member(key).pruned(child)
            }
            return .object(kept)
        case .array(let elements):
            guard let element else { return value }
            return .array(elements.map(element.pruned))
        default:
            return value
        }
    }

    /// Whether nothing is wrong with a value; quicker than asking for the causes.
    func allows(_ value: JSON) -> Bool {
        switch (shape, value) {
        case (.record, .object(let members)):
            return requiredFields.allSatisfy { members[$0.name] != nil }
                && members.allSatisfy { key, child in
                    guard let field = field(key) else { return true }
                    return (child.isNull && !field.required) || field.schema.allows(child)
                }
        case (.map, .object(let members)):
            guard let element else { return true }
            return members.values.allSatisfy(element.allows)
        case (.list, .array(let elements)):
            guard let element else { return true }
            return elements.allSatisfy(element.allows)
        case (.string(let pattern, let words), .string(let text)):
            return (words.isEmpty || words.contains(text)) && (pattern?.matches(text) ?? true)
        default:
            return causes(value).isEmpty
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
            (.integerOrString, .int), (.integerOrString, .double), (.integerOrString, .string):
            return []
        default:
            return [wrongType(value, at: path)]
        }
    }

    private func textCauses(
        _ text: String,
        pattern: TextPattern?,
        words: [String],
        at path: String
    ) -> [APIStatus.Cause] {
        if !words.isEmpty, !words.contains(text) {
            return [.unsupported(JSON.string(text).text, words, path)]
        }
        guard let pattern, !pattern.matches(text) else { return [] }
        let sentence = "\(path) in body should match '\(pattern.source)'"
        return [.invalidValue(JSON.string(text).text, sentence, path)]
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
}
