package import Chrono
package import Git
import HashTreeCollections
package import Kube

extension BlastRadius {
    /// Works out whom a plan touches.
    ///
    /// - Shape: appliers whose path the plan does not change are not listed.
    package init(
        of plan: RevertPlan,
        clusters: ClusterTable,
        isReadOnly: Bool,
        freeze: (ClusterID) -> (name: String, until: Timestamp)? = { _ in nil }
    ) {
        var rows: [Row] = []
        var traps: [Trap] = []
        var pruned: [String: Set<ClusterID>] = [:]
        let isProposal = plan.request.newBranch != nil
        for picture in clusters.values
        where picture.repositories.contains(plan.request.repository) {
            var survey = ClusterSurvey(plan: plan, picture: picture)
            survey.run()
            rows += survey.rows
            traps += survey.traps
            for object in survey.pruned {
                pruned[object, default: []].insert(picture.profile.id)
            }
            guard survey.isAffected else {
                continue
            }
            // A branch of its own changes no cluster: a read-only one takes nothing from here.
            if !isProposal, isReadOnly || picture.profile.isReadOnly {
                traps.append(.readOnly(picture.profile.id))
            }
            if !isProposal, let freeze = freeze(picture.profile.id) {
                traps.append(.frozen(picture.profile.id, name: freeze.name, until: freeze.until))
            }
            if picture.snapshot.link.problem != nil {
                traps.append(.unreachable(picture.profile.id))
            }
        }
        // What has told nothing may read the repository too; it must not slip past its protection.
        for picture in clusters.values.sorted(by: { $0.profile.id < $1.profile.id }) where picture.isUnseen {
            traps.append(.unseen(picture.profile.id))
            if !isProposal, let freeze = freeze(picture.profile.id) {
                traps.append(.frozen(picture.profile.id, name: freeze.name, until: freeze.until))
            }
        }
        traps += plan.objects.remarks.map(Trap.manifest) + plan.notes.map(Trap.plan)
        self.isProposal = isProposal
        self.rows = rows.sorted { left, right in
            (left.reach.rank, left.ref) < (right.reach.rank, right.ref)
        }
        // Objects that go from the same clusters are told together.
        let byClusters = Dictionary(grouping: pruned.keys.sorted()) { pruned[$0] ?? [] }
        let prunes = byClusters.map { Trap.prune(objects: $1, clusters: $0.sorted()) }
            .sorted { $0.rankedClusters < $1.rankedClusters }
        self.traps = (prunes + traps).enumerated()
            .sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }
            .map(\.element)
    }
}

extension ClusterPicture {
    /// True where nothing was ever listed, though Flux may well be there: one that is down is whole only as a row.
    fileprivate var isUnseen: Bool {
        guard snapshot.resources.isEmpty else {
            return false
        }
        return switch snapshot.link {
        case .withoutFlux: false
        case .live: !snapshot.isComplete
        case .connecting, .unreachable, .refused, .misconfigured: true
        }
    }
}

extension BlastRadius.Reach {
    var rank: Int {
        switch self {
        case .changes: 0
        case .later: 1
        case .notAffected: 2
        }
    }
}
