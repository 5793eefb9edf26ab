/// The frame as a text that people can read, compare and keep in a repository.
///
/// First the characters, then one letter per cell for its role, then a legend of the letters used. A frame that
/// has attributes carries a third plane for them. A role's letter never changes with the rest of the frame.
extension Frame {
    private static let roleLetters = Array(
        ".abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&*+=?@^~<>(){}[]"
    )
    private static let attributeLetters = Array(
        ".123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+-"
    )

    /// The golden form.
    package func goldenText() -> String {
        var lines = ["weir frame \(size.columns)x\(size.rows)"]
        if let cursor { lines.append("cursor \(cursor.x),\(cursor.y)") }
        lines.append("text")
        lines += rows.map { "|\(Self.text(of: $0))|" }
        lines.append("roles")
        lines += rows.map { row in "|\(String(row.map { Self.letter(of: $0.role) }))|" }
        if rows.contains(where: { $0.contains { !$0.attributes.isEmpty } }) {
            lines.append("attributes")
            lines += rows.map { row in "|\(String(row.map { Self.letter(of: $0.attributes) }))|" }
        }
        lines.append("legend")
        lines += legend()
        return lines.joined(separator: "\n") + "\n"
    }

    /// Reads a golden form; nil when the text is not one.
    package init?(golden text: String) {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
        guard let size = lines.popFirst().flatMap(Self.size(from:)) else { return nil }
        var cursor: Position?
        if let line = lines.first, line.hasPrefix("cursor ") {
            lines.removeFirst()
            let numbers = line.dropFirst("cursor ".count).split(separator: ",").compactMap { Int($0) }
            guard numbers.count == 2 else { return nil }
            cursor = Position(x: numbers[0], y: numbers[1])
        }
        guard let characters = Self.plane("text", of: size, from: &lines),
            let roles = Self.plane("roles", of: size, from: &lines)
        else { return nil }
        let attributes = Self.plane("attributes", of: size, from: &lines)
        var rows: [[Cell]] = []
        for y in 0..<size.rows {
            guard let row = Self.row(characters[y], roles: roles[y], attributes: attributes?[y], size: size)
            else { return nil }
            rows.append(row)
        }
        self.init(size: size, rows: rows, cursor: cursor)
    }

    private func legend() -> [String] {
        let cells = rows.joined()
        let roles = Set(cells.map(\.role)).sorted { $0.rawValue < $1.rawValue }
        let attributes = Set(cells.map(\.attributes)).subtracting([[]]).sorted { $0.rawValue < $1.rawValue }
        return roles.map { "\(Self.letter(of: $0)) \($0.name)" }
            + attributes.map { attribute in
                let names = Cell.Attributes.names.filter { attribute.contains($0.0) }.map(\.1)
                return "\(Self.letter(of: attribute)) \(names.joined(separator: "+"))"
            }
    }

    private static func letter(of role: Role) -> Character {
        roleLetters[Int(role.rawValue)]
    }

    private static func letter(of attributes: Cell.Attributes) -> Character {
        attributeLetters[Int(attributes.rawValue & 63)]
    }

    private static func size(from line: Substring) -> Size? {
        guard line.hasPrefix("weir frame ") else { return nil }
        let numbers = line.dropFirst("weir frame ".count).split(separator: "x").compactMap { Int($0) }
        guard numbers.count == 2, numbers.allSatisfy({ (0...10_000).contains($0) }) else { return nil }
        return Size(columns: numbers[0], rows: numbers[1])
    }

    private static func plane(
        _ name: String,
        of size: Size,
        from lines: inout ArraySlice<Substring>
    ) -> [Substring]? {
        guard lines.first.map(String.init) == name, lines.count > size.rows else { return nil }
        let plane = lines.dropFirst().prefix(size.rows)
        lines = lines.dropFirst(size.rows + 1)
        guard plane.allSatisfy({ $0.hasPrefix("|") && $0.hasSuffix("|") && $0.count >= 2 }) else {
            return nil
        }
        return plane.map { $0.dropFirst().dropLast() }
    }

    private static func row(
        _ text: Substring,
        roles: Substring,
        attributes: Substring?,
        size: Size
    ) -> [Cell]? {
        let looks = Array(roles)
        let marks = attributes.map(Array.init) ?? Array(repeating: ".", count: size.columns)
        guard looks.count == size.columns, marks.count == size.columns else { return nil }
        var row: [Cell] = []
        for character in text {
            guard row.count < size.columns,
                let role = roleLetters.firstIndex(of: looks[row.count]).flatMap({ Role(rawValue: UInt8($0)) }
                ),
                let mark = attributeLetters.firstIndex(of: marks[row.count])
            else { return nil }
            let cell = Cell(character, role: role, attributes: Cell.Attributes(rawValue: UInt8(mark)))
            row.append(cell)
            if cell.isWide { row.append(Cell(continuationOf: cell)) }
        }
        return row.count == size.columns ? row : nil
    }
}
