import CGit2
import Git

/// One walk through a log, kept so that the next page goes on where the last one ended.
///
/// - Thread: confined to the mirror's desk, with the repository handle it owns.
final class LogCursor {
    let query: LogQuery
    let tip: ObjectName
    private let repository: Repository
    private let walk: OwnedHandle<WalkKind>
    private let places: TouchIndex?
    private let needle: String
    private var matches: [ObjectName] = []
    private var isExhausted = false

    /// - Errors: `.notFound` where the mirror has no such ref.
    init(_ query: LogQuery, repository: consuming Repository) throws(MirrorTrouble) {
        guard let tip = try repository.tip(of: query.ref) else {
            throw MirrorTrouble(.notFound, "\(Redaction.clean(query.ref)) is not on the remote.")
        }
        let walk = try repository.with { (repository) throws(MirrorTrouble) in
            try OwnedHandle<WalkKind>("Starting a log") { git_revwalk_new($0, repository) }
        }
        var oid = tip.oid
        try walk.with { (walk) throws(MirrorTrouble) in
            try git("Starting a log") { git_revwalk_push(walk, &oid) }
        }
        let path = TreePath.normalised(query.path)
        if query.path.isEmpty {
            places = nil
        } else if query.isApplierPath {
            let commit = try repository.commit(tip)
            let reach = KustomizeReach.of(path, in: TreeLookup(try repository.tree(of: commit)).reader)
            places = TouchIndex([reach])
        } else {
            places = TouchIndex(path: path)
        }
        self.query = query
        self.tip = tip
        self.repository = repository
        self.walk = walk
        needle = query.text.lowercased()
    }

    /// True where the ref is still at the commit that this walk began with.
    func isCurrent(in fresh: borrowing Repository) -> Bool {
        (try? fresh.tip(of: query.ref)) == tip
    }

    /// Looks at up to `budget` commits more; true once the page can be read.
    func advance(toward offset: Int, limit: Int, budget: Int) throws(MirrorTrouble) -> Bool {
        var left = budget
        // One more than the page holds tells whether it is the last.
        while !isExhausted, matches.count <= offset + limit {
            guard left > 0 else {
                return false
            }
            left -= 1
            guard let next = try nextCommit() else {
                isExhausted = true
                break
            }
            if try isWanted(next) {
                matches.append(next)
            }
        }
        return true
    }

    func page(offset: Int, limit: Int) throws(MirrorTrouble) -> LogPage {
        var commits: [Commit] = []
        for name in matches.dropFirst(offset).prefix(limit) {
            commits.append(try repository.value(of: name))
        }
        return LogPage(
            query: query,
            tip: tip.hex,
            offset: offset,
            commits: commits,
            isLast: isExhausted && matches.count <= offset + limit
        )
    }

    private func nextCommit() throws(MirrorTrouble) -> ObjectName? {
        try walk.with { (walk) throws(MirrorTrouble) in
            var oid = git_oid()
            let code = git_revwalk_next(&oid, walk)
            guard code != GIT_ITEROVER.rawValue else {
                return nil
            }
            guard code == 0 else {
                throw GitCallError(doing: "Reading the log", code: code).local
            }
            return ObjectName(oid)
        }
    }

    private func isWanted(_ name: ObjectName) throws(MirrorTrouble) -> Bool {
        if !needle.isEmpty {
            let commit = try repository.commit(name)
            guard commit.read({ matchesText(CommitText($0), name) }) else {
                return false
            }
        }
        guard let places else {
            return true
        }
        return try !repository.touched(by: name, of: places).isEmpty
    }

    private func matchesText(_ text: CommitText, _ name: ObjectName) -> Bool {
        text.subject.lowercased().contains(needle) || text.author.lowercased().contains(needle)
            || text.email.lowercased().contains(needle) || name.hex.hasPrefix(needle)
    }
}
