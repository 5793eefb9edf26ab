extension String {
    /// The text as lines of at most so many columns, broken at spaces where there are any.
    ///
    /// - Shape: never empty; a line break in the text starts a new line; words longer than a line are cut;
    ///   spaces at a break are dropped, those at the beginning of the text's own lines are kept.
    package func wrapped(to columns: Int) -> [String] {
        let limit = Swift.max(1, columns)
        return split(omittingEmptySubsequences: false) { $0.isNewline }
            .flatMap { wrapLine($0, to: limit) }
    }
}

extension Substring {
    /// The text as lines of at most so many columns; see `String.wrapped(to:)`.
    package func wrapped(to columns: Int) -> [String] {
        String(self).wrapped(to: columns)
    }
}

private func wrapLine(_ line: Substring, to limit: Int) -> [String] {
    var lines: [String] = []
    var rest = line
    // How wide all of the rest is does not matter: asking at each line would take the square of a long text's time.
    while !rest.isEmpty {
        let head = head(of: rest, limit: limit)
        guard head < rest.endIndex else { break }
        let fitting = rest[..<head]
        // The break may fall on the space right after the columns that fit.
        if head < rest.endIndex, rest[head] == " " {
            lines.append(String(fitting).droppingTrailingSpaces())
            rest = rest[head...].drop { $0 == " " }
        } else if let space = fitting.lastIndex(of: " "), fitting[..<space].contains(where: { $0 != " " }) {
            lines.append(String(fitting[..<space]).droppingTrailingSpaces())
            rest = rest[rest.index(after: space)...]
        } else {
            lines.append(String(fitting))
            rest = rest[head...]
        }
    }
    if !rest.isEmpty || lines.isEmpty { lines.append(String(rest)) }
    return lines
}

/// The index after the characters that fit; always moves, so that a wide character in one column ends.
private func head(of text: Substring, limit: Int) -> Substring.Index {
    var used = 0
    var index = text.startIndex
    while index < text.endIndex {
        let width = text[index].columns
        if used + width > limit { break }
        used += width
        index = text.index(after: index)
    }
    return index == text.startIndex ? text.index(after: index) : index
}

extension String {
    fileprivate func droppingTrailingSpaces() -> String {
        var copy = self
        while copy.last == " " { copy.removeLast() }
        return copy
    }
}
