import Chrono
import Configuration
import Git
import Keys
import Kube

// Choosing commits for a rollback, and putting a path back.
extension AppState {
    /// Marks the selected commit, or takes its mark away, and goes on to the next.
    mutating func markCommit(_ now: Timestamp) {
        guard commits.commits.indices.contains(commits.cursor.index) else {
            return
        }
        let commit = commits.commits[commits.cursor.index]
        commits.anchor = nil
        if commits.marked.removeValue(forKey: commit.id) == nil {
            commits.marked[commit.id] = commit
        }
        select(commits.cursor.index + 1, now)
    }

    /// Begins a range at the selected commit, or gives it up.
    mutating func toggleRange(_ now: Timestamp) {
        guard screen == .commits else {
            notice("a range is chosen in the commits view", .told, now)
            return
        }
        commits.marked = [:]
        commits.anchor = commits.anchor == nil ? commits.cursor.selected : nil
    }

    /// Asks for the path that goes back to how it was at the selected commit.
    mutating func startPutBack(_ now: Timestamp) {
        guard screen == .commits, let query = commits.query,
            commits.commits.indices.contains(commits.cursor.index)
        else {
            notice("select the commit to go back to in the commits view", .told, now)
            return
        }
        guard rollbackBranch(query, now) != nil else {
            return
        }
        let commit = commits.commits[commits.cursor.index]
        var prompt = Prompt(purpose: .putBack(commit), before: "", completions: [])
        prompt.input = TextInput(likelyPath(query))
        prompt.completions = pathCompletions("", in: query.repository)
        modal = .prompt(prompt)
    }

    mutating func putBack(_ path: String, to commit: Commit, _ now: Timestamp) -> [Effect] {
        guard let query = commits.query else {
            return []
        }
        guard !path.allSatisfy(\.isWhitespace) else {
            notice("nothing was planned: name a path, or . for the whole repository", .told, now)
            return []
        }
        return startRollback(.path(path, at: commit.id), [commit], in: query, now)
    }

    /// What most likely is to go back: what the list is limited to, what it was opened for, what was changed there.
    private func likelyPath(_ query: LogQuery) -> String {
        if !query.path.isEmpty {
            return query.path
        }
        if let path = commits.applier.flatMap({ track(for: $0) })?.path, !path.isEmpty {
            return path
        }
        let folders = (commits.diff?.paths ?? []).map { $0.split(separator: "/").dropLast() }
        guard var common = folders.first else {
            return ""
        }
        for folder in folders {
            common = common.prefix(zip(common, folder).prefix { $0 == $1 }.count)
        }
        return common.joined(separator: "/")
    }

    /// Paths of appliers, and files that the selected commit changed.
    func pathCompletions(_ typed: String, in repository: RepositoryID) -> [Completion] {
        let paths = paths(in: repository).union(commits.diff?.paths ?? [])
        return paths.filter { !$0.isEmpty && $0.hasPrefix(typed) && $0 != typed }.sorted().prefix(50)
            .map { Completion(line: $0, text: "") }
    }
}
