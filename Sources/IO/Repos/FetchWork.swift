import CGit2
import Git

/// Brings a mirror up to its remote.
///
/// - Thread: the fetch lane, with handles of its own.
struct FetchWork {
    let directory: MirrorDirectory
    let refs: Set<String>
    let transfer: Transfer

    /// Fetches what moved, and gives the heads in use; a damaged mirror is moved away and made anew, once.
    func run() throws(MirrorTrouble) -> [String: String] {
        try transfer.run { () throws(MirrorTrouble) in
            do throws(MirrorTrouble) {
                return try attempt()
            } catch .damaged {
                try directory.moveAway()
                return try attempt()
            }
        }
    }

    private func attempt() throws(MirrorTrouble) -> [String: String] {
        let repository = try directory.openOrCreate()
        guard directory.isSound() else {
            throw .damaged("a ref leads to nothing")
        }
        let session = try RemoteSession.open(GIT_DIRECTION_FETCH, of: repository, for: transfer)
        let wanted = used(try session.heads())
        let own = used(try repository.heads())
        if wanted != own {
            try session.download(Refspecs.mirroring(refs))
            try updateRefs(session)
            try PackHousekeeping(directory: directory).run(in: repository)
            HistoryGraph(directory: directory).refresh(in: repository)
        }
        try PushRef.removeStale(from: repository)
        return used(try repository.heads()).mapValues(\.hex)
    }

    private func updateRefs(_ session: borrowing RemoteSession) throws(MirrorTrouble) {
        try directory.locked { () throws(MirrorTrouble) in
            directory.removeStaleRefLocks()
            try session.updateRefs()
        }
    }

    private func used(_ heads: [String: ObjectName]) -> [String: ObjectName] {
        heads.filter { name, _ in
            refs.isEmpty ? name.hasPrefix("refs/heads/") : refs.contains(name)
        }
    }
}
