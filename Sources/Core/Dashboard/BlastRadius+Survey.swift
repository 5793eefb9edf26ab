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
        let deleted = DeletedManifest.all(in: plan.diff)
        for picture in clusters.values
        where picture.repositories.contains(plan.request.repository) {
            var survey = ClusterSurvey(plan: plan, picture: picture)
            survey.run(deleted)
            rows += survey.rows
            traps += survey.traps
            for object in survey.pruned {
                pruned[object, default: []].insert(picture.profile.id)
            }
            guard survey.isAffected else {
                continue
            }
            if isReadOnly || picture.profile.isReadOnly {
                traps.append(.readOnly(picture.profile.id))
            }
            if let freeze = freeze(picture.profile.id) {
                traps.append(.frozen(picture.profile.id, name: freeze.name, until: freeze.until))
            }
            if picture.snapshot.link.problem != nil {
                traps.append(.unreachable(picture.profile.id))
            }
        }
        // What has told nothing may read the repository too; it must not slip past its protection.
        for picture in clusters.values.sorted(by: { $0.profile.id < $1.profile.id }) where picture.isUnseen {
            traps.append(.unseen(picture.profile.id))
            if let freeze = freeze(picture.profile.id) {
                traps.append(.frozen(picture.profile.id, name: freeze.name, until: freeze.until))
            }
        }
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
    /// True where nothing was ever listed, though Flux may well be there.
    fileprivate var isUnseen: Bool {
        snapshot.resources.isEmpty && !snapshot.isComplete && snapshot.link != .withoutFlux
    }
}

extension BlastRadius.Reach {
    fileprivate var rank: Int {
        switch self {
        case .changes: 0
        case .later: 1
        case .notAffected: 2
        }
    }
}

extension Trap {
    /// What needs a decision first, then what deletes, then what delays.
    fileprivate var rank: Int {
        switch self {
        case .readOnly, .frozen: 0
        case .imageBot: 1
        case .prune: 2
        case .suspended: 3
        case .verifies, .pinned, .packed: 4
        case .dependency, .healthCheck: 5
        case .unseen: 4
        case .included, .unreachable: 6
        }
    }

    fileprivate var rankedClusters: String {
        if case .prune(let objects, let clusters) = self {
            return "\(clusters.map(\.name).joined(separator: " ")) \(objects.first ?? "")"
        }
        return ""
    }

    /// The trap and its consequence, in one sentence.
    package var sentence: String {
        switch self {
        case .imageBot(let ref, let branch):
            "image automation \(ref.path) on \(ref.cluster) writes to \(branch) and would do it again"
        case .prune(let objects, let clusters):
            "prune: deletes \(objects.prefix(3).joined(separator: ", "))"
                + (objects.count > 3 ? " and \(objects.count - 3) more" : "")
                + " on \(clusters.count == 1 ? clusters[0].name : "\(clusters.count) clusters")"
        case .suspended(let ref, let by):
            ref == by
                ? "\(ref) on \(ref.cluster) is suspended: nothing happens until it is resumed"
                : "\(by) on \(ref.cluster) is suspended: \(ref.path) gets nothing until it is resumed"
        case .verifies(let ref):
            "\(ref) on \(ref.cluster) verifies signatures: an unsigned revert is not taken"
        case .dependency(let ref, let other):
            "\(ref.path) on \(ref.cluster) waits for \(other.path), which is not ready"
        case .healthCheck(let ref, let timeout):
            "\(ref.path) on \(ref.cluster) is busy with health checks: up to \(timeout.took) before it starts"
        case .pinned(let ref, let words):
            "\(ref) on \(ref.cluster) follows \(words): the push does not reach it"
        case .packed(let ref):
            "\(ref) on \(ref.cluster) reads an artifact: CI must pack the revert first"
        case .included(let ref):
            "\(ref) on \(ref.cluster) takes in a part of this repository: what it feeds may change too"
        case .readOnly(let cluster): "\(cluster) is read-only here: roll back from where it is not"
        case .frozen(let cluster, let name, let until):
            "\(cluster) is in a freeze (\(name)) until \(until.rfc3339): its name must be typed"
        case .unseen(let cluster): "\(cluster) has told nothing yet: whether it takes the commit is not known"
        case .unreachable(let cluster): "\(cluster) does not answer: it takes the commit unseen"
        }
    }
}

