/// What a change does to the files of a repository.
package struct CommitDiff: Hashable, Sendable {
    package var files: [FileDiff]
    /// True where files or lines were left out because there are too many to show.
    package var isCut: Bool

    package init(files: [FileDiff], isCut: Bool = false) {
        self.files = files
        self.isCut = isCut
    }

    package var added: Int { files.reduce(0) { $0 + $1.added } }
    package var removed: Int { files.reduce(0) { $0 + $1.removed } }

    /// Every path that the change touches, old and new names.
    package var paths: Set<String> {
        Set(files.flatMap { [$0.oldPath, $0.newPath].compactMap(\.self) })
    }
}

package struct FileDiff: Hashable, Sendable {
    package enum Change: Hashable, Sendable {
        case added, deleted, modified, renamed, typeChanged
    }

    package var change: Change
    /// Nil for added files.
    package var oldPath: String?
    /// Nil for deleted files.
    package var newPath: String?
    package var added: Int
    package var removed: Int
    package var isBinary: Bool
    package var hunks: [Hunk]

    package init(
        change: Change,
        oldPath: String?,
        newPath: String?,
        added: Int = 0,
        removed: Int = 0,
        isBinary: Bool = false,
        hunks: [Hunk] = []
    ) {
        self.change = change
        self.oldPath = oldPath
        self.newPath = newPath
        self.added = added
        self.removed = removed
        self.isBinary = isBinary
        self.hunks = hunks
    }

    package var path: String { newPath ?? oldPath ?? "" }
}

package struct Hunk: Hashable, Sendable {
    /// `@@ -1,4 +1,4 @@` with its context, one harmless line.
    package var header: String
    package var lines: [DiffLine]

    package init(header: String, lines: [DiffLine]) {
        self.header = header
        self.lines = lines
    }
}

package struct DiffLine: Hashable, Sendable {
    package enum Origin: Hashable, Sendable {
        case context, added, removed
    }

    package var origin: Origin
    /// Without its line end and harmless; tabs are spaces.
    package var text: String

    package init(origin: Origin, text: String) {
        self.origin = origin
        self.text = text
    }
}
