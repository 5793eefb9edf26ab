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
        guard let target = work.target else {
            throw MirrorTrouble(.invalid, "There is nothing to undo.")
        }
        let undoing = try work.undo(in: repository)
        let (old, new) = try work.trees(undoing.tree, undoing.culprit, in: repository)
        let changed = try repository.changedPaths(from: old, to: new)
        let (touched, unlinked) = try work.touched(
            changed,
            old: old,
            new: new,
            in: repository,
            survey: &survey
        )
        return RevertPlan(
            request: request,
            target: target,
            reverted: work.undone,
            tip: work.tip.hex,
            tree: undoing.tree?.hex,
            message: work.message,
            author: author.name,
            email: author.email,
            signing: author.signing,
            diff: try repository.diff(from: old, to: new, of: changed),
            conflicts: undoing.conflicts,
            changedPaths: touched,
            imagePolicies: try work.policies(changed, [old, new], in: repository),
            objects: try work.objects(changed, old: old, new: new, unlinked, in: repository),
            notes: work.notes + work.remarks(idle: undoing.idle, culprit: undoing.culprit)
        )
    }

    /// What the diff shows: the tip against the result, or with conflicts the commit turned round.
    private func trees(
        _ tree: ObjectName?,
        _ culprit: Commit?,
        in repository: borrowing Repository
    ) throws(MirrorTrouble) -> (ObjectName?, ObjectName?) {
        guard let culprit else {
            return (try repository.treeName(of: tip), tree)
        }
        let (own, parent) = try sides(of: culprit, in: repository)
        return (own, parent)
    }

    private func remarks(idle: [Commit], culprit: Commit?) -> [String] {
        var remarks: [String] = []
        if !idle.isEmpty {
            let names = idle.prefix(5).map(\.short).joined(separator: ", ")
            remarks.append(
                "Undoing \(names)\(idle.count > 5 ? " and more" : "") changes nothing: that was done already."
            )
        }
        if let culprit, undone.count > 1 {
            remarks.append(
                "It stops at \(culprit.short) \"\(culprit.subject)\", which cannot be undone by itself."
            )
        }
        if let source, undone.isEmpty {
            remarks.append(
                "No commit since \(source.short) on \(Redaction.clean(request.branch)) changed the path."
            )
        }
        return remarks
    }

    /// Which of the asked paths build from a changed file, before or after.
    private func touched(
        _ changed: [String],
        old: ObjectName?,
        new: ObjectName?,
        in repository: borrowing Repository,
        survey: inout DistanceSurvey
    ) throws(MirrorTrouble) -> (paths: Set<String>, unlinked: [String: Set<String>]) {
        let paths = Array(request.paths)
        guard !changed.isEmpty, !paths.isEmpty else {
            return ([], [:])
        }
        let before = try survey.reach(of: paths, at: tip, in: repository)
        var unlinked: [String: Set<String>] = [:]
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
            for path in touched {
                let left = Set(before[path]?.places.filter { after[path]?.contains($0) == false } ?? [])
                unlinked[path] = left.isEmpty ? nil : left
            }
        }
        return (touched, unlinked)
    }

    /// What the change means for the objects in the changed files, and in files that are built no more.
    private func objects(
        _ changed: [String],
        old: ObjectName?,
        new: ObjectName?,
        _ unlinked: [String: Set<String>],
        in repository: borrowing Repository
    ) throws(MirrorTrouble) -> ManifestChanges {
        let before = TreeLookup(try repository.treeOrEmpty(old))
        let after = TreeLookup(try repository.treeOrEmpty(new))
        let files = changed.prefix(2_000).map { path in
            (path: path, old: before.reader.bytes(path), new: after.reader.bytes(path))
        }
        var changes = ManifestChanges.between(files)
        for (path, places) in unlinked {
            let files = places.flatMap { after.reader.files(below: $0, limit: 500) }
            let objects = files.flatMap { file in
                after.reader.bytes(file).map { ManifestObject.all(in: $0, file: file) } ?? []
            }
            changes.unlinked[path] = objects.isEmpty ? nil : objects.sorted()
        }
        return changes
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
