import CGit2

/// Who stands in a commit.
struct CommitAuthor: Sendable, Equatable {
    let name: String
    let email: String
}

/// Writes commits into a bare repository without a work tree: files in, commit ids out.
///
/// The same calls with the same times give the same ids.
struct RepositoryHistory: ~Copyable {
    private let repository: BareRepository
    private let index: OpaquePointer

    /// Opens the bare repository at `path`, making it with `main` as its first branch where there is none.
    init(path: String) throws(GitFailure) {
        try Self.makeIfMissing(path)
        let index = try gitPointer("make index") { git_index_new($0) }
        do {
            repository = try BareRepository(path: path)
        } catch {
            git_index_free(index)
            throw error
        }
        self.index = index
    }

    private static func makeIfMissing(_ path: String) throws(GitFailure) {
        if let present = try? gitPointer("open \(path)", { git_repository_open_bare($0, path) }) {
            git_repository_free(present)
            return
        }
        let created = try gitPointer("create \(path)") { git_repository_init($0, path, 1) }
        defer { git_repository_free(created) }
        try git("name the first branch") { git_repository_set_head(created, "refs/heads/main") }
    }

    deinit {
        git_index_free(index)
    }

    /// Commits changed files on top of the parents and moves the branch there; a nil text deletes the file.
    ///
    /// - Units: `seconds` is Unix time, used for author and committer.
    /// - Errors: any libgit2 failure; the branch then stays where it was.
    @discardableResult
    func commit(
        branch: String,
        parents: [String],
        author: CommitAuthor,
        seconds: Int64,
        message: String,
        changes: [String: String?]
    ) throws(GitFailure) -> String {
        let tree = try tree(over: parents.first, changes: changes)
        defer { git_tree_free(tree) }
        let oid = try write(tree, parents: parents, author: author, seconds: seconds, message: message)
        try point("refs/heads/\(branch)", at: oid)
        return oid
    }

    /// Puts a reference such as `refs/heads/staging` or `refs/tags/v1` at a commit, wherever it was before.
    func point(_ reference: String, at oid: String) throws(GitFailure) {
        var identifier = try objectIdentifier(oid)
        let made = try gitPointer("write \(reference)") {
            git_reference_create($0, repository.handle, reference, &identifier, 1, nil)
        }
        git_reference_free(made)
    }

    /// The commit a branch is at; nil when there is no such branch.
    func head(of branch: String) throws(GitFailure) -> String? {
        try repository.commit(ofReference: "refs/heads/\(branch)")
    }

    private func tree(over parent: String?, changes: [String: String?]) throws(GitFailure) -> OpaquePointer {
        try git("clear index") { git_index_clear(index) }
        if let parent, let commit = try repository.openCommit(parent) {
            defer { git_commit_free(commit) }
            let base = try gitPointer("open tree") { git_commit_tree($0, commit) }
            defer { git_tree_free(base) }
            try git("read tree") { git_index_read_tree(index, base) }
        }
        for (file, text) in changes.sorted(by: { $0.key < $1.key }) {
            guard let text else {
                try git("remove \(file)") { git_index_remove_bypath(index, file) }
                continue
            }
            try add(file, text)
        }
        var identifier = git_oid()
        let code = git_index_write_tree_to(&identifier, index, repository.handle)
        try git("write tree") { code }
        return try gitPointer("open tree") { git_tree_lookup($0, repository.handle, &identifier) }
    }

    private func add(_ file: String, _ text: String) throws(GitFailure) {
        var entry = git_index_entry()
        entry.mode = UInt32(GIT_FILEMODE_BLOB.rawValue)
        var text = text
        let blob = text.withUTF8 { bytes in
            git_blob_create_from_buffer(&entry.id, repository.handle, bytes.baseAddress, bytes.count)
        }
        try git("write \(file)") { blob }
        let added = file.withCString { name in
            entry.path = name
            return git_index_add(index, &entry)
        }
        try git("add \(file)") { added }
    }

    private func write(
        _ tree: OpaquePointer,
        parents: [String],
        author: CommitAuthor,
        seconds: Int64,
        message: String
    ) throws(GitFailure) -> String {
        var signature: UnsafeMutablePointer<git_signature>?
        let signed = git_signature_new(&signature, author.name, author.email, seconds, 0)
        try git("make signature") { signed }
        defer { git_signature_free(signature) }
        var opened: [OpaquePointer?] = []
        defer { opened.forEach { git_commit_free($0) } }
        for parent in parents {
            guard let commit = try repository.openCommit(parent) else {
                throw GitFailure(operation: "open parent", code: GIT_ENOTFOUND.rawValue, message: parent)
            }
            opened.append(commit)
        }
        var identifier = git_oid()
        let code = opened.withUnsafeMutableBufferPointer { parents in
            git_commit_create(
                &identifier,
                repository.handle,
                nil,
                signature,
                signature,
                "UTF-8",
                message,
                tree,
                parents.count,
                parents.baseAddress
            )
        }
        try git("commit") { code }
        return hexadecimal(&identifier)
    }
}
