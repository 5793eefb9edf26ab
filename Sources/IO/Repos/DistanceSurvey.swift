import Git

/// Distances worked out a slice at a time, with what they have in common worked out once.
///
/// - Thread: confined to the mirror's desk.
struct DistanceSurvey {
    /// The answers so far; `.unknown` is not kept, since the next fetch may bring the commit.
    private(set) var answers: [DistanceKey: Distance] = [:]
    private var changes: [ObjectName: [String]] = [:]
    private var reaches: [ReachKey: KustomizeReach] = [:]

    struct ReachKey: Hashable {
        let tree: ObjectName
        let path: String
    }

    /// A range of commits being looked through for every path at once.
    struct Range {
        let keys: [DistanceKey]
        let reaches: [DistanceKey: KustomizeReach]
        let commits: [ObjectName]
        var next = 0
        var touching: [DistanceKey: Int] = [:]
    }

    private static let changeLimit = 20_000
    private static let reachLimit = 20_000

    mutating func keep(_ distance: Distance, for key: DistanceKey) {
        answers[key] = distance
    }

    /// Begins on the keys of one pair of commits; nil where the answer is known without looking at each commit.
    mutating func begin(
        _ keys: [DistanceKey],
        in repository: borrowing Repository
    ) throws(MirrorTrouble) -> (range: Range?, answers: [DistanceKey: Distance]) {
        func all(_ distance: Distance) -> [DistanceKey: Distance] {
            Dictionary(keys.map { ($0, distance) }) { first, _ in first }
        }
        guard
            let key = keys.first,
            let from = ObjectName(hex: key.from.lowercased()), let to = ObjectName(hex: key.to.lowercased()),
            try repository.hasCommit(from), try repository.hasCommit(to)
        else {
            return (nil, all(.unknown))
        }
        guard try repository.isAncestor(from, of: to) else {
            return (nil, all(.diverged))
        }
        let commits = try repository.commits(from: from, to: to)
        let counted = keys.filter { $0.path.isEmpty || commits.isEmpty }
        let known = Dictionary(
            counted.map { ($0, Distance.behind(commits: commits.count, touching: commits.count)) }
        ) {
            first,
            _ in first
        }
        let rest = keys.filter { known[$0] == nil }
        guard !rest.isEmpty else {
            return (nil, known)
        }
        let reaches = try reach(of: rest.map(\.path), at: to, in: repository)
        let byKey = Dictionary(rest.map { ($0, reaches[$0.path]) }) { first, _ in first }.compactMapValues(
            \.self
        )
        return (Range(keys: rest, reaches: byKey, commits: commits), known)
    }

    /// Looks at up to `budget` commits of the range; true once it is through.
    mutating func advance(
        _ range: inout Range,
        budget: Int,
        in repository: borrowing Repository
    ) throws(MirrorTrouble) -> Bool {
        let end = min(range.commits.count, range.next + budget)
        while range.next < end {
            let paths = try changes(of: range.commits[range.next], in: repository)
            for (key, reach) in range.reaches where reach.isTouched(by: paths) {
                range.touching[key, default: 0] += 1
            }
            range.next += 1
        }
        return range.next == range.commits.count
    }

    /// The reaches of many paths at one commit, each read once per tree.
    mutating func reach(
        of paths: [String],
        at commit: ObjectName,
        in repository: borrowing Repository
    ) throws(MirrorTrouble) -> [String: KustomizeReach] {
        let tree = try repository.tree(of: try repository.commit(commit))
        return reach(of: paths, in: tree)
    }

    /// The same for a tree that no commit has yet.
    mutating func reach(
        of paths: [String],
        in tree: consuming OwnedHandle<TreeKind>
    ) -> [String: KustomizeReach] {
        let lookup = TreeLookup(tree)
        guard let name = lookup.name(at: "") else {
            return [:]
        }
        var survey = KustomizeSurvey(lookup.reader)
        var found: [String: KustomizeReach] = [:]
        if reaches.count + paths.count > DistanceSurvey.reachLimit {
            reaches = [:]
        }
        for path in Set(paths) {
            let key = ReachKey(tree: name, path: path)
            let reach = reaches[key] ?? survey.reach(of: path)
            reaches[key] = reach
            found[path] = reach
        }
        return found
    }

    private mutating func changes(
        of commit: ObjectName,
        in repository: borrowing Repository
    ) throws(MirrorTrouble) -> [String] {
        if let known = changes[commit] {
            return known
        }
        if changes.count >= DistanceSurvey.changeLimit {
            changes = [:]
        }
        let found = try repository.changes(of: commit)
        changes[commit] = found
        return found
    }
}
