import Yams

/// What a revert of certain objects does by side effect, or cannot do at all.
///
/// - Source: FLUX.md's list of rollback traps, those that the manifests in Git give away.
enum ManifestRemarks {
    static func of(
        _ changes: ManifestChanges,
        before: [ManifestFile.Document],
        after: [ManifestFile.Document]
    ) -> [String] {
        var remarks: [String] = []
        func note(_ objects: [ManifestObject], _ kinds: Set<String>, _ words: (String) -> String) {
            let found = objects.filter { kinds.contains($0.kind) }
            guard let first = found.first else {
                return
            }
            let more = found.count > 1 ? " and \(found.count - 1) more" : ""
            remarks.append(words("\(first.words)\(more)"))
        }
        note(changes.removed, ["Namespace"]) {
            "\($0) goes from Git: where it is pruned, everything in it is deleted"
        }
        note(changes.removed, ["CustomResourceDefinition"]) {
            "\($0) goes from Git: where it is pruned, all objects of that kind are deleted"
        }
        note(changes.removed, ["PersistentVolumeClaim", "StatefulSet"]) {
            "\($0) goes from Git: data may be lost where it is pruned"
        }
        note(changes.removed, ["Kustomization", "HelmRelease", "ResourceSet", "FluxInstance"]) {
            "\($0) goes from Git: deleting it deletes what it applied, unless its deletion policy says otherwise"
        }
        note(changes.added, ["PersistentVolumeClaim", "Namespace", "StatefulSet"]) {
            "\($0) comes back empty: what was in it when it was deleted does not"
        }
        note(changes.changed + changes.added, ["HelmRelease"]) {
            "\($0): Helm upgrades to the older values or chart, runs upgrade hooks and leaves CRDs as they are"
        }
        note(changes.changed + changes.removed + changes.added, ["Job"]) {
            "\($0): what a job has done is not undone, and a changed one is refused unless forced"
        }
        note(changes.changed, ["StatefulSet", "PersistentVolumeClaim"]) {
            "\($0): immutable fields such as volume claim templates cannot be put back in place"
        }
        note(changes.changed, ["Kustomization"]) {
            "\($0): what it applies changes only after the one that applies it has run"
        }
        note(changes.removed.filter(\.isKept), Set(changes.removed.map(\.kind))) {
            "\($0) goes from Git and forbids pruning: it stays in the clusters until somebody deletes it"
        }
        return remarks + leftAlone(after) + releases(before, after) + inputs(before + after)
    }

    /// Objects that tell kustomize-controller to leave them as they are: the revert does not reach them.
    private static func leftAlone(_ after: [ManifestFile.Document]) -> [String] {
        after.compactMap { document in
            let node = document.node
            if ManifestFile.mark("reconcile", on: node) == "disabled" {
                return "\(document.object.words) is marked reconcile: disabled: the revert does not reach it"
            }
            switch ManifestFile.mark("ssa", on: node) {
            case "ignore":
                return "\(document.object.words) is marked ssa: Ignore: the revert does not reach it"
            case "ifnotpresent":
                return
                    "\(document.object.words) is marked ssa: IfNotPresent: where it exists it stays as it is"
            default: return nil
            }
        }
    }

    /// HelmReleases whose change is more than an upgrade, or none at all.
    private static func releases(
        _ before: [ManifestFile.Document],
        _ after: [ManifestFile.Document]
    ) -> [String] {
        var remarks: [String] = []
        let known = Dictionary(before.map { ($0.object.identity, $0.node) }) { first, _ in first }
        for document in after where document.object.kind == "HelmRelease" {
            let (spec, words) = (document.node["spec"], document.object.words)
            if let old = known[document.object.identity]?["spec"] {
                for (key, what) in [
                    ("targetNamespace", "target namespace"), ("storageNamespace", "storage namespace"),
                    ("releaseName", "release name"),
                ] where old[key]?.string != spec?[key]?.string {
                    remarks.append("\(words): its \(what) changes, so Helm uninstalls and installs anew")
                }
                let charts = [old, spec].map { $0?["chart"]?["spec"]?["chart"]?.string }
                if charts[0] != charts[1] {
                    remarks.append("\(words): its chart is another one, so Helm uninstalls and installs anew")
                }
            }
            let version = spec?["chart"]?["spec"]?["version"]?.string ?? ""
            if spec?["chart"] != nil, version.isEmpty || version.contains(where: { "*xX<>~^|".contains($0) })
            {
                let range = version.isEmpty ? "any version" : "versions \(version)"
                remarks.append("\(words): its chart follows \(range), which a revert does not take back")
            }
            if spec?["upgrade"]?["preserveValues"]?.bool == true {
                remarks.append("\(words): preserveValues keeps values that the revert removes from Git")
            }
        }
        return remarks
    }

    /// What the build takes from elsewhere than Git.
    private static func inputs(_ documents: [ManifestFile.Document]) -> [String] {
        var remarks: [String] = []
        for document in documents {
            let spec = document.node["spec"]
            let hasFrom =
                spec?["postBuild"]?["substituteFrom"]?.sequence?.isEmpty == false
                || spec?["valuesFrom"]?.sequence?.isEmpty == false
            let remark =
                "\(document.object.words): takes values from objects in the cluster, which stay as they are"
            if hasFrom, !remarks.contains(remark) {
                remarks.append(remark)
            }
        }
        return remarks
    }
}
