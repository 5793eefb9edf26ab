/// The order in which Flux applies objects: what others need comes first.
enum ManifestOrder {
    /// Objects applied and settled before the next stage begins.
    static func stages(_ objects: [JSON]) -> [[JSON]] {
        let sorted = sorted(objects)
        let definitions: Set = ["CustomResourceDefinition", "Namespace", "ClusterRole"]
        let first = sorted.filter { definitions.contains($0.kind) }
        let second = sorted.filter { $0.kind.hasSuffix("Class") }
        let rest = sorted.filter { !definitions.contains($0.kind) && !$0.kind.hasSuffix("Class") }
        return [first, second, rest].filter { !$0.isEmpty }
    }

    /// By kind, then namespace and name.
    static func sorted(_ objects: [JSON]) -> [JSON] {
        objects.sorted { left, right in
            let (leftRank, rightRank) = (rank(left.kind), rank(right.kind))
            if leftRank != rightRank { return leftRank < rightRank }
            return (left.kind, left.namespace ?? "", left.name) < (
                right.kind, right.namespace ?? "", right.name
            )
        }
    }

    /// - Source: the kind order of kustomize, which the ssa package of Flux shares.
    private static let first = [
        "Namespace", "ResourceQuota", "StorageClass", "CustomResourceDefinition", "ServiceAccount",
        "PodSecurityPolicy", "Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding", "ConfigMap",
        "Secret",
        "Endpoints", "Service", "LimitRange", "PriorityClass", "PersistentVolume", "PersistentVolumeClaim",
        "Deployment", "StatefulSet", "CronJob", "PodDisruptionBudget",
    ]
    private static let last = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"]

    private static func rank(_ kind: String) -> Int {
        if let index = first.firstIndex(of: kind) { return index }
        return first.count + (last.contains(kind) ? 1 : 0)
    }
}
