import CGit2
import Git
import Glibc
import Text

/// Makes the commit of a confirmed plan and pushes it.
///
/// The revert is worked out again from the plan's own commits, now into the mirror's object store, and must come to
/// the tree that the operator saw. No branch of the mirror knows the new commit until the server has taken it.
///
/// - Thread: the push lane, with handles of its own.
struct PushWork {
    let directory: MirrorDirectory
    let plan: RevertPlan
    let transfer: Transfer

    func run() throws(MirrorTrouble) -> PushReceipt {
        try transfer.run { () throws(MirrorTrouble) in
            try attempt()
        }
    }

    private var branch: String { plan.request.branch }
    private var ref: String { "refs/heads/\(plan.request.branch)" }
    private var shownBranch: String { Redaction.clean(plan.request.branch, limit: 200) }

    private func attempt() throws(MirrorTrouble) -> PushReceipt {
        guard plan.isPossible, let tree = plan.tree.flatMap({ ObjectName(hex: $0) }) else {
            throw MirrorTrouble(
                .conflict,
                "This plan cannot be carried out: it has conflicts or changes nothing."
            )
        }
        guard let tip = ObjectName(hex: plan.tip), let repository = try directory.open() else {
            throw MirrorTrouble(.notFound, "There is no mirror to push from: fetch first.")
        }
        guard try repository.tip(of: ref) == tip else {
            throw movedTip(try repository.tip(of: ref))
        }
        let work = try RevertWork(plan.request, in: repository)
        let index = try work.merged(in: repository)
        guard try RevertWork.tree(of: index, in: repository) == tree else {
            throw MirrorTrouble(
                .invalid,
                "The revert comes to another result than the plan showed: plan it again."
            )
        }
        let session = try RemoteSession.open(GIT_DIRECTION_PUSH, of: repository, for: transfer)
        let remoteTip = try session.heads()[ref]
        guard remoteTip == tip else {
            throw movedTip(remoteTip)
        }
        let commit = try makeCommit(tree: tree, parent: tip, in: repository)
        let outcome = PushOutcome()
        let name = PushRef(commit)
        try directory.locked { () throws(MirrorTrouble) in
            try name.create(commit, in: repository)
        }
        defer { name.remove(from: repository) }
        do throws(MirrorTrouble) {
            // No plus sign, and the server compares the old value too: a tip that moves now makes it refuse.
            try session.push(name.name, to: ref, outcome)
        } catch {
            return try settle(error, commit, outcome, in: repository)
        }
        switch outcome.statuses[ref] {
        case .taken:
            break
        case .refused(let reason):
            throw try refusal(reason, in: repository)
        case nil:
            let unsaid = MirrorTrouble(.unclear, "The server did not say what it did.")
            return try settle(unsaid, commit, outcome, in: repository)
        }
        return finish(commit, in: repository)
    }

    private func makeCommit(
        tree: ObjectName,
        parent: ObjectName,
        in repository: borrowing Repository
    ) throws(MirrorTrouble) -> ObjectName {
        let tree = try repository.tree(tree)
        let parent = try repository.commit(parent)
        let message = plan.message.hasSuffix("\n") ? plan.message : "\(plan.message)\n"
        return try repository.with { (repository) throws(MirrorTrouble) in
            try tree.with { (tree) throws(MirrorTrouble) in
                try parent.with { (parent) throws(MirrorTrouble) in
                    var signature: UnsafeMutablePointer<git_signature>?
                    try git("Signing as \(Redaction.clean(plan.author))") {
                        git_signature_now(&signature, plan.author, plan.email)
                    }
                    defer { git_signature_free(signature) }
                    var oid = git_oid()
                    var parents: [OpaquePointer?] = [parent]
                    try git("Making the commit") {
                        git_commit_create(
                            &oid,
                            repository,
                            nil,
                            signature,
                            signature,
                            nil,
                            message,
                            tree,
                            1,
                            &parents
                        )
                    }
                    return ObjectName(oid)
                }
            }
        }
    }

    /// A push that broke: the branch itself tells what happened, when it can still be asked.
    private func settle(
        _ trouble: MirrorTrouble,
        _ commit: ObjectName,
        _ outcome: PushOutcome,
        in repository: borrowing Repository
    ) throws(MirrorTrouble) -> PushReceipt {
        guard outcome.hasBegun else {
            guard let now = try? askTip(in: repository), now != ObjectName(hex: plan.tip) else {
                throw trouble
            }
            throw movedTip(now)
        }
        let now: ObjectName?
        do throws(MirrorTrouble) {
            now = try askTip(in: repository)
        } catch {
            throw MirrorTrouble(
                .unclear,
                "The connection broke while \(shownBranch) was pushed, and the server cannot be asked now: look whether "
                    + "\(commit.hex.prefix(7)) is on it. (\(trouble.failure.message))"
            )
        }
        if now == commit {
            return finish(commit, in: repository)
        }
        throw MirrorTrouble(
            .unclear,
            "The connection broke while \(shownBranch) was pushed; just after, the branch was at "
                + "\(now?.hex.prefix(7) ?? "nothing"), without the new commit \(commit.hex.prefix(7)). "
                + "(\(trouble.failure.message))"
        )
    }

    private func askTip(in repository: borrowing Repository) throws(MirrorTrouble) -> ObjectName? {
        let again = Transfer(transfer.settings)
        return try again.run { () throws(MirrorTrouble) in
            let session = try RemoteSession.open(GIT_DIRECTION_FETCH, of: repository, for: again)
            return try session.heads()[ref]
        }
    }

    private func refusal(
        _ reason: String,
        in repository: borrowing Repository
    ) throws(MirrorTrouble) -> MirrorTrouble {
        let moved = [
            "fetch first", "non-fast-forward", "failed to update ref", "cannot lock", "incorrect old value",
        ]
        if moved.contains(where: { reason.contains($0) }), let now = try? askTip(in: repository),
            now != ObjectName(hex: plan.tip)
        {
            return movedTip(now)
        }
        let said = remarks().joined(separator: " · ")
        let more = said.isEmpty ? "" : " The server says: \(said)"
        return MirrorTrouble(
            .rejected,
            Sanitiser.line("The server refused the push to \(shownBranch): \(reason).\(more)", limit: 1_000)
        )
    }

    private func movedTip(_ now: ObjectName?) -> MirrorTrouble {
        guard let now else {
            return MirrorTrouble(
                .notFound,
                "The remote has no branch \(shownBranch) any more: nothing was pushed."
            )
        }
        return MirrorTrouble(
            .movedTip(now.hex),
            "\(shownBranch) has moved from \(plan.tip.prefix(7)) to \(now.hex.prefix(7)) since the plan was made: "
                + "nothing was pushed, plan it again."
        )
    }

    /// The mirror follows what the server now has, unless another weir was quicker.
    private func finish(_ commit: ObjectName, in repository: borrowing Repository) -> PushReceipt {
        try? directory.locked { () throws(MirrorTrouble) in
            try repository.with { (repository) throws(MirrorTrouble) in
                var (new, old) = (commit.oid, ObjectName(hex: plan.tip)?.oid ?? git_oid())
                _ = try OwnedHandle<ReferenceKind>("Moving the branch") {
                    git_reference_create_matching($0, repository, ref, &new, 1, &old, "push")
                }
            }
        }
        return PushReceipt(
            repository: plan.request.repository,
            branch: branch,
            commit: commit.hex,
            remarks: remarks()
        )
    }

    private func remarks() -> [String] {
        var lines = transfer.remarks
        lines.finish()
        return lines.lines
    }
}
