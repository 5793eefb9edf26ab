/// Which commit a GitRepository asks for: the fields of `spec.ref`.
struct ReferenceWish: Sendable, Equatable {
    var branch: String?
    var tag: String?
    var semver: String?
    var name: String?
    var commit: String?
}

/// The commit a wish led to, and how Flux names it.
struct ResolvedReference: Sendable, Equatable {
    let commit: CommitSummary
    /// The part before the `@` of the revision; nil for a bare commit.
    let pointer: String?

    /// The revision string, such as `main@sha1:4f0c…` or `sha1:4f0c…`.
    var revision: String {
        pointer.map { "\($0)@sha1:\(commit.oid)" } ?? "sha1:\(commit.oid)"
    }
}

/// Why a wish led to no commit, in the words that follow `unable to clone '<url>': `.
struct ReferenceMissing: Error, Equatable {
    let message: String
}

extension BareRepository {
    /// Resolves a wish with the precedence of source-controller: commit, name, semver, tag, branch.
    func resolve(_ wish: ReferenceWish) throws -> ResolvedReference {
        if let commit = wish.commit, !commit.isEmpty {
            return try resolve(commit: commit, branch: wish.branch)
        }
        if let name = wish.name, !name.isEmpty {
            return try resolve(reference: name, pointer: name)
        }
        if let range = wish.semver, !range.isEmpty {
            return try resolve(semver: range)
        }
        if let tag = wish.tag, !tag.isEmpty {
            return try resolve(reference: "refs/tags/\(tag)", pointer: tag)
        }
        let branch = wish.branch.flatMap { $0.isEmpty ? nil : $0 } ?? "master"
        return try resolve(reference: "refs/heads/\(branch)", pointer: branch)
    }

    private func resolve(reference: String, pointer: String) throws -> ResolvedReference {
        guard
            let oid = try commit(ofReference: reference),
            let summary = try summary(ofCommit: oid)
        else {
            throw ReferenceMissing(message: "couldn't find remote ref \"\(reference)\"")
        }
        return ResolvedReference(commit: summary, pointer: pointer)
    }

    private func resolve(commit oid: String, branch: String?) throws -> ResolvedReference {
        guard oid.count == 40, let summary = try summary(ofCommit: oid) else {
            throw ReferenceMissing(message: "unable to resolve commit object for '\(oid)': object not found")
        }
        guard let branch, !branch.isEmpty else {
            return ResolvedReference(commit: summary, pointer: nil)
        }
        guard let head = try commit(ofReference: "refs/heads/\(branch)"), try contains(oid, in: head) else {
            throw ReferenceMissing(
                message:
                    "unable to resolve commit object for '\(oid)': object not found on branch '\(branch)'"
            )
        }
        return ResolvedReference(commit: summary, pointer: branch)
    }

    private func resolve(semver range: String) throws -> ResolvedReference {
        guard let wanted = VersionRange(range) else {
            throw ReferenceMissing(message: "semver parse error: improper constraint: \(range)")
        }
        let tags = try references(under: "refs/tags/").compactMap { tag in
            SemanticVersion(tag).map { (tag, $0) }
        }
        guard let best = tags.filter({ wanted.contains($0.1) }).max(by: { $0.1 < $1.1 }) else {
            throw ReferenceMissing(message: "no match found for semver: \(range)")
        }
        return try resolve(reference: "refs/tags/\(best.0)", pointer: best.0)
    }
}
