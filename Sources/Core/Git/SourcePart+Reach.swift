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
        let names = path.split(separator: "/").map { Array($0) }
        // reached[n]: the steps so far take the first n names.
        var reached = [true] + Array(repeating: false, count: names.count)
        for (place, step) in steps.enumerated() {
            var next = Array(repeating: false, count: names.count + 1)
            if step == ["*", "*"] {
                // At the end it takes all below, and not the directory itself.
                let least = place == steps.count - 1 ? 1 : 0
                if let first = reached.firstIndex(of: true), first + least <= names.count {
                    for index in (first + least)...names.count {
                        next[index] = true
                    }
                }
            } else {
                for index in names.indices where reached[index] && PathPattern.fits(step, names[index]) {
                    next[index + 1] = true
                }
            }
            reached = next
        }
        return reached[names.count]
    }

    /// Patterns are those of the cluster: none may take longer than its length times that of the name.
    private static func fits(_ step: [Character], _ name: [Character]) -> Bool {
        var reached = [true] + Array(repeating: false, count: name.count)
        var rest = step[...]
        while let character = rest.popFirst() {
            var next = Array(repeating: false, count: name.count + 1)
            switch character {
            case "*", "{":
                if character == "{" {
                    rest = rest.drop { $0 != "}" }.dropFirst()
                }
                if let first = reached.firstIndex(of: true) {
                    for index in first...name.count {
                        next[index] = true
                    }
                }
            default:
                for (index, own) in name.enumerated() where reached[index] {
                    next[index + 1] = character == "?" || own == character
                }
            }
            reached = next
        }
        return reached[name.count]
    }
}
