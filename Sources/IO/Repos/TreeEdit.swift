import CGit2
import Git

/// What a tree has under a name.
struct FileEntry: Hashable {
    let name: ObjectName
    let mode: git_filemode_t.RawValue

    init(_ entry: OpaquePointer) {
        var oid = git_oid()
        git_oid_cpy(&oid, git_tree_entry_id(entry))
        name = ObjectName(oid)
        mode = git_tree_entry_filemode_raw(entry).rawValue
    }

    init(tree: ObjectName) {
        name = tree
        mode = GIT_FILEMODE_TREE.rawValue
    }

    var isTree: Bool { mode == GIT_FILEMODE_TREE.rawValue }
}

extension OwnedHandle<RepositoryKind> {
    /// What a tree has at a path; nil where there is nothing.
    borrowing func fileEntry(_ path: String, in tree: ObjectName?) throws(MirrorTrouble) -> FileEntry? {
        guard let tree else {
            return nil
        }
        return try self.tree(tree).read { tree in
            var entry: OpaquePointer?
            guard git_tree_entry_bypath(&entry, tree, path) == 0, let entry else {
                git_error_clear()
                return nil
            }
            defer { git_tree_entry_free(entry) }
            return FileEntry(entry)
        }
    }

    /// The same; but nil as a whole where a file stands in the way, so that nothing can be at the path.
    borrowing func standing(_ path: String, in tree: ObjectName) throws(MirrorTrouble) -> FileEntry?? {
        let parts = path.split(separator: "/")
        for count in 1..<max(1, parts.count) {
            let parent = parts[..<count].joined(separator: "/")
            guard let entry = try fileEntry(parent, in: tree) else {
                return .some(nil)
            }
            guard entry.isTree else {
                return nil
            }
        }
        return .some(try fileEntry(path, in: tree))
    }

    /// Writes a tree that has other entries at some paths, nil for none; nil where nothing is left of it.
    borrowing func edited(
        _ tree: ObjectName?,
        _ edits: [String: FileEntry?]
    ) throws(MirrorTrouble) -> ObjectName? {
        guard !edits.isEmpty else {
            return tree
        }
        let result = try edited(tree, edits.map { (path: $0.key[...], entry: $0.value) })
        guard result == nil else {
            return result
        }
        return try emptyTree()
    }

    private borrowing func edited(
        _ tree: ObjectName?,
        _ edits: [(path: Substring, entry: FileEntry?)]
    ) throws(MirrorTrouble) -> ObjectName? {
        var direct: [String: FileEntry?] = [:]
        var below: [String: [(path: Substring, entry: FileEntry?)]] = [:]
        for edit in edits {
            guard let slash = edit.path.firstIndex(of: "/") else {
                direct[String(edit.path)] = .some(edit.entry)
                continue
            }
            below[String(edit.path[..<slash]), default: []].append(
                (edit.path[edit.path.index(after: slash)...], edit.entry)
            )
        }
        for (name, edits) in below {
            let known = try fileEntry(name, in: tree)
            let child = try edited(known?.isTree == true ? known?.name : nil, edits)
            // A file that makes room for a directory of its name was an edit of its own.
            if child != nil || direct[name] == nil {
                direct[name] = .some(child.map { FileEntry(tree: $0) })
            }
        }
        return try written(tree, direct)
    }

    private borrowing func written(
        _ tree: ObjectName?,
        _ entries: [String: FileEntry?]
    ) throws(MirrorTrouble) -> ObjectName? {
        let base = try treeOrEmpty(tree)
        return try with { (repository) throws(MirrorTrouble) in
            try base.with { (base) throws(MirrorTrouble) in
                let builder = try OwnedHandle<TreeBuilderKind>("Writing a tree") {
                    git_treebuilder_new($0, repository, base)
                }
                return try builder.with { (builder) throws(MirrorTrouble) in
                    for (name, entry) in entries {
                        guard let entry else {
                            if git_treebuilder_remove(builder, name) != 0 {
                                git_error_clear()
                            }
                            continue
                        }
                        var oid = entry.name.oid
                        try git("Writing a tree") {
                            git_treebuilder_insert(nil, builder, name, &oid, git_filemode_t(entry.mode))
                        }
                    }
                    guard git_treebuilder_entrycount(builder) > 0 else {
                        return nil
                    }
                    var oid = git_oid()
                    try git("Writing a tree") { git_treebuilder_write(&oid, builder) }
                    return ObjectName(oid)
                }
            }
        }
    }

    /// A tree, or the empty one where there is none.
    borrowing func treeOrEmpty(_ name: ObjectName?) throws(MirrorTrouble) -> OwnedHandle<TreeKind> {
        if let name {
            return try tree(name)
        }
        return try tree(try emptyTree())
    }

    private borrowing func emptyTree() throws(MirrorTrouble) -> ObjectName {
        try with { (repository) throws(MirrorTrouble) in
            let builder = try OwnedHandle<TreeBuilderKind>("Writing a tree") {
                git_treebuilder_new($0, repository, nil)
            }
            return try builder.with { (builder) throws(MirrorTrouble) in
                var oid = git_oid()
                try git("Writing a tree") { git_treebuilder_write(&oid, builder) }
                return ObjectName(oid)
            }
        }
    }
}
