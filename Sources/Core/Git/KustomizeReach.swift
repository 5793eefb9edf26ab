/// What lies at a path of a tree.
package enum TreeEntry: Hashable, Sendable {
    case file, directory
    /// A symbolic link, with its target as written.
    case link(String)
    /// A submodule: its content is another repository's.
    case submodule
}

/// Reads one tree of a repository; paths have no leading `./` or `/`, the root is empty.
package struct TreeReader {
    /// Nil where the tree has nothing at the path.
    package let entry: (_ path: String) -> TreeEntry?
    /// The bytes of a file; nil where there is none or it is too large to be a manifest.
    package let bytes: (_ path: String) -> [UInt8]?
    /// The names in a directory, in any order; empty where there is none.
    package let names: (_ directory: String) -> [String]

    package init(
        entry: @escaping (_ path: String) -> TreeEntry?,
        bytes: @escaping (_ path: String) -> [UInt8]?,
        names: @escaping (_ directory: String) -> [String]
    ) {
        self.entry = entry
        self.bytes = bytes
        self.names = names
    }
}

/// The files and directories whose change alters what an applier's path builds.
package struct KustomizeReach: Hashable, Sendable {
    /// The applier's path, normalised: no `./`, no trailing slash; empty is the whole repository.
    package let path: String
    /// Files, and directories that count with all below them; the empty place is the whole repository.
    package private(set) var places: Set<String>
    /// References that leave the repository, as written: what they bring cannot be known from here.
    package private(set) var remotes: Set<String>
    /// References that lead nowhere and files that cannot be read, one sentence each.
    package private(set) var problems: [String]

    package init(path: String, places: Set<String>, remotes: Set<String> = [], problems: [String] = []) {
        self.path = path
        self.places = places
        self.remotes = remotes
        self.problems = problems
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
}
