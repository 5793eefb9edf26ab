import Chrono
import Git
import HashTreeCollections
import Kube

/// What the mirrors told, as far as pictures of clusters need it.
struct GitFacts {
    let repositories: [RepositoryID: RepositorySnapshot]
    let distances: [DistanceKey: Distance]
    let headsSince: [RepositoryID: [String: Timestamp]]

    /// The commit at a full ref name.
    func head(_ name: String, of repository: RepositoryID) -> String? {
        repositories[repository]?.heads[name]
    }
}

extension ClusterPicture {
    /// Works out how far everything lies behind, and the drift of sources.
    ///
    /// - Shape: returns the questions whose answers are missing.
    mutating func compare(with facts: GitFacts) -> Set<DistanceKey> {
        var questions: Set<DistanceKey> = []
        var result: [ObjectRef: Behind] = [:]
        result.reserveCapacity(tracks.count)
        var most: Int?
        var appliersBehind = 0
        for track in tracks {
            let behind = ClusterPicture.behind(track, facts, &questions)
            result[track.ref] = behind
            guard !track.isSource, track.state != .suspended else {
                continue
            }
            if let count = behind.count {
                most = max(most ?? 0, count)
            }
            appliersBehind += behind.isBehind ? 1 : 0
        }
        behind = result
        summary.behind = most
        summary.appliersBehind = appliersBehind
        drift = (ownDrift + sourceDrift(facts)).sorted(by: DriftRow.isBefore)
        summary.drifted = drift.count(where: \.isCounted)
        generation += 1
        return questions
    }

    private static func behind(
        _ track: Track,
        _ facts: GitFacts,
        _ questions: inout Set<DistanceKey>
    ) -> Behind {
        guard let name = track.head else {
            return track.follows == .none ? .notApplicable : .pinned(track.follows.words)
        }
        guard let commit = track.commit else {
            // A chart from Git has a version and tells no commit.
            return track.ref.kind == FluxKind.helmRelease.kind
                ? .notApplicable : .unknown("nothing applied yet")
        }
        guard let repository = facts.repositories[track.repository] else {
            return .measuring
        }
        guard let head = repository.heads[name] else {
            switch repository.health {
            case .failed(let reason): return .unknown("no mirror: \(reason)")
            case .never, .fetching: return .measuring
            case .current: return .unknown("the remote has no \(track.follows.words)")
            }
        }
        if head == commit {
            return .commits(0, touching: 0)
        }
        let key = DistanceKey(repository: track.repository, from: commit, to: head, path: track.path)
        switch facts.distances[key] {
        case .behind(let commits, let touching): return .commits(commits, touching: touching)
        case .diverged: return .diverged
        case .unknown: return .unknown("the mirror has no \(commit.prefix(7))")
        case nil:
            questions.insert(key)
            return .measuring
        }
    }

    private func sourceDrift(_ facts: GitFacts) -> [DriftRow] {
        var here: [ObjectRef: Int] = [:]
        for track in tracks where !track.isSource {
            if case .commits(_, let touching) = behind[track.ref] {
                here[track.source] = max(here[track.source] ?? 0, touching)
            }
        }
        return tracks.filter(\.isSource).compactMap { track in
            let kind: DriftRow.Kind
            switch behind[track.ref] {
            case .commits(let commits, _) where commits > 0:
                kind = .source(commits: commits, here: min(commits, here[track.ref] ?? 0))
            case .diverged: kind = .rewritten
            default: return nil
            }
            let head = track.head.flatMap { facts.head($0, of: track.repository) }
            return DriftRow(
                kind: kind,
                about: track.ref,
                short: FluxKind.of(group: track.ref.group, kind: track.ref.kind)?.short ?? "",
                since: head.flatMap { facts.headsSince[track.repository]?[$0] },
                why: snapshot.resources[track.ref]?.lag ?? "",
                branch: track.follows.branch ?? track.follows.words
            )
        }
    }
}

extension DriftRow {
    /// Objects first, then what is applied, then what is fetched; by name within each.
    static func isBefore(_ left: DriftRow, _ right: DriftRow) -> Bool {
        (left.rank, left.about, left.entryName) < (right.rank, right.about, right.entryName)
    }

    private var rank: Int {
        switch kind {
        case .missing: 0
        case .object(let drift): drift.isQuiet ? 5 : 0
        case .helm: 1
        case .apply: 2
        case .rewritten: 3
        case .source: 4
        case .corrected: 6
        }
    }

    private var entryName: String {
        entry.map { "\($0.kind)/\($0.namespace)/\($0.name)" } ?? ""
    }
}
