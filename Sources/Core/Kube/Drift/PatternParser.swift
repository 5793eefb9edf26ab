/// Reads a regular expression in RE2's syntax.
struct PatternParser {
    indirect enum Node {
        case one(ScalarSet)
        case beginning
        case end
        case sequence([Node])
        case choice([Node])
        /// At least and at most so often; nil for any number.
        case repeated(Node, Int, Int?)
    }

    typealias Refusal = LinearPattern.Refusal

    private static let depthLimit = 50
    /// As RE2 has it.
    private static let countLimit = 1_000

    private let scalars: [Unicode.Scalar]
    private var place = 0
    private var depth = 0

    init(_ text: String) {
        scalars = Array(text.unicodeScalars)
    }

    private var next: Unicode.Scalar? { place < scalars.count ? scalars[place] : nil }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else {
            return false
        }
        place += 1
        return true
    }

    mutating func whole() throws(Refusal) -> Node {
        let node = try choice()
        // A bracket that nothing opened.
        guard next == nil else {
            throw .faulty
        }
        return node
    }

    private mutating func choice() throws(Refusal) -> Node {
        var branches = [try sequence()]
        while take("|") {
            branches.append(try sequence())
        }
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func sequence() throws(Refusal) -> Node {
        var parts: [Node] = []
        while let scalar = next, scalar != "|", scalar != ")" {
            parts.append(try repeated())
        }
        return .sequence(parts)
    }

    private mutating func repeated() throws(Refusal) -> Node {
        let node = try atom()
        guard let (least, most) = try count() else {
            return node
        }
        // How much is tried first makes no difference to whole texts.
        _ = take("?")
        guard try count() == nil else {
            throw .faulty
        }
        return .repeated(node, least, most)
    }

    /// How often what stands before it may come; nil where nothing is said of that.
    private mutating func count() throws(Refusal) -> (Int, Int?)? {
        if take("*") {
            return (0, nil)
        }
        if take("+") {
            return (1, nil)
        }
        if take("?") {
            return (0, 1)
        }
        let start = place
        guard take("{"), let least = number() else {
            place = start
            return nil
        }
        var most: Int? = least
        if take(",") {
            most = number()
        }
        // Whatever else stands in braces is text.
        guard take("}") else {
            place = start
            return nil
        }
        guard max(least, most ?? 0) <= PatternParser.countLimit, most.map({ $0 >= least }) ?? true else {
            throw .faulty
        }
        return (least, most)
    }

    private mutating func number() -> Int? {
        var digits = ""
        while let scalar = next, ("0"..."9").contains(scalar), digits.count < 6 {
            digits.unicodeScalars.append(scalar)
            place += 1
        }
        return Int(digits)
    }

    private mutating func atom() throws(Refusal) -> Node {
        // A repetition of nothing.
        guard try count() == nil, let scalar = next else {
            throw .faulty
        }
        place += 1
        switch scalar {
        case "(": return try group()
        case "[": return .one(try characters())
        case ".": return .one(.any)
        case "^": return .beginning
        case "$": return .end
        case "\\":
            if take("A") {
                return .beginning
            }
            return take("z") ? .end : .one(try escaped().set)
        default: return .one(ScalarSet(scalar))
        }
    }

    private mutating func group() throws(Refusal) -> Node {
        depth += 1
        guard depth <= PatternParser.depthLimit else {
            throw .tooLong
        }
        if take("?"), !take(":") {
            try skipName()
        }
        let node = try choice()
        guard take(")") else {
            throw .faulty
        }
        depth -= 1
        return node
    }

    /// Steps over the name of a group, which means nothing here.
    private mutating func skipName() throws(Refusal) {
        let start = place
        _ = take("P")
        guard take("<") else {
            place = start
            let flags = scalars[start...].prefix { $0 != ":" && $0 != ")" }
            throw .unread("(?\(String(String.UnicodeScalarView(flags)))")
        }
        let name = scalars[place...].prefix { $0 != ">" }
        place += name.count
        guard take(">"), !name.isEmpty, name.allSatisfy({ ScalarSet.words.contains($0.value) }) else {
            throw .faulty
        }
    }

    /// What a backslash makes of the character after it, and that character where it means one.
    private mutating func escaped() throws(Refusal) -> (set: ScalarSet, scalar: Unicode.Scalar?) {
        guard let scalar = next else {
            throw .faulty
        }
        place += 1
        switch scalar {
        case "d": return (.digits, nil)
        case "D": return (ScalarSet.digits.inverted, nil)
        case "s": return (.spaces, nil)
        case "S": return (ScalarSet.spaces.inverted, nil)
        case "w": return (.words, nil)
        case "W": return (ScalarSet.words.inverted, nil)
        default: break
        }
        let controls: [Unicode.Scalar: Unicode.Scalar] = [
            "a": "\u{07}", "f": "\u{0C}", "n": "\n", "r": "\r", "t": "\t", "v": "\u{0B}",
        ]
        if let control = controls[scalar] {
            return (ScalarSet(control), control)
        }
        guard scalar == "_" || scalar.isASCII && !ScalarSet.words.contains(scalar.value) else {
            throw .unread("\\\(scalar)")
        }
        return (ScalarSet(scalar), scalar)
    }

    /// What stands in brackets, after the first of them.
    private mutating func characters() throws(Refusal) -> ScalarSet {
        let isInverted = take("^")
        var set = ScalarSet([])
        var isFirst = true
        while isFirst || next != "]" {
            isFirst = false
            guard let low = try member(&set) else {
                continue
            }
            // A line at the end is a line.
            guard next == "-", place + 1 < scalars.count, scalars[place + 1] != "]" else {
                set.add(ScalarSet(low))
                continue
            }
            place += 1
            var none = ScalarSet([])
            guard let high = try member(&none), low.value <= high.value else {
                throw .faulty
            }
            set.add(ScalarSet([low.value...high.value]))
        }
        place += 1
        return isInverted ? set.inverted : set
    }

    /// The next character in brackets; nil for one that stands for several, which are added.
    private mutating func member(_ set: inout ScalarSet) throws(Refusal) -> Unicode.Scalar? {
        guard let scalar = next else {
            throw .faulty
        }
        place += 1
        if scalar == "[", next == ":" {
            throw .unread("[:")
        }
        guard scalar == "\\" else {
            return scalar
        }
        let found = try escaped()
        if found.scalar == nil {
            set.add(found.set)
        }
        return found.scalar
    }
}
