import Chrono
import Configuration
package import Git
import HashTreeCollections
import Keys
import Kube

// The way to a revert: planned, read, confirmed, pushed.
extension AppState {
    /// Plans the revert of what is chosen, or opens the commits that may have broken the selected resource.
    mutating func startRollback(_ now: Timestamp) -> [Effect] {
        guard screen == .commits else {
            guard let ref = selectedRef else {
                notice("select a resource or a commit first", .told, now)
                return []
            }
            return openProposal(for: ref, now)
        }
        guard let query = commits.query, let (aim, chosen) = commits.aim else {
            notice("no commit is selected", .told, now)
            return []
        }
        return startRollback(aim, chosen, in: query, now)
    }

    /// Plans an aim on the branch that a log lists.
    mutating func startRollback(
        _ aim: RevertAim,
        _ chosen: [Commit],
        in query: LogQuery,
        _ now: Timestamp
    ) -> [Effect] {
        guard let branch = rollbackBranch(query, now) else {
            return []
        }
        var request = RevertRequest(
            repository: query.repository,
            branch: branch,
            aim: aim,
            paths: paths(in: query.repository)
        )
        if case .path = aim {
            // Nothing is undone commit by commit, so no side of a merge is to be chosen.
        } else if chosen.contains(where: \.isMerge) {
            request.mainline = 1
        }
        return plan(request, chosen: chosen, isUndo: false)
    }

    /// The branch that a log lists; nil, and told, where nothing can be pushed to it.
    mutating func rollbackBranch(_ query: LogQuery, _ now: Timestamp) -> String? {
        guard !isReadOnly else {
            notice(AppState.readOnlySentence, .problem, now)
            return nil
        }
        guard query.ref.hasPrefix("refs/heads/") else {
            notice("\(query.ref) is no branch: a revert needs one to be pushed to", .problem, now)
            return nil
        }
        return String(query.ref.dropFirst(11))
    }

    /// Plans the revert of a revert.
    mutating func startRevert(of receipt: PushReceipt, _ now: Timestamp) -> [Effect] {
        let bots = heldBots(of: receipt)
        defer {
            changeRollback { $0.heldBots = bots }
        }
        return plan(
            RevertRequest(
                repository: receipt.repository,
                branch: receipt.branch,
                commit: receipt.commit,
                paths: paths(in: receipt.repository)
            ),
            chosen: [],
            isUndo: true
        )
    }

    mutating func plan(_ request: RevertRequest, chosen: [Commit], isUndo: Bool) -> [Effect] {
        modal = .rollback(
            RollbackState(request: request, chosen: chosen, origin: commits.applier, isUndo: isUndo)
        )
        return [.planRevert(request, ask(.plan))]
    }

    /// The paths of all appliers of a repository, on all clusters.
    func paths(in repository: RepositoryID) -> Set<String> {
        var paths: Set<String> = []
        for picture in clusters.values where picture.repositories.contains(repository) {
            for track in picture.tracks where track.repository == repository && !track.isSource {
                paths.insert(track.path)
            }
            for reading in picture.partReadings(of: repository) {
                if case .path(let path) = reading.origin {
                    paths.insert(path)
                }
            }
        }
        return paths
    }

    /// Changes the open rollback; nothing where none is open.
    mutating func changeRollback(_ change: (inout RollbackState) -> Void) {
        guard case .rollback(var rollback) = modal else {
            return
        }
        change(&rollback)
        modal = .rollback(rollback)
    }

    mutating func takePlan(_ result: Result<RevertPlan, GitFailure>, _ now: Timestamp) -> [Effect] {
        stopAwaiting(.plan)
        switch result {
        case .failure(let failure):
            changeRollback { rollback in
                rollback.isPlanning = false
                if rollback.plan == nil {
                    rollback.step = .impossible(failure)
                } else {
                    // Another branch or another side may do: what was read stays, and cannot be confirmed.
                    rollback.planProblem = failure.message
                }
            }
        case .success(let plan):
            let radius = BlastRadius(of: plan, clusters: clusters, isReadOnly: isReadOnly) { cluster in
                settings.freeze(ofContext: cluster.name, at: now)
            }
            let touched = radius.clusters + radius.unseen + radius.bots.map(\.cluster)
            let names = requiredNames(radius.isProposal ? [] : touched, frozen: radius.frozen)
            let repository = plan.request.repository
            let readers = plan.request.newBranch.map { followers(of: $0, in: repository) } ?? []
            changeRollback { rollback in
                rollback.take(plan, radius, names)
                // What follows the new branch would change at once, and nobody has been asked for it.
                rollback.branchProblem = readers.first.map {
                    "\($0) follows \(plan.request.destination): choose a name that nobody follows"
                }
            }
        }
        return []
    }

