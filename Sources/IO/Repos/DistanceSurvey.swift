import Chrono
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
        /// Where the oldest of them came to the branch.
        var oldest: [Int?]
        /// The commits that the branch itself went through, newest first.
        let mainLine: [ObjectName]
        /// Where on the main line each commit came in, as far as its children were seen.
        var landing: [ObjectName: Int]
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
        let mainLine = try repository.commits(from: from, to: to, onlyFirstParents: true)
        let counted = keys.filter { $0.path.isEmpty || commits.isEmpty }
        let whole = Distance.behind(
            commits: commits.count,
            touching: commits.count,
            since: try mainLine.last.map { name throws(MirrorTrouble) in try repository.committed(name) }
        )
        let known = Dictionary(counted.map { ($0, whole) }) { first, _ in first }
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
            touching: rest.map { _ in 0 },
            oldest: rest.map { _ in nil },
            mainLine: mainLine,
            landing: Dictionary(zip(mainLine, mainLine.indices)) { first, _ in first }
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
            let name = range.commits[range.next]
            let place = range.landing.removeValue(forKey: name)
            for parent in try repository.commit(name).read({ CommitText.parents($0) }) {
                range.landing[parent] = [range.landing[parent], place].compactMap(\.self).max()
            }
            for owner in try repository.touched(by: name, of: range.index) {
                range.touching[owner] += 1
                range.oldest[owner] = [range.oldest[owner], place].compactMap(\.self).max()
            }
            range.next += 1
        }
        return range.next == range.commits.count
    }

    /// What was found for each key of a range that was looked through.
    func distances(
        _ range: Range,
        in repository: borrowing Repository
    ) throws(MirrorTrouble) -> [(DistanceKey, Distance)] {
        var times: [Int: Timestamp] = [:]
        var found: [(DistanceKey, Distance)] = []
        for (index, key) in range.keys.enumerated() {
            let place = range.oldest[index] ?? range.mainLine.count - 1
            if times[place] == nil, range.mainLine.indices.contains(place) {
                times[place] = try repository.committed(range.mainLine[place])
            }
            let distance = Distance.behind(
                commits: range.commits.count,
                touching: range.touching[index],
                since: times[place]
            )
            found.append((key, distance))
        }
        return found
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
