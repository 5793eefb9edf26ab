/// On which line of a TOML text each key stands; the TOML library keeps lines for syntax errors only.
///
/// - Shape: keys of tables are joined by dots: `palette.red`. Inside multi-line values it may guess wrong, which
///   costs a line number in a message and nothing else.
struct KeyLines {
    private var lines: [String: Int] = [:]

    init(_ text: String) {
        var table = ""
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let content = line.drop { $0 == " " || $0 == "\t" }
            if content.hasPrefix("[") {
                table = Self.bare(content.dropFirst().prefix { $0 != "]" })
                note(table, line: index + 1)
                continue
            }
            guard !content.hasPrefix("#"), let equals = content.firstIndex(of: "=") else { continue }
            let key = Self.bare(content[..<equals])
            note(table.isEmpty ? key : "\(table).\(key)", line: index + 1)
        }
    }

    /// Counted from one.
    subscript(key: String) -> Int? { lines[key] }

    private mutating func note(_ key: String, line: Int) {
        if lines[key] == nil { lines[key] = line }
    }

    private static func bare(_ text: Substring) -> String {
        String(text.filter { !" \t\"'[]".contains($0) })
    }
}

extension String {
    /// Levenshtein distance: how many typing mistakes lie between two names.
    func distance(to other: String) -> Int {
        let target = Array(other)
        var row = Array(0...target.count)
        for (index, character) in enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in target.indices {
                let substituted = diagonal + (character == target[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = Swift.min(substituted, row[column] + 1, row[column + 1] + 1)
            }
        }
        return row[target.count]
    }
}
