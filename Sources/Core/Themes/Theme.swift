package import Screen

/// Says how every role looks; total by construction.
package struct Theme: Hashable, Sendable, CustomStringConvertible {
    /// What the terminal around is taken to be where the theme leaves the terminal's own colours.
    package enum Appearance: String, Hashable, Sendable {
        case dark
        case light
    }

    package let name: String
    package let appearance: Appearance
    /// One style for each role, in the order of `Role.allCases`.
    private let styles: [Style]

    package var description: String { name }

    /// A theme of the resolved styles.
    init(name: String, appearance: Appearance, style: (Role) -> Style) {
        self.name = name
        self.appearance = appearance
        styles = Role.allCases.map(style)
    }

    /// The style of a role as the theme has it, before depth and attributes.
    package subscript(role: Role) -> Style {
        styles[Int(role.rawValue)]
    }

    /// How a cell looks on a terminal of that depth.
    ///
    /// - Shape: without colour, and for the selection on 8 and 16 colours, attributes alone speak.
    package func style(
        for role: Role,
        attributes: Cell.Attributes = [],
        depth: ColourDepth = .trueColour
    ) -> Style {
        var style = depth == .mono ? Self.monochrome(role) : self[role]
        let base = self[.text]
        if depth > .mono {
            if style.background == nil { style.background = base.background }
            if style.foreground == nil { style.foreground = base.foreground }
            if depth >= .indexed256 {
                if attributes.contains(.raised), style.background == base.background {
                    style.background = self[.header].background ?? base.background
                }
                if attributes.contains(.selected), takesSelection(role) {
                    style.background = self[.selection].background
                }
            }
            style = downgraded(style, to: depth)
        }
        if attributes.contains(.selected), depth < .indexed256 || !takesSelection(role) {
            style.emphasis.formSymmetricDifference(.reverse)
        }
        if attributes.contains(.reverse) { style.emphasis.formSymmetricDifference(.reverse) }
        if attributes.contains(.bold) { style.emphasis.insert(.bold) }
        if attributes.contains(.dim) { style.emphasis.insert(.dim) }
        if attributes.contains(.underline) { style.emphasis.insert(.underline) }
        return style
    }

    /// Whether the selection's background may lie behind the role.
    ///
    /// Not behind one with a field of its own colour, whose text is made for that colour.
    private func takesSelection(_ role: Role) -> Bool {
        guard self[.selection].background != nil else { return false }
        let own = self[role].background
        return own == nil || own == self[.text].background || own == self[.header].background
    }

    private func downgraded(_ style: Style, to depth: ColourDepth) -> Style {
        var result = style
        guard depth < .indexed256 else {
            result.foreground = style.foreground?.downgraded(to: depth)
            result.background = style.background?.downgraded(to: depth)
            return result
        }
        // The operator's own palette has its own background; only colours that say something remain.
        let base = self[.text]
        let speaks = style.background != base.background && style.background?.isSaturated == true
        result.background = speaks ? style.background?.downgraded(to: .ansi8) : nil
        if style.foreground == base.foreground {
            result.foreground = speaks ? .indexed(appearance == .dark ? 7 : 0) : nil
        } else {
            result.foreground = style.foreground.flatMap {
                plainForeground($0, depth: depth, on: result.background)
            }
        }
        return result
    }

    /// A palette colour that can be read on the background; nil is the terminal's own.
    private func plainForeground(_ colour: Colour, depth: ColourDepth, on background: Colour?) -> Colour? {
        let plain = colour.downgraded(to: depth)
        guard case .indexed(let index)? = plain else { return plain }
        if background != nil {
            // On a coloured field only black and white are sure.
            return .indexed(colour.luminance > 0.3 ? 7 : 0)
        }
        switch (appearance, index) {
        case (.dark, 0), (.light, 7), (.light, 15): return nil
        // Bright black is missing from the eight; the terminal's own colour stands in.
        case (.dark, 8) where depth == .ansi8: return nil
        // Yellow cannot be read on white.
        case (.light, 3), (.light, 11): return nil
        // Bright colours fade on white.
        case (.light, 9...14): return .indexed(index - 8)
        default: return plain
        }
    }

    /// The built-in theme of that name.
    package static func named(_ name: String) -> Theme? {
        builtin.first { $0.name == name }
    }

    /// The built-in themes; the first is the default.
    package static let builtin: [Theme] = ThemeDefinition.builtin.map { $0.theme }

    /// The theme without any choice of the operator.
    package static let standard = ThemeDefinition.dark.theme

    private static func monochrome(_ role: Role) -> Style {
        Style(emphasis: ThemeDefinition.monochromeEmphasis(role))
    }
}
