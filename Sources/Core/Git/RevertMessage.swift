import Text

/// The commit message of a revert, in Git's own words.
package enum RevertMessage {
    /// Subject, reason and what is reverted.
    ///
    /// - Shape: no line break at the end; a revert of a revert is `Reapply "…"`, as Git writes since 2.43.
    /// - Source: `git revert`; `mainline` is the parent a merge goes back to, 1-based.
    package static func text(for commit: Commit, reason: String, mainline: Int?) -> String {
        let why = Sanitiser.block(reason, lineLimit: 50, width: 500).joined(separator: "\n")
        var what = "This reverts commit \(commit.id)"
        if let mainline, commit.isMerge, commit.parents.indices.contains(mainline - 1) {
            what += ", reversing\nchanges made to \(commit.parents[mainline - 1])"
        }
        return [subject(for: commit.subject), why, "\(what)."].filter { !$0.isEmpty }.joined(
            separator: "\n\n"
        )
    }

    static func subject(for reverted: String) -> String {
        let revert = "Revert \""
        guard reverted.hasPrefix(revert), reverted.hasSuffix("\""), !reverted.hasPrefix("\(revert)\(revert)")
        else {
            return "\(revert)\(reverted)\""
        }
        return "Reapply \"\(reverted.dropFirst(revert.count))"
    }
}
