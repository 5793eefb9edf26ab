import CGit2
import Git
import Text

/// A revert worked out with libgit2: from a request to a tree, or to the conflicts that forbid one.
struct RevertWork {
    let request: RevertRequest
    let tip: ObjectName
    /// What is undone, newest first; for a path put back what that undoes there, and perhaps nothing.
    let undone: [Commit]
    /// The commit that a path goes back to; nil where commits are undone.
    let source: Commit?
    let notes: [String]

    /// A range or a set of more commits than this is refused: a path put back says the same in one step.
    static let commitLimit = 500

    /// Checks everything that can be known before merging.
    ///
    /// - Errors: `.notFound` and `.invalid` in the operator's words.
    init(_ request: RevertRequest, in repository: borrowing Repository) throws(MirrorTrouble) {
        let branch = Redaction.clean(request.branch, limit: 200)
        guard let tip = try repository.tip(of: try RevertWork.ref(request.branch)) else {
            throw MirrorTrouble(.notFound, "The remote has no branch \(branch), or it was not fetched.")
        }
        if let new = request.newBranch {
            _ = try RevertWork.ref(new)
            guard new != request.branch else {
                throw MirrorTrouble(.invalid, "\(branch) is the branch itself: name another one to be made.")
            }
        }
        let aim = try RevertAimWork(request, tip: tip, in: repository)
        self.request = request
        self.tip = tip
        undone = aim.undone
        source = aim.source
        notes = aim.notes
    }

    /// The commit that stands for the whole.
    var target: Commit? { source ?? undone.first }

    var message: String {
        if let own = request.message.flatMap({ RevertMessage.cleaned($0) }) {
            return own
        }
        if let source, case .path(let path, _) = request.aim {
            return RevertMessage.text(
                puttingBack: TreePath.normalised(path),
                to: source,
                undoing: undone,
                reason: request.reason
            )
        }
        return RevertMessage.text(for: undone, reason: request.reason, mainline: request.mainline)
    }

    private static func ref(_ branch: String) throws(MirrorTrouble) -> String {
        let ref = "refs/heads/\(branch)"
        guard git_reference_is_valid_name(ref) == 1, !branch.hasPrefix("-") else {
            throw MirrorTrouble(.invalid, "\(Redaction.clean(branch, limit: 200)) is no branch name.")
        }
        return ref
    }

    /// Sends new objects of this handle to memory, where they end with it: planning leaves nothing on disk.
    static func keepInMemory(_ repository: borrowing Repository) throws(MirrorTrouble) {
        try repository.with { (repository) throws(MirrorTrouble) in
            let store = try OwnedHandle<ObjectStoreKind>("Opening the object store") {
                git_repository_odb($0, repository)
            }
            try store.with { (store) throws(MirrorTrouble) in
                var backend: UnsafeMutablePointer<git_odb_backend>?
                try git("Making room in memory") { git_mempack_new(&backend) }
                // The highest priority takes the writes; the store frees the backend.
                try git("Making room in memory") { git_odb_add_backend(store, backend, 1_000) }
            }
        }
    }
}
