import Kube
import CGit2
import Git

/// What a request aims at, found in the repository: the commits to undo, or the commit a path goes back to.
struct RevertAimWork {
    private(set) var undone: [Commit] = []
    private(set) var source: Commit?
    private(set) var notes: [String] = []

    private let request: RevertRequest
    private let tip: ObjectName

    /// - Errors: `.notFound` and `.invalid` in the operator's words.
    init(_ request: RevertRequest, tip: ObjectName, in repository: borrowing Repository) throws(MirrorTrouble)
    {
        self.request = request
        self.tip = tip
        switch request.aim {
        case .commit(let id):
            undone = [try commitOnBranch(id, in: repository)]
        case .commits(let ids):
            undone = try marked(ids, in: repository)
        case .range(let from, let to):
            undone = try range(from, to, in: repository)
        case .path(let path, let id):
            let commit = try named(id, in: repository)
            source = try repository.value(of: commit)
            undone = try changes(of: path, since: commit, in: repository)
            return
        }
        for commit in undone where !isRange {
            if let problem = RevertAimWork.mainlineProblem(
                commit,
                request.mainline,
                isAlone: undone.count == 1
            ) {
                throw MirrorTrouble(.invalid, problem)
            }
        }
        if let mainline = request.mainline, let merge = undone.first(where: \.isMerge),
            merge.parents.indices.contains(mainline - 1)
        {
            notes.append(
                "\(merge.short) is a merge: the side of parent \(mainline), \(Revision.cut(merge.parents[mainline - 1])), "
                    + "stays; what the other side brought goes. Merging that side again later brings nothing back, "
                    + "until this revert is reverted."
            )
        }
    }

    private var isRange: Bool {
        if case .range = request.aim {
            return true
        }
        return false
    }

    private var branch: String { Redaction.clean(request.branch, limit: 200) }

    /// The commit that is meant, as Git writes it: an abbreviation, `HEAD` or the branch for its tip, and behind any
    /// of them `~2` and `^1`.
    private func named(_ text: String, in repository: borrowing Repository) throws(MirrorTrouble)
        -> ObjectName
    {
        let base = String(text.prefix { $0 != "~" && $0 != "^" })
        var name = base == "HEAD" || base == request.branch ? tip : try repository.resolve(abbreviation: base)
        var rest = text.dropFirst(base.count)
        while let sign = rest.popFirst() {
            let digits = rest.prefix(while: \.isNumber)
            rest = rest.dropFirst(digits.count)
            guard sign == "~" || sign == "^", let count = digits.isEmpty ? 1 : Int(digits), count <= 10_000
            else {
                let shown = Redaction.clean(text, limit: 64)
                throw MirrorTrouble(.invalid, "\(shown) is no commit: write COMMIT, COMMIT~2 or COMMIT^1.")
            }
            // `^0` and `~0` are the commit itself.
            let steps = sign == "~" ? Array(repeating: 1, count: count) : count == 0 ? [] : [count]
            for parent in steps {
                let commit = try repository.value(of: name)
                guard commit.parents.indices.contains(parent - 1),
                    let next = ObjectName(hex: commit.parents[parent - 1])
                else {
                    throw MirrorTrouble(.notFound, "\(commit.short) has no parent \(parent).")
                }
                name = next
            }
        }
        return name
    }

    private func commitOnBranch(
        _ id: String,
        in repository: borrowing Repository
    ) throws(MirrorTrouble) -> Commit {
        let name = try named(id, in: repository)
        let commit = try repository.value(of: name)
        guard try repository.isAncestor(name, of: tip) else {
            throw MirrorTrouble(
                .invalid,
                "\(commit.short) is not on \(branch): there is nothing to undo there."
            )
        }
        return commit
    }

