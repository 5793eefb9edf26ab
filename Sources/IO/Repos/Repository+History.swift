import CGit2
import Git

extension OwnedHandle<RepositoryKind> {
    /// The paths that a commit changed by itself: against its parent, or for a merge against every parent.
    borrowing func changes(of name: ObjectName) throws(MirrorTrouble) -> [String] {
        let parents = try commit(name).read { CommitText.parents($0) }
        let tree = try treeName(of: name)
        guard let first = parents.first else {
            return try changedPaths(from: nil, to: tree)
        }
        var changed = try changedPaths(from: try treeName(of: first), to: tree)
        for parent in parents.dropFirst() {
            guard !changed.isEmpty else {
                break
            }
            let others = Set(try changedPaths(from: try treeName(of: parent), to: tree))
            changed.removeAll { !others.contains($0) }
        }
        return changed
    }

    /// True where a commit has something else at `path` than each of its parents.
    borrowing func changes(_ name: ObjectName, at path: String) throws(MirrorTrouble) -> Bool {
        let own = try object(at: path, of: name)
        let parents = try commit(name).read { CommitText.parents($0) }
        guard !parents.isEmpty else {
            return own != nil
        }
        for parent in parents where try object(at: path, of: parent) == own {
            return false
        }
        guard parents.count > 1 else {
            return true
        }
        // Both sides brought something to the directory; only what is neither's is the merge's own.
        return try changes(of: name).contains { path.isEmpty || $0 == path || $0.hasPrefix("\(path)/") }
    }

    borrowing func treeName(of name: ObjectName) throws(MirrorTrouble) -> ObjectName? {
        try commit(name).read { ObjectName(git_commit_tree_id($0)) }
    }

    /// The commits that `newer` has and `older` has not, newest first.
    borrowing func commits(
        from older: ObjectName,
        to newer: ObjectName
    ) throws(MirrorTrouble) -> [ObjectName] {
        try with { (repository) throws(MirrorTrouble) in
            let walk = try OwnedHandle<WalkKind>("Starting a walk") { git_revwalk_new($0, repository) }
            return try walk.with { (walk) throws(MirrorTrouble) in
                var (start, end) = (newer.oid, older.oid)
                try git("Starting a walk") { git_revwalk_push(walk, &start) }
                try git("Ending a walk") { git_revwalk_hide(walk, &end) }
                var found: [ObjectName] = []
                var oid = git_oid()
                while true {
                    let code = git_revwalk_next(&oid, walk)
                    if code == GIT_ITEROVER.rawValue {
                        return found
                    }
                    guard code == 0 else {
                        throw GitCallError(doing: "Walking the history", code: code).local
                    }
                    found.append(ObjectName(oid))
                }
            }
        }
    }

    /// True where `ancestor` is `descendant` or one of those before it.
    borrowing func isAncestor(
        _ ancestor: ObjectName,
        of descendant: ObjectName
    ) throws(MirrorTrouble) -> Bool {
        guard ancestor != descendant else {
            return true
        }
        return try with { (repository) throws(MirrorTrouble) in
            var (old, new) = (ancestor.oid, descendant.oid)
            let code = git_graph_descendant_of(repository, &new, &old)
            guard code >= 0 else {
                throw GitCallError(doing: "Comparing two commits", code: code).local
            }
            return code == 1
        }
    }

    private borrowing func object(at path: String, of name: ObjectName) throws(MirrorTrouble) -> ObjectName? {
        TreeLookup(try tree(of: try commit(name))).name(at: path)
    }
}
