package import Screen

/// A theme as it is written: a palette, and for each role names from it.
package struct ThemeDefinition: Hashable, Sendable {
    /// How one role is written.
    package struct Look: Hashable, Sendable {
        /// A palette name, `default`, `#rrggbb` or `ansi-red`; nil leaves the text's own.
        package var foreground: String?
        package var background: String?
        package var emphasis: Style.Emphasis

        package init(
            _ foreground: String? = nil,
            on background: String? = nil,
            _ emphasis: Style.Emphasis = []
        ) {
            self.foreground = foreground
            self.background = background
            self.emphasis = emphasis
        }
    }

    package var name: String
    package var appearance: Theme.Appearance
    /// Colours as written, by name.
    package var palette: [String: String]
    /// Roles that are missing look like text.
    package var looks: [Role: Look]

    package init(name: String, appearance: Theme.Appearance, palette: [String: String], looks: [Role: Look]) {
        self.name = name
        self.appearance = appearance
        self.palette = palette
        self.looks = looks
    }

    /// The colour that a text names: `.some(nil)` is the terminal's own, nil no colour at all.
    package func colour(_ text: String) -> Colour?? {
        if let entry = palette[text], entry != text {
            // One step only: a palette entry that names another would make circles possible.
            return Self.colour(written: entry)
        }
        return Self.colour(written: text)
    }

    /// The colour written without a palette; see `colour(_:)`.
    package static func colour(written text: String) -> Colour?? {
        if text == "default" { return .some(nil) }
        return (Colour(hex: text) ?? Colour(ansiName: text)).map { .some($0) }
    }

    /// The theme, with names that mean nothing taken for the text's own colour.
    package var theme: Theme {
        Theme(name: name, appearance: appearance) { role in
            let look = looks[role] ?? Look()
            return Style(
                foreground: look.foreground.flatMap { colour($0) ?? nil },
                background: look.background.flatMap { colour($0) ?? nil },
                emphasis: look.emphasis
            )
        }
    }

    /// The built-in themes; the first is the default.
    package static let builtin = [dark, light, highContrast, mono]

    /// The built-in theme of that name, to inherit from.
    package static func builtin(named name: String) -> ThemeDefinition? {
        builtin.first { $0.name == name }
    }
}
