import Chrono
import Git
import HashTreeCollections
import Kube

/// Looks at one cluster.
struct ClusterSurvey {
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

    mutating func run() {
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
            if let applier = snapshot.resources[track.ref] {
                prune(applier, at: track.path, isChanged: plan.changedPaths.contains(track.path))
            }
        }
        readParts()
        let changing = rows.filter { $0.reach == .changes || $0.reach == .proposed(plan) }
        let affected = Set(changing.map(\.ref))
        for row in changing {
            if row.reach == .changes {
                delays(of: row, affected)
            }
            releases(below: row.ref)
        }
        heldAbove(changing.map(\.ref))
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
        return plan.request.newBranch == nil ? .changes : .proposed(plan)
    }

    /// Those that read the repository through an include or a generated artifact.
    private mutating func readParts() {
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
            var place = ""
            if case .path(let origin) = reading.origin {
                place = origin
            }
            prune(applier, at: place, isChanged: true)
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
            ? plan.request.newBranch == nil ? .changes : .proposed(plan)
            : .later("at its next run: \(reading.source.name) takes in \(name) under its own revision")
    }

    private mutating func prune(_ applier: FluxResource, at path: String, isChanged: Bool) {
        guard let facts = applier.applier else {
            return
        }
        for entry in Preflight.pruned(by: plan, from: facts, path: path, isChanged: isChanged) {
            let place = entry.namespace.isEmpty ? entry.name : "\(entry.namespace)/\(entry.name)"
            pruned.insert("\(entry.kind) \(place)")
        }
    }

    /// What the commit changes of Flux's own objects below an applier, and what stands in its way there.
    private mutating func releases(below applier: ObjectRef) {
        for ref in Preflight.changedFluxObjects(by: plan, under: applier, in: snapshot) {
            guard let resource = snapshot.resources[ref], !rows.contains(where: { $0.ref == ref }) else {
                continue
            }
            if resource.isSuspended {
                traps.append(.suspended(ref, by: ref))
            } else if ref.kind == FluxKind.helmRelease.kind, Preflight.isRemediated(resource) {
                traps.append(.remediated(ref))
            }
        }
    }

    private mutating func heldAbove(_ changing: [ObjectRef]) {
        var below: [ObjectRef: [ObjectRef]] = [:]
        for ref in changing {
            for ancestor in Preflight.suspendedAncestors(of: ref, in: snapshot) {
                below[ancestor, default: []].append(ref)
            }
        }
        for (ancestor, refs) in below.sorted(by: { $0.key < $1.key }) {
            traps.append(.heldAbove(ancestor, below: refs))
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
        let waiting = Preflight.dependants(of: row.ref, in: snapshot).filter { !affected.contains($0) }
        if !waiting.isEmpty {
            traps.append(.dependants(waiting, of: row.ref))
        }
    }

    private mutating func sourceTraps() {
        for source in Set(rows.filter { $0.reach.rank < 2 }.map(\.source)).sorted() {
            if snapshot.resources[source]?.source?.verifies == true, !plan.signing.isSigned {
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

extension BlastRadius.Reach {
    /// What a commit on a branch of its own does: nothing until it is merged.
    static func proposed(_ plan: RevertPlan) -> BlastRadius.Reach {
        .later("once it is merged into \(plan.request.branch)")
    }
}
