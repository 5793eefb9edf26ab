/// One line of a `.sourceignore` file or of a source's `spec.ignore`.
///
/// - Source: source-controller's own reading of gitignore: the last pattern that fits a file decides, also where a
///   pattern before it excluded the directory around the file, which Git would leave out for good.
struct ExclusionPattern {
    /// True for `!pattern`, which takes back in.
    let isKept: Bool
    private let isOfDirectories: Bool
    /// Nil where any part of the path may fit, as the pattern has no `/` but at its end.
    private let steps: [Step]?
    private let name: NameGlob

    private enum Step {
        /// What stands before a leading or between two `/`.
        case nothing
        /// `**`
        case anyDirectories
        /// `a**b`, which never fits.
        case never
        case name(NameGlob)
    }

    /// Nil for comments and blank lines.
    init?(line: Substring) {
        guard !line.hasPrefix("#"), line.contains(where: { !$0.isWhitespace }) else {
            return nil
        }
        var text = line
        isKept = text.hasPrefix("!")
        text = isKept ? text.dropFirst() : text
        if !text.hasSuffix("\\ ") {
            while text.last == " " {
                text = text.dropLast()
            }
        }
        isOfDirectories = text.hasSuffix("/")
        text = isOfDirectories ? text.dropLast() : text
        name = NameGlob(text)
        guard text.contains("/") else {
            steps = nil
            return
        }
        steps = text.split(separator: "/", omittingEmptySubsequences: false).map { part -> Step in
            switch part {
            case "": .nothing
            case "**": .anyDirectories
            default: part.contains("**") ? .never : .name(NameGlob(part))
            }
        }
    }

    /// The patterns of a text, in its order.
    static func all(in text: String) -> [ExclusionPattern] {
        text.unicodeScalars.split(separator: "\n").prefix(10_000).compactMap { line in
            ExclusionPattern(line: Substring(line.last == "\r" ? line.dropLast() : line))
        }
    }

    /// Whether a file is meant, by its path in the directory that the pattern belongs to.
    func fits(_ path: ArraySlice<Substring>) -> Bool {
        guard let steps else {
            guard let place = path.firstIndex(where: { name.fits($0) }) else {
                return false
            }
            // It is the file itself where no directory before it fits.
            return !isOfDirectories || place < path.endIndex - 1
        }
        var rest = path
        var isMet = false
        var mayPass = false
        for (place, step) in steps.enumerated() {
            switch step {
            case .nothing: mayPass = false
            case .anyDirectories:
                // At the end it adds nothing.
                mayPass = place < steps.count - 1
            case .never: return false
            case .name(let name):
                guard let first = rest.first else {
                    return false
                }
                guard mayPass else {
                    guard name.fits(first) else {
                        return false
                    }
                    (isMet, rest) = (true, rest.dropFirst())
                    continue
                }
                mayPass = false
                let found = rest.firstIndex { name.fits($0) }
                isMet = found != nil
                rest = found.map { rest[($0 + 1)...] } ?? rest[rest.endIndex...]
            }
        }
        return isMet && !(isOfDirectories && rest.isEmpty)
    }
}

/// A pattern for one name, as Go matches file names.
struct NameGlob {
    private enum Part {
        case any, run
        case scalar(Unicode.Scalar)
        case set([ClosedRange<Unicode.Scalar>], isNegated: Bool)
    }

    /// Nil where the pattern is malformed, which fits nothing.
    private let parts: [Part]?

    init(_ text: Substring) {
        var parts: [Part] = []
        var rest = text.unicodeScalars
        while let next = rest.popFirst() {
            switch next {
            case "*": parts.append(.run)
            case "?": parts.append(.any)
            case "[":
                guard let set = NameGlob.set(&rest) else {
                    self.parts = nil
                    return
                }
                parts.append(set)
            case "\\":
                guard let escaped = rest.popFirst() else {
                    self.parts = nil
                    return
                }
                parts.append(.scalar(escaped))
            default: parts.append(.scalar(next))
            }
        }
        self.parts = parts
    }

    private static func set(_ rest: inout Substring.UnicodeScalarView) -> Part? {
        let isNegated = rest.first == "^"
        rest = isNegated ? rest.dropFirst() : rest
        var ranges: [ClosedRange<Unicode.Scalar>] = []
        while rest.first != "]" || ranges.isEmpty {
            guard let low = scalar(&rest) else {
                return nil
            }
            var high = low
            if rest.first == "-" {
                rest = rest.dropFirst()
                guard let end = scalar(&rest) else {
                    return nil
                }
                high = end
            }
            // A range that runs backwards has nothing in it, and is none that could be kept.
            ranges.append(low <= high ? low...high : "\u{0}"..."\u{0}")
        }
        rest = rest.dropFirst()
        return .set(ranges, isNegated: isNegated)
    }

    /// One sign within brackets.
    private static func scalar(_ rest: inout Substring.UnicodeScalarView) -> Unicode.Scalar? {
        guard let next = rest.popFirst(), next != "-", next != "]" else {
            return nil
        }
        return next == "\\" ? rest.popFirst() : next
    }

    func fits(_ name: Substring) -> Bool {
        guard let parts else {
            return false
        }
        let scalars = Array(name.unicodeScalars)
        var (part, place) = (0, 0)
        // Where to go on if what follows the last `*` does not fit: it takes one sign more.
        var last: (part: Int, place: Int)?
        while place < scalars.count || part < parts.count {
            if part < parts.count, case .run = parts[part] {
                last = (part, place)
                part += 1
                continue
            }
            if part < parts.count, place < scalars.count, NameGlob.fits(parts[part], scalars[place]) {
                (part, place) = (part + 1, place + 1)
                continue
            }
            guard let (run, start) = last, start < scalars.count else {
                return false
            }
            last = (run, start + 1)
            (part, place) = (run + 1, start + 1)
        }
        return true
    }

    private static func fits(_ part: Part, _ scalar: Unicode.Scalar) -> Bool {
        switch part {
        case .any, .run: true
        case .scalar(let wanted): wanted == scalar
        case .set(let ranges, let isNegated): ranges.contains { $0.contains(scalar) } != isNegated
        }
    }
}
