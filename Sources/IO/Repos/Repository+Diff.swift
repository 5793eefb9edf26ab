import CGit2
import Git
import Text

/// How much of a diff is kept: what can be read on a screen, and no more.
struct DiffLimits {
    var files = 300
    var lines = 6_000
    var linesPerFile = 1_500
    var width = 500
    var blobBytes: Int64 = 1 << 20
}

extension OwnedHandle<RepositoryKind> {
    /// The difference of two trees; nil stands for the empty tree.
    borrowing func diff(
        from old: ObjectName?,
        to new: ObjectName?,
        of paths: [String]? = nil,
        limits: DiffLimits = DiffLimits()
    ) throws(MirrorTrouble) -> CommitDiff {
        var known = paths ?? []
        if paths == nil {
            known = try changedPaths(from: old, to: new)
        }
        let handle = try rawDiff(from: old, to: new, of: known, limits: limits)
        return try handle.with { (diff) throws(MirrorTrouble) in
            let count = git_diff_num_deltas(diff)
            var output = CommitDiff(files: [], isCut: count > limits.files)
            var linesLeft = limits.lines
            for index in 0..<min(count, limits.files) {
                let file = try fileDiff(diff, index, limits: limits, linesLeft: &linesLeft)
                guard let file else {
                    continue
                }
                output.files.append(file.diff)
                output.isCut = output.isCut || file.isCut
            }
            return output
        }
    }

    private borrowing func rawDiff(
        from old: ObjectName?,
        to new: ObjectName?,
        of paths: [String],
        limits: DiffLimits
    ) throws(MirrorTrouble) -> OwnedHandle<DiffKind> {
        let oldTree = try optionalTree(old)
        let newTree = try optionalTree(new)
        defer {
            git_tree_free(oldTree)
            git_tree_free(newTree)
        }
        return try with { (repository) throws(MirrorTrouble) in
            let diff = try OwnedHandle<DiffKind>("Comparing two trees") { out in
                var options = git_diff_options()
                git_diff_options_init(&options, UInt32(GIT_DIFF_OPTIONS_VERSION))
                options.flags = GIT_DIFF_INCLUDE_TYPECHANGE.rawValue
                options.max_size = limits.blobBytes
                // libgit2 reads both trees whole unless it is told where to look.
                guard !paths.isEmpty, paths.count <= 2_000 else {
                    return git_diff_tree_to_tree(out, repository, oldTree, newTree, &options)
                }
                options.flags |= GIT_DIFF_DISABLE_PATHSPEC_MATCH.rawValue
                return Refspecs.with(paths) { specs in
                    options.pathspec = specs
                    return git_diff_tree_to_tree(out, repository, oldTree, newTree, &options)
                }
            }
            try diff.with { (diff) throws(MirrorTrouble) in
                // Telling renames compares each added file with each deleted one.
                guard git_diff_num_deltas(diff) <= 400 else {
                    return
                }
                try git("Looking for renames") {
                    var options = git_diff_find_options()
                    git_diff_find_options_init(&options, UInt32(GIT_DIFF_FIND_OPTIONS_VERSION))
                    options.flags = GIT_DIFF_FIND_RENAMES.rawValue
                    return git_diff_find_similar(diff, &options)
                }
            }
            return diff
        }
    }

    /// Freed by the caller.
    private borrowing func optionalTree(_ name: ObjectName?) throws(MirrorTrouble) -> OpaquePointer? {
        guard let name else {
            return nil
        }
        var oid = name.oid
        return try with { (repository) throws(MirrorTrouble) in
            var tree: OpaquePointer?
            try git("Reading a tree") { git_tree_lookup(&tree, repository, &oid) }
            return tree
        }
    }
}

private func fileDiff(
    _ diff: OpaquePointer,
    _ index: Int,
    limits: DiffLimits,
    linesLeft: inout Int
) throws(MirrorTrouble) -> (diff: FileDiff, isCut: Bool)? {
    guard let delta = git_diff_get_delta(diff, index)?.pointee else {
        return nil
    }
    func path(_ file: git_diff_file) -> String? {
        file.path.map { Sanitiser.line(String(cString: $0), limit: 1_000) }
    }
    var file = FileDiff(change: .modified, oldPath: path(delta.old_file), newPath: path(delta.new_file))
    switch delta.status {
    case GIT_DELTA_ADDED: (file.change, file.oldPath) = (.added, nil)
    case GIT_DELTA_DELETED: (file.change, file.newPath) = (.deleted, nil)
    case GIT_DELTA_RENAMED, GIT_DELTA_COPIED: file.change = .renamed
    case GIT_DELTA_TYPECHANGE: file.change = .typeChanged
    default: break
    }
    var made: OpaquePointer?
    try git("Comparing a file") { git_patch_from_diff(&made, diff, index) }
    guard let patch = made else {
        file.isBinary = true
        return (file, false)
    }
    defer { git_patch_free(patch) }
    // The patch has read the contents; only now is it known whether they are text.
    let flags = git_patch_get_delta(patch)?.pointee.flags ?? delta.flags
    file.isBinary = flags & GIT_DIFF_FLAG_BINARY.rawValue != 0
    var (added, removed) = (0, 0)
    try git("Counting lines") { git_patch_line_stats(nil, &added, &removed, patch) }
    (file.added, file.removed) = (added, removed)
    var left = min(limits.linesPerFile, linesLeft)
    let start = left
    var isCut = false
    for hunkIndex in 0..<git_patch_num_hunks(patch) {
        guard left > 0 else {
            isCut = true
            break
        }
        let hunk = hunkLines(patch, hunkIndex, limits: limits, left: &left)
        file.hunks.append(hunk.hunk)
        isCut = isCut || hunk.isCut
    }
    linesLeft -= start - left
    return (file, isCut)
}

private func hunkLines(
    _ patch: OpaquePointer,
    _ index: Int,
    limits: DiffLimits,
    left: inout Int
) -> (hunk: Hunk, isCut: Bool) {
    var pointer: UnsafePointer<git_diff_hunk>?
    var count = 0
    guard git_patch_get_hunk(&pointer, &count, patch, index) == 0, let pointer else {
        git_error_clear()
        return (Hunk(header: "", lines: []), true)
    }
    let header = withUnsafeBytes(of: pointer.pointee.header) { bytes in
        String(decoding: bytes.prefix(pointer.pointee.header_len), as: UTF8.self)
    }
    var hunk = Hunk(header: Sanitiser.line(header, limit: 200), lines: [])
    for lineIndex in 0..<count {
        guard left > 0 else {
            return (hunk, true)
        }
        var line: UnsafePointer<git_diff_line>?
        guard git_patch_get_line_in_hunk(&line, patch, index, lineIndex) == 0, let line = line?.pointee else {
            git_error_clear()
            continue
        }
        let origin: DiffLine.Origin
        switch UInt8(bitPattern: line.origin) {
        case UInt8(ascii: "+"): origin = .added
        case UInt8(ascii: "-"): origin = .removed
        case UInt8(ascii: " "): origin = .context
        // The remarks about a missing line end at the end of the file are no lines of it.
        default: continue
        }
        left -= 1
        let bytes = UnsafeRawBufferPointer(start: line.content, count: line.content_len)
        let text = String(decoding: bytes.prefix(limits.width * 8), as: UTF8.self)
        hunk.lines.append(
            DiffLine(
                origin: origin,
                text: Sanitiser.block(text, lineLimit: 2, width: limits.width).first ?? ""
            )
        )
    }
    return (hunk, false)
}
