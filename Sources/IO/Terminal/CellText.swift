import CCurses
import Screen
import Text

/// Turns characters into what curses can put into cells, in exactly the columns that the frame gives them.
///
/// The C library has its own opinion on widths, and curses believes it. Where it differs from weir's, something of
/// the right width is shown instead, so that a strange character never shifts the rest of its row.
struct CellText {
    /// One curses cell: a base character with its marks.
    struct Unit: Equatable {
        /// Wide characters, ended by zero.
        let scalars: [wchar_t]
        let columns: Int

        static let space = Unit(scalars: [0x20, 0], columns: 1)
    }

    /// Marks that curses keeps on one base.
    private static let marks = 4

    private let isUTF8: Bool
    private let usesASCIIGlyphs: Bool
    private var known: [Character: [Unit]] = [:]

    init(isUTF8: Bool, usesASCIIGlyphs: Bool) {
        self.isUTF8 = isUTF8
        self.usesASCIIGlyphs = usesASCIIGlyphs
    }

    /// The units of a frame's cell; together as wide as the cell.
    mutating func units(for cell: Cell) -> [Unit] {
        if let ascii = cell.character.asciiValue, ascii >= 0x20, ascii < 0x7F {
            return [Unit(scalars: [wchar_t(ascii), 0], columns: 1)]
        }
        if let units = known[cell.character] { return units }
        let units = Self.padded(candidates(for: cell.character), to: Int(cell.columns))
        // Text from clusters is unbounded over weeks.
        if known.count > 4_096 { known.removeAll() }
        known[cell.character] = units
        return units
    }

    private func candidates(for character: Character) -> [Unit] {
        if !isUTF8 { return Self.units(of: Glyphs.asciiStandIn(for: character)) }
        if usesASCIIGlyphs, Glyphs.asciiStandIn(for: character) != "?" {
            return Self.units(of: Glyphs.asciiStandIn(for: character))
        }
        return Self.units(of: character)
    }

    private static func units(of character: Character) -> [Unit] {
        var units: [Unit] = []
        for scalar in character.unicodeScalars where !scalar.properties.isVariationSelector {
            // A selector asks some terminals, but not all, for two columns.
            let width = Int(CCurses_width(wchar_t(scalar.value)))
            if width > 0 {
                units.append(Unit(scalars: [wchar_t(scalar.value), 0], columns: width))
            } else if width == 0, scalar.columns == 0, scalar.properties.generalCategory != .format,
                let last = units.last, last.scalars.count <= marks
            {
                units[units.count - 1] = Unit(
                    scalars: last.scalars.dropLast() + [wchar_t(scalar.value), 0],
                    columns: last.columns
                )
            }
        }
        return units
    }

    /// As many of the units as fit, and spaces for what is missing.
    private static func padded(_ units: [Unit], to columns: Int) -> [Unit] {
        var result: [Unit] = []
        var used = 0
        for unit in units where used + unit.columns <= columns {
            result.append(unit)
            used += unit.columns
        }
        if result.isEmpty {
            result.append(Unit(scalars: [0x3F, 0], columns: 1))
            used = 1
        }
        while used < columns {
            result.append(.space)
            used += 1
        }
        return result
    }
}
