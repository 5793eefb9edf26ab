/// The files and directories whose change alters what an applier's path builds.
///
/// - Source: kustomize's kustomization fields, and Flux's rule that a path without a kustomization file builds
///   from all manifests below it.
package struct KustomizeReach: Hashable, Sendable {
    /// The applier's path, normalised: no `./`, no trailing slash; empty is the whole repository.
    package let path: String
    /// Files, and directories that count with all below them; the empty place is the whole repository.
    package var places: Set<String>
    /// References that leave the repository, as written: what they bring cannot be known from here.
    package var remotes: Set<String>
    /// References that lead nowhere and files that cannot be read, one sentence each, in the order found.
    package var problems: [String]

    package init(path: String, places: Set<String>, remotes: Set<String> = [], problems: [String] = []) {
        self.path = path
        self.places = places
        self.remotes = remotes
        self.problems = problems
    }

    /// Follows one path through one tree; for many paths of a tree a `KustomizeSurvey` is cheaper.
    package static func of(_ path: String, in reader: TreeReader) -> KustomizeReach {
        var survey = KustomizeSurvey(reader)
        return survey.reach(of: path)
    }

    /// True where a change at `file` alters the build.
    package func contains(_ file: String) -> Bool {
        guard !places.contains(""), !places.contains(file) else {
            return true
        }
        var rest = file[...]
        while let slash = rest.lastIndex(of: "/") {
            rest = rest[..<slash]
            if places.contains(String(rest)) {
                return true
            }
        }
        return false
    }

    /// True where any of the changed files alters the build.
    package func isTouched(by files: some Sequence<String>) -> Bool {
        files.contains { contains($0) }
    }
}
