import Text
import Yams

/// A value of a kubeconfig together with the way to it, so that each complaint can name its place.
struct ConfigField {
    /// Nil where the file says nothing, or `null`.
    let node: Node?
    /// The way from the root, `clusters[prod].server`.
    let key: String
    let file: String
    private let parentLine: Int?

    init(node: Node?, key: String, file: String, parentLine: Int? = nil) {
        self.node = node.flatMap { $0.isNull ? nil : $0 }
        self.key = key
        self.file = file
        self.parentLine = parentLine
    }

    var isPresent: Bool { node != nil }

    func problem(_ message: String) -> KubeconfigProblem {
        KubeconfigProblem(
            file: Sanitiser.line(file),
            line: node?.mark?.line ?? parentLine,
            key: Sanitiser.line(key),
            message: Sanitiser.line(message)
        )
    }

    /// A value below this one; absent where this is no mapping.
    func child(_ name: String) -> ConfigField {
        ConfigField(
            node: node?.mapping?.first { $0.key.scalar?.string == name }?.value,
            key: key.isEmpty ? name : "\(key).\(name)",
            file: file,
            parentLine: node?.mark?.line ?? parentLine
        )
    }

    /// The same value under another name for messages.
    func renamed(_ key: String) -> ConfigField {
        ConfigField(node: node, key: key, file: file, parentLine: parentLine)
    }

    /// Text; empty where absent.
    func text() throws(KubeconfigProblem) -> String {
        guard let node else {
            return ""
        }
        guard let scalar = node.scalar else {
            throw problem("expected text, found \(node.words)")
        }
        guard scalar.isText else {
            throw problem("expected text, found \(node.words): put it in quotes")
        }
        return scalar.string
    }

    /// Text that goes into a header, an argument or an environment: a NUL or line break is an error.
    func singleLine() throws(KubeconfigProblem) -> String {
        let text = try text()
        guard text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else {
            throw problem("holds a control character, such as a line break")
        }
        return text
    }

    func flag() throws(KubeconfigProblem) -> Bool {
        guard let node else {
            return false
        }
        guard let scalar = node.scalar, let value = scalar.truth else {
            throw problem("expected true or false, found \(node.words)")
        }
        return value
    }

    /// The elements of a list; empty where absent.
    func list() throws(KubeconfigProblem) -> [ConfigField] {
        guard let node else {
            return []
        }
        guard let sequence = node.sequence else {
            throw problem("expected a list, found \(node.words)")
        }
        return sequence.enumerated().map { index, element in
            ConfigField(node: element, key: "\(key)[\(index)]", file: file, parentLine: node.mark?.line)
        }
    }

    func texts() throws(KubeconfigProblem) -> [String] {
        var texts: [String] = []
        for element in try list() {
            texts.append(try element.text())
        }
        return texts
    }

    /// The pairs of a mapping in the order of the file; empty where absent.
    func pairs() throws(KubeconfigProblem) -> [(name: String, field: ConfigField)] {
        guard let node else {
            return []
        }
        guard let mapping = node.mapping else {
            throw problem("expected a mapping, found \(node.words)")
        }
        return mapping.map { pair in
            let name = pair.key.scalar?.string ?? ""
            return (name, child(name))
        }
    }

    /// Fails unless this is a mapping or absent.
    func checkMapping() throws(KubeconfigProblem) {
        if let node, node.mapping == nil {
            throw problem("expected a mapping, found \(node.words)")
        }
    }
}

extension Node {
    var isNull: Bool {
        guard let scalar, scalar.style == .plain || scalar.style == .any else {
            return false
        }
        return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }

    /// What the node is, for messages.
    fileprivate var words: String {
        switch self {
        case .mapping: return "a mapping"
        case .sequence: return "a list"
        case .alias: return "an alias"
        case .scalar(let scalar):
            if scalar.isText {
                return "text"
            }
            return scalar.truth == nil
                ? "the number \(scalar.string)" : "the truth value \(scalar.string)"
        }
    }
}

extension Node.Scalar {
    private var isPlain: Bool { style == .plain || style == .any }

    /// True unless YAML takes an unquoted scalar for a number or a truth value.
    var isText: Bool {
        guard isPlain, tag == Tag.implicit else {
            return true
        }
        return truth == nil && !isNumber
    }

    /// The value of an unquoted truth value in the words of YAML 1.1.
    var truth: Bool? {
        guard isPlain else {
            return nil
        }
        switch string {
        case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y": return true
        case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "n", "N": return false
        default: return nil
        }
    }

    /// Whether an unquoted scalar reads as a number.
    var isNumber: Bool {
        guard isPlain, let first = string.utf8.first else {
            return false
        }
        let starts: [UInt8] = [UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: ".")]
        guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) || starts.contains(first) else {
            return false
        }
        let digits = string.filter { $0 != "_" }
        return Double(digits) != nil || [".inf", ".Inf", ".nan", ".NaN"].contains(digits)
    }
}
