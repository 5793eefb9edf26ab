extension Key {
    /// Reads a key as people write it: `R`, `Ctrl-r`, `Alt-x`, `Space`, `PgDn`, `Shift-Tab`, `F5`.
    ///
    /// - Shape: names and modifiers in any case, single characters exactly as typed.
    ///   Nil when it is no key, or one that cannot be bound (paste, mouse).
    package init?(notation: String) {
        if notation.count == 1, let character = notation.first {
            guard let key = Key(typed: character) else { return nil }
            self = key
            return
        }
        let lowered = notation.lowercased()
        if let named = Self.named[lowered] {
            self = named
        } else if let rest = lowered.rest(after: ["ctrl-", "ctrl+", "c-", "^"]) {
            guard let key = Key(controlNotation: rest) else { return nil }
            self = key
        } else if let count = lowered.rest(after: ["alt-", "alt+", "meta-", "m-"])?.count {
            guard let character = Key(notation: String(notation.suffix(count)))?.typed else { return nil }
            self = .alt(character)
        } else if let number = lowered.rest(after: ["f"]).flatMap({ Int($0) }), (1...63).contains(number) {
            self = .function(number)
        } else {
            return nil
        }
    }

    /// The key as it is written in help, settings and documents.
    package var notation: String {
        switch self {
        case .character(" "): "Space"
        case .character(let character): String(character)
        case .control(" "): "Ctrl-Space"
        case .control(let character): "Ctrl-\(character)"
        case .alt(" "): "Alt-Space"
        case .alt(let character): "Alt-\(character)"
        case .enter: "Enter"
        case .escape: "Esc"
        case .tab: "Tab"
        case .backTab: "Shift-Tab"
        case .backspace: "Backspace"
        case .delete: "Delete"
        case .insert: "Insert"
        case .up: "Up"
        case .down: "Down"
        case .left: "Left"
        case .right: "Right"
        case .home: "Home"
        case .end: "End"
        case .pageUp: "PgUp"
        case .pageDown: "PgDn"
        case .function(let number): "F\(number)"
        case .paste: "Paste"
        case .mouse: "Mouse"
        }
    }

    /// The key a lone character stands for; nil for controls that are no key.
    private init?(typed character: Character) {
        switch character {
        case "\t": self = .tab
        case "\r", "\n", "\r\n": self = .enter
        default:
            guard let first = character.unicodeScalars.first, first.value >= 0x20, first.value != 0x7F else {
                return nil
            }
            self = .character(character)
        }
    }

    /// The key that Control with the named key sends.
    private init?(controlNotation rest: String) {
        if rest == "space" || rest == "@" {
            self = .control(" ")
            return
        }
        guard rest.count == 1, let character = rest.first, let key = Key(controlling: character) else {
            return nil
        }
        self = key
    }

    /// The key that Control with a lowercase letter or one of `\ ] ^ _ [ space` sends, aliases resolved.
    package init?(controlling character: Character) {
        switch character {
        case "i": self = .tab
        case "m", "j": self = .enter
        case "h": self = .backspace
        case "[": self = .escape
        case "a"..."z", "\\", "]", "^", "_", " ": self = .control(character)
        default: return nil
        }
    }

    /// The character, when the key is one.
    package var typed: Character? {
        guard case .character(let character) = self else { return nil }
        return character
    }

    private static let named: [String: Key] = [
        "space": .character(" "), "enter": .enter, "return": .enter, "cr": .enter,
        "esc": .escape, "escape": .escape, "tab": .tab, "shift-tab": .backTab, "backtab": .backTab,
        "backspace": .backspace, "bs": .backspace, "delete": .delete, "del": .delete,
        "insert": .insert, "ins": .insert, "up": .up, "down": .down, "left": .left, "right": .right,
        "home": .home, "end": .end, "pgup": .pageUp, "pageup": .pageUp, "pgdn": .pageDown,
        "pgdown": .pageDown, "pagedown": .pageDown,
    ]
}

extension String {
    /// What follows the first of these beginnings that the text has; nil when it has none or nothing follows.
    fileprivate func rest(after beginnings: [String]) -> String? {
        for beginning in beginnings where hasPrefix(beginning) && count > beginning.count {
            return String(dropFirst(beginning.count))
        }
        return nil
    }
}
