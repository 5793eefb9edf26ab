import Git

@testable import Repos

/// The calls of a mirror, waited for.
extension RepositoryMirror {
    func fetched() async -> Result<RepositorySnapshot, GitFailure> {
        await withCheckedContinuation { waiting in
            fetch { waiting.resume(returning: $0) }
        }
    }

    func checked() async -> Result<RepositorySnapshot, GitFailure> {
        await withCheckedContinuation { waiting in
            checkRemote { waiting.resume(returning: $0) }
        }
    }

    func logged(_ query: LogQuery, offset: Int = 0, limit: Int = 50) async -> Result<LogPage, GitFailure> {
        await withCheckedContinuation { waiting in
            log(query, offset: offset, limit: limit) { waiting.resume(returning: $0) }
        }
    }

    func diffed(_ commit: String) async -> Result<CommitDiff, GitFailure> {
        await withCheckedContinuation { waiting in
            diff(commit: commit) { waiting.resume(returning: $0) }
        }
    }

    func measured(_ keys: [DistanceKey]) async -> [DistanceKey: Distance] {
        await withCheckedContinuation { waiting in
            distances(keys) { waiting.resume(returning: $0) }
        }
    }

    func planned(_ request: RevertRequest) async -> Result<RevertPlan, GitFailure> {
        await withCheckedContinuation { waiting in
            plan(request) { waiting.resume(returning: $0) }
        }
    }

    func pushed(_ plan: RevertPlan) async -> Result<PushReceipt, GitFailure> {
        await withCheckedContinuation { waiting in
            commitAndPush(Confirmed(byOperator: plan)) { waiting.resume(returning: $0) }
        }
    }

    func stopped() async {
        await withCheckedContinuation { (waiting: CheckedContinuation<Void, Never>) in
            stop { waiting.resume() }
        }
    }
}

extension Result where Failure == GitFailure {
    /// What went wrong; nil for a success.
    var failure: GitFailure? {
        guard case .failure(let failure) = self else {
            return nil
        }
        return failure
    }
}
