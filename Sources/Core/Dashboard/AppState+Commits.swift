import Chrono
package import Git
import HashTreeCollections
import Kube

// The commits view.
extension AppState {
    /// Diffs that are kept.
    static let diffLimit = 64
    /// Rows before the end of what was read at which the next page is asked for.
    static let readAhead = 20

    /// Opens the log of what an object reads; of the selected cluster's or any first repository without one.
    mutating func openCommits(of ref: ObjectRef?, _ now: Timestamp) -> [Effect] {
        guard let track = track(for: ref) else {
            guard screen != .commits else {
                return []
            }
            if let ref {
                tellNoOrigin(of: ref, now)
                return []
            }
            // Shown empty: the view says that no repository is known.
            go(to: .commits)
            return []
        }
        let query = LogQuery(
            repository: track.repository,
            ref: track.head ?? defaultHead(of: track.repository)
        )
        go(to: .commits)
        commits.applier = ref
        show(query)
        return []
    }

    /// Says why nothing of Git can be opened for an object; what was not read yet may still come.
    mutating func tellNoOrigin(of ref: ObjectRef, _ now: Timestamp) {
        guard clusters[ref.cluster]?.snapshot.isComplete != false else {
            notice("\(ref.cluster.name) is still being read: try again in a moment", .told, now)
            return
        }
        notice("\(ref.path) comes from no Git repository that is known", .problem, now)
    }

    /// Where an object stands in Git: itself, what it reads, or what applies it.
    ///
    /// - Shape: a Kustomization that never applied anything has its own path all the same; a release whose chart
    ///   tells no commit is what its parent applied.
    func track(for ref: ObjectRef?) -> Track? {
        guard let ref else {
            let picture = selectedCluster ?? clusters.values.min { $0.profile.id < $1.profile.id }
            let here = picture?.tracks.filter(\.isSource) ?? []
            let all = here.isEmpty ? clusters.values.flatMap { $0.tracks.filter(\.isSource) } : here
            // The source that most things read is the one most likely meant.
            return all.max { left, right in
                (consumers(of: left), right.ref) < (consumers(of: right), left.ref)
            }
        }
        let tracks = clusters[ref.cluster]?.tracks ?? []
        for candidate in [ref] + ancestors(of: ref) {
            if let found = tracks.first(where: { $0.ref == candidate && $0.tellsPath }) {
                return found
            }
        }
        return tracks.first { $0.ref == ref }
    }

    private func consumers(of source: Track) -> Int {
        clusters[source.ref.cluster]?.tracks.count { $0.source == source.ref } ?? 0
    }

    func defaultHead(of id: RepositoryID) -> String {
        let heads = repositories[id]?.heads.keys.sorted() ?? []
        let usual = ["refs/heads/main", "refs/heads/master"].first(where: heads.contains)
        return usual ?? heads.first { $0.hasPrefix("refs/heads/") } ?? "refs/heads/main"
    }

    mutating func show(_ query: LogQuery) {
        guard commits.query != query else {
            return
        }
        let applier = commits.applier
        let diffs = commits.query?.repository == query.repository ? commits.diffs : [:]
        let order = diffs.isEmpty ? [] : commits.diffOrder
        let isSameBranch =
            commits.query?.repository == query.repository && commits.query?.ref == query.ref
        let marked = isSameBranch ? commits.marked : [:]
        commits = CommitsState()
        commits.marked = marked
        commits.applier = applier
        commits.query = query
        (commits.diffs, commits.diffOrder) = (diffs, order)
        stopAwaiting(.log)
    }

    mutating func takeLog(_ result: Result<LogPage, GitFailure>) -> [Effect] {
        stopAwaiting(.log)
        commits.isLoading = false
        switch result {
        case .failure(let failure):
            // Not asked again by itself: `p`, a changed head or another query does.
            commits.problem = failure.message
        case .success(let page) where page.offset == 0:
            commits.problem = nil
            commits.commits = page.commits
            take(page)
        case .success(let page) where page.tip == commits.tip && page.offset == commits.commits.count:
            commits.commits += page.commits
            take(page)
        case .success:
            // A page of another tip does not fit: all is read anew, the old rows stay until then.
            commits.askedHead = nil
        }
        return []
    }

    private mutating func take(_ page: LogPage) {
        commits.tip = page.tip
        commits.isLast = page.isLast
        commits.ids = commits.commits.map(\.id)
        commits.cursor.settle(in: commits.ids, height: listHeight)
        guard page.offset == 0, let proposed = commits.proposed else {
            return
        }
        commits.proposed = nil
        // Limited to a path, the first commit at or before the one that was tried is the first suspect; the
        // commit itself may change other paths only and is then not in the list.
        if !commits.cursor.select(id: proposed, in: commits.ids, height: listHeight) {
            commits.cursor.select(0, in: commits.ids, height: listHeight)
        }
    }

    mutating func takeDiff(_ result: Result<CommitDiff, GitFailure>, of commit: String) {
        stopAwaiting(.diff)
        switch result {
        case .success(let diff):
            commits.diffProblem = nil
            commits.diffs[commit] = diff
            commits.diffOrder.append(commit)
            if commits.diffOrder.count > AppState.diffLimit {
                commits.diffs[commits.diffOrder.removeFirst()] = nil
            }
        case .failure(let failure):
            commits.diffProblem = failure.message
        }
        commits.diffAsked = commit
    }

