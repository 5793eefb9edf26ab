/// How a cell looks.
package struct Style: Hashable, Sendable {
    /// Ways to set text off without colour.
    package struct Emphasis: OptionSet, Hashable, Sendable {
        package let rawValue: UInt8

        package init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        package static let bold = Emphasis(rawValue: 1)
        package static let dim = Emphasis(rawValue: 2)
        package static let underline = Emphasis(rawValue: 4)
        package static let reverse = Emphasis(rawValue: 8)
        package static let italic = Emphasis(rawValue: 16)

        /// Each with its name in theme files.
        package static let names: [(Emphasis, String)] = [
            (.bold, "bold"), (.dim, "dim"), (.underline, "underline"), (.reverse, "reverse"),
            (.italic, "italic"),
        ]
    }

    /// Nil is the terminal's own.
    package var foreground: Colour?
    /// Nil is the terminal's own.
    package var background: Colour?
    package var emphasis: Emphasis

    package init(foreground: Colour? = nil, background: Colour? = nil, emphasis: Emphasis = []) {
        self.foreground = foreground
        self.background = background
        self.emphasis = emphasis
    }

    /// The escape sequence that gives exactly this look, whatever was set before.
    ///
    /// - Source: ECMA-48 SGR; ISO 8613-6 for 24 bits.
    package var escapeSequence: String {
        var codes = ["0"]
        let emphases: [(Emphasis, String)] = [
            (.bold, "1"), (.dim, "2"), (.italic, "3"), (.underline, "4"), (.reverse, "7"),
        ]
        codes += emphases.filter { emphasis.contains($0.0) }.map(\.1)
        if let foreground { codes.append(Self.code(foreground, plain: 30, bright: 90, extended: 38)) }
        if let background { codes.append(Self.code(background, plain: 40, bright: 100, extended: 48)) }
        return "\u{1B}[" + codes.joined(separator: ";") + "m"
    }

    private static func code(_ colour: Colour, plain: Int, bright: Int, extended: Int) -> String {
        switch colour {
        case .rgb(let red, let green, let blue): "\(extended);2;\(red);\(green);\(blue)"
        case .indexed(let index) where index < 8: "\(plain + Int(index))"
        case .indexed(let index) where index < 16: "\(bright + Int(index) - 8)"
        case .indexed(let index): "\(extended);5;\(index)"
        }
    }
}
