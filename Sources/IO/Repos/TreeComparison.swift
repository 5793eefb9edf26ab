import CGit2
import Git

/// What one tree has otherwise than every one of some others, found by the ids of subtrees alone.
///
/// Equal ids end the descent, so the cost is that of the change and not that of the repository. No file is read.
///
/// - Shape: a file that one of several parents has just so is not the merge's own, as `git log` sees it.
struct TreeComparison {
    private let repository: OpaquePointer
    private let new: ObjectName?
    private let olds: [ObjectName?]

    /// - Thread: valid for as long as the pointer is lent.
    init(of new: ObjectName?, with olds: [ObjectName?], in repository: OpaquePointer) {
        self.repository = repository
        self.new = new
        // No parent at all is as one parent that is empty.
        self.olds = olds.isEmpty ? [nil] : olds
    }

    /// Every file that differs, by path, in the order of the trees.
    func paths() throws(MirrorTrouble) -> [String] {
        guard !olds.contains(new) else {
            return []
        }
        var found: [String] = []
        _ = try leaves(new, olds, below: "") { path in
            found.append(path)
            return true
        }
        return found
    }

    /// The reaches of the index that hold a file that differs.
    func touched(of index: TouchIndex) throws(MirrorTrouble) -> Set<Int> {
        guard !olds.contains(new) else {
            return []
        }
        var touched: Set<Int> = []
        if !index.owners(of: 0).isEmpty, try hasLeaf(new, olds) {
            touched.formUnion(index.owners(of: 0))
        }
        try descend(new, olds, at: 0, of: index, &touched)
        return touched
    }

    private func descend(
        _ new: ObjectName?,
        _ olds: [ObjectName?],
        at node: Int,
        of index: TouchIndex,
        _ touched: inout Set<Int>
    ) throws(MirrorTrouble) {
        guard index.hasChildren(node) else {
            return
        }
        for change in try changes(new, olds) {
            guard let child = index.child(change.name, of: node) else {
                continue
            }
            let owners = index.owners(of: child)
            if !owners.isEmpty, !touched.isSuperset(of: owners), try change.hasOwnLeaf(self) {
                touched.formUnion(owners)
            }
            if change.isTree {
                try descend(change.new, change.olds, at: child, of: index, &touched)
            }
        }
    }

    /// One name that stands for something else than in every other tree.
    private struct Change {
        let name: String
        /// True where a side is a directory; then the ids are those of directories, nil for what is none.
        let isTree: Bool
        let new: ObjectName?
        let olds: [ObjectName?]

        func hasOwnLeaf(_ comparison: TreeComparison) throws(MirrorTrouble) -> Bool {
            // With one parent any difference of directories is one of files: Git keeps no empty ones.
            guard isTree, olds.count > 1 else {
                return true
            }
            return try comparison.hasLeaf(new, olds)
        }
    }

    private func hasLeaf(_ new: ObjectName?, _ olds: [ObjectName?]) throws(MirrorTrouble) -> Bool {
        guard olds.count > 1 else {
            return true
        }
        return try !leaves(new, olds, below: "") { _ in false }
    }

    /// Calls `visit` for each file that differs, until that says false; false where it did.
    private func leaves(
        _ new: ObjectName?,
        _ olds: [ObjectName?],
        below prefix: String,
        _ visit: (String) -> Bool
    ) throws(MirrorTrouble) -> Bool {
        for change in try changes(new, olds) {
            let path = prefix.isEmpty ? change.name : "\(prefix)/\(change.name)"
            if change.isTree {
                guard try leaves(change.new, change.olds, below: path, visit) else {
                    return false
                }
            } else if !visit(path) {
                return false
            }
        }
        return true
    }

    private func changes(_ new: ObjectName?, _ olds: [ObjectName?]) throws(MirrorTrouble) -> [Change] {
        let own = try tree(new)
        defer { git_tree_free(own) }
        var others: [OpaquePointer?] = []
        defer { others.forEach { git_tree_free($0) } }
        for old in olds {
            others.append(try tree(old))
        }
        var found: [Change] = []
        let counts = (
            own.map { git_tree_entrycount($0) } ?? 0, others[0].map { git_tree_entrycount($0) } ?? 0
        )
        var (left, right) = (0, 0)
        while left < counts.0 || right < counts.1 {
            let mine = left < counts.0 ? git_tree_entry_byindex(own, left) : nil
            let theirs = right < counts.1 ? git_tree_entry_byindex(others[0], right) : nil
            let order = mine == nil ? 1 : theirs == nil ? -1 : git_tree_entry_cmp(mine, theirs)
            left += order <= 0 ? 1 : 0
            right += order >= 0 ? 1 : 0
            let pair = (order <= 0 ? mine : nil, order >= 0 ? theirs : nil)
            guard !TreeComparison.isSame(pair.0, pair.1), let start = git_tree_entry_name(pair.0 ?? pair.1)
            else {
                continue
            }
            let isTree = git_tree_entry_type(pair.0 ?? pair.1) == GIT_OBJECT_TREE
            var sides = [pair.1]
            for other in others.dropFirst() {
                let entry = other.flatMap { git_tree_entry_byname($0, start) }
                sides.append(
                    entry.flatMap { (git_tree_entry_type($0) == GIT_OBJECT_TREE) == isTree ? $0 : nil }
                )
            }
            guard !sides.dropFirst().contains(where: { TreeComparison.isSame(pair.0, $0) }) else {
                continue
            }
            found.append(
                Change(
                    name: String(cString: start),
                    isTree: isTree,
                    new: pair.0.flatMap { ObjectName(git_tree_entry_id($0)) },
                    olds: sides.map { $0.flatMap { ObjectName(git_tree_entry_id($0)) } }
                )
            )
        }
        return found
    }

    /// Freed by the caller; nil for the empty tree.
    private func tree(_ name: ObjectName?) throws(MirrorTrouble) -> OpaquePointer? {
        guard let name else {
            return nil
        }
        var oid = name.oid
        var tree: OpaquePointer?
        try git("Reading a tree") { git_tree_lookup(&tree, repository, &oid) }
        return tree
    }

    private static func isSame(_ left: OpaquePointer?, _ right: OpaquePointer?) -> Bool {
        guard let left, let right else {
            return left == nil && right == nil
        }
        return git_oid_equal(git_tree_entry_id(left), git_tree_entry_id(right)) != 0
            && git_tree_entry_filemode_raw(left) == git_tree_entry_filemode_raw(right)
    }
}
