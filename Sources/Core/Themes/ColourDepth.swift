/// How many colours a terminal shows.
package enum ColourDepth: String, CaseIterable, Comparable, Hashable, Sendable {
    /// None: bold, dim, underline and reverse carry the meaning.
    case mono
    /// The eight colours of the operator's palette.
    case ansi8
    /// The same with their bright variants.
    case ansi16
    /// The fixed palette.
    case indexed256
    /// 24 bits.
    case trueColour

    package static func < (one: ColourDepth, other: ColourDepth) -> Bool {
        one.rank < other.rank
    }

    private var rank: Int {
        switch self {
        case .mono: 0
        case .ansi8: 1
        case .ansi16: 2
        case .indexed256: 3
        case .trueColour: 4
        }
    }

    /// Reads what people write in settings: `mono`, `8`, `16`, `256`, `truecolour`.
    package init?(setting: String) {
        switch setting.lowercased() {
        case "mono", "none", "1": self = .mono
        case "8": self = .ansi8
        case "16": self = .ansi16
        case "256": self = .indexed256
        case "truecolour", "truecolor", "24bit": self = .trueColour
        default: return nil
        }
    }

    /// What the terminal can show, from its description and what the environment says.
    ///
    /// - Shape: `environment` by name, of which `NO_COLOR`, `COLORTERM`, `TERM` and `TMUX` are looked at;
    ///   `colours` is the number in the terminal's description, 0 when it has none.
    /// - Source: no-color.org: any value but the empty one means no colour.
    package static func detect(environment: [String: String], colours: Int) -> ColourDepth {
        if let noColour = environment["NO_COLOR"], !noColour.isEmpty { return .mono }
        if colours > 256 { return .trueColour }
        if colours == 256 {
            let claim = environment["COLORTERM"] ?? ""
            // GNU screen passes the claim of the terminal around it on, and does not keep it.
            let isScreen = (environment["TERM"] ?? "").hasPrefix("screen") && environment["TMUX"] == nil
            return (claim == "truecolor" || claim == "24bit") && !isScreen ? .trueColour : .indexed256
        }
        return colours >= 16 ? .ansi16 : colours >= 8 ? .ansi8 : .mono
    }
}

extension Colour {
    /// The colour as a terminal of that depth can show it; nil when it shows none.
    package func downgraded(to depth: ColourDepth) -> Colour? {
        switch depth {
        case .mono: nil
        case .trueColour: self
        case .indexed256: isIndexed ? self : .indexed(nearestOf256)
        case .ansi16: .indexed(ansi)
        case .ansi8: .indexed(ansi % 8)
        }
    }

    private var isIndexed: Bool {
        if case .indexed = self { return true }
        return false
    }

    /// The nearest fixed colour; never one of the operator's own.
    private var nearestOf256: UInt8 {
        let wanted = channels
        func distance(_ index: UInt8) -> Int {
            let there = Colour.indexed(index).channels
            let red = Int(wanted.red) - Int(there.red)
            let green = Int(wanted.green) - Int(there.green)
            let blue = Int(wanted.blue) - Int(there.blue)
            return 2 * red * red + 4 * green * green + 3 * blue * blue
        }
        return (16...255).min { distance($0) < distance($1) } ?? 16
    }

    /// The colour of the operator's palette with the same hue: distances mean little where 16 colours differ
    /// from terminal to terminal.
    private var ansi: UInt8 {
        if case .indexed(let index) = self, index < 16 { return index }
        let (red, green, blue) = channels
        let high = Int(max(red, green, blue))
        let low = Int(min(red, green, blue))
        guard isSaturated else {
            return high < 60 ? 0 : high < 150 ? 8 : high < 225 ? 7 : 15
        }
        let span = high - low
        let sixth: Int
        // Hue in degrees.
        if high == Int(red) {
            sixth = (60 * (Int(green) - Int(blue)) / span + 360) % 360
        } else if high == Int(green) {
            sixth = 60 * (Int(blue) - Int(red)) / span + 120
        } else {
            sixth = 60 * (Int(red) - Int(green)) / span + 240
        }
        let base: UInt8
        switch sixth {
        case 20..<75: base = 3
        case 75..<160: base = 2
        case 160..<200: base = 6
        case 200..<258: base = 4
        case 258..<330: base = 5
        default: base = 1
        }
        return high >= 190 ? base + 8 : base
    }

    /// Whether the colour is more than a shade of grey.
    var isSaturated: Bool {
        let (red, green, blue) = channels
        let high = Int(max(red, green, blue))
        return high - Int(min(red, green, blue)) > max(40, high / 4)
    }
}
