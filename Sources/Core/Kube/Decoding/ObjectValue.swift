/// Any JSON, for the few objects that are looked at as a whole.
///
/// - Shape: text is as it came: whoever shows it makes it harmless.
package enum ObjectValue: Hashable, Sendable {
    case null
    case flag(Bool)
    case whole(Int64)
    case number(Double)
    case string(String)
    case list([ObjectValue])
    case object([String: ObjectValue])

    /// Reads a JSON text.
    ///
    /// - Throws: a fault where it is none.
    package init(json: [UInt8]) throws(JSONTape.Fault) {
        let tape = try JSONTape(json, skipping: "")
        self = tape.tokens.isEmpty ? .null : ObjectValue(tape, 0)
    }

    private init(_ tape: JSONTape, _ index: Int) {
        let token = tape.tokens[index]
        let bytes = tape.bytes[Int(token.start)..<Int(token.end)]
        switch token.kind {
        case .null: self = .null
        case .yes: self = .flag(true)
        case .no: self = .flag(false)
        case .string: self = .string(String(decoding: bytes, as: UTF8.self))
        case .escapedString: self = .string(JSONEscapes.undone(bytes) ?? "")
        case .number:
            let digits = String(decoding: bytes, as: UTF8.self)
            self = Int64(digits).map(ObjectValue.whole) ?? .number(Double(digits) ?? 0)
        case .array:
            var elements: [ObjectValue] = []
            var element = index + 1
            while element < Int(token.next) {
                elements.append(ObjectValue(tape, element))
                element = Int(tape.tokens[element].next)
            }
            self = .list(elements)
        case .object:
            var members: [String: ObjectValue] = [:]
            var key = index + 1
            while key < Int(token.next) {
                if case .string(let name) = ObjectValue(tape, key) {
                    members[name] = ObjectValue(tape, key + 1)
                }
                key = Int(tape.tokens[key + 1].next)
            }
            self = .object(members)
        }
    }

    // MARK: - Parts

    /// A member; setting nil takes it out, setting one of something else than an object makes an object.
    package subscript(name: String) -> ObjectValue? {
        get { members?[name] }
        set {
            var all = members ?? [:]
            all[name] = newValue
            self = .object(all)
        }
    }

    package var members: [String: ObjectValue]? {
        guard case .object(let members) = self else {
            return nil
        }
        return members
    }

    package var elements: [ObjectValue]? {
        guard case .list(let elements) = self else {
            return nil
        }
        return elements
    }

    package var text: String? {
        guard case .string(let text) = self else {
            return nil
        }
        return text
    }

    /// The members that are texts.
    package var texts: [String: String] {
        members?.compactMapValues(\.text) ?? [:]
    }

    /// True for an empty object or list, an empty text and null.
    package var isEmpty: Bool {
        switch self {
        case .null: true
        case .string(let text): text.isEmpty
        case .list(let elements): elements.isEmpty
        case .object(let members): members.isEmpty
        case .flag, .whole, .number: false
        }
    }

    // MARK: - Writing

    /// Compact JSON, members by name.
    package var json: String {
        switch self {
        case .null: "null"
        case .flag(let flag): flag ? "true" : "false"
        case .whole(let number): String(number)
        case .number(let number): number.isFinite ? String(number) : "null"
        case .string(let text): JSONText.quoted(text)
        case .list(let elements): "[" + elements.map(\.json).joined(separator: ",") + "]"
        case .object(let members):
            JSONText.object(members.sorted { $0.key < $1.key }.map { ($0.key, $0.value.json) })
        }
    }
}
