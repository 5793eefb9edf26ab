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
