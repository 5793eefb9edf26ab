/// The symbols weir draws with: one column each, in a Unicode and an ASCII set.
package struct Glyphs: Hashable, Sendable {
    // MARK: States

    package let ready: Character
    package let reconciling: Character
    package let waiting: Character
    package let failed: Character
    package let stalled: Character
    package let suspended: Character
    package let drift: Character
    /// Something that was put back.
    package let corrected: Character
    package let behind: Character
    package let unreachable: Character
    package let stale: Character

    // MARK: Signs

    /// Before the selected row.
    package let pointer: Character
    /// Flux put something back.
    package let putBack: Character
    /// A marked row.
    package let mark: Character
    /// A warning in a list of consequences.
    package let caution: Character
    /// The Enter key in hints.
    package let enter: Character
    package let up: Character
    package let down: Character
    package let left: Character
    package let right: Character
    /// A folded and an unfolded tree row.
    package let folded: Character
    package let unfolded: Character
    /// No value.
    package let none: Character
    /// Between parts of a title.
    package let dot: Character
    package let times: Character
    package let radioOn: Character
    package let checkOn: Character
    /// Ends cut text; one column in both sets.
    package let ellipsis: Character
    package let scrollThumb: Character

    // MARK: Pictures

    /// Filled from the left in eighths, 1/8 … 8/8; the ASCII set has whole cells only.
    package let eighths: [Character]
    /// The empty part of a bar.
    package let barEmpty: Character
    /// From lowest to highest.
    package let levels: [Character]
    /// A filled cell, an upper and a lower half: for large digits.
    package let block: Character
    package let upperHalf: Character
    package let lowerHalf: Character

    /// Whether lines are drawn with `- | +`.
    package let isASCII: Bool

    /// Symbols that UTF-8 terminals show.
    package static let unicode = Glyphs(
        ready: "●",
        reconciling: "◐",
        waiting: "◌",
        failed: "✗",
        stalled: "■",
        suspended: "‖",
        drift: "△",
        corrected: "↻",
        behind: "↓",
        unreachable: "╳",
        stale: "~",
        pointer: "▸",
        putBack: "↻",
        mark: "✓",
        caution: "!",
        enter: "⏎",
        up: "↑",
        down: "↓",
        left: "←",
        right: "→",
        folded: "▸",
        unfolded: "▾",
        none: "–",
        dot: "·",
        times: "×",
        radioOn: "•",
        checkOn: "x",
        ellipsis: "…",
        scrollThumb: "█",
        eighths: ["▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"],
        barEmpty: " ",
        levels: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
        block: "█",
        upperHalf: "▀",
        lowerHalf: "▄",
        isASCII: false
    )

    /// Symbols that every terminal shows.
    package static let ascii = Glyphs(
        ready: "*",
        reconciling: "o",
        waiting: ".",
        failed: "x",
        stalled: "#",
        suspended: "=",
        drift: "!",
        corrected: "@",
        behind: "v",
        unreachable: "X",
        stale: "~",
        pointer: ">",
        putBack: "@",
        mark: "+",
        caution: "!",
        enter: "<",
        up: "^",
        down: "v",
        left: "<",
        right: ">",
        folded: "+",
        unfolded: "-",
        none: "-",
        dot: "-",
        times: "x",
        radioOn: "o",
        checkOn: "x",
        ellipsis: ".",
        scrollThumb: "#",
        eighths: ["#"],
        barEmpty: ".",
        levels: ["_", ".", "-", "=", "+", "*", "#"],
        block: "#",
        upperHalf: "#",
        lowerHalf: "#",
        isASCII: true
    )

    /// Closest ASCII of a character that the terminal cannot show, in the same number of columns.
    package static func asciiStandIn(for character: Character) -> Character {
        if character.isASCII { return character }
        if let sides = Sides(character) { return sides.ascii }
        return standIns[character] ?? "?"
    }

    private static let standIns: [Character: Character] = {
        var table: [Character: Character] = [
            "●": "*", "◐": "o", "◌": ".", "✗": "x", "■": "#", "‖": "=", "△": "!", "↓": "v", "╳": "X",
            "▸": ">", "↻": "@", "✓": "+", "⏎": "<", "↑": "^", "←": "<", "→": ">", "▾": "-", "–": "-",
            "—": "-",
            "·": "-", "×": "x", "•": "o", "…": ".", "‘": "'", "’": "'", "“": "\"", "”": "\"", "▀": "#",
            "␛": "?", "␡": "?", "\u{FFFD}": "?", "″": "\"", "′": "'",
        ]
        for (index, level) in unicode.levels.enumerated() {
            table[level] = ascii.levels[min(index, ascii.levels.count - 1)]
        }
        for (index, eighth) in unicode.eighths.enumerated() { table[eighth] = index < 4 ? "." : "#" }
        return table
    }()
}
