import Kube
import Text

/// A whole object as YAML for people.
package enum ObjectText {
    /// The lines of an object in JSON; nil where the bytes are no JSON object.
    ///
    /// - Shape: managedFields are left out, data of Secrets and addresses of Providers are masked, and every
    ///   line is harmless.
    package static func lines(_ body: [UInt8]) -> [String]? {
        guard case .object(var root)? = try? ObjectValue(json: body) else {
            return nil
        }
        if case .object(var metadata)? = root["metadata"] {
            metadata["managedFields"] = nil
            root["metadata"] = .object(metadata)
        }
        mask(&root)
        var writer = YAMLWriter()
        writer.write(root, indent: 0)
        return writer.lines.flatMap { Sanitiser.block($0, lineLimit: 2, width: 4000) }
    }

    private static func mask(_ root: inout [String: ObjectValue]) {
        switch root["kind"] {
        case .string("Secret")?:
            for part in ["data", "stringData"] {
                if case .object(let values)? = root[part] {
                    root[part] = .object(values.mapValues { _ in .string("•••") })
                }
            }
        case .string("Provider")?:
            // A webhook's address is often its password.
            if case .object(var spec)? = root["spec"], spec["address"] != nil {
                spec["address"] = .string("•••")
                root["spec"] = .object(spec)
            }
        default: break
        }
    }
}

/// Writes YAML as `kubectl get -o yaml` does, with the well-known keys first.
private struct YAMLWriter {
    private(set) var lines: [String] = []
    private static let first = ["apiVersion", "kind", "metadata", "spec", "data", "status"]

    mutating func write(_ object: [String: ObjectValue], indent: Int, prefix: String? = nil) {
        let keys = object.keys.sorted { left, right in
            guard indent == 0 else {
                return left < right
            }
            let places = [left, right].map { YAMLWriter.first.firstIndex(of: $0) ?? 9 }
            return (places[0], left) < (places[1], right)
        }
        var lead = prefix
        for key in keys {
            guard let value = object[key] else {
                continue
            }
            write(value, after: (lead ?? spaces(indent)) + scalar(key) + ":", indent: indent)
            lead = nil
        }
    }

    private mutating func write(_ value: ObjectValue, after lead: String, indent: Int) {
        switch value {
        case .object(let object) where object.isEmpty: lines.append(lead + " {}")
        case .object(let object):
            lines.append(lead)
            write(object, indent: indent + 2)
        case .list(let list) where list.isEmpty: lines.append(lead + " []")
        case .list(let list):
            lines.append(lead)
            for element in list {
                write(element: element, indent: indent)
            }
        case .string(let text) where text.contains("\n"):
            lines.append(lead + (text.hasSuffix("\n") ? " |" : " |-"))
            let body = text.hasSuffix("\n") ? text.dropLast() : text[...]
            lines += body.split(separator: "\n", omittingEmptySubsequences: false).map {
                spaces(indent + 2) + $0
            }
        default: lines.append(lead + " " + word(value))
        }
    }

    private mutating func write(element: ObjectValue, indent: Int) {
        switch element {
        case .object(let object) where !object.isEmpty:
            write(object, indent: indent + 2, prefix: spaces(indent) + "- ")
        case .list(let list) where !list.isEmpty:
            lines.append(spaces(indent) + "-")
            for inner in list {
                write(element: inner, indent: indent + 2)
            }
        default: write(element, after: spaces(indent) + "-", indent: indent)
        }
    }

    private func word(_ value: ObjectValue) -> String {
        switch value {
        case .null: "null"
        case .flag(let flag): String(flag)
        case .whole(let number): String(number)
        case .number(let number): String(number)
        case .string(let text): scalar(text)
        case .list: "[]"
        case .object: "{}"
        }
    }

    private func spaces(_ count: Int) -> String {
        String(repeating: " ", count: count)
    }

    /// Text as it is where YAML would read it back as text, else in quotes.
    private func scalar(_ text: String) -> String {
        let words: Set = ["", "true", "false", "null", "yes", "no", "on", "off", "~", "y", "n"]
        let isPlain =
            !words.contains(text.lowercased()) && Double(text) == nil
            && text.first.map { $0.isLetter || $0 == "/" || $0 == "." || $0 == "_" || $0.isNumber } == true
            && !text.contains(": ") && !text.contains(" #") && !text.hasSuffix(":") && !text.hasSuffix(" ")
            && text.unicodeScalars.allSatisfy { $0.value >= 0x20 }
            && !(text.first?.isNumber == true && text.contains(":"))
        return isPlain ? text : JSONText.quoted(text)
    }
}
