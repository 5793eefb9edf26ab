/// The shape of a value as the API knows it: which fields there are, how lists merge, what is filled in.
final class Schema: Sendable {
    /// What kind of value it is.
    enum Shape: Sendable {
        /// Anything; how it merges follows from the value.
        case any
        /// Text, of a pattern or one of some words where these are given.
        case string(pattern: String?, words: [String])
        case integer
        case number
        case boolean
        case integerOrString
        /// An object with known fields; an open one keeps others too.
        case record(open: Bool)
        /// An object with free keys.
        case map
        /// A list, by how its elements are told apart.
        case list(ListIdentity)
    }

    /// What tells the elements of a list apart when two lists are merged.
    enum ListIdentity: Sendable, Equatable {
        /// Nothing: the list is one value.
        case atomic
        /// The elements are scalars, each at most once.
        case set
        /// The values of these fields.
        case keys([String])
    }

    /// A field of a record.
    struct Field: Sendable {
        let name: String
        let schema: Schema
        /// Whether an object without it is refused.
        let required: Bool
        /// Whether it is always on the wire, with its zero value when nobody sets it.
        let alwaysPresent: Bool
        /// The value filled in when nobody gives one.
        let fallback: JSON?
    }

    let shape: Shape
    /// Whether an object is one value as a whole.
    let atomic: Bool
    /// The fields of a record, in the order of the wire.
    let fields: [Field]
    /// The schema of a list's elements or a map's values.
    let element: Schema?
    private let positions: [String: Int]

    init(_ shape: Shape, atomic: Bool = false, fields: [Field] = [], element: Schema? = nil) {
        self.shape = shape
        self.atomic = atomic
        self.fields = fields
        self.element = element
        positions = Dictionary(fields.enumerated().map { ($1.name, $0) }) { first, _ in first }
    }

    /// The schema of anything.
    static let any = Schema(.any)

    /// The field of that name of a record.
    func field(_ name: String) -> Field? {
        positions[name].map { fields[$0] }
    }

    /// The schema of an object's member: of the field or of the map's values; `any` for what nobody declared.
    func member(_ name: String) -> Schema {
        field(name)?.schema ?? element ?? .any
    }

    /// How the elements of a list are told apart; nil for what is no list by declaration.
    var identity: ListIdentity? {
        guard case .list(let identity) = shape else { return nil }
        return identity
    }

    /// The value that stands on the wire when nobody sets one.
    var zero: JSON {
        switch shape {
        case .record where !atomic: filledWithZeros(.object([:]))
        case .string: ""
        case .integer, .number, .integerOrString: 0
        case .boolean: false
        default: .null
        }
    }

    /// The value with the always present fields that it lacks, at every depth.
    func filledWithZeros(_ value: JSON) -> JSON {
        visitingRecords(value) { record, members in
            for field in record.fields where field.alwaysPresent && members[field.name] == nil {
                members[field.name] = field.fallback ?? field.schema.zero
            }
        }
    }

    /// The value with the fallbacks of the fields that it lacks, at every depth.
    func filledWithFallbacks(_ value: JSON) -> JSON {
        visitingRecords(value) { record, members in
            for field in record.fields where members[field.name] == nil {
                members[field.name] = field.fallback
            }
        }
    }

    /// The value without the empty lists, empty maps and nulls that the wire leaves out, at every depth.
    func withoutEmptyFields(_ value: JSON) -> JSON {
        visitingRecords(value) { record, members in
            for field in record.fields where !field.alwaysPresent {
                switch (members[field.name], field.schema.shape) {
                case (.null?, _): members[field.name] = nil
                case (.array(let elements)?, .list) where elements.isEmpty: members[field.name] = nil
                case (.object(let entries)?, .map) where entries.isEmpty: members[field.name] = nil
                default: break
                }
            }
        }
    }

    /// Visits every record of a value, the outer before the inner, and lets it be changed.
    private func visitingRecords(
        _ value: JSON,
        _ change: (Schema, inout [String: JSON]) -> Void
    ) -> JSON {
        switch value {
        case .object(var members):
            if case .record = shape { change(self, &members) }
            for (key, child) in members {
                let inner = member(key)
                if inner.hasRecords { members[key] = inner.visitingRecords(child, change) }
            }
            return .object(members)
        case .array(let elements):
            guard let element, element.hasRecords else { return value }
            return .array(elements.map { element.visitingRecords($0, change) })
        default:
            return value
        }
    }

    /// Whether a record may lie in the value.
    private var hasRecords: Bool {
        switch shape {
        case .record: true
        case .map, .list: element?.hasRecords ?? false
        default: false
        }
    }
}
