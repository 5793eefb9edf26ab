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

    init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// The sides of a line character of the Unicode set.
    init?(_ character: Character) {
        guard let index = Self.lines.dropFirst().lastIndex(of: character) else { return nil }
        // Half lines look like whole ones; the whole one is meant.
        self.init(rawValue: UInt8(index))
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
