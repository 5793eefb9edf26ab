import CGit2
import Git
import Text

extension RevertWork {
    /// Each file in conflict, with the merged text and the newer commits that changed it.
    func conflicts(
        in index: borrowing OwnedHandle<IndexKind>,
        undoing commit: Commit,
        of repository: borrowing Repository
    ) throws(MirrorTrouble) -> [FileConflict] {
        let found = try repository.with { (repository) throws(MirrorTrouble) in
            try index.with { (index) throws(MirrorTrouble) in
                try sides(repository, index, commit)
            }
        }
        guard !found.isEmpty else {
            return []
        }
        let newer = try changes(of: found.map(\.path), since: commit, in: repository)
        return zip(found, newer).map { file, newer in
            FileConflict(path: Sanitiser.line(file.path, limit: 1_000), lines: file.lines, changedBy: newer)
        }
    }

    /// For each path the commits that changed it since, newest first, in one walk over the newest history.
    private func changes(
        of paths: [String],
        since commit: Commit,
        in repository: borrowing Repository
    ) throws(MirrorTrouble) -> [[Commit]] {
        let index = TouchIndex(
            paths.map { KustomizeReach(path: $0, places: [$0]) }
        )
        var found = paths.map { _ in [Commit]() }
        guard let target = ObjectName(hex: commit.id) else {
            return found
        }
        for (count, name) in try repository.commits(from: target, to: tip).enumerated() {
            let isEnough = found.allSatisfy { $0.count >= 20 }
            let isLong = count >= RevertWork.walkLimit && !found.contains { $0.isEmpty }
            guard !isEnough, !isLong, count < RevertWork.walkLimit * 10 else {
                break
            }
            for position in try repository.touched(by: name, of: index) where found[position].count < 20 {
                found[position].append(try repository.value(of: name))
            }
        }
        return found
    }

    /// Commits looked through for what stands against a revert; ten times as many where nothing is found.
    private static let walkLimit = 2_000

    private func sides(
        _ repository: OpaquePointer,
        _ index: OpaquePointer,
        _ commit: Commit
    ) throws(MirrorTrouble) -> [(path: String, lines: [String])] {
        let iterator = try OwnedHandle<ConflictsKind>("Reading the conflicts") {
            git_index_conflict_iterator_new($0, index)
        }
        return try iterator.with { (iterator) throws(MirrorTrouble) in
            var found: [(path: String, lines: [String])] = []
            while found.count < 100 {
                var (ancestor, ours, theirs): ConflictSides = (nil, nil, nil)
                let code = git_index_conflict_next(&ancestor, &ours, &theirs, iterator)
                guard code != GIT_ITEROVER.rawValue else {
                    break
                }
                guard code == 0 else {
                    throw GitCallError(doing: "Reading the conflicts", code: code).local
                }
                guard let path = (ours ?? theirs ?? ancestor)?.pointee.path.map({ String(cString: $0) })
                else {
                    continue
                }
                found.append((path, lines(repository, (ancestor, ours, theirs), commit)))
            }
            return found
        }
    }

    private typealias ConflictSides = (
        UnsafePointer<git_index_entry>?, UnsafePointer<git_index_entry>?, UnsafePointer<git_index_entry>?
    )

    private func lines(
        _ repository: OpaquePointer,
        _ sides: ConflictSides,
        _ commit: Commit
    ) -> [String] {
        guard let ancestor = sides.0, let ours = sides.1, let theirs = sides.2 else {
            switch (sides.1, sides.2) {
            case (nil, _?):
                return ["The branch has deleted this file since; undoing the commit would change it."]
            case (_?, nil):
                return ["The branch has changed this file since; undoing the commit would delete it."]
            default: return ["The branch has renamed or deleted this file since."]
            }
        }
        return "\(request.branch)".withCString { branch in
            "before \(commit.short)".withCString { before in
                var options = git_merge_file_options()
                git_merge_file_options_init(&options, UInt32(GIT_MERGE_FILE_OPTIONS_VERSION))
                options.our_label = branch
                options.their_label = before
                var result = git_merge_file_result()
                guard git_merge_file_from_index(&result, repository, ancestor, ours, theirs, &options) == 0
                else {
                    git_error_clear()
                    return ["The file is binary or too large to be merged."]
                }
                defer { git_merge_file_result_free(&result) }
                let bytes = UnsafeRawBufferPointer(start: result.ptr, count: result.len)
                return ConflictExcerpt.lines(of: String(decoding: bytes, as: UTF8.self))
            }
        }
    }
}
