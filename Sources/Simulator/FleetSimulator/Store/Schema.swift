/// The shape of a value as the API knows it: which fields there are, how lists merge, what is filled in.
final class Schema: Sendable {
    /// What kind of value it is.
    enum Shape: Sendable {
        /// Anything; how it merges follows from the value.
        case any
        /// Text, of a pattern or one of some words where these are given.
        case string(pattern: TextPattern?, words: [String])
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
    /// The fields that an object must have.
    let requiredFields: [Field]
    private let positions: [String: Int]
    private let alwaysPresentFields: [Field]
    private let fallbackFields: [Field]
    /// What lies in the value at some depth.
    private let reach: Reach

    /// What a value can hold at some depth, so that it need not be searched for what it cannot.
    private struct Reach: OptionSet {
        let rawValue: Int
        static let records = Reach(rawValue: 1)
        static let fallbacks = Reach(rawValue: 2)
        static let zeros = Reach(rawValue: 4)
    }

    init(_ shape: Shape, atomic: Bool = false, fields: [Field] = [], element: Schema? = nil) {
        self.shape = shape
        self.atomic = atomic
        self.fields = fields
        self.element = element
        positions = Dictionary(fields.enumerated().map { ($1.name, $0) }) { first, _ in first }
        requiredFields = fields.filter(\.required)
        alwaysPresentFields = fields.filter(\.alwaysPresent)
        fallbackFields = fields.filter { $0.fallback != nil }
        var reach: Reach = element?.reach ?? []
        if case .record = shape { reach.insert(.records) }
        if !fallbackFields.isEmpty { reach.insert(.fallbacks) }
        if !alwaysPresentFields.isEmpty { reach.insert(.zeros) }
        self.reach = fields.reduce(into: reach) { $0.formUnion($1.schema.reach) }
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
        let filled = changed(value, where: .zeros) { record, members in
            for field in record.alwaysPresentFields where members[field.name] == nil {
                members[field.name] = field.fallback ?? field.schema.zero
            }
        }
        return filled ?? value
    }

    /// The value with the fallbacks of the fields that it lacks, at every depth.
    func filledWithFallbacks(_ value: JSON) -> JSON {
        let filled = changed(value, where: .fallbacks) { record, members in
            for field in record.fallbackFields where members[field.name] == nil {
                members[field.name] = field.fallback
            }
        }
        return filled ?? value
    }

    /// The value without the empty lists, empty maps and nulls that the wire leaves out, at every depth.
    func withoutEmptyFields(_ value: JSON) -> JSON {
        let trimmed = changed(value, where: .records) { record, members in
            for (key, child) in members {
                guard let field = record.field(key), !field.alwaysPresent else { continue }
                switch (child, field.schema.shape) {
                case (.null, _): members[key] = nil
                case (.array(let elements), .list) where elements.isEmpty: members[key] = nil
                case (.object(let entries), .map) where entries.isEmpty: members[key] = nil
                default: break
                }
            }
        }
        return trimmed ?? value
    }

    /// Lets every record of a value be changed, the outer before the inner; nil when none was.
    ///
    /// Only values that can hold what is looked for are visited; `change` adds and removes members.
    private func changed(
        _ value: JSON,
        where reach: Reach,
        _ change: (Schema, inout [String: JSON]) -> Void
    ) -> JSON? {
        guard self.reach.contains(reach) else { return nil }
        switch value {
        case .object(var members):
            let count = members.count
            if case .record = shape { change(self, &members) }
            var isChanged = members.count != count
            for (key, child) in members {
                guard let new = member(key).changed(child, where: reach, change) else { continue }
                members[key] = new
                isChanged = true
            }
            return isChanged ? .object(members) : nil
        case .array(var elements):
            guard let element else { return nil }
            var isChanged = false
            for index in elements.indices {
                guard let new = element.changed(elements[index], where: reach, change) else { continue }
                elements[index] = new
                isChanged = true
            }
            return isChanged ? .array(elements) : nil
        default:
            return nil
        }
    }
}
