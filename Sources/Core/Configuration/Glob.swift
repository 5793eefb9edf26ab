/// A pattern for names: `*` for any run of characters, `?` for one, `[ab]`, `[a-z]`, `[!a]` for one of a set.
package struct Glob: Sendable, Hashable {
    private enum Piece: Sendable, Hashable {
        case exactly(Character)
        case one
        case run
        case set([ClosedRange<Character>], isNegated: Bool)
    }

    private let pieces: [Piece]

    /// Reads a pattern; nil where it is empty or a set is not closed.
    package init?(_ pattern: String) {
        guard !pattern.isEmpty else {
            return nil
        }
        var pieces: [Piece] = []
        var rest = Array(pattern)[...]
        while let character = rest.popFirst() {
            switch character {
            case "*":
                if pieces.last != .run {
                    pieces.append(.run)
                }
            case "?": pieces.append(.one)
            case "[":
                guard let set = Glob.set(&rest) else {
                    return nil
                }
                pieces.append(set)
            default: pieces.append(.exactly(character))
            }
        }
        self.pieces = pieces
    }

    /// True where the pattern can name more than one thing.
    package var isPattern: Bool {
        pieces.contains { piece in
            if case .exactly = piece {
                return false
            }
            return true
        }
    }

    /// True where the whole name fits.
    package func matches(_ name: String) -> Bool {
        let characters = Array(name)
        var position = 0
        var piece = 0
        // Where to go on when what follows the last `*` did not fit: one character further.
        var retry: (piece: Int, position: Int)?
        while position < characters.count {
            if piece < pieces.count, pieces[piece] == .run {
                retry = (piece + 1, position)
                piece += 1
            } else if piece < pieces.count, fits(pieces[piece], characters[position]) {
                piece += 1
                position += 1
            } else if let from = retry {
                retry = (from.piece, from.position + 1)
                (piece, position) = (from.piece, from.position + 1)
            } else {
                return false
            }
        }
        return pieces[piece...].allSatisfy { $0 == .run }
    }

    private func fits(_ piece: Piece, _ character: Character) -> Bool {
        switch piece {
        case .exactly(let wanted): wanted == character
        case .one, .run: true
        case .set(let ranges, let isNegated): ranges.contains { $0.contains(character) } != isNegated
        }
    }

    private static func set(_ rest: inout ArraySlice<Character>) -> Piece? {
        var isNegated = false
        if rest.first == "!" || rest.first == "^" {
            isNegated = true
            rest.removeFirst()
        }
        var ranges: [ClosedRange<Character>] = []
        while let first = rest.popFirst() {
            if first == "]", !ranges.isEmpty {
                return .set(ranges, isNegated: isNegated)
            }
            guard rest.first == "-", rest.dropFirst().first.map({ $0 != "]" }) == true else {
                ranges.append(first...first)
                continue
            }
            rest.removeFirst()
            guard let last = rest.popFirst(), first <= last else {
                return nil
            }
            ranges.append(first...last)
        }
        return nil
    }
}
