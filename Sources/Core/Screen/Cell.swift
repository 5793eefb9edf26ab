import Text

/// One column of one row: a character, what it means, and how it is set off.
package struct Cell: Hashable, Sendable {
    /// How a cell is set off from others of its role.
    package struct Attributes: OptionSet, Hashable, Sendable {
        package let rawValue: UInt8

        package init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        /// The cell lies in the selected row: the theme puts the selection's background behind it.
        package static let selected = Attributes(rawValue: 1)
        package static let bold = Attributes(rawValue: 2)
        package static let dim = Attributes(rawValue: 4)
        package static let reverse = Attributes(rawValue: 8)
        package static let underline = Attributes(rawValue: 16)
        /// The cell lies in a bar or a dialog: the theme puts the header's background behind it.
        package static let raised = Attributes(rawValue: 32)

        /// Every attribute, in the order of the golden form.
        package static let names: [(Attributes, String)] = [
            (.selected, "selected"), (.bold, "bold"), (.dim, "dim"), (.reverse, "reverse"),
            (.underline, "underline"), (.raised, "raised"),
        ]
    }

    /// The character, shown from this column on; `continuation` in the second column of a wide one.
    package private(set) var character: Character
    /// Columns the character takes: 1 or 2, and 0 in the second column of a wide one.
    package private(set) var columns: UInt8
    package var role: Role
    package var attributes: Attributes

    /// A cell nobody drew on.
    package static let blank = Cell(" ", role: .text)
    /// Stands in the second column of a wide character.
    package static let continuation: Character = "\u{0}"

    /// A cell for the character.
    ///
    /// - Shape: a character with nothing to show becomes a space. A wide one needs a continuation after it,
    ///   which `Canvas` adds.
    package init(_ character: Character, role: Role, attributes: Attributes = []) {
        let width = character.columns
        self.character = width == 0 ? " " : character
        columns = UInt8(max(1, width))
        self.role = role
        self.attributes = attributes
    }

    /// A cell for printable ASCII, quickly.
    init(ascii byte: UInt8, role: Role, attributes: Attributes) {
        character = Self.ascii[Int(byte)]
        columns = 1
        self.role = role
        self.attributes = attributes
    }

    /// A cell for a character whose columns, 1 or 2, are known.
    init(_ character: Character, columns: Int, role: Role, attributes: Attributes) {
        self.character = character
        self.columns = UInt8(columns)
        self.role = role
        self.attributes = attributes
    }

    private static let ascii = (0..<128).map { Character(Unicode.Scalar(UInt8($0))) }

    /// The second column of a wide character.
    package init(continuationOf cell: Cell) {
        character = Self.continuation
        columns = 0
        role = cell.role
        attributes = cell.attributes
    }

    /// Whether this is the second column of the wide character before it.
    package var isContinuation: Bool { columns == 0 }
    /// Whether the character goes on into the next column.
    package var isWide: Bool { columns == 2 }
}
