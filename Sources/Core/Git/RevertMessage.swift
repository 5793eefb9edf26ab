import Text

/// The commit message of a revert, in Git's own words.
package enum RevertMessage {
    /// Subject, reason and what is reverted.
    ///
    /// - Shape: no line break at the end; a revert of a revert is `Reapply "…"`, as Git writes since 2.43.
    /// - Source: `git revert`; `mainline` is the parent a merge goes back to, 1-based.
    package static func text(for commit: Commit, reason: String, mainline: Int?) -> String {
        let what = "\(sentence(for: commit, mainline: mainline))."
        return joined([subject(for: commit.subject), why(reason), what])
    }

    /// The same for several commits at once, newest first.
    package static func text(for commits: [Commit], reason: String, mainline: Int?) -> String {
        guard commits.count != 1, let newest = commits.first, let oldest = commits.last else {
            return commits.first.map { text(for: $0, reason: reason, mainline: mainline) } ?? ""
        }
        let subject = "Revert \(commits.count) commits, \(oldest.short) to \(newest.short)"
        let list = commits.prefix(50).map { commit in
            "\(sentence(for: commit, mainline: mainline)):\n    \(commit.subject)"
        }
        let rest = commits.count > 50 ? ["And \(commits.count - 50) older ones."] : []
        return joined([subject, why(reason), (list + rest).joined(separator: "\n")])
    }

    /// For a path that is put back: what it goes back to, and what that undoes, newest first.
    package static func text(
        puttingBack path: String,
        to commit: Commit,
        undoing undone: [Commit],
        reason: String
    ) -> String {
        let place = path.isEmpty ? "everything" : Sanitiser.line(path, limit: 200)
        let list = undone.prefix(50).map { "    \($0.short) \($0.subject)" }
        let rest = undone.count > 50 ? ["    and \(undone.count - 50) older ones"] : []
        let what = "\(place) goes back to commit \(commit.id):\n    \(commit.subject)"
        let undoing = list.isEmpty ? "" : (["This undoes there:"] + list + rest).joined(separator: "\n")
        return joined(["Put \(place) back to \(commit.short)", why(reason), what, undoing])
    }

    /// An operator's own text made fit for a commit; nil where nothing is left of it.
    ///
    /// - Source: `git commit --cleanup=whitespace`; control characters go too, no line is cut.
    package static func cleaned(_ text: String) -> String? {
        var lines: [Substring] = []
        let plain = text.replacing("\r\n", with: "\n")
        for line in plain.split(separator: "\n", omittingEmptySubsequences: false) {
            var kept = line.filter { character in
                character == "\t"
                    || !character.unicodeScalars.contains { $0.properties.generalCategory == .control }
            }[...]
            while kept.last?.isWhitespace == true {
                kept = kept.dropLast()
            }
            if !kept.isEmpty || lines.last?.isEmpty == false {
                lines.append(kept)
            }
        }
        while lines.last?.isEmpty == true {
            lines.removeLast()
        }
        return lines.isEmpty ? nil : lines.joined(separator: "\n")
    }

    static func subject(for reverted: String) -> String {
        let revert = "Revert \""
        guard reverted.hasPrefix(revert), reverted.hasSuffix("\""), !reverted.hasPrefix("\(revert)\(revert)")
        else {
            return "\(revert)\(reverted)\""
        }
        return "Reapply \"\(reverted.dropFirst(revert.count))"
    }

    private static func sentence(for commit: Commit, mainline: Int?) -> String {
        var what = "This reverts commit \(commit.id)"
        if let mainline, commit.isMerge, commit.parents.indices.contains(mainline - 1) {
            what += ", reversing\nchanges made to \(commit.parents[mainline - 1])"
        }
        return what
    }

    private static func why(_ reason: String) -> String {
        Sanitiser.block(reason, lineLimit: 50, width: 500).joined(separator: "\n")
    }

    private static func joined(_ parts: [String]) -> String {
        parts.filter { !$0.isEmpty }.joined(separator: "\n\n")
    }
}
