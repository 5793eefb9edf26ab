import Keys

/// A sequence `ESC [ … x` from a keyboard or a mouse.
struct ControlSequence {
    private let prefix: UInt8?
    private let parameters: [Int]
    private let final: UInt8

    /// Nil when the bytes are not of that form.
    init?(_ bytes: [UInt8]) {
        guard bytes.count > 2, bytes[0] == 0x1B, bytes[1] == UInt8(ascii: "["), let final = bytes.last else {
            return nil
        }
        self.final = final
        var body = bytes.dropFirst(2).dropLast()
        if let first = body.first, (0x3C...0x3F).contains(first) || first == UInt8(ascii: "[") {
            prefix = first
            body = body.dropFirst()
        } else {
            prefix = nil
        }
        guard body.allSatisfy({ (0x30...0x3B).contains($0) }) else { return nil }
        // A sub-parameter after a colon says more about the key, never which key it is.
        parameters = body.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).map { part in
            let digits = part.prefix { $0 != UInt8(ascii: ":") }
            return digits.reduce(0) { min(99_999, $0 * 10 + Int($1) - 0x30) }
        }
    }

    /// The key; nil when it is none that weir knows.
    var key: Key? {
        switch prefix {
        case UInt8(ascii: "<"): mouse
        case UInt8(ascii: "["): consoleFunction
        case nil where final == UInt8(ascii: "~") || final == UInt8(ascii: "$"): numbered
        case nil where final == UInt8(ascii: "u"): unicode
        case nil: Self.key(final: final)
        default: nil
        }
    }

    /// The key of `ESC [ A` and `ESC O A`, with or without modifiers.
    static func key(final: UInt8) -> Key? {
        switch final {
        case UInt8(ascii: "A"): .up
        case UInt8(ascii: "B"): .down
        case UInt8(ascii: "C"): .right
        case UInt8(ascii: "D"): .left
        case UInt8(ascii: "H"): .home
        case UInt8(ascii: "F"): .end
        case UInt8(ascii: "Z"): .backTab
        case UInt8(ascii: "M"): .enter
        case UInt8(ascii: "P"): .function(1)
        case UInt8(ascii: "Q"): .function(2)
        case UInt8(ascii: "R"): .function(3)
        case UInt8(ascii: "S"): .function(4)
        default: nil
        }
    }

    /// The key of `ESC [ 5 ~`.
    private var numbered: Key? {
        switch parameters.first {
        case 1, 7: .home
        case 2: .insert
        case 3: .delete
        case 4, 8: .end
        case 5: .pageUp
        case 6: .pageDown
        case .some(let number):
            Self.functions.firstIndex(of: number).map { .function($0 + 1) }
        case nil: nil
        }
    }

    /// Numbers of F1, F2 …; the gaps are the terminals' history.
    private static let functions = [
        11, 12, 13, 14, 15, 17, 18, 19, 20, 21, 23, 24, 25, 26, 28, 29, 31, 32, 33, 34,
    ]

    private var consoleFunction: Key? {
        (0x41...0x45).contains(final) ? .function(Int(final) - 0x40) : nil
    }

    /// The key of `ESC [ 120 ; 5 u`, as some terminals send keys that have no sequence of old.
    private var unicode: Key? {
        guard let code = parameters.first.flatMap({ UInt32(exactly: $0) }), let scalar = Unicode.Scalar(code)
        else { return nil }
        let modifiers = max(0, (parameters.count > 1 ? parameters[1] : 1) - 1)
        switch code {
        case 9: return modifiers & 1 != 0 ? .backTab : .tab
        case 13: return .enter
        case 27: return .escape
        case 127: return .backspace
        case 0..<32: return nil
        default:
            let character = Character(scalar)
            if modifiers & 4 != 0 { return Key(controlling: character) }
            return modifiers & 2 != 0 ? .alt(character) : .character(character)
        }
    }

    /// The event of `ESC [ < button ; column ; row M`, where `m` is a release.
    private var mouse: Key? {
        guard parameters.count == 3, parameters[1] > 0, parameters[2] > 0 else { return nil }
        let place = (x: parameters[1] - 1, y: parameters[2] - 1)
        // Modifiers do not change what is meant.
        let button = parameters[0] & ~28
        let kind: MouseEvent.Kind
        switch (button, final) {
        case (0...2, UInt8(ascii: "m")): kind = .release
        case (0, UInt8(ascii: "M")): kind = .press(.left)
        case (1, UInt8(ascii: "M")): kind = .press(.middle)
        case (2, UInt8(ascii: "M")): kind = .press(.right)
        case (64, UInt8(ascii: "M")): kind = .wheelUp
        case (65, UInt8(ascii: "M")): kind = .wheelDown
        default: return nil
        }
        return .mouse(MouseEvent(kind: kind, x: place.x, y: place.y))
    }
}
