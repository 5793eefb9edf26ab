import CGit2
import Chrono
import Git

extension OwnedHandle<RepositoryKind> {
    /// The paths that a commit changed by itself: against its parent, or for a merge against every parent.
    borrowing func changes(of name: ObjectName) throws(MirrorTrouble) -> [String] {
        try compared(name) { (comparison) throws(MirrorTrouble) in try comparison.paths() }
    }

    /// The reaches that a commit touches by itself, by their position in the index.
    borrowing func touched(by name: ObjectName, of index: TouchIndex) throws(MirrorTrouble) -> Set<Int> {
        try compared(name) { (comparison) throws(MirrorTrouble) in try comparison.touched(of: index) }
    }

    /// Every path that differs between two trees, however many; nil stands for the empty tree.
    borrowing func changedPaths(from old: ObjectName?, to new: ObjectName?) throws(MirrorTrouble) -> [String]
    {
        try with { (repository) throws(MirrorTrouble) in
            try TreeComparison(of: new, with: [old], in: repository).paths()
        }
    }

    private borrowing func compared<Result>(
        _ name: ObjectName,
        _ body: (TreeComparison) throws(MirrorTrouble) -> Result
    ) throws(MirrorTrouble) -> Result {
        let (tree, parents) = try commit(name).read {
            (ObjectName(git_commit_tree_id($0)), CommitText.parents($0))
        }
        var olds: [ObjectName?] = []
        for parent in parents {
            olds.append(try treeName(of: parent))
        }
        return try with { (repository) throws(MirrorTrouble) in
            try body(TreeComparison(of: tree, with: olds, in: repository))
        }
    }

    /// When a commit was committed, as its committer's clock had it.
    borrowing func committed(_ name: ObjectName) throws(MirrorTrouble) -> Timestamp {
        try commit(name).read { Timestamp(seconds: git_commit_time($0)) }
    }

    borrowing func treeName(of name: ObjectName) throws(MirrorTrouble) -> ObjectName? {
        try commit(name).read { ObjectName(git_commit_tree_id($0)) }
    }

    /// The commits that `newer` has and `older` has not, newest first.
    ///
    /// - Shape: with `onlyFirstParents`, what the branch itself went through, without what merges brought.
    borrowing func commits(
        from older: ObjectName,
        to newer: ObjectName,
        onlyFirstParents: Bool = false
    ) throws(MirrorTrouble) -> [ObjectName] {
        try with { (repository) throws(MirrorTrouble) in
            let walk = try OwnedHandle<WalkKind>("Starting a walk") { git_revwalk_new($0, repository) }
            return try walk.with { (walk) throws(MirrorTrouble) in
                var (start, end) = (newer.oid, older.oid)
                let order = GIT_SORT_TOPOLOGICAL.rawValue | GIT_SORT_TIME.rawValue
                try git("Starting a walk") { git_revwalk_sorting(walk, order) }
                try git("Starting a walk") { git_revwalk_push(walk, &start) }
                try git("Ending a walk") { git_revwalk_hide(walk, &end) }
                if onlyFirstParents {
                    try git("Starting a walk") { git_revwalk_simplify_first_parent(walk) }
                }
                return try drained(walk)
            }
        }
    }

    /// Some commits in the order of history, children before parents.
    borrowing func newestFirst(_ names: [ObjectName]) throws(MirrorTrouble) -> [ObjectName] {
        let wanted = Set(names)
        return try with { (repository) throws(MirrorTrouble) in
            var oids = names.map(\.oid)
            var base = git_oid()
            let hasBase = try gitFound("Comparing commits") {
                git_merge_base_octopus(&base, repository, oids.count, &oids)
            }
            let walk = try OwnedHandle<WalkKind>("Starting a walk") { git_revwalk_new($0, repository) }
            return try walk.with { (walk) throws(MirrorTrouble) in
                let order = GIT_SORT_TOPOLOGICAL.rawValue | GIT_SORT_TIME.rawValue
                try git("Starting a walk") { git_revwalk_sorting(walk, order) }
                for index in oids.indices {
                    try git("Starting a walk") { git_revwalk_push(walk, &oids[index]) }
                }
                for parent in hasBase ? try commit(ObjectName(base)).read({ CommitText.parents($0) }) : [] {
                    var end = parent.oid
                    try git("Ending a walk") { git_revwalk_hide(walk, &end) }
                }
                return try drained(walk).filter { wanted.contains($0) }
            }
        }
    }

    private borrowing func drained(_ walk: OpaquePointer) throws(MirrorTrouble) -> [ObjectName] {
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
}
