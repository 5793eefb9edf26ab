/// A colour a terminal can be asked for; no colour at all is the terminal's own default.
package enum Colour: Hashable, Sendable {
    /// Red, green and blue.
    case rgb(UInt8, UInt8, UInt8)
    /// A place in the terminal's palette: 0–15 are the operator's own colours, 16–255 are fixed.
    case indexed(UInt8)

    /// Reads `#rgb` and `#rrggbb`; nil for anything else.
    package init?(hex text: String) {
        guard text.first == "#" else { return nil }
        let digits = text.dropFirst().compactMap(\.hexDigitValue)
        guard digits.count == text.count - 1, let channels = Self.channels(digits) else { return nil }
        self = .rgb(channels[0], channels[1], channels[2])
    }

    private static func channels(_ digits: [Int]) -> [UInt8]? {
        switch digits.count {
        case 3: digits.map { UInt8($0 * 17) }
        case 6: stride(from: 0, to: 6, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
        default: nil
        }
    }

    /// Reads the name of a colour of the operator's palette: `ansi-red`, `ansi-bright-red`.
    package init?(ansiName text: String) {
        guard text.hasPrefix("ansi-") else { return nil }
        let name = text.dropFirst("ansi-".count)
        let bright = name.hasPrefix("bright-")
        guard let index = Self.ansiNames.firstIndex(of: String(bright ? name.dropFirst(7) : name)) else {
            return nil
        }
        self = .indexed(UInt8(index + (bright ? 8 : 0)))
    }

    static let ansiNames = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"]

    /// The channels; those of the xterm defaults for a place in the palette.
    package var channels: (red: UInt8, green: UInt8, blue: UInt8) {
        switch self {
        case .rgb(let red, let green, let blue):
            return (red, green, blue)
        case .indexed(let index) where index < 16:
            return Self.ansiChannels[Int(index)]
        case .indexed(let index) where index < 232:
            let place = Int(index) - 16
            return (Self.cube[place / 36], Self.cube[place / 6 % 6], Self.cube[place % 6])
        case .indexed(let index):
            let level = UInt8(8 + (Int(index) - 232) * 10)
            return (level, level, level)
        }
    }

    /// Levels of the 6×6×6 colour cube of 256-colour terminals.
    private static let cube: [UInt8] = [0, 95, 135, 175, 215, 255]

    private static let ansiChannels: [(UInt8, UInt8, UInt8)] = [
        (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205),
        (229, 229, 229), (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255),
        (255, 0, 255), (0, 255, 255), (255, 255, 255),
    ]

    /// Relative luminance, 0 for black to 1 for white.
    ///
    /// - Source: WCAG 2.2, "relative luminance". Its power function is replaced by a polynomial that needs no
    ///   mathematics library and is off by less than 0.01.
    package var luminance: Double {
        func linear(_ channel: UInt8) -> Double {
            let share = Double(channel) / 255
            return share * (share * (share * 0.305306011 + 0.682171111) + 0.012522878)
        }
        let (red, green, blue) = channels
        return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }

    /// Contrast between two colours, 1 for none to 21 for black on white.
    ///
    /// - Source: WCAG 2.2, "contrast ratio": 4.5 is enough for text, 3 for large text and symbols.
    package static func contrast(_ one: Colour, _ other: Colour) -> Double {
        let lighter = max(one.luminance, other.luminance)
        let darker = min(one.luminance, other.luminance)
        return (lighter + 0.05) / (darker + 0.05)
    }
}
