/// Which fields an object must have: the parsed form of `fieldSelector`.
package struct FieldSelector: Sendable, Equatable {
    private struct Term: Sendable, Equatable {
        let field: String
        let path: [String]
        let value: String
        let equal: Bool
    }

    private var terms: [Term] = []

    /// Reads a selector such as `metadata.name=a`; throws the 400 of a real server for fields the kind lacks.
    package init(parsing text: String, type: ResourceType) throws(APIStatus) {
        for part in FieldSelector.split(text) where !part.isEmpty {
            guard let (field, sign, value) = FieldSelector.term(part) else {
                throw .badRequest("invalid selector: '\(text)'; can't understand '\(part)'")
            }
            guard let path = FieldSelector.path(field, of: type) else {
                throw .badRequest("field label not supported: \(field)")
            }
            terms.append(Term(field: field, path: path, value: value, equal: sign != "!="))
        }
    }

    /// Whether an object's fields fit; a missing field counts as the empty text.
    package func matches(_ object: JSON) -> Bool {
        terms.allSatisfy { term in
            let text: String
            switch object.value(at: term.path) {
            case .string(let value)?: text = value
            case nil, .null?: text = ""
            case .some(let other): text = other.text
            }
            return (text == term.value) == term.equal
        }
    }

    /// The name that the selector asks for, when it asks for one.
    var name: String? {
        terms.first { $0.field == "metadata.name" && $0.equal }?.value
    }

    /// Splits at commas that no backslash escapes.
    private static func split(_ text: String) -> [String] {
        var parts: [String] = [""]
        var escaped = false
        for character in text {
            if character == ",", !escaped {
                parts.append("")
            } else {
                parts[parts.count - 1].append(character)
            }
            escaped = character == "\\" && !escaped
        }
        return parts
    }

    private static func term(_ part: String) -> (field: String, sign: String, value: String)? {
        var index = part.startIndex
        while index < part.endIndex {
            let rest = part[index...]
            if rest.first == "\\" {
                index = part.index(after: index)
            } else if let sign = ["!=", "==", "="].first(where: { rest.hasPrefix($0) }) {
                let value = rest.dropFirst(sign.count)
                return (String(part[..<index]), sign, unescaped(value))
            }
            guard index < part.endIndex else { return nil }
            index = part.index(after: index)
        }
        return nil
    }

    private static func unescaped(_ value: Substring) -> String {
        var result = ""
        var escaped = false
        for character in value {
            if character == "\\", !escaped {
                escaped = true
            } else {
                result.append(character)
                escaped = false
            }
        }
        return result
    }

    private static func path(_ field: String, of type: ResourceType) -> [String]? {
        let path = field.split(separator: ".").map(String.init)
        if field == "metadata.name" || field == "metadata.namespace" { return path }
        guard type.builtIn, fields[type.plural]?.contains(field) == true else { return nil }
        return switch (type.plural, field) {
        case ("events", "source"): ["source", "component"]
        case ("namespaces", "name"): ["metadata", "name"]
        default: path
        }
    }

    /// The fields that built-in kinds offer beside name and namespace.
    private static let fields: [String: Set<String>] = [
        "events": [
            "involvedObject.kind", "involvedObject.namespace", "involvedObject.name", "involvedObject.uid",
            "involvedObject.apiVersion", "involvedObject.resourceVersion", "involvedObject.fieldPath",
            "reason",
            "reportingComponent", "source", "type",
        ],
        "namespaces": ["name", "status.phase"],
        "nodes": ["spec.unschedulable"],
        "pods": [
            "spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName",
            "spec.hostNetwork", "status.phase", "status.podIP", "status.nominatedNodeName",
        ],
        "secrets": ["type"],
        "services": ["spec.clusterIP", "spec.type"],
        "jobs": ["status.successful"],
        "replicasets": ["status.replicas"],
    ]
}
