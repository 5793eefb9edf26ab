package import Chrono

/// How far what runs lies behind the head of what its source follows.
package enum Behind: Hashable, Sendable {
    /// Nothing of it comes from a Git repository that is known.
    case notApplicable
    /// The source follows no moving ref: `tag v1.2`, `versions 1.x`, `commit 9f2c1ab`.
    case pinned(String)
    /// The mirror or the question is on its way.
    case measuring
    /// The mirror cannot tell, with the reason in a few words.
    case unknown(String)
    /// History was rewritten under it.
    case diverged
    /// So many commits, of which `touching` change what the path builds from; 0 is level with Git.
    ///
    /// - Shape: `since` is when the oldest of them came to the branch, as its committer's clock had it.
    case commits(Int, touching: Int, since: Timestamp? = nil)

    /// How many commits, where that is known.
    package var count: Int? {
        if case .commits(let count, _, _) = self {
            return count
        }
        return nil
    }

    /// When the oldest commit that is missing came to the branch, where that is known.
    package var since: Timestamp? {
        if case .commits(_, _, let since) = self {
            return since
        }
        return nil
    }

    /// True where Git is known to be ahead.
    package var isBehind: Bool {
        switch self {
        case .commits(let count, _, _): count > 0
        case .diverged: true
        case .notApplicable, .pinned, .measuring, .unknown: false
        }
    }

    /// For sorting: the more behind the larger; what is unknown counts as more than level.
    var weight: Int {
        switch self {
        case .notApplicable: -2
        case .pinned: -1
        case .commits(let count, _, _): count * 2
        case .measuring, .unknown: 1
        case .diverged: .max
        }
    }
}
