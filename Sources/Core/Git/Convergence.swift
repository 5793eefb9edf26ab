package import Chrono
import HashTreeCollections
package import Kube

/// Whether a pushed commit has arrived: per applier, when it was fetched, applied and healthy.
///
/// - Shape: read off the clusters alone; nothing counts because weir asked for it.
package struct Convergence: Sendable, Hashable {
    package enum Stage: Int, Comparable, CaseIterable, Sendable {
        case pushed, fetched, applied, healthy

        package static func < (left: Stage, right: Stage) -> Bool {
            left.rawValue < right.rawValue
        }
    }

    /// Someone who is to get the commit.
    package struct Member: Sendable, Hashable {
        package let applier: ObjectRef
        package let source: ObjectRef
        /// The commit that ran when the new one was pushed.
        package let before: String?

        /// False where the applier never names a commit of the repository: it is shown, and not waited for.
        package let tellsCommit: Bool

        package init(applier: ObjectRef, source: ObjectRef, before: String?, tellsCommit: Bool = true) {
            self.applier = applier
            self.source = source
            self.before = before
            self.tellsCommit = tellsCommit
        }
    }

    /// How far one member is.
    package struct Row: Sendable, Hashable {
        package let member: Member
        package internal(set) var fetched: Timestamp?
        package internal(set) var applied: Timestamp?
        package internal(set) var healthy: Timestamp?
        /// Why it does not go on by itself, in one sentence.
        package internal(set) var stuck: String?
        /// What it is doing, where it is not stuck; may be empty.
        package internal(set) var note: String
        /// The later commit that arrived in place of the pushed one and contains it.
        package internal(set) var supersededBy: String?
        /// True where it, or its source, is suspended: shown, and not waited for.
        package internal(set) var isHeld: Bool
        /// True where the applier is no more.
        package internal(set) var isGone: Bool

        package var stage: Stage {
            if healthy != nil {
                return .healthy
            }
            if applied != nil {
                return .applied
            }
            return fetched == nil ? .pushed : .fetched
        }

        package var isDone: Bool { healthy != nil || isGone }
    }

    package let id: Int
    package let receipt: PushReceipt
    /// The subject of the pushed commit.
    package let subject: String
    package let pushed: Timestamp
    /// True where the commit waits on a branch of its own to be merged: nobody gets it before.
    package let isProposal: Bool
    /// When a later weir took it up again; what was reached before is told by the clusters' own times.
    package let takenUp: Timestamp?
    /// By cluster and name.
    package private(set) var rows: [Row]
    /// When the last member was done that is not suspended.
    package private(set) var finished: Timestamp?

    package init(
        id: Int,
        receipt: PushReceipt,
        subject: String,
        pushed: Timestamp,
        members: [Member],
        isProposal: Bool = false,
        takenUp: Timestamp? = nil
    ) {
        self.id = id
        self.receipt = receipt
        self.subject = subject
        self.pushed = pushed
        self.isProposal = isProposal
        self.takenUp = takenUp
        rows = members.sorted { $0.applier < $1.applier }.map {
            Row(member: $0, note: "", isHeld: false, isGone: false)
        }
        finished = members.isEmpty ? pushed : nil
    }

    /// How many came to a stage, and when the last of them did.
    package func reached(_ stage: Stage) -> (count: Int, last: Timestamp?) {
        let moments = rows.compactMap { row -> Timestamp? in
            switch stage {
            case .pushed: pushed
            case .fetched: row.fetched
            case .applied: row.applied
            case .healthy: row.healthy
            }
        }
        return (moments.count, moments.max())
    }

    package var done: Int { rows.count(where: \.isDone) }
    package var stuck: Int { rows.count { $0.stuck != nil && !$0.isDone } }
    package var held: Int { rows.count { $0.isHeld && !$0.isDone } }
    /// True while any member may still get there, suspended ones included.
    package var isOpen: Bool { !rows.allSatisfy(\.isDone) }
    package var clusters: Set<ClusterID> { Set(rows.map(\.member.applier.cluster)) }

    /// Reads the members of one cluster off its snapshot.
    ///
    /// - Shape: returns the questions that must be answered before commits that weir does not know can be
    ///   judged; ask again with the answers.
    package mutating func observe(
        _ snapshot: ClusterSnapshot,
        distances: [DistanceKey: Distance],
        now: Timestamp
    ) -> Set<DistanceKey> {
        var questions: Set<DistanceKey> = []
        for index in rows.indices
        where rows[index].member.applier.cluster == snapshot.id && !rows[index].isDone {
            var reading = Reading(
                receipt: receipt,
                before: rows[index].member.before,
                distances: distances,
                now: now,
                takenUp: takenUp
            )
            reading.update(&rows[index], from: snapshot, pushed: pushed)
            questions.formUnion(reading.questions)
        }
        if finished == nil, rows.allSatisfy({ $0.isDone || $0.isHeld }) {
            finished = now
        }
        return questions
    }
}

/// Judges one member by one snapshot.
private struct Reading {
    let receipt: PushReceipt
    let before: String?
    let distances: [DistanceKey: Distance]
    let now: Timestamp
    let takenUp: Timestamp?
    var questions: Set<DistanceKey> = []

    init(
        receipt: PushReceipt,
        before: String?,
        distances: [DistanceKey: Distance],
        now: Timestamp,
        takenUp: Timestamp?
    ) {
        self.receipt = receipt
        self.before = before
        self.distances = distances
        self.now = now
        self.takenUp = takenUp
    }

