/// The sides of a cell that a line leaves by, so that lines that meet can be joined.
struct Sides: OptionSet, Hashable, Sendable {
    let rawValue: UInt8

    static let up = Sides(rawValue: 1)
    static let down = Sides(rawValue: 2)
    static let left = Sides(rawValue: 4)
    static let right = Sides(rawValue: 8)

    /// Indexed by the sides' bits.
    private static let lines: [Character] = [
        " ", "│", "│", "│", "─", "┘", "┐", "┤", "─", "└", "┌", "├", "─", "┴", "┬", "┼",
    ]

    /// By the line's scalar; half lines look like whole ones, and the whole one is meant.
    private static let sides: [UInt32: Sides] = [
        0x2500: [.left, .right], 0x2502: [.up, .down], 0x250C: [.down, .right], 0x2510: [.down, .left],
        0x2514: [.up, .right], 0x2518: [.up, .left], 0x251C: [.up, .down, .right],
        0x2524: [.up, .down, .left],
        0x252C: [.down, .left, .right], 0x2534: [.up, .left, .right], 0x253C: [.up, .down, .left, .right],
    ]

    init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// The sides of a line character of the Unicode set.
    init?(_ character: Character) {
        let scalars = character.unicodeScalars
        guard let value = scalars.first?.value, (0x2500...0x253C).contains(value),
            let sides = Self.sides[value], scalars.dropFirst().isEmpty
        else { return nil }
        self = sides
    }

    /// The sides of a line character of the ASCII set, where a joint may be any.
    init?(ascii character: Character) {
        switch character {
        case "-": self = [.left, .right]
        case "|": self = [.up, .down]
        case "+": self = [.up, .down, .left, .right]
        default: return nil
        }
    }

    /// The line character of the Unicode set.
    var line: Character { Self.lines[Int(rawValue)] }

    /// The line character of the ASCII set.
    var ascii: Character {
        let vertical = !isDisjoint(with: [.up, .down])
        let horizontal = !isDisjoint(with: [.left, .right])
        return vertical && horizontal ? "+" : vertical ? "|" : "-"
    }
}
