import Chrono
import Git
import Kube

/// What the mirrors told, as far as pictures of clusters need it.
struct GitFacts {
    let repositories: [RepositoryID: RepositorySnapshot]
    let distances: DistanceBook
    /// When heads came that were not there when this weir first looked.
    let headArrivals: [RepositoryID: HeadArrivals]

    /// The commit at a full ref name.
    func head(_ name: String, of repository: RepositoryID) -> String? {
        repositories[repository]?.heads[name]
    }
}

/// Compares tracks of one or many clusters with Git, and collects what must be asked for it.
///
/// - Shape: most tracks share a few commits, so what two commits have in common is looked up once.
struct GitComparison {
    let facts: GitFacts
    private var stretches: [Known] = []
    private var places: [Name: Int] = [:]
    /// So many are found faster by looking at each than by hashing.
    private static let few = 16

    private struct Name: Hashable {
        let repository: RepositoryID
        let head: String
        let commit: String
    }

    private struct Known {
        let name: Name
        let to: String?
        /// The answer for every path, where there is one.
        let settled: Behind?
        let distances: [String: Distance]
        var missing: Set<String> = []
    }

    init(_ facts: GitFacts) {
        self.facts = facts
    }

    /// What must be measured before everything that was compared is known.
    var questions: Set<DistanceKey> {
        var keys: Set<DistanceKey> = []
        for known in stretches {
            guard let to = known.to else {
                continue
            }
            for path in known.missing {
                let name = known.name
                keys.insert(DistanceKey(repository: name.repository, from: name.commit, to: to, path: path))
            }
        }
        return keys
    }

    mutating func behind(_ track: Track) -> Behind {
        guard let head = track.head else {
            return track.follows == .none ? .notApplicable : .pinned(track.follows.words)
        }
        guard let commit = track.commit else {
            // A chart from Git has a version and tells no commit.
            return track.ref.kind == FluxKind.helmRelease.kind
                ? .notApplicable : .unknown("nothing applied yet")
        }
        let place = place(Name(repository: track.repository, head: head, commit: commit), track)
        if let settled = stretches[place].settled {
            return settled
        }
        switch stretches[place].distances[track.path] {
        case .behind(let commits, let touching, let since):
            return .commits(commits, touching: touching, since: since)
        case .diverged: return .diverged
        case .unknown: return .unknown("the mirror has no \(Revision.cut(commit))")
        case nil:
            stretches[place].missing.insert(track.path)
            return .measuring
        }
    }

    private mutating func place(_ name: Name, _ track: Track) -> Int {
        for index in stretches.indices.prefix(GitComparison.few) where stretches[index].name == name {
            return index
        }
        if stretches.count > GitComparison.few, let place = places[name] {
            return place
        }
        stretches.append(known(name, track))
        places[name] = stretches.count - 1
        return stretches.count - 1
    }

    private func known(_ name: Name, _ track: Track) -> Known {
        guard let repository = facts.repositories[name.repository] else {
            return Known(name: name, to: nil, settled: .measuring, distances: [:])
        }
        guard let to = repository.heads[name.head] else {
            let settled: Behind =
                switch repository.health {
                case .failed(let reason): .unknown("no mirror: \(reason)")
                case .never, .fetching: .measuring
                case .current: .unknown("the remote has no \(track.follows.words)")
                }
            return Known(name: name, to: nil, settled: settled, distances: [:])
        }
        let stretch = DistanceBook.Stretch(repository: name.repository, from: name.commit, to: to)
        return Known(
            name: name,
            to: to,
            settled: to == name.commit ? .commits(0, touching: 0) : nil,
            distances: facts.distances.paths(stretch)
        )
    }
}
