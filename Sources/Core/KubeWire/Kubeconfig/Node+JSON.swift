import Kube
import Text
import Yams

extension Node {
    /// The node as JSON text; nil beyond 64 levels or a mebibyte, which aliases reach easily.
    var json: String? {
        var writer = JSONWriter()
        return writer.write(self, depth: 0) ? writer.text : nil
    }
}

private struct JSONWriter {
    private(set) var text = ""

    mutating func write(_ node: Node, depth: Int) -> Bool {
        guard depth < 64, text.utf8.count < 1 << 20 else {
            return false
        }
        switch node {
        case .scalar(let scalar):
            write(scalar, isNull: node.isNull)
        case .sequence(let sequence):
            text += "["
            for (index, element) in sequence.enumerated() {
                text += index == 0 ? "" : ","
                guard write(element, depth: depth + 1) else {
                    return false
                }
            }
            text += "]"
        case .mapping(let mapping):
            text += "{"
            for (index, pair) in mapping.enumerated() {
                text += index == 0 ? "" : ","
                text += JSONText.quoted(pair.key.scalar?.string ?? "") + ":"
                guard write(pair.value, depth: depth + 1) else {
                    return false
                }
            }
            text += "}"
        case .alias:
            return false
        }
        return true
    }

    private mutating func write(_ scalar: Node.Scalar, isNull: Bool) {
        if isNull {
            text += "null"
        } else if let truth = scalar.truth {
            text += truth ? "true" : "false"
        } else if scalar.isNumber, let number = Double(scalar.string), number.isFinite {
            text += Int64(scalar.string).map { String($0) } ?? String(number)
        } else {
            text += JSONText.quoted(scalar.string)
        }
    }
}
