/// A version as tags, charts and images carry it; a leading `v` and missing parts are allowed.
struct SemanticVersion: Comparable, Sendable, CustomStringConvertible {
    let major: Int
    let minor: Int
    let patch: Int
    /// The part after `-`; empty for a release.
    let prerelease: String

    init?(_ text: some StringProtocol) {
        var rest = Substring(text.hasPrefix("v") ? text.dropFirst() : text[...])
        if let plus = rest.firstIndex(of: "+") { rest = rest[..<plus] }
        let dash = rest.firstIndex(of: "-")
        prerelease = dash.map { String(rest[rest.index(after: $0)...]) } ?? ""
        let numbers = rest[..<(dash ?? rest.endIndex)].split(separator: ".", omittingEmptySubsequences: false)
        let values = numbers.compactMap { Int($0) }
        guard (1...3).contains(numbers.count), values.count == numbers.count, values.allSatisfy({ $0 >= 0 })
        else { return nil }
        major = values[0]
        minor = values.count > 1 ? values[1] : 0
        patch = values.count > 2 ? values[2] : 0
    }

    var description: String {
        "\(major).\(minor).\(patch)" + (prerelease.isEmpty ? "" : "-\(prerelease)")
    }

    static func < (left: Self, right: Self) -> Bool {
        if (left.major, left.minor, left.patch) != (right.major, right.minor, right.patch) {
            return (left.major, left.minor, left.patch) < (right.major, right.minor, right.patch)
        }
        if left.prerelease.isEmpty || right.prerelease.isEmpty {
            return !left.prerelease.isEmpty && right.prerelease.isEmpty
        }
        return left.prerelease < right.prerelease
    }
}

/// A constraint such as `>=1.0.0 <2.0.0`, `1.x`, `~1.2`, `^2.3.0`, `*` or an exact version.
struct VersionRange: Sendable {
    private enum Bound: Sendable {
        case atLeast(SemanticVersion)
        case above(SemanticVersion)
        case below(SemanticVersion)
        case atMost(SemanticVersion)
        case exactly(SemanticVersion)
    }

    /// Alternatives (`||`), each a list of bounds that must all hold.
    private let alternatives: [[Bound]]
    private let allowsPrereleases: Bool

    init?(_ text: String) {
        var alternatives: [[Bound]] = []
        for alternative in text.split(separator: "|", omittingEmptySubsequences: true) {
            var bounds: [Bound] = []
            let words = alternative.split(whereSeparator: { $0 == " " || $0 == "," })
            for word in Self.joined(words) {
                guard let parsed = Self.bounds(word) else { return nil }
                bounds += parsed
            }
            alternatives.append(bounds)
        }
        guard !alternatives.isEmpty else { return nil }
        self.alternatives = alternatives
        allowsPrereleases = text.contains("-")
    }

    func contains(_ version: SemanticVersion) -> Bool {
        guard allowsPrereleases || version.prerelease.isEmpty else { return false }
        return alternatives.contains { bounds in
            bounds.allSatisfy { bound in
                switch bound {
                case .atLeast(let limit): version >= limit
                case .above(let limit): version > limit
                case .below(let limit): version < limit
                case .atMost(let limit): version <= limit
                case .exactly(let limit): version == limit
                }
            }
        }
    }

    /// Puts an operator that stands alone (`>= 1.0`) together with its version.
    private static func joined(_ words: [Substring]) -> [String] {
        var result: [String] = []
        var pending = ""
        for word in words {
            if word.allSatisfy({ "<>=~^".contains($0) }) {
                pending += word
            } else {
                result.append(pending + word)
                pending = ""
            }
        }
        return result
    }

    private static func bounds(_ word: String) -> [Bound]? {
        let sign = word.prefix { "<>=~^".contains($0) }
        let text = word.dropFirst(sign.count)
        let parts = text.drop { $0 == "v" }.split(separator: ".")
        let fixed = parts.prefix { $0 != "x" && $0 != "X" && $0 != "*" }
        guard let low = SemanticVersion(fixed.isEmpty ? "0" : fixed.joined(separator: ".")) else {
            return nil
        }
        switch sign {
        case ">=": return [.atLeast(low)]
        case ">": return [.above(low)]
        case "<=": return [.atMost(low)]
        case "<": return [.below(low)]
        case "~": return upTo(low, keeping: min(fixed.count, 2))
        case "^": return upTo(low, keeping: low.major > 0 ? 1 : 2)
        case "", "=":
            if fixed.count == parts.count && parts.count == 3 { return [.exactly(low)] }
            return upTo(low, keeping: fixed.count)
        default: return nil
        }
    }

    private static func upTo(_ low: SemanticVersion, keeping parts: Int) -> [Bound]? {
        let limit: String
        switch parts {
        case 0: return [.atLeast(low)]
        case 1: limit = "\(low.major + 1)"
        case 2: limit = "\(low.major).\(low.minor + 1)"
        default: return [.exactly(low)]
        }
        return SemanticVersion(limit).map { [.atLeast(low), .below($0)] }
    }
}
