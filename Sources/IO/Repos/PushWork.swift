import Kube
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

    private var branch: String { plan.request.destination }
    private var ref: String { "refs/heads/\(branch)" }
    private var base: String { "refs/heads/\(plan.request.branch)" }
    private var isNew: Bool { plan.request.newBranch != nil }
    private var shownBranch: String { Redaction.clean(branch, limit: 200) }
    private var shownBase: String { Redaction.clean(plan.request.branch, limit: 200) }

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
        guard try repository.tip(of: base) == tip else {
            throw movedTip(try repository.tip(of: base))
        }
        let work = try RevertWork(plan.request, in: repository)
        guard try work.undo(in: repository).tree == tree else {
            throw MirrorTrouble(
                .invalid,
                "The revert comes to another result than the plan showed: plan it again."
            )
        }
        let session = try RemoteSession.open(GIT_DIRECTION_PUSH, of: repository, for: transfer)
        let heads = try session.heads()
        guard heads[base] == tip else {
            throw movedTip(heads[base])
        }
        guard !isNew || heads[ref] == nil else {
            throw MirrorTrouble(
                .rejected,
                "The remote has a branch \(shownBranch) already: nothing was pushed, choose another name."
            )
        }
        let commit = try makeCommit(tree: tree, parent: tip, in: repository)
        let outcome = PushOutcome()
        let name = PushRef(commit)
        try directory.locked { () throws(MirrorTrouble) in
            try name.create(commit, in: repository)
        }
        defer { name.remove(from: repository) }
        let entry = try PushJournal(directory: directory).begin(
            PushJournal.Record(
                branch: branch,
                before: isNew ? "" : tip.hex,
                commit: commit.hex,
                subject: plan.message.split(separator: "\n").first.map(String.init) ?? ""
            )
        )
        do throws(MirrorTrouble) {
            let receipt = try send(commit, as: name, over: session, outcome, in: repository)
            entry.close()
            return receipt
        } catch {
            if case .failure(let failure) = error, failure.cause == .unclear {
                // The entry stays: the next start asks again.
                throw error
            }
            entry.close()
            throw error
        }
    }

    private func send(
        _ commit: ObjectName,
        as name: PushRef,
        over session: borrowing RemoteSession,
        _ outcome: PushOutcome,
        in repository: borrowing Repository
    ) throws(MirrorTrouble) -> PushReceipt {
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
        let signer = CommitSigner(
            configuration: OperatorConfiguration(transfer.settings),
            directory: transfer.settings.cacheDirectory,
            transfer: transfer
        )
        let message = plan.message.hasSuffix("\n") ? plan.message : "\(plan.message)\n"
        return try repository.with { (repository) throws(MirrorTrouble) in
            let text = try tree.with { (tree) throws(MirrorTrouble) in
                try parent.with { (parent) throws(MirrorTrouble) in
                    try commitText(message, tree: tree, parent: parent, in: repository)
                }
            }
            let signature = try signer.signature(plan.signing, of: text)
            var oid = git_oid()
            try git("Making the commit") {
                git_commit_create_with_signature(&oid, repository, text, signature, nil)
            }
            return ObjectName(oid)
        }
    }

    /// The commit as Git writes it, which is what gets signed.
    private func commitText(
        _ message: String,
        tree: OpaquePointer,
        parent: OpaquePointer,
        in repository: OpaquePointer
    ) throws(MirrorTrouble) -> String {
        var author: UnsafeMutablePointer<git_signature>?
        try git("Naming \(Redaction.clean(plan.author)) as author") {
            git_signature_now(&author, plan.author, plan.email)
        }
        defer { git_signature_free(author) }
        var buffer = git_buf()
        defer { git_buf_dispose(&buffer) }
        var parents: [OpaquePointer?] = [parent]
        try git("Making the commit") {
            git_commit_create_buffer(&buffer, repository, author, author, nil, message, tree, 1, &parents)
        }
        guard let start = buffer.ptr else {
            throw MirrorTrouble(.other, "The commit came out empty.")
        }
        return String(cString: start)
    }

    /// A push that broke: the branch itself tells what happened, when it can still be asked.
    private func settle(
        _ trouble: MirrorTrouble,
        _ commit: ObjectName,
        _ outcome: PushOutcome,
        in repository: borrowing Repository
    ) throws(MirrorTrouble) -> PushReceipt {
        guard outcome.hasBegun else {
            guard let now = try? askTip(base, in: repository), now != ObjectName(hex: plan.tip) else {
                throw trouble
            }
            throw movedTip(now)
        }
        let now: ObjectName?
        do throws(MirrorTrouble) {
            now = try askTip(ref, in: repository)
        } catch {
            throw MirrorTrouble(
                .unclear,
                "The connection broke while \(shownBranch) was pushed, and the server cannot be asked now: look whether "
                    + "\(Revision.cut(commit.hex)) is on it. (\(trouble.failure.message))"
            )
        }
        if now == commit {
            return finish(commit, in: repository)
        }
        throw MirrorTrouble(
            .unclear,
            "The connection broke while \(shownBranch) was pushed; just after, the branch was at "
                + "\(now.map { Revision.cut($0.hex) } ?? "nothing"), without the new commit \(Revision.cut(commit.hex)). "
                + "(\(trouble.failure.message))"
        )
    }

    private func askTip(
        _ ref: String,
        in repository: borrowing Repository
    ) throws(MirrorTrouble) -> ObjectName? {
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
        if moved.contains(where: { reason.contains($0) }), let now = try? askTip(base, in: repository),
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
                "The remote has no branch \(shownBase) any more: nothing was pushed."
            )
        }
        return MirrorTrouble(
            .movedTip(now.hex),
            "\(shownBase) has moved from \(Revision.cut(plan.tip)) to \(Revision.cut(now.hex)) since the plan was made: "
                + "nothing was pushed, plan it again."
        )
    }

    /// The mirror follows what the server now has, unless another weir was quicker.
    private func finish(_ commit: ObjectName, in repository: borrowing Repository) -> PushReceipt {
        if !isNew {
            try? directory.locked { () throws(MirrorTrouble) in
                try repository.with { (repository) throws(MirrorTrouble) in
                    var (new, old) = (commit.oid, ObjectName(hex: plan.tip)?.oid ?? git_oid())
                    _ = try OwnedHandle<ReferenceKind>("Moving the branch") {
                        git_reference_create_matching($0, repository, ref, &new, 1, &old, "push")
                    }
                }
            }
        }
        let said = remarks()
        let compare =
            isNew
            ? PullRequestAddress.address(
                repository: plan.request.repository,
                base: plan.request.branch,
                branch: branch,
                remarks: said
            ) : nil
        return PushReceipt(
            repository: plan.request.repository,
            branch: branch,
            commit: commit.hex,
            remarks: said,
            compare: compare
        )
    }

    private func remarks() -> [String] {
        var lines = transfer.remarks
        lines.finish()
        return lines.lines
    }
}