    /// The clusters that read a branch of a repository.
    private func followers(of branch: String, in repository: RepositoryID) -> [String] {
        clusters.values.filter { picture in
            picture.tracks.contains { $0.repository == repository && $0.follows.branch == branch }
        }.map(\.profile.displayName).sorted()
    }

    // MARK: What happens after the confirmation

    func isBotOfRollback(_ ref: ObjectRef) -> Bool {
        guard case .rollback(let rollback) = modal, case .suspendingBots(_, _, let pending) = rollback.step
        else {
            return false
        }
        return pending.contains(ref)
    }

    mutating func takeBotSuspension(
        _ result: Result<FluxResource?, ActionFailure>,
        of ref: ObjectRef,
        _ now: Timestamp
    ) -> [Effect] {
        guard
            case .rollback(var rollback) = modal,
            case .suspendingBots(let plan, let radius, var pending) = rollback.step
        else {
            return []
        }
        pending.remove(ref)
        switch result {
        case .success:
            rollback.suspendedBots.append(ref)
            undoables.append(.suspended([ref]))
        case .failure(let failure):
            let others = stillSuspended(rollback.suspendedBots).map { "; \($0)" } ?? ""
            rollback.problem =
                "nothing was pushed: \(ref.path) could not be suspended: \(failure.message)\(others)"
            rollback.confirmed = nil
        }
        if rollback.confirmed == nil {
            rollback.step = .preview(plan, radius)
            modal = .rollback(rollback)
            return []
        }
        rollback.step = .suspendingBots(plan, radius, pending: pending)
        modal = .rollback(rollback)
        return pending.isEmpty ? push() : []
    }

    /// Sends what was confirmed.
    mutating func push() -> [Effect] {
        guard
            case .rollback(var rollback) = modal, let confirmed = rollback.confirmed,
            let radius = rollback.blastRadius
        else {
            return []
        }
        rollback.confirmed = nil
        rollback.step = .pushing(confirmed.value, radius)
        modal = .rollback(rollback)
        return [.commitAndPush(confirmed, ask(.push))]
    }

    mutating func takePush(_ result: Result<PushReceipt, GitFailure>, _ now: Timestamp) -> [Effect] {
        stopAwaiting(.push)
        guard case .rollback(var rollback) = modal, case .pushing(let plan, let radius) = rollback.step else {
            return []
        }
        switch result {
        case .success(let receipt): return follow(receipt, plan, radius, rollback, now)
        case .failure(let failure):
            rollback.step = .preview(plan, radius)
            let bots = stillSuspended(rollback.suspendedBots).map { "; \($0)" } ?? ""
            rollback.problem = failure.sentence + bots
            rollback.isUnclear = failure.cause == .unclear
            if failure.cause == .rejected, rollback.request.newBranch == nil {
                rollback.problem? += "; a new branch and a pull request may do"
                rollback.focus = .destination
            }
            guard case .movedTip(let tip) = failure.cause else {
                modal = .rollback(rollback)
                return []
            }
            // What was read is not what would be pushed any more: plan anew, confirm anew.
            rollback.problem =
                "\(plan.request.branch) moved to \(Revision.cut(tip)) meanwhile: nothing was pushed; "
                + "this is the plan for the new tip, read it again\(bots)"
            rollback.typedName = TextInput()
            rollback.focus = rollback.fields.first ?? .push
            rollback.isPlanning = true
            modal = .rollback(rollback)
            return [.planRevert(rollback.request, ask(.plan))]
        }
    }

    private mutating func follow(
        _ receipt: PushReceipt,
        _ plan: RevertPlan,
        _ radius: BlastRadius,
        _ rollback: RollbackState,
        _ now: Timestamp
    ) -> [Effect] {
        modal = nil
        if rollback.isUndo {
            undoables.removeAll { undoable in
                if case .pushed(let earlier) = undoable {
                    return earlier.commit == plan.target.id
                }
                return false
            }
        }
        if !radius.isProposal {
            undoables.append(.pushed(receipt))
        }
        commits.unmark()
        let subject = plan.message.split(separator: "\n").first.map(String.init) ?? plan.target.subject
        let held = heldSentence(rollback.heldBots).map { "; \($0)" } ?? ""
        notice("pushed \(Revision.cut(receipt.commit)) to \(receipt.branch)\(held)", .done, now)
        let bots = rollback.suspendedBots + rollback.heldBots.filter { !rollback.suspendedBots.contains($0) }
        startConvergence(receipt, subject: subject, radius, bots: bots, now)
        resyncAffected(radius, now)
        return [.check(receipt.repository)]
    }

