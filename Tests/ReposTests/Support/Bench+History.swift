extension Bench {
    /// Puts a long linear history on the remote's main branch, by `git fast-import`.
    ///
    /// - Shape: commit `n` is "commit n of many" and changes one of 500 files in 50 directories.
    func importHistory(commits: Int) throws {
        var stream = "feature done\n"
        stream.reserveCapacity(commits * 220)
        stream += "reset refs/heads/main\n"
        for index in 1...commits {
            let subject = "commit \(index) of many\n"
            let body = "replicas: \(index)\nimage: app:1.\(index)\n"
            stream += """
                commit refs/heads/main
                committer Team \(index % 7) <team\(index % 7)@example.org> \(1_600_000_000 + index * 60) +0000
                data \(subject.utf8.count)
                \(subject)
                M 100644 inline apps/app\(index % 50)/file\(index % 500 / 50).yaml
                data \(body.utf8.count)
                \(body)

                """
        }
        stream += "done\n"
        try git("fast-import", "--quiet", in: remote, input: stream)
    }
}
