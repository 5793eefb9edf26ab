package import Kube

/// Which files of a tree a source leaves out of what it hands to appliers.
///
/// - Source: source-controller: its default patterns count only where no pattern is given anywhere; then come the
///   `.sourceignore` files from the root downwards, and `spec.ignore` last.
final class SourceRules {
    private let reader: TreeReader
    private let own: [ExclusionPattern]
    /// The patterns of the `.sourceignore` of each directory that was asked for.
    private var files: [String: [ExclusionPattern]] = [:]
    private var isDefault: Bool?

    private static let fileName = ".sourceignore"
    private static let directoryLimit = 50_000
    private static let always = ExclusionPattern.all(in: ".git/\n.gitignore\n.gitmodules\n.gitattributes")
    /// For where nobody says anything.
    private static let defaults = ExclusionPattern.all(
        in: """
            *.jpg\n*.jpeg\n*.gif\n*.png\n*.wmv\n*.flv\n*.tar.gz\n*.zip
            .github/\n.circleci/\n.travis.yml\n.gitlab-ci.yml\nappveyor.yml\n.drone.yml\ncloudbuild.yaml
            codeship-services.yml\ncodeship-steps.yml
            **/.goreleaser.yml\n**/.sops.yaml\n**/.flux.yaml
            """
    )

    init(_ reader: TreeReader, ignore: String?) {
        self.reader = reader
        own = ignore.map(ExclusionPattern.all) ?? []
    }

    func leavesOut(_ path: String) -> Bool {
        let parts = path.split(separator: "/")
        if let last = own.last(where: { $0.fits(parts[...]) }) {
            return !last.isKept
        }
        for depth in parts.indices.reversed() {
            let patterns = patterns(in: parts[..<depth].joined(separator: "/"))
            if let last = patterns.last(where: { $0.fits(parts[depth...]) }) {
                return !last.isKept
            }
        }
        return SourceRules.always.contains { $0.fits(parts[...]) }
            || (SourceRules.defaults.contains { $0.fits(parts[...]) } && saysNothing())
    }

    private func patterns(in directory: String) -> [ExclusionPattern] {
        if let known = files[directory] {
            return known
        }
        let path = directory.isEmpty ? SourceRules.fileName : "\(directory)/\(SourceRules.fileName)"
        let isThere = reader.entry(path) == .file
        let bytes = isThere ? reader.bytes(path) ?? [] : []
        let found = ExclusionPattern.all(in: String(decoding: bytes, as: UTF8.self))
        files[directory] = found
        return found
    }

    /// True where neither the source nor any directory of the tree has a pattern.
    private func saysNothing() -> Bool {
        if let isDefault {
            return isDefault
        }
        var isSilent = own.isEmpty
        var waiting = [""]
        var left = SourceRules.directoryLimit
        while isSilent, left > 0, let directory = waiting.popLast() {
            left -= 1
            isSilent = patterns(in: directory).isEmpty
            for (name, entry) in reader.children(directory) where entry == .directory {
                waiting.append(directory.isEmpty ? name : "\(directory)/\(name)")
            }
        }
        isDefault = isSilent
        return isSilent
    }
}

extension TreeReader {
    /// The tree as appliers get it from a source: without what it leaves out, and without links, which none takes along.
    ///
    /// - Shape: directories stay, be they empty then.
    package func artifact(_ exclusions: SourceExclusions) -> TreeReader {
        let rules: SourceRules? =
            switch exclusions {
            case .repository(let ignore): SourceRules(self, ignore: ignore)
            case .packed: nil
            }
        func kept(_ entry: TreeEntry?, _ path: String) -> TreeEntry? {
            switch entry {
            case .file: rules?.leavesOut(path) == true ? nil : .file
            case .directory, .submodule: entry
            case .link, nil: nil
            }
        }
        return TreeReader(
            entry: { kept(self.entry($0), $0) },
            bytes: { kept(self.entry($0), $0) == .file ? self.bytes($0) : nil },
            children: { directory in
                var found: [String: TreeEntry] = [:]
                for (name, entry) in self.children(directory) {
                    found[name] = kept(entry, directory.isEmpty ? name : "\(directory)/\(name)")
                }
                return found
            }
        )
    }

    /// The files at or below a place, at most so many.
    package func files(below place: String, limit: Int) -> [String] {
        var found: [String] = []
        var waiting = [place]
        while let next = waiting.popLast(), found.count < limit {
            switch entry(next) {
            case .file: found.append(next)
            case .directory: waiting += children(next).keys.map { next.isEmpty ? $0 : "\(next)/\($0)" }
            case .link, .submodule, nil: break
            }
        }
        return found
    }
}
