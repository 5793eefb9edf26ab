import Chrono
import Git
import HashTreeCollections
import Kube

extension ClusterPicture {
    /// Works out how far what changed lies behind, and the drift of sources.
    mutating func compare(by comparison: inout GitComparison) {
        switch uncompared {
        case .none: break
        case .all:
            behind.values = []
            behind.values.reserveCapacity(tracks.count)
            measuring = []
            for place in tracks.indices {
                behind.values.append(comparison.behind(tracks[place]))
                noteMeasuring(place)
            }
        case .some(let places):
            measuring.subtract(places)
            for place in places {
                behind.values[place] = comparison.behind(tracks[place])
                noteMeasuring(place)
            }
        }
        uncompared = .none
        sumBehind()
        judgeKnowledge()
        putDriftTogether(comparison.facts)
        generation += 1
    }

    /// Compares what changed and what waits for an answer; the rest is as it was.
    mutating func compareOpen(by comparison: inout GitComparison) {
        switch uncompared {
        case .all: break
        case .none: uncompared = .some(measuring.sorted())
        case .some(let places): uncompared = .some(measuring.union(places).sorted())
        }
        compare(by: &comparison)
    }

    private mutating func noteMeasuring(_ place: Int) {
        if case .measuring = behind.values[place] {
            measuring.insert(place)
        }
    }

    private mutating func sumBehind() {
        var most: Int?
        var appliersBehind = 0
        for place in tracks.indices where !tracks[place].isSource && tracks[place].state != .suspended {
            if let count = behind.values[place].count {
                most = max(most ?? 0, count)
            }
            appliersBehind += behind.values[place].isBehind ? 1 : 0
        }
        summary.behind = most
        summary.appliersBehind = appliersBehind
    }

    /// What is built from one of these paths of a repository, each track once.
    func tracks(of repository: RepositoryID, at paths: some Sequence<String>) -> [Track] {
        paths.flatMap { path in
            let first = placesByPath.partitioningIndex { tracks[$0].path >= path }
            return placesByPath[first...].prefix { tracks[$0].path == path }.map { tracks[$0] }
                .filter { $0.repository == repository }
        }
    }

    private mutating func putDriftTogether(_ facts: GitFacts) {
        let sources = sourceRows(facts)
        dateLags(facts)
        guard isDriftStale || sources != sourceDrift else {
            return
        }
        isDriftStale = false
        sourceDrift = sources
        drift = (ownDrift + objectRows + sources).sorted(by: DriftRow.isBefore)
        countDrift()
        driftGeneration += 1
    }

    /// Counts what differs and is not just under way, and notes when that may be another number.
    mutating func countDrift() {
        let now = snapshot.confirmed
        summary.drifted = drift.count { $0.counts(at: now) }
        driftCountHolds = drift.compactMap { $0.isUnderWay(at: now) ? $0.expected : nil }.min()
    }

    private func sourceRows(_ facts: GitFacts) -> [DriftRow] {
        tracks.indices.compactMap { place in
            guard tracks[place].isSource else {
                return nil
            }
            let kind: DriftRow.Kind
            switch behind.values[place] {
            case .commits(let commits, _, _) where commits > 0:
                kind = .source(commits: commits, here: min(commits, touching(tracks[place].ref)))
            case .diverged: kind = .rewritten
            default: return nil
            }
            let track = tracks[place]
            let source = snapshot.resources[track.ref]
            let updated = source?.source?.artifactUpdated
            let heads = facts.headArrivals[track.repository]
            // The first head that is missing: newer ones begin nothing anew.
            let arrival = track.head.flatMap { ref in
                track.commit.flatMap { heads?.first(after: $0, on: ref) }
            }
            let seen = arrival ?? track.head.flatMap { heads?.first(since: updated, on: $0) }
            // The clock of who committed tells more than the moment at which this weir first looked, and less of
            // what was committed long before it was pushed.
            let committed = behind.values[place].since
            var row = DriftRow(
                kind: kind,
                about: track.ref,
                short: FluxKind.of(group: track.ref.group, kind: track.ref.kind)?.short ?? "",
                since: committed ?? seen,
                why: source?.lag ?? "",
                branch: track.follows.branch ?? track.follows.words
            )
            // What was not there when the source last fetched was pushed after that.
            let pushed = committed.map { max($0, updated ?? $0) }
            row.expect(from: arrival ?? pushed ?? seen, within: source?.fetchPatience)
            return row
        }
    }

    /// The most commits that any applier of a source lies behind with what it builds from.
    private func touching(_ source: ObjectRef) -> Int {
        var most = 0
        for place in tracks.indices where !tracks[place].isSource {
            if case .commits(_, let touching, _) = behind.values[place], touching > most,
                tracks[place].source == source
            {
                most = touching
            }
        }
        return most
    }
}

extension DriftRow {
    /// Objects first, then what is applied, then what is fetched; by name within each.
    static func isBefore(_ left: DriftRow, _ right: DriftRow) -> Bool {
        if left.rank != right.rank {
            return left.rank < right.rank
        }
        guard left.about == right.about else {
            return left.about < right.about
        }
        // Of what an applier tells of itself there is one row of a rank.
        guard let one = left.entry, let two = right.entry else {
            return left.entry == nil && right.entry != nil
        }
        return (one.kind, one.namespace, one.name, one.group) < (two.kind, two.namespace, two.name, two.group)
    }

    private var rank: Int {
        switch kind {
        case .missing: 0
        case .object(let drift): drift.isQuiet ? 5 : 0
        case .helm: 1
        case .apply: 2
        case .rewritten: 3
        case .source, .index: 4
        case .corrected: 6
        }
    }
}
