/// On which line of the settings each key stands; TOMLKit tells lines for syntax errors only.
///
/// - Shape: paths are joined by dots, and an entry of an array of tables has its number: `cluster.0.name`.
///   Inside multi-line texts it may see keys where none are, which costs a line number and nothing else.
struct KeyPlaces {
    private var lines: [String: Int] = [:]

    init(_ text: String) {
        var table = ""
        var counts: [String: Int] = [:]
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let content = line.drop { $0 == " " || $0 == "\t" }
            if content.hasPrefix("[[") {
                let name = KeyPlaces.bare(content.dropFirst(2).prefix { $0 != "]" })
                table = "\(name).\(counts[name, default: 0])"
                counts[name, default: 0] += 1
                note(name, index + 1)
                note(table, index + 1)
            } else if content.hasPrefix("[") {
                table = KeyPlaces.bare(content.dropFirst().prefix { $0 != "]" })
                note(table, index + 1)
            } else if !content.hasPrefix("#"), let equals = content.firstIndex(of: "=") {
                let key = KeyPlaces.bare(content[..<equals])
                note(table.isEmpty ? key : "\(table).\(key)", index + 1)
            }
        }
    }

    /// Counted from one.
    subscript(path: String) -> Int? { lines[path] }

    private mutating func note(_ path: String, _ line: Int) {
        if lines[path] == nil {
            lines[path] = line
        }
    }

    private static func bare(_ text: Substring) -> String {
        String(text.filter { !" \t\"'".contains($0) })
    }
}
