import Chrono
import Git
import Kube

// What clusters and mirrors tell.
extension AppState {
    /// The most distance keys in one effect.
    static let measureBatch = 200
    /// The most tracks that are compared in one go: a few milliseconds' worth.
    private static let tracksAtOnce = 4_000
    /// When there are more answers than this, those about heads of before are forgotten.
    static let distanceLimit = 50_000

    mutating func take(_ snapshot: ClusterSnapshot, _ now: Timestamp) -> [Effect] {
        var effects = observe(snapshot, now)
        tellForgotten(snapshot, now)
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
        distances.merge(answers)
        askedDistances.subtract(answers.keys)
        forgetOldDistances()
        let repositories = Set(answers.keys.map(\.repository))
        return compareClusters(with: repositories, isMeasured: true) + lookAgain(at: repositories, now)
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
        var comparison = GitComparison(gitFacts)
        let known = clusters.place(of: snapshot.id)
        if let known {
            totals.subtract(clusters.values[known].summary)
        }
        let new = ClusterPicture(profile: ClusterProfile(id: snapshot.id))
        let place = known ?? clusters.place(addingIfNew: new)
        let (before, older) = (clusters.values[place].demands, clusters.values[place].snapshot)
        let events = clusters.values[place].eventsGeneration
        if let changed = clusters.values[place].take(snapshot) {
            matrix.note(changed)
        } else {
            matrix.takeNames(from: older, to: snapshot)
        }
        if uncompared.remove(snapshot.id) == nil {
            clusters.values[place].compare(by: &comparison)
        } else {
            clusters.values[place].compareOpen(by: &comparison)
        }
        let demandsChanged = clusters.values[place].demands != before
        worldGeneration += 1
        eventsGeneration += clusters.values[place].eventsGeneration == events ? 0 : 1
        totals.add(clusters.values[place].summary)
        return (demandsChanged ? followRepositories() : []) + measure(comparison.questions)
    }

    private mutating func adopt(_ snapshot: RepositorySnapshot, _ now: Timestamp) -> [Effect] {
        let old = repositories.updateValue(snapshot, forKey: snapshot.id)
        for (ref, upheaval) in snapshot.upheavals.sorted(by: { $0.key < $1.key })
        where old?.upheavals[ref] != upheaval {
            notice("\(snapshot.id.name): \(upheaval.sentence(on: ref))", .problem, now)
        }
        if old?.heads != snapshot.heads {
            headArrivals[snapshot.id, default: HeadArrivals()].take(snapshot.heads, now)
            if commits.query?.repository == snapshot.id {
                commits.problem = nil
            }
            // A mirror that moved may know commits now that it did not.
            distances.keep { $0.repository != snapshot.id || $1 != .unknown }
        } else if old?.health == snapshot.health {
            return []
        }
        return compareClusters(with: [snapshot.id]) + lookAgain(at: [snapshot.id], now)
    }

    /// Takes what the ledger knows of drift; of a cluster that it does not name, nothing is known any more.
    mutating func remember(_ past: DriftMemory) -> [Effect] {
        var comparison = GitComparison(gitFacts)
        hasRemembered = true
        let byCluster = past.byCluster
        var isNews = false
        for place in 0..<clusters.count {
            let past = byCluster[clusters.values[place].snapshot.id] ?? DriftMemory()
            guard past != clusters.values[place].remembered else {
                continue
            }
            isNews = true
            clusters.values[place].remember(past)
            clusters.values[place].compare(by: &comparison)
        }
        guard isNews else {
            return []
        }
        worldGeneration += 1
        sumUp()
        return measure(comparison.questions)
    }

    private var gitFacts: GitFacts {
        GitFacts(repositories: repositories, distances: distances, headArrivals: headArrivals)
    }

    /// Compares the clusters that read these repositories; only what waited for answers with `isMeasured`.
    private mutating func compareClusters(
        with changed: Set<RepositoryID>,
        isMeasured: Bool = false
    ) -> [Effect] {
        for place in 0..<clusters.count where !clusters.values[place].repositories.isDisjoint(with: changed) {
            if !isMeasured {
                clusters.values[place].uncompared = .all
            }
            if clusters.values[place].uncompared == .all || !clusters.values[place].measuring.isEmpty {
                uncompared.insert(clusters.ids[place])
            }
        }
        return comparesLater ? [] : compareSome()
    }

    /// Compares as many clusters as no key has to wait for, the selected one first; the rest follows by itself.
    mutating func compareSome() -> [Effect] {
        var comparison = GitComparison(gitFacts)
        let first = fleet.cluster.flatMap { clusters.place(of: $0) }
        var tracks = 0
        for place in [first].compactMap(\.self) + (0..<clusters.count) {
            guard tracks < AppState.tracksAtOnce else {
                break
            }
            guard uncompared.remove(clusters.ids[place]) != nil else {
                continue
            }
            tracks += clusters.values[place].tracks.count
            clusters.values[place].compareOpen(by: &comparison)
        }
        worldGeneration += 1
        sumUp()
        comparesLater = isComparing
        return measure(comparison.questions) + (isComparing ? [.carryOn] : [])
    }

    /// True while clusters wait to be compared with what Git told last.
    package var isComparing: Bool { !uncompared.isEmpty }

    private mutating func sumUp() {
        var sums = FleetTotals()
        for place in 0..<clusters.count {
            sums.add(clusters.values[place].summary)
        }
        totals = sums
    }

    /// Asks what was not asked before.
    mutating func measure(_ questions: Set<DistanceKey>) -> [Effect] {
        let fresh = questions.filter { distances[$0] == nil && !askedDistances.contains($0) }
        askedDistances.formUnion(fresh)
        let sorted = fresh.sorted { left, right in
            // One by one: most are about the same few commits, and tuples would copy eight texts.
            if left.repository != right.repository {
                return left.repository.address < right.repository.address
            }
            if left.to != right.to {
                return left.to < right.to
            }
            return left.from == right.from ? left.path < right.path : left.from < right.from
        }
        return stride(from: 0, to: sorted.count, by: AppState.measureBatch).map { start in
            .measure(Array(sorted[start..<min(sorted.count, start + AppState.measureBatch)]))
        }
    }

    private mutating func followRepositories() -> [Effect] {
        var merged: [RepositoryID: (url: String, refs: Set<String>)] = [:]
        for demand in clusters.values.flatMap(\.demands) {
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
        distances.keep { key, _ in heads.contains(key.to) || pushed.contains(key.from) }
    }
}
