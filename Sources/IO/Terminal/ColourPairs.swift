import CCurses
import Themes
import Screen

/// Hands out curses' colour pairs for styles, and palette places for 24-bit colours.
///
/// Terminals that show 24 bits are mostly described with 256 colours. There, each 24-bit colour gets a place in the
/// palette that is never sent: `DirectColours` puts the colour itself into the output instead. The operator's
/// palette stays untouched, unlike with curses' own way of redefining it.
struct ColourPairs {
    /// How a cell is given to curses.
    struct Look: Hashable {
        let attributes: CInt
        let pair: CInt
    }

    private let theme: Theme
    private let depth: ColourDepth
    private let colours: Int
    private let pairLimit: Int
    private var looks: [Int: Look] = [:]
    private var pairs: [Colours: CInt] = [:]
    private var places: [Colour: UInt8] = [:]
    /// What to send in place of palette colours.
    private(set) var direct = DirectColours()

    private struct Colours: Hashable {
        let foreground: CInt
        let background: CInt
    }

    /// For as many colours as curses knows of: above 256 it speaks 24 bits itself.
    init(theme: Theme, depth: ColourDepth, colours: Int, pairs: Int) {
        self.theme = theme
        self.depth = colours < 8 ? .mono : depth
        self.colours = colours
        pairLimit = pairs
    }

    /// The look of a cell; new pairs are made as they are needed.
    mutating func look(role: Role, attributes: Cell.Attributes) -> Look {
        let key = Int(role.rawValue) << 8 | Int(attributes.rawValue)
        if let known = looks[key] { return known }
        let style = theme.style(for: role, attributes: attributes, depth: depth)
        let look = Look(attributes: CInt(style.emphasis.rawValue), pair: pair(for: style))
        looks[key] = look
        return look
    }

    private mutating func pair(for style: Style) -> CInt {
        let wanted = Colours(
            foreground: number(of: style.foreground),
            background: number(of: style.background)
        )
        if wanted == Colours(foreground: -1, background: -1) { return 0 }
        if let known = pairs[wanted] { return known }
        let pair = CInt(pairs.count + 1)
        // With all pairs taken the text stays readable in the terminal's own colours.
        guard Int(pair) < pairLimit else { return 0 }
        CCurses_define_pair(pair, wanted.foreground, wanted.background)
        pairs[wanted] = pair
        return pair
    }

    /// The colour as curses counts it; -1 is the terminal's own.
    private mutating func number(of colour: Colour?) -> CInt {
        guard let colour else { return -1 }
        guard depth == .trueColour else {
            if case .indexed(let index)? = colour.downgraded(to: depth) { return CInt(index) }
            return -1
        }
        if colours > 256 {
            if case .indexed(let index) = colour, index < 8 { return CInt(index) }
            let (red, green, blue) = colour.channels
            // The first eight numbers are the operator's own colours even there.
            return max(8, CInt(red) << 16 | CInt(green) << 8 | CInt(blue))
        }
        guard case .rgb(let red, let green, let blue) = colour else {
            return number(ofIndexed: colour)
        }
        if let place = places[colour] { return CInt(place) }
        // More 24-bit colours than places cannot come from one theme.
        guard places.count < 240 else { return -1 }
        let place = UInt8(255 - places.count)
        places[colour] = place
        direct.set(place, red: red, green: green, blue: blue)
        return CInt(place)
    }

    private func number(ofIndexed colour: Colour) -> CInt {
        if case .indexed(let index) = colour { return CInt(index) }
        return -1
    }
}
