@testable import FleetSimulator

/// The shape of a JSON value: which keys there are and what types their values have.
enum ServerShape {
    /// What is in `actual` and not in `expected` or the other way round, as paths; empty when the shapes agree.
    ///
    /// - Shape: keys under a path in `free` are not compared; of arrays only the first elements are.
    static func differences(_ actual: JSON, _ expected: JSON, free: Set<String> = [], at path: String = "")
        -> [String]
    {
        if free.contains(path) { return [] }
        switch (actual, expected) {
        case (.object(let one), .object(let other)):
            let keys = Set(one.keys).union(other.keys).sorted()
            return keys.flatMap { key -> [String] in
                let place = path.isEmpty ? key : "\(path).\(key)"
                if free.contains(place) { return [] }
                switch (one[key], other[key]) {
                case (let left?, let right?): return differences(left, right, free: free, at: place)
                case (nil, _): return ["\(place) is missing"]
                default: return ["\(place) is too much"]
                }
            }
        case (.array(let one), .array(let other)):
            guard let left = one.first, let right = other.first else {
                return one.isEmpty == other.isEmpty ? [] : ["\(path) is \(one.isEmpty ? "" : "not ")empty"]
            }
            return differences(left, right, free: free, at: path + "[]")
        default:
            return name(actual) == name(expected) ? [] : ["\(path) is \(name(actual)), not \(name(expected))"]
        }
    }

    private static func name(_ value: JSON) -> String {
        switch value {
        case .null: "null"
        case .bool: "a truth"
        case .int, .double: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}
