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
    func run() throws(MirrorTrouble) -> FetchResult {
        try transfer.run { () throws(MirrorTrouble) in
            do throws(MirrorTrouble) {
                return try attempt()
            } catch .damaged {
                try directory.moveAway()
                return try attempt()
            }
        }
    }

    private func attempt() throws(MirrorTrouble) -> FetchResult {
        let repository = try directory.openOrCreate()
        guard directory.isSound() else {
            throw .damaged("a ref leads to nothing")
        }
        let session = try RemoteSession.open(GIT_DIRECTION_FETCH, of: repository, for: transfer)
        let remote = try session.heads()
        let wanted = used(remote)
        let own = used(try repository.heads())
        if wanted != own {
            try session.download(Refspecs.mirroring(refs))
            try updateRefs(session)
            try PackHousekeeping(directory: directory).run(in: repository)
            HistoryGraph(directory: directory).refresh(in: repository)
        }
        try PushRef.removeStale(from: repository)
        return FetchResult(
            heads: used(try repository.heads()).mapValues(\.hex),
            upheavals: try upheavals(from: own, to: wanted, remote, in: repository)
        )
    }

    /// What became of the refs that did not just move forward.
    private func upheavals(
        from own: [String: ObjectName],
        to wanted: [String: ObjectName],
        _ remote: [String: ObjectName],
        in repository: borrowing Repository
    ) throws(MirrorTrouble) -> [String: RefUpheaval] {
        var found: [String: RefUpheaval] = [:]
        for (name, old) in own where wanted[name] != old {
            guard let new = wanted[name] else {
                let other = remote.keys.sorted().first { other in
                    other.hasPrefix("refs/heads/") && own[other] == nil && remote[other] == old
                }
                found[name] = other.map { .renamed(to: Redaction.clean($0)) } ?? .deleted(was: old.hex)
                continue
            }
            // Tags may name anything; only the histories of commits can be compared.
            if let before = try? repository.peeled(old), let after = try repository.peeled(new),
                try !repository.isAncestor(before, of: after)
            {
                found[name] = .rewritten(from: before.hex, to: after.hex)
            }
        }
        return found
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

/// What a fetch brought.
struct FetchResult {
    /// The heads in use, by full name.
    let heads: [String: String]
    /// Refs that were rewritten, deleted or renamed by what was fetched.
    let upheavals: [String: RefUpheaval]
}
