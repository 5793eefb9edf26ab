import FoundationEssentials

/// What a command prints with `-o json`: documented in docs/json.md, with a `version` of its own.
protocol Report: Encodable {
    /// Grows only when a field changes its meaning or goes.
    var version: Int { get }
}

extension Report {
    /// The report as JSON, keys in order, absent values left out.
    var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        guard let bytes = try? encoder.encode(self) else {
            preconditionFailure("a report of strings and numbers always encodes")
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
