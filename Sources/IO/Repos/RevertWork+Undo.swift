import Kube
import CGit2
import Git

/// Where undoing led: a tree, or the conflicts that stopped it.
struct Undoing {
    /// Nil where a conflict stopped it.
    var tree: ObjectName?
    var conflicts: [FileConflict] = []
    /// The commit whose undoing is in conflict.
    var culprit: Commit?
    /// Commits whose undoing changed nothing, since that was done already.
    var idle: [Commit] = []
}

extension RevertWork {
    /// Undoes everything on top of the tip, newest first, as `git revert --no-commit` would.
    func undo(in repository: borrowing Repository) throws(MirrorTrouble) -> Undoing {
        if source != nil {
            return Undoing(tree: try treeWithPathPutBack(in: repository))
        }
        var result = Undoing(tree: try repository.treeName(of: tip))
        for commit in undone {
            guard let before = result.tree else {
                break
            }
            let step = try undo(commit, on: before, in: repository)
            switch step {
            case .tree(let tree):
                if tree == before {
                    result.idle.append(commit)
                }
                result.tree = tree
            case .conflicts(let conflicts):
                result.tree = nil
                result.conflicts = conflicts
                result.culprit = commit
            }
        }
        return result
    }

    private enum Step {
        case tree(ObjectName?)
        case conflicts([FileConflict])
    }

    /// The trees of a commit and of the parent that its undoing goes back to.
    func sides(
        of commit: Commit,
        in repository: borrowing Repository
    ) throws(MirrorTrouble) -> (own: ObjectName?, parent: ObjectName?) {
        let position = commit.isMerge ? (request.mainline ?? 1) - 1 : 0
        let parent = commit.parents.dropFirst(position).first.flatMap { ObjectName(hex: $0) }
        var before: ObjectName?
        if let parent {
            before = try repository.treeName(of: parent)
        }
        guard let name = ObjectName(hex: commit.id) else {
            throw MirrorTrouble(.notFound, "The mirror has no commit \(commit.short).")
        }
        return (try repository.treeName(of: name), before)
    }

    private func undo(
        _ commit: Commit,
        on tree: ObjectName,
        in repository: borrowing Repository
    ) throws(MirrorTrouble) -> Step {
        let (own, parent) = try sides(of: commit, in: repository)
        if let edits = try exactEdits(from: own, to: parent, on: tree, in: repository) {
            return .tree(try repository.edited(tree, edits))
        }
        let index = try merged(ancestor: own, ours: tree, theirs: parent, in: repository)
        guard let result = try RevertWork.tree(of: index, in: repository) else {
            return .conflicts(try conflicts(in: index, undoing: commit, of: repository))
        }
        return .tree(result)
    }

    /// The files to put back where none of them has changed since: then nothing needs to be merged.
    private func exactEdits(
        from own: ObjectName?,
        to parent: ObjectName?,
        on tree: ObjectName,
        in repository: borrowing Repository
    ) throws(MirrorTrouble) -> [String: FileEntry?]? {
        var edits: [String: FileEntry?] = [:]
        let paths = try repository.changedPaths(from: own, to: parent)
        guard paths.count <= 10_000 else {
            return nil
        }
        for path in paths {
            let mine = try repository.fileEntry(path, in: own)
            let theirs = try repository.fileEntry(path, in: parent)
            guard case .some(let now) = try repository.standing(path, in: tree), now == mine else {
                return nil
            }
            edits[path] = .some(theirs)
        }
        return edits
    }

    private func merged(
        ancestor: ObjectName?,
        ours: ObjectName,
        theirs: ObjectName?,
        in repository: borrowing Repository
    ) throws(MirrorTrouble) -> OwnedHandle<IndexKind> {
        let own = try repository.tree(ours)
        let base = try repository.treeOrEmpty(ancestor)
        let goal = try repository.treeOrEmpty(theirs)
        return try repository.with { (repository) throws(MirrorTrouble) in
            try own.with { (own) throws(MirrorTrouble) in
                try base.with { (base) throws(MirrorTrouble) in
                    try goal.with { (goal) throws(MirrorTrouble) in
                        try OwnedHandle<IndexKind>("Undoing a commit") { out in
                            var options = git_merge_options()
                            git_merge_options_init(&options, UInt32(GIT_MERGE_OPTIONS_VERSION))
                            return git_merge_trees(out, repository, base, own, goal, &options)
                        }
                    }
                }
            }
        }
    }

    /// The tree of an index without conflicts, written to the repository's object store; nil with conflicts.
    private static func tree(
        of index: borrowing OwnedHandle<IndexKind>,
        in repository: borrowing Repository
    ) throws(MirrorTrouble) -> ObjectName? {
        try repository.with { (repository) throws(MirrorTrouble) in
            try index.with { (index) throws(MirrorTrouble) in
                guard git_index_has_conflicts(index) == 0 else {
                    return nil
                }
                var oid = git_oid()
                try git("Writing the tree of the revert") { git_index_write_tree_to(&oid, index, repository) }
                return ObjectName(oid)
            }
        }
    }

    private func treeWithPathPutBack(in repository: borrowing Repository) throws(MirrorTrouble) -> ObjectName?
    {
        guard case .path(let written, _) = request.aim, let name = source.flatMap({ ObjectName(hex: $0.id) })
        else {
            return nil
        }
        let path = TreePath.normalised(written)
        let tree = try repository.treeName(of: tip)
        let old = try repository.treeName(of: name)
        guard !path.isEmpty else {
            return old
        }
        let before = try repository.fileEntry(path, in: old)
        let now = try repository.fileEntry(path, in: tree)
        guard before != nil || now != nil else {
            throw MirrorTrouble(
                .notFound,
                "Neither \(Revision.cut(name.hex)) nor \(Redaction.clean(request.branch)) has \(Redaction.clean(path))."
            )
        }
        return try repository.edited(tree, [path: before])
    }
}
