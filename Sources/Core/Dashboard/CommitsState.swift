package import Git
package import Kube

/// The commits view: a log, as far as it was read, with the diff of the selected commit.
package struct CommitsState: Sendable {
    /// What is listed; nil where no repository is known.
    package internal(set) var query: LogQuery?
    /// As far as it was loaded, newest first.
    package internal(set) var commits: [Commit] = []
    var ids: [String] = []
    /// The head when the first page was read.
    package internal(set) var tip: String?
    /// The head that was known when a page was asked for last.
    var askedHead: String?
    package internal(set) var isLast = false
    package internal(set) var isLoading = false
    /// Why the log could not be read, in one sentence.
    package internal(set) var problem: String?
    package internal(set) var cursor = Cursor<String>()
    /// Diffs that were read, by commit, the newest answers only.
    package internal(set) var diffs: [String: CommitDiff] = [:]
    var diffOrder: [String] = []
    package internal(set) var diffProblem: String?
    /// The commit whose diff was asked for last.
    var diffAsked: String?
    /// Appliers whose path the selected commit touches, by their name and kind.
    package internal(set) var touched: [TouchedApplier] = []
    var touchedBy: String?
    /// The applier that the list was opened for or is limited to.
    package internal(set) var applier: ObjectRef?
    /// The commit to select as soon as it is listed.
    var proposed: String?
    /// What the list was opened for, while the file is looked for that declares it.
    var declared: Declaration?
    /// Commits that are marked to be undone together, by id; they stay while the list is filtered otherwise.
    package internal(set) var marked: [String: Commit] = [:]
    /// The commit where a range was begun that goes to the selected one; nil where none was.
    package internal(set) var anchor: String?
    /// True where the diff has the keys that scroll.
    package internal(set) var isDiffFocused = false
    package internal(set) var diffScroll = 0

    /// Commits in one page of the log.
    package static let page = 100

    package init() {}

    /// The diff of the selected commit, when it was read.
    package var diff: CommitDiff? {
        cursor.selected.flatMap { diffs[$0] }
    }
}

/// An applier, by name, with the clusters on which a commit touches it.
package struct TouchedApplier: Hashable, Sendable {
    package let short: String
    package let path: String
    package let clusters: [ClusterID]
}

/// Who sits at a commit.
package struct CommitMarker: Hashable, Sendable {
    package let cluster: ClusterID
    /// The worst state among the appliers there.
    package let state: SyncState
    /// How many appliers are there.
    package let count: Int
    /// The first of them by name.
    package let first: ObjectRef
    /// True where all of the cluster's appliers of the repository are at this commit.
    package let isWhole: Bool
}