/// Looks at one cluster.
private struct ClusterSurvey {
    let plan: RevertPlan
    let picture: ClusterPicture
    var rows: [BlastRadius.Row] = []
    var traps: [Trap] = []
    var pruned: Set<String> = []

    init(plan: RevertPlan, picture: ClusterPicture) {
        self.plan = plan
        self.picture = picture
    }

    private var snapshot: ClusterSnapshot { picture.snapshot }

    var isAffected: Bool {
        rows.contains { row in
            if case .notAffected = row.reach {
                return false
            }
            return true
        }
    }

    mutating func run(_ deleted: [DeletedManifest]) {
        let appliers = picture.tracks
            .filter { !$0.isSource && $0.repository == plan.request.repository }
            .filter { plan.changedPaths.contains($0.path) }
            .sorted { $0.ref < $1.ref }
        for track in appliers {
            let reach = reach(of: track)
            rows.append(
                BlastRadius.Row(
                    ref: track.ref,
                    short: FluxKind.of(group: track.ref.group, kind: track.ref.kind)?.short ?? "",
                    source: track.source,
                    path: track.path,
                    state: track.state,
                    reach: reach
                )
            )
            if case .notAffected = reach {
                continue
            }
            prune(track, deleted)
        }
        readParts(deleted)
        let affected = Set(rows.filter { $0.reach == .changes }.map(\.ref))
        for row in rows where row.reach == .changes {
            delays(of: row, affected)
        }
        sourceTraps()
        botTraps()
    }

    private mutating func reach(of track: Track) -> BlastRadius.Reach {
        let words = track.follows.words
        guard track.follows.branch == plan.request.branch else {
            if track.follows.branch == nil, track.follows != .none {
                traps.append(.pinned(track.ref, to: words))
            }
            return .notAffected(track.isPacked ? "is packed from \(words)" : "tracks \(words)")
        }
        if track.state == .suspended {
            traps.append(.suspended(track.ref, by: track.ref))
            return .later("is suspended")
        }
        if snapshot.resources[track.source]?.isSuspended == true {
            traps.append(.suspended(track.ref, by: track.source))
            return .later("its source is suspended")
        }
        if track.isPacked {
            return .later("when CI has packed it")
        }
        if track.ref.kind == FluxKind.helmRelease.kind {
            return .later("when the chart's version changes")
        }
        return .changes
    }

    /// Those that read the repository through an include or a generated artifact.
    private mutating func readParts(_ deleted: [DeletedManifest]) {
        var included: Set<ObjectRef> = []
        let readings = picture.partReadings(of: plan.request.repository)
        // Who takes in two parts, of two branches, is changed by the one that follows this branch.
        let branch = plan.request.branch
        let isHere = { (reading: PartReading) in reading.track.follows.branch == branch }
        for reading in readings.filter(isHere) + readings.filter({ !isHere($0) })
        where !rows.contains(where: { $0.ref == reading.applier }) {
            guard let changes = plan.changes(reading) else {
                if isHere(reading) {
                    included.insert(reading.source)
                }
                continue
            }
            guard changes, let applier = snapshot.resources[reading.applier] else {
                continue
            }
            let reach = reach(of: reading, applier)
            let path = Track.normalised(path: applier.applier?.path ?? applier.applier?.chart)
            rows.append(
                BlastRadius.Row(
                    ref: reading.applier,
                    short: applier.kind.short,
                    source: reading.source,
                    path: path,
                    state: applier.state,
                    reach: reach,
                    tellsCommit: reading.maker != nil
                        && snapshot.resources[reading.source]?.source?.origin != nil
                )
            )
            if case .notAffected = reach {
                continue
            }
            prune(reading.track.read(by: applier, at: reading.origin), deleted)
        }
        traps += included.sorted().map { .included($0) }
    }

