/// A JSON value as the simulated API server stores it: integers stay integers, object keys have no order.
package enum JSON: Sendable, Equatable {
    case null
    case bool(Bool)
    case int(Int64)
    case double(Double)
    case string(String)
    case array([JSON])
    case object([String: JSON])
}

extension JSON {
    /// The member of an object; nil for a missing key and for a value that is no object.
    ///
    /// Setting nil removes the key; setting a member of a value that is no object makes it one.
    package subscript(key: String) -> JSON? {
        get {
            guard case .object(let members) = self else { return nil }
            return members[key]
        }
        set {
            if case .object(var members) = self {
                self = .null
                members[key] = newValue
                self = .object(members)
            } else {
                self = newValue.map { .object([key: $0]) } ?? .object([:])
            }
        }
        _modify {
            var members: [String: JSON]
            if case .object(let present) = self {
                members = present
            } else {
                members = [:]
            }
            self = .null
            defer { self = .object(members) }
            yield &members[key]
        }
    }

    /// The value at a path of object keys; setting creates the objects on the way, setting nil removes the
    /// last key.
    package subscript(path first: String, rest: String...) -> JSON? {
        get { value(at: [first] + rest) }
        set { set(newValue, at: [first] + rest) }
    }

    /// The element of an array; nil beyond its end and for a value that is no array.
    package subscript(index: Int) -> JSON? {
        guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
        return elements[index]
    }

    /// The value at a path of object keys; numbers in the path step into arrays.
    package func value(at path: some Sequence<String>) -> JSON? {
        var current = self
        for step in path {
            switch current {
            case .object(let members):
                guard let next = members[step] else { return nil }
                current = next
            case .array(let elements):
                guard let index = Int(step), elements.indices.contains(index) else { return nil }
                current = elements[index]
            default:
                return nil
            }
        }
        return current
    }

    /// Puts a value at a path of object keys, creating the objects on the way; nil removes the last key.
    package mutating func set(_ value: JSON?, at path: some Collection<String>) {
        guard let first = path.first else {
            self = value ?? .null
            return
        }
        let rest = path.dropFirst()
        if rest.isEmpty {
            self[first] = value
        } else if value != nil || self[first] != nil {
            var child = self[first] ?? .object([:])
            self[first] = .null
            child.set(value, at: rest)
            self[first] = child
        }
    }

    /// The text of a string value.
    package var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The number of an integer value, or of a double without a fraction.
    package var int: Int64? {
        switch self {
        case .int(let number): number
        case .double(let number): Int64(exactly: number)
        default: nil
        }
    }

    /// The number of an integer or double value.
    package var double: Double? {
        switch self {
        case .int(let number): Double(number)
        case .double(let number): number
        default: nil
        }
    }

    /// The truth of a boolean value.
    package var bool: Bool? {
        guard case .bool(let truth) = self else { return nil }
        return truth
    }

    /// The elements of an array value.
    package var array: [JSON]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    /// The members of an object value.
    package var object: [String: JSON]? {
        guard case .object(let members) = self else { return nil }
        return members
    }

    /// Whether this is null.
    package var isNull: Bool {
        self == .null
    }
}

extension JSON: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByStringLiteral, ExpressibleByStringInterpolation,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(booleanLiteral value: Bool) {
        self = .bool(value)
    }

    package init(integerLiteral value: Int64) {
        self = .int(value)
    }

    package init(floatLiteral value: Double) {
        self = .double(value)
    }

    package init(stringLiteral value: String) {
        self = .string(value)
    }

    package init(arrayLiteral elements: JSON...) {
        self = .array(elements)
    }

    /// An object; of a key written twice the last value counts.
    package init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(Dictionary(elements) { $1 })
    }
}
