/// Orders versions of Flux, `v2.9.4`, by their numbers.
package enum FluxVersion {
    /// Whether a version is older than another; what has no numbers is older than what has.
    package static func isOlder(_ left: String, than right: String) -> Bool {
        let (first, second) = (numbers(left), numbers(right))
        guard first != second else {
            return left < right
        }
        return first.lexicographicallyPrecedes(second)
    }

    private static func numbers(_ text: String) -> [Int] {
        let core = text.drop { !$0.isNumber }.prefix { $0.isNumber || $0 == "." }
        return core.split(separator: ".").compactMap { Int($0) }
    }
}
