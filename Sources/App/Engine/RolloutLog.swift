import Chrono
import Dashboard
import Git
import Glibc
import Kube
import Ledger

/// Remembers in the ledger whom a push is for and how far it came, so that a later weir follows it to its end.
///
/// - Thread: the one that owns the state.
struct RolloutLog {
    /// How long a push that never ended is taken up again.
    private static let memory = Duration.seconds(3 * 86_400)

    private let desk: LedgerDesk?
    private let process = "\(getpid()).\(SystemClock.now.nanoseconds)"
    private var planned = 0
    /// The rollout whose push is under way.
    private var current: String?
    /// How the ledger knows convergences, by their number.
    private var keys: [Int: String] = [:]
    private var ended: Set<Int> = []

    init(_ desk: LedgerDesk?) {
        self.desk = desk
    }

    /// Tells the state what an earlier weir left under way.
    func remember(_ mailbox: Mailbox) {
        let since = SystemClock.now.advanced(by: .zero - RolloutLog.memory)
        desk?.perform { ledger throws(LedgerFailure) in
            let open = try ledger.openRollouts(since: since).map(RememberedRollout.init)
            if !open.isEmpty {
                mailbox.post(.rolloutsRemembered(open))
            }
        }
    }

    /// Notes whom a push is for, before it leaves; a commit that waits to be merged is for nobody yet.
    mutating func willPush(_ plan: RevertPlan, _ state: AppState) {
        current = nil
        guard let desk, let (subject, members) = state.pushedMembers, !members.isEmpty else {
            return
        }
        planned += 1
        let record = RolloutRecord(
            rollout: "\(process).\(planned)",
            at: SystemClock.now,
            repository: plan.request.repository.address,
            branch: plan.request.destination,
            subject: subject,
            members: members.map {
                RolloutRecord.Member(
                    applier: $0.applier,
                    source: $0.source,
                    before: $0.before,
                    tellsCommit: $0.tellsCommit
                )
            }
        )
        // In the order of the calls: it is on the disk before the change is noted, and that before anything leaves.
        desk.perform { ledger throws(LedgerFailure) in try ledger.plannedRollout(record) }
        current = record.rollout
    }

    /// Notes that nothing came of the push under way: the remote has none of it.
    mutating func didNotPush() {
        guard let desk, let key = current else {
            return
        }
        current = nil
        let now = SystemClock.now
        desk.perform { ledger throws(LedgerFailure) in try ledger.endedRollout(key, at: now) }
    }

    /// Notes what became of pushes since the last call.
    mutating func note(_ rollouts: RolloutsState) {
        guard let desk, !rollouts.convergences.isEmpty else {
            return
        }
        for convergence in rollouts.convergences where !ended.contains(convergence.id) {
            let id = convergence.id
            if keys[id] == nil {
                guard let key = rollouts.keys[id] ?? (convergence.takenUp == nil ? current : nil) else {
                    ended.insert(id)
                    continue
                }
                current = rollouts.keys[id] == nil ? nil : current
                keys[id] = key
                let (commit, pushed) = (convergence.receipt.commit, convergence.pushed)
                desk.perform { ledger throws(LedgerFailure) in
                    try ledger.pushedRollout(key, commit: commit, at: pushed)
                }
            }
            if let key = keys[id], let finished = convergence.finished {
                ended.insert(id)
                desk.perform { ledger throws(LedgerFailure) in
                    try ledger.endedRollout(key, at: finished)
                }
            }
        }
    }
}

extension RememberedRollout {
    fileprivate init(_ record: RolloutRecord) {
        self.init(
            key: record.rollout,
            repository: RepositoryID(normalised: record.repository),
            branch: record.branch,
            subject: record.subject,
            members: record.members.map {
                Convergence.Member(
                    applier: $0.applier,
                    source: $0.source,
                    before: $0.before,
                    tellsCommit: $0.tellsCommit
                )
            },
            planned: record.at,
            pushed: record.commit.flatMap { commit in record.pushed.map { Pushed(commit: commit, at: $0) } }
        )
    }
}
