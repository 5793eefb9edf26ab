import CGit2

/// Files at one commit of a bare repository.
///
/// - Thread: opens the repository itself, once per instance, so an instance stays on one queue.
final class CommitTree: FileTree {
    private let repository: BareRepository
    private let root: OpaquePointer
    /// Folder inside the commit that plays the root, without slashes at its ends; empty for the whole tree.
    private let folder: String

    init(repository path: String, commit: String, folder: String = "") throws(GitFailure) {
        let repository = try BareRepository(path: path)
        guard let commit = try repository.openCommit(commit) else {
            throw GitFailure(
                operation: "look up \(commit)",
                code: GIT_ENOTFOUND.rawValue,
                message: "no such commit"
            )
        }
        defer { git_commit_free(commit) }
        root = try gitPointer("open tree") { git_commit_tree($0, commit) }
        self.repository = repository
        self.folder = FilePath.normal(folder) ?? ""
    }

    deinit {
        git_tree_free(root)
    }

    func kind(of path: String) -> FileKind? {
        guard let full = inside(path) else { return nil }
        if full.isEmpty { return .folder }
        guard let entry = entry(full) else { return nil }
        defer { git_tree_entry_free(entry) }
        return git_tree_entry_type(entry) == GIT_OBJECT_TREE ? .folder : .file
    }

    func content(of path: String) -> FileContent? {
        guard let full = inside(path), let entry = entry(full) else { return nil }
        defer { git_tree_entry_free(entry) }
        guard git_tree_entry_type(entry) == GIT_OBJECT_BLOB, let identifier = git_tree_entry_id(entry) else {
            return nil
        }
        guard let blob = try? gitPointer("read blob", { git_blob_lookup($0, repository.handle, identifier) })
        else { return nil }
        defer { git_blob_free(blob) }
        let size = Int(git_blob_rawsize(blob))
        let bytes = UnsafeRawBufferPointer(start: git_blob_rawcontent(blob), count: size)
        return FileContent(identity: hexadecimal(identifier), text: String(decoding: bytes, as: UTF8.self))
    }

    func entries(of path: String) -> [String] {
        guard let full = inside(path) else { return [] }
        var tree = root
        if !full.isEmpty {
            guard let entry = entry(full) else { return [] }
            defer { git_tree_entry_free(entry) }
            guard
                git_tree_entry_type(entry) == GIT_OBJECT_TREE,
                let opened = try? gitPointer(
                    "open tree",
                    {
                        git_tree_lookup($0, repository.handle, git_tree_entry_id(entry))
                    }
                )
            else { return [] }
            tree = opened
        }
        defer { if tree != root { git_tree_free(tree) } }
        return (0..<git_tree_entrycount(tree)).compactMap { index in
            git_tree_entry_byindex(tree, index).map { String(cString: git_tree_entry_name($0)) }
        }
    }

    private func inside(_ path: String) -> String? {
        guard let path = FilePath.normal(path) else { return nil }
        return folder.isEmpty ? path : (path.isEmpty ? folder : "\(folder)/\(path)")
    }

    private func entry(_ path: String) -> OpaquePointer? {
        try? gitPointer("find \(path)") { git_tree_entry_bypath($0, root, path) }
    }
}
