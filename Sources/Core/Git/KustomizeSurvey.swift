import Text

/// Works out the reach of many paths of one tree, reading each kustomization file once.
package struct KustomizeSurvey {
    private let reader: TreeReader
    private var memory: [String: Memory] = [:]

    /// What is known of one directory of the tree.
    private struct Memory {
        var files: [String] = []
        var references: [KustomizationFile.Reference] = []
        var problems: [String] = []
        var isWhole = false
    }

    /// Kustomizations deeper than this are not followed: no real tree nests so.
    private static let depthLimit = 32
    private static let directoryLimit = 5_000

    package init(_ reader: TreeReader) {
        self.reader = reader
    }

    /// Everything that the build of `path` reads inside the repository.
    ///
    /// - Shape: the path itself stays in the reach where it does not exist or cannot be read, so that a change
    ///   that brings it counts.
    package mutating func reach(of path: String) -> KustomizeReach {
        let path = TreePath.normalised(path)
        var walk = Walk(reach: KustomizeReach(path: path, places: []))
        guard let place = resolve(path, &walk) else {
            walk.reach.places.insert(path)
            walk.note("\(Sanitiser.line(path)) does not exist")
            return walk.reach
        }
        if reader.entry(place) == .directory {
            visit(place, depth: 0, &walk)
        } else {
            walk.reach.places.insert(place)
        }
        return walk.reach
    }

    private struct Walk {
        var reach: KustomizeReach
        var visited: Set<String> = []

        mutating func note(_ problem: String) {
            if reach.problems.count < 50, !reach.problems.contains(problem) {
                reach.problems.append(problem)
            }
        }
    }

    private mutating func visit(_ directory: String, depth: Int, _ walk: inout Walk) {
        guard walk.visited.insert(directory).inserted else {
            return
        }
        guard depth < KustomizeSurvey.depthLimit, walk.visited.count < KustomizeSurvey.directoryLimit else {
            walk.reach.places.insert(directory)
            walk.note("\(shown(directory)) is nested too deeply to follow")
            return
        }
        let known = look(at: directory)
        known.problems.forEach { walk.note($0) }
        walk.reach.places.formUnion(known.files)
        if known.isWhole {
            walk.reach.places.insert(directory)
        }
        if known.files.isEmpty {
            descend(directory, depth: depth, &walk)
        }
        for reference in known.references {
            follow(reference, from: directory, depth: depth, &walk)
        }
    }

    /// Below a directory that is built whole, kustomizations may still lead out of it.
    private mutating func descend(_ directory: String, depth: Int, _ walk: inout Walk) {
        var waiting = [directory]
        var left = KustomizeSurvey.directoryLimit
        while let next = waiting.popLast(), left > 0 {
            left -= 1
            for (name, entry) in reader.children(next) where entry == .directory {
                let child = next.isEmpty ? name : "\(next)/\(name)"
                if look(at: child).files.isEmpty {
                    waiting.append(child)
                } else {
                    visit(child, depth: depth + 1, &walk)
                }
            }
        }
    }

    private mutating func follow(
        _ reference: KustomizationFile.Reference,
        from directory: String,
        depth: Int,
        _ walk: inout Walk
    ) {
        let text = reference.text
        // Patches and transformers may stand in the list themselves, as YAML.
        guard !text.contains("\n"), !text.contains(": "), !text.hasPrefix("{") else {
            return
        }
        guard !text.hasPrefix("/"), let wanted = TreePath.joined(directory, text) else {
            if KustomizeSurvey.isRemote(text) {
                walk.reach.remotes.insert(Sanitiser.line(text))
            } else if reference.role != .whole {
                walk.note("\(shown(directory)) refers to \(Sanitiser.line(text)), outside the repository")
            }
            return
        }
        guard let place = resolve(wanted, &walk) else {
            guard reference.role != .whole else {
                return
            }
            guard !KustomizeSurvey.isRemote(text) else {
                walk.reach.remotes.insert(Sanitiser.line(text))
                return
            }
            // What is missing may come with the next change: then it counts.
            walk.reach.places.insert(wanted)
            walk.note("\(shown(directory)) refers to \(Sanitiser.line(text)), which does not exist")
            return
        }
        if reference.role == .build, reader.entry(place) == .directory {
            visit(place, depth: depth + 1, &walk)
        } else {
            walk.reach.places.insert(place)
        }
    }

    private mutating func look(at directory: String) -> Memory {
        if let known = memory[directory] {
            return known
        }
        var known = Memory()
        for name in KustomizationFile.names {
            let path = directory.isEmpty ? name : "\(directory)/\(name)"
            guard let entry = reader.entry(path), entry != .directory else {
                continue
            }
            known.files.append(path)
            guard let bytes = reader.bytes(path), let file = KustomizationFile(bytes: bytes) else {
                known.isWhole = true
                known.problems.append("\(shown(path)) cannot be read")
                continue
            }
            known.references += file.references
        }
        known.isWhole = known.isWhole || known.files.isEmpty
        memory[directory] = known
        return known
    }

    /// Where a path leads once links are followed; each link on the way is part of the reach.
    private func resolve(_ path: String, _ walk: inout Walk) -> String? {
        var path = path
        for _ in 0..<8 {
            switch reader.entry(path) {
            case .file, .directory, .submodule:
                return path
            case .link, nil:
                guard let link = firstLink(on: path) else {
                    return nil
                }
                walk.reach.places.insert(link.place)
                guard
                    !link.target.hasPrefix("/"),
                    let target = TreePath.joined(TreePath.parent(of: link.place), link.target),
                    let whole = TreePath.joined(target, link.rest)
                else {
                    return nil
                }
                path = whole
            }
        }
        return nil
    }

    private func firstLink(on path: String) -> (place: String, target: String, rest: String)? {
        let parts = path.split(separator: "/")
        for count in parts.indices {
            let place = parts[...count].joined(separator: "/")
            if case .link(let target) = reader.entry(place) {
                return (place, target, parts[(count + 1)...].joined(separator: "/"))
            }
        }
        return nil
    }

    private func shown(_ path: String) -> String {
        path.isEmpty ? "the root of the repository" : Sanitiser.line(path)
    }

    /// The forms of address that kustomize loads from elsewhere.
    static func isRemote(_ text: String) -> Bool {
        if text.contains("://") || text.hasPrefix("git::") || text.contains("?ref=") {
            return true
        }
        guard let first = text.split(separator: "/").first, !text.hasPrefix("."), !text.hasPrefix("/") else {
            return false
        }
        return (first.contains("@") && first.contains(":"))
            || ["github.com", "gh:"].contains { first.hasPrefix($0) }
            || (first.contains(".") && text.contains("//"))
    }
}
