import Git

/// The distances that mirrors told: found one by one, and path by path between two commits.
struct DistanceBook: Sendable {
    /// All of them.
    private(set) var all: [DistanceKey: Distance] = [:]
    private var byStretch: [Stretch: [String: Distance]] = [:]

    /// Two commits of a repository.
    struct Stretch: Hashable, Sendable {
        let repository: RepositoryID
        let from: String
        let to: String
    }

    subscript(key: DistanceKey) -> Distance? { all[key] }

    var count: Int { all.count }

    /// The distances of all paths that are known between two commits.
    func paths(_ stretch: Stretch) -> [String: Distance] {
        byStretch[stretch] ?? [:]
    }

    mutating func merge(_ answers: [DistanceKey: Distance]) {
        for (key, distance) in answers {
            all[key] = distance
            let stretch = Stretch(repository: key.repository, from: key.from, to: key.to)
            byStretch[stretch, default: [:]][key.path] = distance
        }
    }

    mutating func keep(where isKept: (DistanceKey, Distance) -> Bool) {
        guard all.contains(where: { !isKept($0.key, $0.value) }) else {
            return
        }
        let kept = all.filter { isKept($0.key, $0.value) }
        (all, byStretch) = ([:], [:])
        merge(kept)
    }
}
