import Chrono
import Git
import Kube

// What clusters and mirrors tell.
extension AppState {
    /// The most distance keys in one effect.
    static let measureBatch = 200
    /// When there are more answers than this, those about heads of before are forgotten.
    static let distanceLimit = 50_000

    mutating func take(_ snapshot: ClusterSnapshot, _ now: Timestamp) -> [Effect] {
        var effects = observe(snapshot, now)
        if held != nil {
            held?.clusters[snapshot.id] = snapshot
            return effects
        }
        effects += adopt(snapshot)
        return effects
    }

    mutating func take(_ snapshot: RepositorySnapshot, _ now: Timestamp) -> [Effect] {
        if held != nil {
            held?.repositories[snapshot.id] = snapshot
            return []
        }
        return adopt(snapshot, now)
    }

    mutating func take(_ answers: [DistanceKey: Distance], _ now: Timestamp) -> [Effect] {
        distances.merge(answers) { _, newer in newer }
        askedDistances.subtract(answers.keys)
        forgetOldDistances()
        let repositories = Set(answers.keys.map(\.repository))
        return compareClusters(with: repositories) + lookAgain(at: repositories, now)
    }

    /// Reads convergences off the clusters again, after something about their repositories became known.
    private mutating func lookAgain(at repositories: Set<RepositoryID>, _ now: Timestamp) -> [Effect] {
        let open = rollouts.convergences.filter { $0.isOpen && repositories.contains($0.receipt.repository) }
        return Set(open.flatMap(\.clusters)).sorted().compactMap { newest($0) }
            .flatMap { observeConvergences($0, now) }
    }

    /// The newest snapshot of a cluster, shown or held back.
    func newest(_ id: ClusterID) -> ClusterSnapshot? {
        held?.clusters[id] ?? clusters[id]?.snapshot
    }

    /// Shows again what comes in, or holds it back.
    mutating func toggleHold(_ now: Timestamp) -> [Effect] {
        guard let news = held else {
            held = HeldNews(since: now)
            return []
        }
        held = nil
        var effects: [Effect] = []
        for snapshot in news.repositories.values.sorted(by: { $0.id < $1.id }) {
            effects += adopt(snapshot, now)
        }
        for snapshot in news.clusters.values.sorted(by: { $0.id < $1.id }) {
            effects += adopt(snapshot)
        }
        return effects
    }

    private mutating func adopt(_ snapshot: ClusterSnapshot) -> [Effect] {
        let facts = gitFacts
        // Taken out and put back, so that the picture is changed in place.
        var picture =
            clusters.removeValue(forKey: snapshot.id)
            ?? ClusterPicture(profile: ClusterProfile(id: snapshot.id))
        let before = picture.demands
        picture.take(snapshot)
        let questions = picture.compare(with: facts)
        let demandsChanged = picture.demands != before
        clusters[snapshot.id] = picture
        worldChanged()
        return (demandsChanged ? followRepositories() : []) + measure(questions)
    }

    private mutating func adopt(_ snapshot: RepositorySnapshot, _ now: Timestamp) -> [Effect] {
        let old = repositories.updateValue(snapshot, forKey: snapshot.id)
        if old?.heads != snapshot.heads {
            let known = headsSince[snapshot.id] ?? [:]
            let heads = Set(snapshot.heads.values)
            headsSince[snapshot.id] = Dictionary(uniqueKeysWithValues: heads.map { ($0, known[$0] ?? now) })
            if commits.query?.repository == snapshot.id {
                commits.problem = nil
            }
            // A mirror that moved may know commits now that it did not.
            distances = distances.filter { $0.key.repository != snapshot.id || $0.value != .unknown }
        } else if old?.health == snapshot.health {
            return []
        }
        return compareClusters(with: [snapshot.id]) + lookAgain(at: [snapshot.id], now)
    }

    /// Takes what was put back before this weir began to look.
    mutating func remember(_ past: [CorrectedDrift]) -> [Effect] {
        let byCluster = Dictionary(grouping: past, by: \.applier.cluster)
        let facts = gitFacts
        var questions: Set<DistanceKey> = []
        for (id, past) in byCluster where clusters[id] != nil {
            clusters[id]?.remembered = past
            if let snapshot = clusters[id]?.snapshot {
                clusters[id]?.take(snapshot)
                questions.formUnion(clusters[id]?.compare(with: facts) ?? [])
            }
        }
        worldChanged()
        return measure(questions)
    }

    private var gitFacts: GitFacts {
        GitFacts(repositories: repositories, distances: distances, headsSince: headsSince)
    }

    private mutating func compareClusters(with changed: Set<RepositoryID>) -> [Effect] {
        let facts = gitFacts
        var questions: Set<DistanceKey> = []
        for id in clusters.keys.sorted() where clusters[id]?.repositories.isDisjoint(with: changed) == false {
            questions.formUnion(clusters[id]?.compare(with: facts) ?? [])
        }
        worldChanged()
        return measure(questions)
    }

    private mutating func worldChanged() {
        worldGeneration += 1
        var sums = FleetTotals()
        for picture in clusters.values {
            sums.clusters += 1
            sums.counts.add(picture.summary.counts)
            sums.drifted += picture.summary.drifted
            sums.unreachable += picture.summary.problem == nil ? 0 : 1
            sums.clustersBehind += picture.summary.appliersBehind > 0 ? 1 : 0
        }
        totals = sums
    }

    /// Asks what was not asked before.
    mutating func measure(_ questions: Set<DistanceKey>) -> [Effect] {
        let fresh = questions.filter { distances[$0] == nil && !askedDistances.contains($0) }
        askedDistances.formUnion(fresh)
        let sorted = fresh.sorted { left, right in
            (left.repository.address, left.to, left.from, left.path)
                < (right.repository.address, right.to, right.from, right.path)
        }
        return stride(from: 0, to: sorted.count, by: AppState.measureBatch).map { start in
            .measure(Array(sorted[start..<min(sorted.count, start + AppState.measureBatch)]))
        }
    }

    private mutating func followRepositories() -> [Effect] {
        var merged: [RepositoryID: (url: String, refs: Set<String>)] = [:]
        for demand in clusters.keys.sorted().flatMap({ clusters[$0]?.demands ?? [] }) {
            var known = merged[demand.id] ?? (demand.url, [])
            known.refs.formUnion(demand.refs)
            merged[demand.id] = known
        }
        let all = merged.map { RepositoryDemand(id: $0, url: $1.url, refs: $1.refs.sorted()) }
            .sorted { $0.id < $1.id }
        guard all != demands else {
            return []
        }
        demands = all
        return [.followRepositories(all)]
    }

    private mutating func forgetOldDistances() {
        guard distances.count > AppState.distanceLimit else {
            return
        }
        let heads = Set(repositories.values.flatMap(\.heads.values))
        let pushed = Set(rollouts.convergences.map(\.receipt.commit))
        distances = distances.filter { heads.contains($0.key.to) || pushed.contains($0.key.from) }
    }
}