    /// Marked commits, newest first in the order of history, whatever their dates say.
    private func marked(
        _ ids: [String],
        in repository: borrowing Repository
    ) throws(MirrorTrouble) -> [Commit] {
        guard !ids.isEmpty, ids.count <= RevertWork.commitLimit else {
            throw MirrorTrouble(.invalid, "Mark 1 to \(RevertWork.commitLimit) commits to undo.")
        }
        var commits: [String: Commit] = [:]
        for id in ids {
            let commit = try commitOnBranch(id, in: repository)
            commits[commit.id] = commit
        }
        guard commits.count > 1 else {
            return Array(commits.values)
        }
        let names = commits.keys.compactMap { ObjectName(hex: $0) }
        return try repository.newestFirst(names).compactMap { commits[$0.hex] }
    }

    private func range(
        _ from: String,
        _ to: String,
        in repository: borrowing Repository
    ) throws(MirrorTrouble) -> [Commit] {
        let newest = try commitOnBranch(to, in: repository)
        let start = try named(from, in: repository)
        guard let end = ObjectName(hex: newest.id), start != end, try repository.isAncestor(start, of: end)
        else {
            throw MirrorTrouble(
                .invalid,
                "\(Revision.cut(start.hex)) does not come before \(newest.short): a range names the older commit first, "
                    + "which itself stays."
            )
        }
        let names = try repository.commits(from: start, to: end)
        guard names.count <= RevertWork.commitLimit else {
            throw MirrorTrouble(
                .invalid,
                "The range holds \(names.count) commits, more than \(RevertWork.commitLimit): put the path back to how "
                    + "it was at \(Revision.cut(start.hex)) instead."
            )
        }
        var commits: [Commit] = []
        for name in names {
            commits.append(try repository.value(of: name))
        }
        guard let merge = commits.first(where: \.isMerge) else {
            return commits
        }
        guard let mainline = request.mainline else {
            throw MirrorTrouble(
                .invalid,
                "\(merge.short) in the range is a merge: choose the parent whose side stays, mostly 1. Then the commits "
                    + "along that side are undone, and each merge as one."
            )
        }
        return try along(
            mainline,
            from: newest,
            in: Dictionary(commits.map { ($0.id, $0) }) { first, _ in first }
        )
    }

    /// The commits of a range that lie on one side of its merges.
    private func along(
        _ mainline: Int,
        from newest: Commit,
        in range: [String: Commit]
    ) throws(MirrorTrouble) -> [Commit] {
        var line: [Commit] = []
        var next: Commit? = newest
        while let commit = next {
            line.append(commit)
            if let problem = RevertAimWork.mainlineProblem(
                commit,
                commit.isMerge ? mainline : nil,
                isAlone: false
            ) {
                throw MirrorTrouble(.invalid, problem)
            }
            let parent = commit.parents.dropFirst(commit.isMerge ? mainline - 1 : 0).first
            next = parent.flatMap { range[$0] }
        }
        return line
    }

    private func changes(
        of path: String,
        since commit: ObjectName,
        in repository: borrowing Repository
    ) throws(MirrorTrouble) -> [Commit] {
        let index = TouchIndex(path: TreePath.normalised(path))
        var found: [Commit] = []
        for name in try repository.commits(from: commit, to: tip).prefix(20_000)
        where found.count < RevertWork.commitLimit {
            if try !repository.touched(by: name, of: index).isEmpty {
                found.append(try repository.value(of: name))
            }
        }
        return found
    }

    private static func mainlineProblem(_ commit: Commit, _ mainline: Int?, isAlone: Bool) -> String? {
        guard commit.isMerge else {
            // Among several, a mainline speaks of the merges only.
            return isAlone
                ? mainline.map { _ in "\(commit.short) is no merge: it has no mainline to choose." } : nil
        }
        let parents = commit.parents.enumerated().map { "\($0 + 1) for \(Revision.cut($1))" }.joined(
            separator: ", "
        )
        guard let mainline else {
            return
                "\(commit.short) is a merge: choose the parent whose side stays, \(parents); mostly it is 1."
        }
        guard commit.parents.indices.contains(mainline - 1) else {
            return "\(commit.short) has no parent \(mainline): choose \(parents)."
        }
        return nil
    }
}
