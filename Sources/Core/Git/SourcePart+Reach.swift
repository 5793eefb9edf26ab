package import Kube

extension SourcePart {
    /// What a reader's path takes from the part's source.
    package enum Origin: Hashable, Sendable {
        /// The path lies in the part: it builds from this path of the source's repository.
        case path(String)
        /// The part lies below the path: it builds from all that is taken from below here.
        case below(String)
        /// Neither: only a reference from outside could lead into the part.
        case elsewhere
    }

    /// Where in the part's source a path of the artifact comes from.
    package func origin(ofPath path: String) -> Origin {
        let path = TreePath.normalised(path)
        if to.isEmpty || path == to || path.hasPrefix("\(to)/") {
            let rest = path.dropFirst(to.count).drop { $0 == "/" }
            return .path(rest.isEmpty ? base : base.isEmpty ? String(rest) : "\(base)/\(rest)")
        }
        return path.isEmpty || to.hasPrefix("\(path)/") ? .below(base) : .elsewhere
    }

    /// True where a file of the source's repository is among what is taken.
    package func takes(_ file: String) -> Bool {
        let isWhole = !SourcePart.hasWildcard(from)
        let isTaken =
            isWhole
            ? from.isEmpty || file == from || file.hasPrefix("\(from)/")
            : PathPattern(from).matches(file)
        return isTaken && !excludes.contains { excluded($0, file) }
    }

    private func excluded(_ pattern: String, _ file: String) -> Bool {
        guard pattern.contains("/") else {
            return PathPattern(pattern).matches(file.split(separator: "/").last.map(String.init) ?? file)
        }
        let inside = base.isEmpty ? file : String(file.dropFirst(base.count + 1))
        let whole = PathPattern(pattern)
        return whole.matches(file) || whole.matches(inside)
    }
}

/// A pattern for paths: `*`, `?` and sets within a step, `**` for any number of steps.
///
/// - Source: source-watcher's globs; a placeholder that nothing filled fits any step.
struct PathPattern {
    private let steps: [[Character]]

    init(_ text: String) {
        steps = text.split(separator: "/").filter { $0 != "." }.map { Array($0) }
    }

    func matches(_ path: String) -> Bool {
        PathPattern.matches(steps[...], path.split(separator: "/").map { Array($0) }[...])
    }

    private static func matches(_ steps: ArraySlice<[Character]>, _ path: ArraySlice<[Character]>) -> Bool {
        guard let step = steps.first else {
            return path.isEmpty
        }
        guard step == ["*", "*"] else {
            guard let name = path.first, fits(step[...], name[...]) else {
                return false
            }
            return matches(steps.dropFirst(), path.dropFirst())
        }
        // At the end it takes all below, and not the directory itself.
        guard steps.count > 1 else {
            return !path.isEmpty
        }
        return (0...path.count).contains { matches(steps.dropFirst(), path.dropFirst($0)) }
    }

    private static func fits(_ step: ArraySlice<Character>, _ name: ArraySlice<Character>) -> Bool {
        guard let first = step.first else {
            return name.isEmpty
        }
        switch first {
        case "*": return (0...name.count).contains { fits(step.dropFirst(), name.dropFirst($0)) }
        case "?": return !name.isEmpty && fits(step.dropFirst(), name.dropFirst())
        case "{":
            let rest = step.drop { $0 != "}" }.dropFirst()
            return (0...name.count).contains { fits(rest, name.dropFirst($0)) }
        default: return name.first == first && fits(step.dropFirst(), name.dropFirst())
        }
    }
}
