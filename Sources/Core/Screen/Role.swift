/// What a cell means; a theme decides how that looks.
///
/// A closed list, so that every theme is total and a view cannot name a colour.
package enum Role: UInt8, CaseIterable, Hashable, Sendable {
    // MARK: Plain text

    /// Ordinary text, and every cell nobody drew on.
    case text
    /// Text of less weight.
    case dim
    /// Column headings.
    case heading
    /// Something to look at that is no state.
    case accent
    /// An address that can be opened.
    case link

    // MARK: The frame around

    /// The bar at the top.
    case header
    /// The program's name and the counted things in the bar.
    case headerAccent
    /// The line of key hints at the bottom.
    case footer
    case border
    case borderFocused
    case title
    case titleFocused
    /// The background that `Cell.Attributes.selected` gives.
    case selection
    case scrollbar
    case tab
    case tabActive
    case key
    case keyLabel

    // MARK: States

    case ready
    case reconciling
    case waiting
    case failed
    case stalled
    case suspended
    case terminating
    case unknown
    case drift
    case behind
    case unreachable
    case stale

    // MARK: Judgements

    case good
    case warning
    case bad
    case info

    // MARK: Rights

    /// A cluster that asks for its name before it is changed.
    case protected
    case readOnly

    // MARK: Typing

    case input
    case placeholder
    /// The part of a row that the filter found.
    case matched
    /// A row the operator marked.
    case marked

    // MARK: Git

    case revision
    case author
    case age
    case diffAdded
    case diffRemoved
    case diffHunk
    case diffContext
    case diffHeader

    // MARK: Pictures

    case barFull
    case barPartial
    case barEmpty
    case sparkline
    case digits

    // MARK: Dialogs

    case dialog
    case dialogBorder
    case dialogTitle
    case button
    case buttonFocused

    /// The role's name in themes and golden files: `diffAdded` is `diff-added`.
    package var name: String {
        var result = ""
        for character in String(describing: self) {
            if character.isUppercase { result.append("-") }
            result.append(contentsOf: character.lowercased())
        }
        return result
    }

    /// The role of that name.
    package init?(name: String) {
        guard let role = Self.byName[name] else { return nil }
        self = role
    }

    private static let byName = Dictionary(uniqueKeysWithValues: allCases.map { ($0.name, $0) })
}