    /// When something was reached that is seen now: now, unless it was before weir looked again.
    private func moment(_ resource: FluxResource, after pushed: Timestamp) -> Timestamp {
        // The first run at the commit counts: later ones only found it in place.
        let first = resource.applier?.history.first { $0.revision?.commit == receipt.commit }?.firstReconciled
        guard let takenUp, let told = first ?? resource.ready?.lastTransition, told >= pushed, told <= takenUp
        else {
            return now
        }
        return told
    }

    mutating func update(
        _ row: inout Convergence.Row,
        from snapshot: ClusterSnapshot,
        pushed: Timestamp
    ) {
        if let problem = snapshot.link.problem {
            row.stuck = "the cluster cannot be seen: \(problem)"
            return
        }
        guard let applier = snapshot.resources[row.member.applier] else {
            row.isGone = snapshot.isComplete && snapshot.link == .live
            row.stuck = nil
            row.note = row.isGone ? "is no more" : ""
            return
        }
        let source = snapshot.resources[row.member.source]
        guard row.member.tellsCommit else {
            judge(&row, applier, source)
            if row.stuck == nil {
                row.isHeld = true
                row.note = "reads it through \(row.member.source.path) and tells no commit of it"
            }
            return
        }
        if row.fetched == nil, let commit = source?.commit, contains(commit) {
            row.fetched = source?.source?.artifactUpdated.map { min(max($0, pushed), now) } ?? now
        }
        if row.applied == nil, hasApplied(applier) {
            row.applied = moment(applier, after: pushed)
            // Who applied it has fetched it, even when the source has moved on or is gone.
            row.fetched = row.fetched ?? row.applied
        }
        if row.member.applier.kind == FluxKind.helmRelease.kind {
            judgeRelease(&row, applier, source, pushed)
            return
        }
        if let commit = applier.commit, contains(commit) {
            row.supersededBy = commit == receipt.commit ? nil : commit
            if applier.state == .ready {
                row.healthy = moment(applier, after: pushed)
            }
        }
        judge(&row, applier, source)
    }

    /// A chart from Git tells its version; only with `reconcileStrategy: Revision` does that end in the commit.
    private mutating func judgeRelease(
        _ row: inout Convergence.Row,
        _ applier: FluxResource,
        _ source: FluxResource?,
        _ pushed: Timestamp
    ) {
        let attempted = applier.applier?.lastAttempted?.text ?? ""
        let applied = applier.applier?.lastApplied?.text ?? ""
        if row.applied == nil, names(applied) || names(attempted) && applier.state.isTrouble {
            row.applied = moment(applier, after: pushed)
            row.fetched = row.fetched ?? row.applied
        }
        if names(applied), applier.state == .ready {
            row.healthy = moment(applier, after: pushed)
        }
        judge(&row, applier, source)
        if !row.isDone, row.stuck == nil, row.fetched != nil, row.applied == nil, applier.state == .ready {
            // Nothing would ever tell: it is shown, and not waited for.
            row.isHeld = true
            let version = applied.isEmpty ? "a version" : "version \(applied)"
            row.note = "its chart tells \(version) and no commit: it changes when the version does"
        }
    }

    /// True where a chart's version ends in the pushed commit, as `1.2.3+9f2c1ab01234`.
    private func names(_ version: String) -> Bool {
        guard let plus = version.lastIndex(of: "+") else {
            return false
        }
        let digits = version[version.index(after: plus)...].prefix { $0.isHexDigit }
        return digits.count >= 7 && receipt.commit.hasPrefix(digits)
    }

    /// True where the objects of the commit were sent to the cluster, healthy or not.
    private mutating func hasApplied(_ applier: FluxResource) -> Bool {
        if let commit = applier.commit, contains(commit) {
            return true
        }
        guard let attempted = applier.applier?.lastAttempted?.commit, contains(attempted) else {
            return false
        }
        // The revision is written before the build; health checks start when everything was applied.
        return applier.reason == "HealthCheckFailed" || applier.isCheckingHealth
    }

    private mutating func judge(
        _ row: inout Convergence.Row,
        _ applier: FluxResource,
        _ source: FluxResource?
    ) {
        row.stuck = nil
        row.note = ""
        row.isHeld = false
        guard !row.isDone else {
            return
        }
        let attempted = applier.applier?.lastAttempted?.commit
        let tried = attempted.map { contains($0) } ?? false
        if applier.state == .suspended {
            row.isHeld = true
            row.stuck = "is suspended" + (applier.suspendReason.map { ": \($0)" } ?? "")
        } else if row.fetched == nil, let source, source.state == .suspended {
            row.isHeld = true
            row.stuck = "its source \(source.ref.path) is suspended"
        } else if row.fetched == nil, let source, source.state.isTrouble {
            row.stuck = "its source \(source.ref.path) failed: \(source.message)"
        } else if applier.state.isTrouble, tried || row.fetched != nil && !applier.isRetrying {
            row.stuck = applier.message.isEmpty ? applier.reason : applier.message
        } else if applier.state == .waiting {
            row.stuck = applier.message
        } else if applier.state == .reconciling || applier.isRetrying {
            row.note = applier.condition("Reconciling")?.message ?? applier.message
        }
    }

    /// True where a commit is the pushed one or a later one that contains it.
    private mutating func contains(_ commit: String) -> Bool {
        if commit == receipt.commit {
            return true
        }
        if commit == before {
            return false
        }
        let key = DistanceKey(repository: receipt.repository, from: receipt.commit, to: commit, path: "")
        switch distances[key] {
        case .behind: return true
        case .diverged, .unknown: return false
        case nil:
            questions.insert(key)
            return false
        }
    }
}
