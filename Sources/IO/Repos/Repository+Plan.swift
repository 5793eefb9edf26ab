import CGit2
import Git

extension RevertWork {
    /// Works out the whole plan; objects go to memory, so the handle must be this plan's own.
    static func plan(
        _ request: RevertRequest,
        author: Author,
        in repository: borrowing Repository,
        survey: inout DistanceSurvey
    ) throws(MirrorTrouble) -> RevertPlan {
        try keepInMemory(repository)
        let work = try RevertWork(request, in: repository)
        let index = try work.merged(in: repository)
        let conflicts = try work.conflicts(in: index, of: repository)
        let tree = try RevertWork.tree(of: index, in: repository)
        let (old, new) = try work.trees(tree, in: repository)
        let changed = try repository.changedPaths(from: old, to: new)
        return RevertPlan(
            request: request,
            target: work.commit,
            tip: work.tip.hex,
            tree: tree?.hex,
            message: RevertMessage.text(for: work.commit, reason: request.reason, mainline: request.mainline),
            author: author.name,
            email: author.email,
            diff: try repository.diff(from: old, to: new),
            conflicts: conflicts,
            changedPaths: try work.touched(changed, old: old, new: new, in: repository, survey: &survey),
            imagePolicies: try work.policies(changed, [old, new], in: repository)
        )
    }

    /// What the diff shows: the tip against the result, or with conflicts the commit turned round.
    private func trees(
        _ tree: ObjectName?,
        in repository: borrowing Repository
    ) throws(MirrorTrouble) -> (ObjectName?, ObjectName?) {
        if let tree {
            return (try repository.treeName(of: tip), tree)
        }
        let parent = commit.parents.dropFirst((request.mainline ?? 1) - 1).first.flatMap {
            ObjectName(hex: $0)
        }
        var before: ObjectName?
        if let parent {
            before = try repository.treeName(of: parent)
        }
        return (try repository.treeName(of: target), before)
    }

    /// Which of the asked paths build from a changed file, before or after.
    private func touched(
        _ changed: [String],
        old: ObjectName?,
        new: ObjectName?,
        in repository: borrowing Repository,
        survey: inout DistanceSurvey
    ) throws(MirrorTrouble) -> Set<String> {
        let paths = Array(request.paths)
        guard !changed.isEmpty, !paths.isEmpty else {
            return []
        }
        let before = try survey.reach(of: paths, at: tip, in: repository)
        var touched = Set(paths.filter { before[$0]?.isTouched(by: changed) == true })
        // Only what changes which files are built can make the reach of the result another one.
        let old = TreeNameLookup(tree: old)
        let new = TreeNameLookup(tree: new)
        var isSameReach = true
        for path in changed where isSameReach {
            let name = path.split(separator: "/").last.map(String.init) ?? path
            let isThere = (try old.has(path, in: repository), try new.has(path, in: repository))
            isSameReach = !RevertWork.kustomizationNames.contains(name) && isThere.0 == isThere.1
        }
        if !isSameReach, let tree = new.tree {
            let after = survey.reach(of: paths, in: try repository.tree(tree))
            touched.formUnion(paths.filter { after[$0]?.isTouched(by: changed) == true })
        }
        return touched
    }

    private func policies(
        _ changed: [String],
        _ trees: [ObjectName?],
        in repository: borrowing Repository
    ) throws(MirrorTrouble) -> Set<String> {
        var found: Set<String> = []
        for tree in trees {
            guard let tree else {
                continue
            }
            let lookup = TreeLookup(try repository.tree(tree))
            for path in changed.prefix(2_000) {
                found.formUnion(lookup.text(at: path).map { ImagePolicyMarkers.found(in: $0) } ?? [])
            }
        }
        return found
    }

    private static let kustomizationNames: Set<String> = [
        "kustomization.yaml", "kustomization.yml", "Kustomization",
    ]
}

/// Whether a tree has something at a path; no tree has nothing.
private struct TreeNameLookup {
    let tree: ObjectName?

    func has(_ path: String, in repository: borrowing Repository) throws(MirrorTrouble) -> Bool {
        guard let tree else {
            return false
        }
        return TreeLookup(try repository.tree(tree)).name(at: path) != nil
    }
}
