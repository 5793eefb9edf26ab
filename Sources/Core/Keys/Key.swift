/// One thing the operator did at the keyboard or with the mouse.
///
/// Keys that a terminal cannot tell apart are one key: Ctrl-i is `tab`, Ctrl-m and Ctrl-j are `enter`,
/// Ctrl-h is `backspace`, Ctrl-[ is `escape`.
package enum Key: Hashable, Sendable {
    /// A printed character as typed, shift already applied; the space bar is `character(" ")`.
    case character(Character)
    /// Control and a lowercase letter, a space or one of `\ ] ^ _`.
    case control(Character)
    /// Alt (Meta) and a character.
    case alt(Character)
    case enter
    case escape
    case tab
    case backTab
    case backspace
    case delete
    case insert
    case up
    case down
    case left
    case right
    case home
    case end
    case pageUp
    case pageDown
    /// F1 is `function(1)`.
    case function(Int)
    /// Text the terminal announced as pasted; raw, the reader of the text must sanitise it.
    case paste(String)
    case mouse(MouseEvent)
}

/// What the mouse did, in cells from the top left corner, counted from zero.
package struct MouseEvent: Hashable, Sendable {
    /// The kinds of mouse events weir asks the terminal for.
    package enum Kind: Hashable, Sendable {
        case press(Button)
        case release
        case wheelUp
        case wheelDown
    }

    /// A mouse button.
    package enum Button: Hashable, Sendable {
        case left
        case middle
        case right
    }

    package let kind: Kind
    package let x: Int
    package let y: Int

    package init(kind: Kind, x: Int, y: Int) {
        self.kind = kind
        self.x = x
        self.y = y
    }
}
