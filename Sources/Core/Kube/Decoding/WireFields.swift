import Chrono
import Text

/// A member's name, known or not: annotation keys are names as well.
struct Name: CodingKey, ExpressibleByStringLiteral {
    let stringValue: String

    init(_ name: String) {
        stringValue = name
    }

    init(stringLiteral name: String) {
        stringValue = name
    }

    init?(stringValue: String) {
        self.stringValue = stringValue
    }

    init?(intValue: Int) {
        nil
    }

    var intValue: Int? { nil }
}

/// A JSON object in which every member may be absent or of another type than expected.
struct Fields {
    private let container: KeyedDecodingContainer<Name>?

    init(_ container: KeyedDecodingContainer<Name>?) {
        self.container = container
    }

    init(_ decoder: any Decoder) throws {
        container = try decoder.container(keyedBy: Name.self)
    }

    /// True where the object is there, even an empty one.
    var isPresent: Bool { container != nil }

    var names: [String] {
        container?.allKeys.map(\.stringValue) ?? []
    }

    subscript(name: Name) -> Fields {
        guard let container, container.contains(name) else {
            return Fields(nil)
        }
        return Fields(try? container.nestedContainer(keyedBy: Name.self, forKey: name))
    }

    func has(_ name: Name) -> Bool {
        guard let container, container.contains(name) else {
            return false
        }
        return (try? container.decodeNil(forKey: name)) == false
    }

    func value<Value: Decodable>(_ name: Name, as type: Value.Type = Value.self) -> Value? {
        guard let container, container.contains(name) else {
            return nil
        }
        return try? container.decode(Value.self, forKey: name)
    }

    /// Text as it came, for tokens that are compared; nil where absent or empty.
    func raw(_ name: Name) -> String? {
        value(name, as: String.self).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Text as one harmless line; nil where absent or empty.
    func text(_ name: Name, limit: Int = 512) -> String? {
        raw(name).map { Sanitiser.line($0, limit: limit) }
    }

    func flag(_ name: Name) -> Bool {
        value(name) ?? false
    }

    func time(_ name: Name) -> Timestamp? {
        raw(name).flatMap { Timestamp(rfc3339: $0) }
    }

    func duration(_ name: Name) -> Duration? {
        raw(name).flatMap { Duration(go: $0) }
    }

    func revision(_ name: Name) -> Revision? {
        text(name).map { Revision($0) }
    }

    /// The objects of a list; elements that are none are left out.
    func list(_ name: Name, limit: Int = .max) -> [Fields] {
        guard let container, container.contains(name),
            var elements = try? container.nestedUnkeyedContainer(forKey: name)
        else {
            return []
        }
        var result: [Fields] = []
        while !elements.isAtEnd, result.count < limit {
            if let element = try? elements.nestedContainer(keyedBy: Name.self) {
                result.append(Fields(element))
            } else if (try? elements.decode(Anything.self)) == nil {
                break
            }
        }
        return result
    }
}

/// Decodes to nothing and so steps over anything.
struct Anything: Decodable {
    init(from decoder: any Decoder) throws {}
}
