import Foundation

/// Writes JSON as a real server does where the order of the outermost keys is fixed by its types.
enum WireText {
    static let statusOrder = [
        "kind", "apiVersion", "metadata", "status", "message", "reason", "details", "code",
    ]
    static let objectOrder = ["kind", "apiVersion", "metadata", "spec", "status"]

    /// The text of a value; a value that is no object, or has no order of its own, keeps its keys sorted.
    ///
    /// - Shape: keys named by `order` come first and in that order, all others follow sorted.
    static func encode(_ value: JSON, order: [String] = objectOrder, indented: Bool = false) -> Data {
        guard !indented, case .object(let members) = value, members["kind"] != nil else {
            return value.encoded(pretty: indented)
        }
        let known = order.filter { members[$0] != nil }
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
