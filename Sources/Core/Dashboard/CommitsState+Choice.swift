import Git

// What a rollback from the commits view is about: one commit, a range, or marked ones.
extension CommitsState {
    /// The rows from where a range began to the selected one; nil where none is being chosen.
    package var range: ClosedRange<Int>? {
        guard let anchor, let start = ids.firstIndex(of: anchor), commits.indices.contains(cursor.index)
        else {
            return nil
        }
        return min(start, cursor.index)...max(start, cursor.index)
    }

    /// True where only some commits of the branch are listed.
    package var isPartial: Bool {
        query.map { !$0.text.isEmpty || !$0.path.isEmpty } ?? false
    }

    /// What a rollback aims at, and the commits that it is about as far as they are listed, newest first.
    var aim: (RevertAim, [Commit])? {
        if let range, range.count > 1 {
            let chosen = Array(commits[range])
            // Between the rows of a filtered log lie others that nobody chose.
            guard !isPartial, let newest = chosen.first, let before = chosen.last?.parents.first else {
                return (.commits(chosen.map(\.id)), chosen)
            }
            return (.range(from: before, to: newest.id), chosen)
        }
        if range == nil, marked.count > 1 {
            let chosen = marked.values.sorted { ($0.committed, $0.id) > ($1.committed, $1.id) }
            return (.commits(chosen.map(\.id)), chosen)
        }
        if range == nil, let only = marked.values.first {
            return (.commit(only.id), [only])
        }
        guard commits.indices.contains(cursor.index) else {
            return nil
        }
        return (.commit(commits[cursor.index].id), [commits[cursor.index]])
    }

    /// Chooses nothing any more but the selected commit.
    mutating func unmark() {
        marked = [:]
        anchor = nil
    }
}
