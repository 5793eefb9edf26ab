import Git

/// Distances worked out a slice at a time, with what they have in common worked out once.
///
/// - Thread: confined to the mirror's desk.
struct DistanceSurvey {
    /// The answers so far; `.unknown` is not kept, since the next fetch may bring the commit.
    private(set) var answers: [DistanceKey: Distance] = [:]
    private var reaches: [ReachKey: KustomizeReach] = [:]

    struct ReachKey: Hashable {
        let tree: ObjectName
        let path: String
    }

    /// A range of commits being looked through for every path at once.
    struct Range {
        let keys: [DistanceKey]
        /// The reaches of `keys`, in their order.
        let index: TouchIndex
        let commits: [ObjectName]
        var next = 0
        /// How many commits touch each key so far, in their order.
        var touching: [Int]
    }

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
        let inOrder = rest.map { reaches[$0.path] ?? KustomizeReach(path: $0.path, places: [$0.path]) }
        let range = Range(
            keys: rest,
            index: TouchIndex(inOrder),
            commits: commits,
            touching: rest.map { _ in 0 }
        )
        return (range, known)
    }

    /// Looks at up to `budget` commits of the range; true once it is through.
    mutating func advance(
        _ range: inout Range,
        budget: Int,
        in repository: borrowing Repository
    ) throws(MirrorTrouble) -> Bool {
        let end = min(range.commits.count, range.next + budget)
        while range.next < end {
            for owner in try repository.touched(by: range.commits[range.next], of: range.index) {
                range.touching[owner] += 1
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
}
