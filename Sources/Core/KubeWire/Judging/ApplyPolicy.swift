package import Kube

/// What labels and annotations of an object tell kustomize-controller to do with it.
///
/// - Source: each may stand as a label or an annotation, in Git or on the live object, in any case.
package enum ApplyPolicy {
    /// Why the controller does not apply a manifest, whatever the cluster has; nil where it does.
    package static func letsAlone(_ desired: ObjectValue) -> String? {
        if says("reconcile", desired) == "disabled" {
            return "reconcile: disabled"
        }
        return says("ssa", desired) == "ignore" ? "ssa: Ignore" : nil
    }

    /// Why the controller leaves a live object alone; nil where it applies it.
    package static func letsAlone(_ live: ObjectValue, desired: ObjectValue) -> String? {
        if let why = letsAlone(live) {
            return why
        }
        return says("ssa", desired) == "ifnotpresent" ? "ssa: IfNotPresent" : nil
    }

    /// Why helm-controller looks for no drift in an object of a release; nil where it does.
    ///
    /// - Source: a mark on the object in the manifest, and rules for whole objects. Hooks belong to no release's state.
    package static func letsAloneInRelease(
        _ desired: ObjectValue,
        _ entry: InventoryEntry,
        _ ignores: [IgnoreRule]
    ) -> String? {
        let mark = "helm.toolkit.fluxcd.io/driftDetection"
        let metadata = desired["metadata"]
        if [metadata?["labels"], metadata?["annotations"]].contains(where: { $0?[mark]?.text == "disabled" })
        {
            return "driftDetection: disabled"
        }
        if metadata?["annotations"]?["helm.sh/hook"] != nil {
            return "it is a hook"
        }
        return ignores.paths(of: entry, ObjectMarks(desired)).isWhole ? "driftDetection.ignore" : nil
    }

    /// True where fields of others may stay.
    package static func merges(_ live: ObjectValue, _ desired: ObjectValue) -> Bool {
        says("ssa", live) == "merge" || says("ssa", desired) == "merge"
    }

    private static func says(_ key: String, _ object: ObjectValue) -> String? {
        let name = "kustomize.toolkit.fluxcd.io/\(key)"
        let metadata = object["metadata"]
        return (metadata?["annotations"]?[name] ?? metadata?["labels"]?[name])?.text?.lowercased()
    }
}
