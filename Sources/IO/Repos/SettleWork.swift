import CGit2
import Git
import Text

/// Asks the remote what became of pushes whose weir ended before it could tell.
///
/// - Thread: the push lane, with handles of its own.
struct SettleWork {
    let directory: MirrorDirectory
    let id: RepositoryID
    let settings: RepositorySettings

    /// One remnant per push that was left; those that are answered are forgotten, the others are asked again.
    func run() -> [PushRemnant] {
        let entries = PushJournal(directory: directory).abandoned()
        guard !entries.isEmpty else {
            return []
        }
        let transfer = Transfer(settings)
        return entries.map { entry in
            let fate: PushRemnant.Fate
            do throws(MirrorTrouble) {
                let isThere = try transfer.run { () throws(MirrorTrouble) in
                    try isOnBranch(entry.record, transfer)
                }
                fate = isThere ? .onBranch : .nothingHappened
                entry.close()
            } catch {
                fate = .unknown(error.failure.message)
            }
            return PushRemnant(
                repository: id,
                branch: Redaction.clean(entry.record.branch, limit: 200),
                commit: entry.record.commit,
                subject: Sanitiser.line(entry.record.subject, limit: 200),
                fate: fate
            )
        }
    }

    private func isOnBranch(_ record: PushJournal.Record, _ transfer: Transfer) throws(MirrorTrouble) -> Bool
    {
        let ref = "refs/heads/\(record.branch)"
        guard let commit = ObjectName(hex: record.commit) else {
            return false
        }
        let repository = try directory.openOrCreate()
        let session = try RemoteSession.open(GIT_DIRECTION_FETCH, of: repository, for: transfer)
        guard let tip = try session.heads()[ref], tip.hex != record.before else {
            return false
        }
        guard tip != commit else {
            return true
        }
        // Others have pushed since: only their history tells whether ours is below.
        if try !repository.hasCommit(tip) {
            try session.download(["+\(ref):\(ref)"])
        }
        guard try repository.hasCommit(commit) else {
            return false
        }
        return try repository.isAncestor(commit, of: tip)
    }
}
