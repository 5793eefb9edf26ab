import Chrono
import Git
import Kube

extension SampleFleet {
    var repository: RepositorySnapshot {
        RepositorySnapshot(
            id: SampleFleet.id,
            url: SampleFleet.url,
            heads: ["refs/heads/main": head],
            fetched: SampleFleet.ago(9),
            health: .current,
            upheavals: upheaval.map { ["refs/heads/main": $0] } ?? [:]
        )
    }

    var commits: [Commit] {
        let log: [(String, Int64, String, String)] = [
            (head, 720, "app-team", "checkout: api 1.9.0"),
            (before, 2_460, "image bot", "chore: nginx 1.27.3"),
            (
                SampleFleet.commit("51c0d2e"), 90_000, "app-team",
                "web: a longer subject line that says what was changed and why it was needed"
            ),
            (old, 518_400, "sre", "monitoring: scrape interval 30s"),
        ]
        return log.enumerated().map { index, entry in
            Commit(
                id: entry.0,
                parents: (index + 1 < log.count ? [log[index + 1].0] : [])
                    + (index == 0 && outcome == .merge ? [SampleFleet.commit("b16b00b")] : []),
                author: taint(entry.2),
                email: taint("team@example.org"),
                committed: SampleFleet.ago(entry.1),
                subject: taint(entry.3)
            )
        }
    }

    var compare: String { "https://git.example/acme/fleet/pulls/new?source=weir/revert-9f2c1ab" }

    func distance(_ key: DistanceKey) -> Distance {
        let order = commits.map(\.id)
        guard let from = order.firstIndex(of: key.from), let to = order.firstIndex(of: key.to) else {
            return .unknown
        }
        guard from >= to else {
            return .diverged
        }
        let since = SampleFleet.now.advanced(by: .seconds(-1_500))
        return .behind(commits: from - to, touching: (from - to + 1) / 2, since: from > to ? since : nil)
    }

    var diff: CommitDiff {
        let path = taint("apps/checkout/api.yaml")
        let flags = taint("apps/checkout/feature-flags.yaml")
        func lines(_ lines: [(DiffLine.Origin, String)]) -> [DiffLine] {
            lines.map { DiffLine(origin: $0, text: taint($1)) }
        }
        return CommitDiff(files: [
            FileDiff(
                change: .modified,
                oldPath: path,
                newPath: path,
                added: 1,
                removed: 1,
                hunks: [
                    Hunk(
                        header: taint("@@ -14,7 +14,7 @@ spec:"),
                        lines: lines([
                            (.context, "      containers:"), (.context, "        - name: api"),
                            (.removed, "          image: registry.example/shop/api:1.8.3"),
                            (.added, "          image: registry.example/shop/api:1.9.0"),
                            (.context, "          ports:"),
                        ])
                    )
                ]
            ),
            FileDiff(
                change: .added,
                oldPath: nil,
                newPath: flags,
                added: 6,
                hunks: [
                    Hunk(
                        header: taint("@@ -0,0 +1,6 @@"),
                        lines: lines([
                            (.added, "apiVersion: v1"), (.added, "kind: ConfigMap"), (.added, "metadata:"),
                            (.added, "  name: feature-flags"), (.added, "  namespace: checkout"),
                        ])
                    )
                ]
            ),
        ])
    }

    func plan(_ request: RevertRequest) -> Result<RevertPlan, GitFailure> {
        if outcome == .impossible {
            let words =
                "git.example does not let weir in: the key was refused; give ssh a key or set a token in [git]"
            return .failure(GitFailure(.authentication, taint(words)))
        }
        let conflict = FileConflict(
            path: taint("apps/checkout/api.yaml"),
            lines: [
                "<<<<<<< main", "          image: registry.example/shop/api:1.9.1", "=======",
                "          image: registry.example/shop/api:1.8.3", ">>>>>>> revert",
            ].map(taint),
            changedBy: Array(commits.dropFirst().prefix(1))
        )
        let message = [subject(request), taint(request.reason), taint("This reverts commit \(head).")]
        let side = taint(
            "9f2c1ab is a merge: the side of parent 1, a41be07, stays; what the other side brought goes."
        )
        return .success(
            RevertPlan(
                request: request,
                target: isPath(request) ? commits[1] : commits[0],
                reverted: reverted(request),
                tip: head,
                tree: outcome == .conflict ? nil : SampleFleet.commit("ab"),
                message: message.filter { !$0.isEmpty }.joined(separator: "\n\n"),
                author: taint("Ada Operator"),
                email: taint("ada@example.org"),
                signing: isPath(request) ? .ssh(key: taint("~/.ssh/id_ed25519.pub")) : .none,
                diff: inverse,
                conflicts: outcome == .conflict ? [conflict] : [],
                changedPaths: ["apps/checkout"],
                imagePolicies: ["shop:checkout"],
                objects: ManifestChanges(removed: [
                    ManifestObject(
                        group: "",
                        kind: "ConfigMap",
                        namespace: "checkout",
                        name: "feature-flags",
                        file: "apps/checkout/feature-flags.yaml"
                    )
                ]),
                notes: outcome == .merge ? [side] : []
            )
        )
    }

    private func isPath(_ request: RevertRequest) -> Bool {
        if case .path = request.aim {
            return true
        }
        return false
    }

    private func subject(_ request: RevertRequest) -> String {
        switch request.aim {
        case .commit: "Revert \"\(commits[0].subject)\""
        case .range, .commits: taint("Revert 3 commits, 51c0d2e to 9f2c1ab")
        case .path(let path, _): taint("Put \(path) back to a41be07")
        }
    }

    private func reverted(_ request: RevertRequest) -> [Commit] {
        switch request.aim {
        case .commit, .path: [commits[0]]
        case .range, .commits: Array(commits.prefix(3))
        }
    }

    /// The diff taken back.
    private var inverse: CommitDiff {
        var files = diff.files
        for index in files.indices {
            (files[index].oldPath, files[index].newPath) = (files[index].newPath, files[index].oldPath)
            (files[index].added, files[index].removed) = (files[index].removed, files[index].added)
            files[index].change = files[index].change == .added ? .deleted : files[index].change
            for hunk in files[index].hunks.indices {
                for line in files[index].hunks[hunk].lines.indices {
                    switch files[index].hunks[hunk].lines[line].origin {
                    case .added: files[index].hunks[hunk].lines[line].origin = .removed
                    case .removed: files[index].hunks[hunk].lines[line].origin = .added
                    case .context: break
                    }
                }
            }
        }
        return CommitDiff(files: files)
    }

    /// What the controller of the selected resource wrote about it.
    var log: [LogLine] {
        [
            LogLine(at: SampleFleet.ago(130), level: .info, message: taint("server-side apply completed")),
            LogLine(
                at: SampleFleet.ago(7),
                level: .error,
                message: taint(
                    "Reconciliation failed after 2m3s, next try in 1m0s: health check failed after 2m3s: "
                        + "timeout waiting for: [Deployment/checkout/api status: 'InProgress']"
                )
            ),
        ]
    }

    var yaml: [String] {
        [
            "apiVersion: kustomize.toolkit.fluxcd.io/v1", "kind: Kustomization", "metadata:",
            "  name: checkout",
        ].map(taint)
    }
}
