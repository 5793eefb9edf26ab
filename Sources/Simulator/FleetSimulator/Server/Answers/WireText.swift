import Foundation

/// Writes the JSON of the server's own answers, those that are neither objects nor made from them.
enum WireText {
    private static let firstKeys = ["kind", "apiVersion", "metadata", "spec", "status"]

    /// The text of a value; of an object with a kind, that and what belongs to it comes first.
    static func encode(_ value: JSON, indented: Bool = false) -> Data {
        guard !indented, case .object(let members) = value, let kind = members["kind"] else {
            return value.encoded(pretty: indented)
        }
        guard kind != "Status" else { return Presentation.encode(value) }
        let known = firstKeys.filter { members[$0] != nil }
        let rest = members.keys.filter { !known.contains($0) }.sorted()
        var text = Data("{".utf8)
        for key in known + rest {
            guard let member = members[key] else { continue }
            if text.count > 1 { text.append(UInt8(ascii: ",")) }
            text.append(JSON.string(key).encoded())
            text.append(UInt8(ascii: ":"))
            text.append(member.encoded())
        }
        text.append(UInt8(ascii: "}"))
        return text
    }
}
