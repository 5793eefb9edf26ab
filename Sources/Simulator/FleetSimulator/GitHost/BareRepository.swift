import CGit2

/// A bare repository opened for the length of one piece of work; closed when it goes out of scope.
///
/// - Thread: libgit2 handles do not travel; open it where it is used (opening costs microseconds).
struct BareRepository: ~Copyable {
    let handle: OpaquePointer

    init(path: String) throws(GitFailure) {
        handle = try gitPointer("open \(path)") { git_repository_open_bare($0, path) }
    }

    deinit {
        git_repository_free(handle)
    }

    /// The commit a reference points at, tags peeled; nil when the reference does not exist.
    func commit(ofReference name: String) throws(GitFailure) -> String? {
        var reference: OpaquePointer?
        do {
            reference = try gitPointer("look up \(name)") { git_reference_lookup($0, handle, name) }
        } catch  where error.isNotFound {
            return nil
        }
        defer { git_reference_free(reference) }
        let commit = try gitPointer("peel \(name)") { git_reference_peel($0, reference, GIT_OBJECT_COMMIT) }
        defer { git_object_free(commit) }
        return git_object_id(commit).map { hexadecimal($0) }
    }

    /// Names under a prefix such as `refs/tags/`, without the prefix, sorted.
    func references(under prefix: String) throws(GitFailure) -> [String] {
        var names = git_strarray()
        let code = git_reference_list(&names, handle)
        try git("list references") { code }
        defer { git_strarray_dispose(&names) }
        return (0..<names.count).compactMap { index -> String? in
            guard let text = names.strings?[index] else { return nil }
            let name = String(cString: text)
            return name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : nil
        }
        .sorted()
    }

    /// Who wrote a commit, when, and its message; nil when there is no such commit.
    func summary(ofCommit oid: String) throws(GitFailure) -> CommitSummary? {
        guard let commit = try openCommit(oid) else { return nil }
        defer { git_commit_free(commit) }
        guard let author = git_commit_author(commit) else { return nil }
        return CommitSummary(
            oid: oid,
            subject: git_commit_summary(commit).map { String(cString: $0) } ?? "",
            author: String(cString: author.pointee.name),
            seconds: git_commit_time(commit)
        )
    }

    /// Commits reachable from `oid`, newest first by first parents, at most `limit`.
    func firstParents(from oid: String, limit: Int) throws(GitFailure) -> [CommitSummary] {
        var found: [CommitSummary] = []
        var next: String? = oid
        while let oid = next, found.count < limit, let commit = try openCommit(oid) {
            defer { git_commit_free(commit) }
            if let summary = try summary(ofCommit: oid) { found.append(summary) }
            next =
                git_commit_parentcount(commit) > 0
                ? git_commit_parent_id(commit, 0).map { hexadecimal($0) } : nil
        }
        return found
    }

    /// Whether `ancestor` is `descendant` or lies below it.
    func contains(_ ancestor: String, in descendant: String) throws(GitFailure) -> Bool {
        if ancestor == descendant { return true }
        var upper = try objectIdentifier(descendant)
        var lower = try objectIdentifier(ancestor)
        let code = git_graph_descendant_of(handle, &upper, &lower)
        try git("compare commits") { code }
        return code == 1
    }

    /// Opens a commit that the caller frees; nil when there is no such commit.
    func openCommit(_ oid: String) throws(GitFailure) -> OpaquePointer? {
        var identifier = try objectIdentifier(oid)
        do {
            return try gitPointer("look up \(oid)") { git_commit_lookup($0, handle, &identifier) }
        } catch  where error.isNotFound {
            return nil
        }
    }
}

/// What the simulated controllers tell about a commit.
struct CommitSummary: Sendable, Equatable {
    let oid: String
    let subject: String
    let author: String
    /// Commit time in Unix seconds.
    let seconds: Int64
}

/// A libgit2 object id from 40 hexadecimal digits.
func objectIdentifier(_ hex: String) throws(GitFailure) -> git_oid {
    var identifier = git_oid()
    let code = git_oid_fromstr(&identifier, hex)
    try git("read object id \(hex)") { code }
    return identifier
}

/// The 40 hexadecimal digits of an object id.
func hexadecimal(_ identifier: UnsafePointer<git_oid>) -> String {
    guard let text = git_oid_tostr_s(identifier) else { return "" }
    return String(cString: text)
}