    private mutating func reach(of reading: PartReading, _ applier: FluxResource) -> BlastRadius.Reach {
        let name = reading.part.source.name
        guard reading.track.follows.branch == plan.request.branch else {
            return .notAffected("takes in \(name), which tracks \(reading.track.follows.words)")
        }
        if applier.isSuspended {
            traps.append(.suspended(applier.ref, by: applier.ref))
            return .later("is suspended")
        }
        for ref in [reading.part.source, reading.maker, reading.source].compactMap(\.self)
        where snapshot.resources[ref]?.isSuspended == true {
            traps.append(.suspended(applier.ref, by: ref))
            return .later("its source is suspended")
        }
        // An artifact of the same revision with another content starts nobody who reads it.
        return reading.maker != nil
            ? .changes
            : .later("at its next run: \(reading.source.name) takes in \(name) under its own revision")
    }

    private mutating func prune(_ track: Track, _ deleted: [DeletedManifest]) {
        guard let facts = snapshot.resources[track.ref]?.applier, facts.prunes, !deleted.isEmpty else {
            return
        }
        if facts.inventory.isEmpty {
            for manifest in deleted where AppState.lies(manifest.file, below: track.path) {
                pruned.insert("\(manifest.kind) \(manifest.name)")
            }
            return
        }
        // Whatever base it comes from: what the applier holds and the revert deletes goes.
        let names = Dictionary(grouping: deleted) { "\($0.kind)/\($0.name)" }
        for entry in facts.inventory {
            let fitting = names["\(entry.kind)/\(entry.name)"] ?? []
            if fitting.contains(where: { $0.namespace == nil || $0.namespace == entry.namespace }) {
                let place = entry.namespace.isEmpty ? entry.name : "\(entry.namespace)/\(entry.name)"
                pruned.insert("\(entry.kind) \(place)")
            }
        }
    }

    private mutating func delays(of row: BlastRadius.Row, _ affected: Set<ObjectRef>) {
        guard let resource = snapshot.resources[row.ref], let facts = resource.applier else {
            return
        }
        let unready = facts.dependsOn.first { dependency in
            !affected.contains(dependency) && snapshot.resources[dependency]?.state != .ready
        }
        if let unready {
            traps.append(.dependency(row.ref, on: unready))
        }
        if facts.waits, resource.state == .reconciling || resource.isRetrying {
            traps.append(.healthCheck(row.ref, timeout: resource.effectiveTimeout))
        }
    }

    private mutating func sourceTraps() {
        for source in Set(rows.filter { $0.reach.rank < 2 }.map(\.source)).sorted() {
            if snapshot.resources[source]?.source?.verifies == true {
                traps.append(.verifies(source))
            }
            if picture.tracks.contains(where: { $0.ref == source && $0.isPacked }) {
                traps.append(.packed(source))
            }
        }
    }

    private mutating func botTraps() {
        for ref in picture.automations {
            guard let bot = snapshot.resources[ref], !bot.isSuspended, let facts = bot.automation else {
                continue
            }
            let source = facts.source.flatMap { source in picture.tracks.first { $0.ref == source } }
            guard let source, source.repository == plan.request.repository else {
                continue
            }
            let branch = facts.pushBranch ?? facts.checkoutBranch ?? source.follows.branch
            let isItsWork =
                plan.imagePolicies.contains { $0.hasPrefix("\(ref.namespace):") }
                || facts.lastPushCommit == plan.target.id
                || facts.authorEmail == plan.target.email && facts.authorEmail?.isEmpty == false
            if branch == plan.request.branch, isItsWork {
                traps.append(.imageBot(ref, branch: plan.request.branch))
            }
        }
    }
}

extension FluxResource {
    /// How long a run may take.
    ///
    /// - Source: kustomize-controller: `spec.timeout`, else 30 s less than the interval, 30 s at least.
    var effectiveTimeout: Duration {
        timeout ?? max(.seconds(30), (interval ?? .seconds(60)) - .seconds(30))
    }
}

extension Track {
    /// The place of an applier that reads a part of this source.
    fileprivate func read(by applier: FluxResource, at origin: SourcePart.Origin) -> Track {
        let place: String =
            switch origin {
            case .path(let path), .below(let path): path
            case .elsewhere: ""
            }
        return Track(
            ref: applier.ref,
            source: ref,
            repository: repository,
            follows: follows,
            head: head,
            commit: nil,
            path: place,
            state: applier.state,
            isSource: false,
            isPacked: false
        )
    }
}