    /// Asks the sources and the appliers that the push changes to look at once.
    private mutating func resyncAffected(_ radius: BlastRadius, _ now: Timestamp) {
        let orders = radius.rows.compactMap { row -> ResyncQueue.Order? in
            guard row.reach == .changes, !isReadOnly(row.ref.cluster), let resource = resource(row.ref) else {
                return nil
            }
            return resource.canResync && !resource.isSuspended
                ? ResyncQueue.Order(ref: row.ref, sources: sources(of: row.ref)) : nil
        }
        enqueue(orders, now)
    }

    // MARK: Convergence

    private mutating func startConvergence(
        _ receipt: PushReceipt,
        subject: String,
        _ radius: BlastRadius,
        bots: [ObjectRef],
        _ now: Timestamp
    ) {
        let members = members(of: radius)
        let id = rollouts.nextID
        rollouts.nextID += 1
        rollouts.bots[id] = bots.isEmpty ? nil : bots
        rollouts.convergences.append(
            Convergence(
                id: id,
                receipt: receipt,
                subject: subject,
                pushed: now,
                members: members,
                isProposal: radius.isProposal
            )
        )
        if rollouts.convergences.count > 50 {
            rollouts.convergences.removeFirst()
        }
        openConvergence(id)
    }

    /// Who is to get a pushed commit; nobody where it waits on a branch of its own.
    func members(of radius: BlastRadius) -> [Convergence.Member] {
        guard !radius.isProposal else {
            return []
        }
        return radius.affected.map { row in
            let running = newest(row.ref.cluster)?.resources[row.ref]?.commit
            return Convergence.Member(
                applier: row.ref,
                source: row.source,
                before: running,
                tellsCommit: row.tellsCommit
            )
        }
    }

    /// Reads convergences off a snapshot; says when one is complete.
    mutating func observeConvergences(_ snapshot: ClusterSnapshot, _ now: Timestamp) -> [Effect] {
        var effects: [Effect] = []
        for index in rollouts.convergences.indices where rollouts.convergences[index].isOpen {
            let wasFinished = rollouts.convergences[index].finished != nil
            let questions = rollouts.convergences[index].observe(
                snapshot,
                distances: distances.all,
                now: now
            )
            effects += measure(questions)
            if !wasFinished, rollouts.convergences[index].finished != nil {
                let ended = rollouts.convergences[index]
                notice(ended.summary(now) + stillSuspended(after: ended.id, snapshot), .done, now)
                effects.append(.bell)
            }
        }
        return effects
    }

    /// Says which image automations were suspended for a rollback and still are.
    private func stillSuspended(after id: Int, _ snapshot: ClusterSnapshot) -> String {
        // The snapshot at hand is newer than what is shown.
        let left = (rollouts.bots[id] ?? []).filter { ref in
            let resources = ref.cluster == snapshot.id ? snapshot.resources : newest(ref.cluster)?.resources
            return resources?[ref]?.isSuspended == true
        }.map(\.path)
        guard !left.isEmpty else {
            return ""
        }
        let key = settings.keymap.keys(for: .resume).first?.notation ?? ":resume"
        return "; \(left.joined(separator: ", ")) still suspended: resume with \(key) when it is safe"
    }
}

extension Convergence {
    /// How it ended, in one sentence.
    fileprivate func summary(_ now: Timestamp) -> String {
        let healthy = Set(rows.filter(\.isDone).map(\.member.applier.cluster)).count
        let place = healthy == 1 ? "1 cluster" : "\(healthy) clusters"
        let suspended = rows.count { $0.isHeld && !$0.isDone && $0.stuck != nil }
        let silent = held - suspended
        var rest = suspended > 0 ? "; \(suspended == 1 ? "1 is" : "\(suspended) are") suspended" : ""
        if silent > 0 {
            rest += "; \(silent) \(silent == 1 ? "tells" : "tell") no commit"
        }
        let named: [(Stage, String)] = [(.fetched, "fetched"), (.applied, "applied")]
        let stages = named.compactMap { stage, word in
            reached(stage).last.map { last in
                let time = last.since(pushed)
                return time < .seconds(1) ? ", \(word) at once" : ", \(word) after \(time.took)"
            }
        }
        let whole = reached(.healthy).last ?? now
        let away = takenUp.map { whole <= $0 } == true ? ", while weir was away" : ""
        return "\(subject): healthy on \(place) after \(whole.since(pushed).took)"
            + "\(stages.joined())\(away)\(rest)"
    }
}

extension GitFailure {
    /// What went wrong and what became of the push, in one sentence.
    package var sentence: String {
        switch cause {
        case .unclear: message
        default: "nothing was pushed: \(message)"
        }
    }
}
