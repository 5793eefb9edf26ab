import Chrono
import Configuration
package import Git
import Keys
import Kube

// Pushes of an earlier weir, followed to their end by this one.
extension AppState {
    mutating func takeUp(_ remembered: [RememberedRollout], _ now: Timestamp) -> [Effect] {
        var effects: [Effect] = []
        for rollout in remembered {
            if let pushed = rollout.pushed {
                effects += takeUp(rollout, commit: pushed.commit, pushed: pushed.at, now)
            } else if let remnant = rollouts.settled.first(where: rollout.isSame) {
                effects += takeUp(rollout, commit: remnant.commit, pushed: rollout.planned, now)
            } else {
                rollouts.unsettled.append(rollout)
            }
        }
        return effects
    }

    /// Says what became of a push that an earlier weir did not see to its end; one that arrived is followed.
    mutating func settle(_ remnant: PushRemnant, _ now: Timestamp) -> [Effect] {
        notice(remnant.sentence, remnant.fate == .onBranch ? .told : .problem, now)
        guard remnant.fate == .onBranch else {
            return []
        }
        guard let place = rollouts.unsettled.lastIndex(where: { $0.isSame(remnant) }) else {
            rollouts.settled.append(remnant)
            return []
        }
        let rollout = rollouts.unsettled.remove(at: place)
        return takeUp(rollout, commit: remnant.commit, pushed: rollout.planned, now)
    }

    private mutating func takeUp(
        _ rollout: RememberedRollout,
        commit: String,
        pushed: Timestamp,
        _ now: Timestamp
    ) -> [Effect] {
        let known = rollout.members.filter { clusters[$0.applier.cluster] != nil }
        guard !known.isEmpty, !rollouts.convergences.contains(where: { $0.receipt.commit == commit }) else {
            return []
        }
        let id = rollouts.nextID
        rollouts.nextID += 1
        // Where some clusters are not of this weir, its end is not theirs.
        rollouts.keys[id] = known.count == rollout.members.count ? rollout.key : nil
        rollouts.convergences.append(
            Convergence(
                id: id,
                receipt: PushReceipt(repository: rollout.repository, branch: rollout.branch, commit: commit),
                subject: rollout.subject,
                pushed: pushed,
                members: known,
                takenUp: now
            )
        )
        let key = settings.keymap.keys(for: .viewConvergence).first?.notation ?? ":convergence"
        notice(
            "\(rollout.subject), pushed \(now.since(pushed).age) ago, is followed again: \(key) shows it",
            .told,
            now
        )
        return Set(known.map(\.applier.cluster)).sorted().compactMap { newest($0) }
            .flatMap { observeConvergences($0, now) }
    }

    /// Whom the rollback that is being pushed is for, with its subject; nil where none is.
    package var pushedMembers: (subject: String, members: [Convergence.Member])? {
        guard case .rollback(let rollback) = modal, case .pushing(let plan, let radius) = rollback.step else {
            return nil
        }
        let subject = plan.message.split(separator: "\n").first.map(String.init) ?? plan.target.subject
        return (subject, members(of: radius))
    }
}

extension RememberedRollout {
    func isSame(_ remnant: PushRemnant) -> Bool {
        repository == remnant.repository && branch == remnant.branch && subject == remnant.subject
    }
}