    /// The commit at the head of what is listed.
    private var shownHead: String? {
        commits.query.flatMap { repositories[$0.repository]?.heads[$0.ref] }
    }

    /// What the open screen needs and has not.
    mutating func neededEffects() -> [Effect] {
        guard screen == .commits, !isRollbackOpen, let query = commits.query else {
            return []
        }
        var effects: [Effect] = []
        // Compared with the head when it was asked: the mirror may be ahead of what it last told.
        let isStale = commits.askedHead != shownHead
        let needsMore =
            !commits.isLast && commits.cursor.index + AppState.readAhead >= commits.commits.count
        if !commits.isLoading, commits.problem == nil, let head = shownHead, isStale || needsMore {
            commits.isLoading = true
            commits.askedHead = head
            let offset = isStale ? 0 : commits.commits.count
            let limit =
                isStale ? max(CommitsState.page, min(commits.commits.count, 1_000)) : CommitsState.page
            effects.append(.loadLog(query, offset: offset, limit: limit, ask(.log)))
        }
        if let selected = commits.cursor.selected, commits.diffs[selected] == nil,
            commits.diffAsked != selected
        {
            commits.diffAsked = selected
            commits.diffProblem = nil
            effects.append(.loadDiff(query.repository, commit: selected, ask(.diff)))
        }
        settleTouched()
        return effects
    }

    private var isRollbackOpen: Bool {
        if case .rollback = modal {
            return true
        }
        return false
    }

    /// Whom the selected commit touches; worked out once per diff, not per frame.
    private mutating func settleTouched() {
        let basis = commits.diff == nil ? nil : commits.cursor.selected
        guard basis != commits.touchedBy else {
            return
        }
        commits.touchedBy = basis
        guard let diff = commits.diff, let repository = commits.query?.repository else {
            commits.touched = []
            return
        }
        let paths = AppState.folders(around: diff.paths)
        var clustersByName: [TouchedName: Set<ClusterID>] = [:]
        for place in 0..<clusters.count {
            for track in clusters.values[place].tracks(of: repository, at: paths) where !track.isSource {
                let name = TouchedName(kind: track.ref.kind, path: track.ref.path)
                clustersByName[name, default: []].insert(clusters.ids[place])
            }
        }
        commits.touched = clustersByName.map { name, clusters in
            let short = FluxKind.named(name.kind)?.short ?? name.kind
            return TouchedApplier(short: short, path: name.path, clusters: clusters.sorted())
        }.sorted { ($0.path, $0.short) < ($1.path, $1.short) }
    }

    /// True where a file lies below a path of a repository; everything lies below the empty path.
    static func lies(_ file: String, below path: String) -> Bool {
        path.isEmpty || file == path || file.hasPrefix(path) && file.dropFirst(path.count).hasPrefix("/")
    }

    /// The files and all folders that they lie in; everything lies in the one without a name.
    static func folders(around files: some Sequence<String>) -> Set<String> {
        var folders: Set<String> = [""]
        for file in files {
            var rest = file[...]
            while !rest.isEmpty, folders.insert(String(rest)).inserted {
                rest = rest[..<(rest.lastIndex(of: "/") ?? rest.startIndex)]
            }
        }
        return folders
    }

    // MARK: Keys of the view

    mutating func fetchNow(_ now: Timestamp) -> [Effect] {
        let shown = screen == .commits ? commits.query?.repository : track(for: selectedRef)?.repository
        guard let repository = shown else {
            notice("no repository is selected", .told, now)
            return []
        }
        commits.problem = nil
        notice("fetching \(repository.name)", .told, now)
        return [.fetch(repository)]
    }

    mutating func toggleLimit(_ now: Timestamp) -> [Effect] {
        guard screen == .commits, var query = commits.query else {
            return []
        }
        if !query.path.isEmpty {
            query.path = ""
            query.isApplierPath = false
        } else if let path = track(for: commits.applier)?.path, !path.isEmpty, commits.applier != nil {
            query.path = path
            query.isApplierPath = true
        } else {
            notice("open the commits from a resource to limit them to its path", .told, now)
            return []
        }
        show(query)
        return []
    }

    mutating func toggleDiff(_ now: Timestamp) {
        if screen == .commits {
            commits.isDiffFocused.toggle()
        } else {
            notice("a diff is shown in the commits view and before a rollback", .told, now)
        }
    }
}

/// Groups appliers of several clusters that are one by name.
private struct TouchedName: Hashable {
    let kind: String
    let path: String
}

extension CommitDiff {
    /// Lines as they are listed: a heading per file, a heading per hunk, the lines.
    package var lineCount: Int {
        files.reduce(0) { sum, file in
            sum + 1 + file.hunks.reduce(0) { $0 + 1 + $1.lines.count }
        }
    }
}

extension Track {
    /// True where its path is what it is built from, whether or not it ever was.
    fileprivate var tellsPath: Bool {
        commit != nil || isSource || ref.kind == FluxKind.kustomization.kind
    }
}
