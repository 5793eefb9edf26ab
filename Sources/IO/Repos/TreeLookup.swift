import CGit2
import Git

/// One Git tree as the pure rooms read it.
///
/// - Thread: confined to the job that made it; the repository must outlive it.
final class TreeLookup {
    private let tree: OwnedHandle<TreeKind>
    private let manifestLimit: Int64 = 1 << 20

    init(_ tree: consuming OwnedHandle<TreeKind>) {
        self.tree = tree
    }

    var reader: TreeReader {
        TreeReader(
            entry: { self.entry($0) },
            bytes: { self.bytes($0) },
            children: { self.children($0) }
        )
    }

    /// The object at a path; nil where there is none.
    func name(at path: String) -> ObjectName? {
        tree.read { tree in
            if path.isEmpty {
                return ObjectName(git_tree_id(tree))
            }
            return withEntry(tree, path) { ObjectName(git_tree_entry_id($0)) } ?? nil
        }
    }

    /// The content of a file as text; nil for what is no file, or larger than a manifest.
    func text(at path: String) -> String? {
        bytes(path).map { String(decoding: $0, as: UTF8.self) }
    }

    private func entry(_ path: String) -> TreeEntry? {
        guard !path.isEmpty else {
            return .directory
        }
        return tree.read { tree in
            withEntry(tree, path) { kind(of: $0, in: tree) } ?? nil
        }
    }

    private func bytes(_ path: String) -> [UInt8]? {
        tree.read { tree in
            (withEntry(tree, path) { content(of: $0, in: tree) }) ?? nil
        }
    }

    private func children(_ directory: String) -> [String: TreeEntry] {
        tree.read { root in
            func list(_ tree: OpaquePointer) -> [String: TreeEntry] {
                var found: [String: TreeEntry] = [:]
                for index in 0..<git_tree_entrycount(tree) {
                    guard let entry = git_tree_entry_byindex(tree, index),
                        let name = git_tree_entry_name(entry)
                    else {
                        continue
                    }
                    found[String(cString: name)] = kind(of: entry, in: root)
                }
                return found
            }
            if directory.isEmpty {
                return list(root)
            }
            return withEntry(root, directory) { entry -> [String: TreeEntry] in
                var object: OpaquePointer?
                guard
                    git_tree_entry_type(entry) == GIT_OBJECT_TREE,
                    git_tree_entry_to_object(&object, git_tree_owner(root), entry) == 0, let object
                else {
                    git_error_clear()
                    return [:]
                }
                defer { git_object_free(object) }
                return list(object)
            } ?? [:]
        }
    }

    private func withEntry<Result>(
        _ tree: OpaquePointer,
        _ path: String,
        _ body: (OpaquePointer) -> Result
    ) -> Result? {
        var entry: OpaquePointer?
        guard git_tree_entry_bypath(&entry, tree, path) == 0, let entry else {
            git_error_clear()
            return nil
        }
        defer { git_tree_entry_free(entry) }
        return body(entry)
    }

    private func kind(of entry: OpaquePointer, in tree: OpaquePointer) -> TreeEntry? {
        switch git_tree_entry_filemode(entry) {
        case GIT_FILEMODE_TREE: .directory
        case GIT_FILEMODE_COMMIT: .submodule
        case GIT_FILEMODE_LINK:
            .link(content(of: entry, in: tree).map { String(decoding: $0, as: UTF8.self) } ?? "")
        default: .file
        }
    }

    private func content(of entry: OpaquePointer, in tree: OpaquePointer) -> [UInt8]? {
        var object: OpaquePointer?
        guard
            git_tree_entry_type(entry) == GIT_OBJECT_BLOB,
            git_tree_entry_to_object(&object, git_tree_owner(tree), entry) == 0, let object
        else {
            git_error_clear()
            return nil
        }
        defer { git_object_free(object) }
        let size = git_blob_rawsize(object)
        guard size <= manifestLimit, let start = git_blob_rawcontent(object) else {
            return size == 0 ? [] : nil
        }
        return Array(UnsafeRawBufferPointer(start: start, count: Int(size)))
    }
}
