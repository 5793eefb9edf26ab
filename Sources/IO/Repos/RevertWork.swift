import CGit2
import Git
import Text

/// A revert worked out with libgit2: from a request to a tree, or to the conflicts that forbid one.
///
/// Where it goes next: a range or a path put back are other ways to come to an index, so only `merged` knows that
/// one commit is reverted; conflicts, diff and tree are read from the index alone.
struct RevertWork {
    let request: RevertRequest
    let tip: ObjectName
    let target: ObjectName
    let commit: Commit

    /// Checks everything that can be known before merging.
    ///
    /// - Errors: `.notFound` and `.invalid` in the operator's words.
    init(_ request: RevertRequest, in repository: borrowing Repository) throws(MirrorTrouble) {
        let branch = Redaction.clean(request.branch, limit: 200)
        let ref = "refs/heads/\(request.branch)"
        guard git_reference_is_valid_name(ref) == 1 else {
            throw MirrorTrouble(.invalid, "\(branch) is no branch name.")
        }
        guard let tip = try repository.tip(of: ref) else {
            throw MirrorTrouble(.notFound, "The remote has no branch \(branch), or it was not fetched.")
        }
        target = try repository.resolve(abbreviation: request.commit)
        self.request = request
        self.tip = tip
        commit = try repository.value(of: target)
        guard try repository.isAncestor(target, of: tip) else {
            throw MirrorTrouble(
                .invalid,
                "\(commit.short) is not on \(branch): there is nothing to undo there."
            )
        }
        if let problem = RevertWork.mainlineProblem(commit, request.mainline) {
            throw MirrorTrouble(.invalid, problem)
        }
    }

    private static func mainlineProblem(_ commit: Commit, _ mainline: Int?) -> String? {
        guard commit.isMerge else {
            return mainline.map { _ in "\(commit.short) is no merge: it has no mainline to choose." }
        }
        let parents = commit.parents.enumerated().map { "\($0 + 1) for \($1.prefix(7))" }.joined(
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

    /// The index that undoing the commit on top of the tip leads to.
    func merged(in repository: borrowing Repository) throws(MirrorTrouble) -> OwnedHandle<IndexKind> {
        let target = try repository.commit(target)
        let tip = try repository.commit(tip)
        return try repository.with { (repository) throws(MirrorTrouble) in
            try target.with { (target) throws(MirrorTrouble) in
                try tip.with { (tip) throws(MirrorTrouble) in
                    try OwnedHandle<IndexKind>("Undoing \(commit.short)") { out in
                        var options = git_merge_options()
                        git_merge_options_init(&options, UInt32(GIT_MERGE_OPTIONS_VERSION))
                        return git_revert_commit(
                            out,
                            repository,
                            target,
                            tip,
                            UInt32(request.mainline ?? 0),
                            &options
                        )
                    }
                }
            }
        }
    }

    /// The tree of an index without conflicts, written to the repository's object store; nil with conflicts.
    static func tree(
        of index: borrowing OwnedHandle<IndexKind>,
        in repository: borrowing Repository
    ) throws(MirrorTrouble) -> ObjectName? {
        try repository.with { (repository) throws(MirrorTrouble) in
            try index.with { (index) throws(MirrorTrouble) in
                guard git_index_has_conflicts(index) == 0 else {
                    return nil
                }
                var oid = git_oid()
                try git("Writing the tree of the revert") { git_index_write_tree_to(&oid, index, repository) }
                return ObjectName(oid)
            }
        }
    }

    /// Sends new objects of this handle to memory, where they end with it: planning leaves nothing on disk.
    static func keepInMemory(_ repository: borrowing Repository) throws(MirrorTrouble) {
        try repository.with { (repository) throws(MirrorTrouble) in
            let store = try OwnedHandle<ObjectStoreKind>("Opening the object store") {
                git_repository_odb($0, repository)
            }
            try store.with { (store) throws(MirrorTrouble) in
                var backend: UnsafeMutablePointer<git_odb_backend>?
                try git("Making room in memory") { git_mempack_new(&backend) }
                // The highest priority takes the writes; the store frees the backend.
                try git("Making room in memory") { git_odb_add_backend(store, backend, 1_000) }
            }
        }
    }

    /// Each file in conflict, with the merged text and the newer commits that changed it.
    func conflicts(
        in index: borrowing OwnedHandle<IndexKind>,
        of repository: borrowing Repository
    ) throws(MirrorTrouble) -> [FileConflict] {
        let found = try repository.with { (repository) throws(MirrorTrouble) in
            try index.with { (index) throws(MirrorTrouble) in
                try sides(repository, index)
            }
        }
        guard !found.isEmpty else {
            return []
        }
        let newer = try changes(of: found.map(\.path), in: repository)
        return zip(found, newer).map { file, newer in
            FileConflict(path: Sanitiser.line(file.path, limit: 1_000), lines: file.lines, changedBy: newer)
        }
    }

    /// For each path the commits that changed it since, newest first, in one walk over the newest history.
    private func changes(
        of paths: [String],
        in repository: borrowing Repository
    ) throws(MirrorTrouble) -> [[Commit]] {
        let index = TouchIndex(
            paths.map { KustomizeReach(path: $0, places: [$0]) }
        )
        var found = paths.map { _ in [Commit]() }
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
        _ index: OpaquePointer
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
                found.append((path, lines(repository, (ancestor, ours, theirs))))
            }
            return found
        }
    }

    private typealias ConflictSides = (
        UnsafePointer<git_index_entry>?, UnsafePointer<git_index_entry>?, UnsafePointer<git_index_entry>?
    )

    private func lines(_ repository: OpaquePointer, _ sides: ConflictSides) -> [String] {
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

/// The part of a merged text that a reader needs: the conflicts with a little around them.
enum ConflictExcerpt {
    static let around = 3
    static let limit = 80

    static func lines(of text: String) -> [String] {
        let all = Sanitiser.block(text, lineLimit: 100_000, width: 300)
        var keep = [Bool](repeating: false, count: all.count)
        var isInside = false
        for (index, line) in all.enumerated() {
            let starts = line.hasPrefix("<<<<<<< ")
            let ends = line.hasPrefix(">>>>>>> ")
            isInside = isInside || starts
            if isInside {
                for near in max(0, index - around)...min(all.count - 1, index + around) {
                    keep[near] = true
                }
            }
            isInside = isInside && !ends
        }
        var output: [String] = []
        var isGap = false
        for (index, line) in all.enumerated() {
            guard keep[index] else {
                isGap = !output.isEmpty
                continue
            }
            guard output.count < limit else {
                return output + ["…"]
            }
            if isGap {
                output.append("…")
                isGap = false
            }
            output.append(line)
        }
        return output
    }
}
