import Foundation

/// One run of image automation on a branch: what has to change, and the commit that does it.
struct ImageCommit {
    let repository: String
    let branch: String
    /// The folder that may be changed, normalised.
    let folder: String
    let setters: ImageSetters

    /// Files to change and their new texts; empty when the branch is up to date.
    func changes() throws -> [String: String?] {
        guard let head = try RepositoryHistory(path: repository).head(of: branch) else { return [:] }
        let tree = try CommitTree(repository: repository, commit: head)
        var changes: [String: String?] = [:]
        collect(folder, in: tree, into: &changes)
        return changes
    }

    private func collect(_ path: String, in tree: CommitTree, into changes: inout [String: String?]) {
        for name in tree.entries(of: path) {
            let inner = path.isEmpty ? name : "\(path)/\(name)"
            guard let content = tree.content(of: inner) else {
                collect(inner, in: tree, into: &changes)
                continue
            }
            guard name.hasSuffix(".yaml"), let text = setters.updated(content.text) else { continue }
            changes[inner] = .some(text)
        }
    }

    /// Commits the changes on top of the branch and returns the commit.
    func commit(_ changes: [String: String?], message: String, author: CommitAuthor) throws -> String? {
        let history = try RepositoryHistory(path: repository)
        guard let head = try history.head(of: branch) else { return nil }
        return try history.commit(
            branch: branch,
            parents: [head],
            author: author,
            seconds: Int64(SimulatedTime.now.timeIntervalSince1970),
            message: message,
            changes: changes
        )
    }
}
