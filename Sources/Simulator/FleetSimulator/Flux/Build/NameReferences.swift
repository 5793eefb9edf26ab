/// Lets objects that mention others by name follow when those get new names.
struct NameReferences {
    /// A name that something may mention.
    struct Key: Hashable {
        let kind: String
        let name: String
    }

    /// New names by what was mentioned.
    let renamed: [Key: String]

    func rewrite(_ resources: inout [Manifest]) {
        guard !renamed.isEmpty else { return }
        for index in resources.indices where Self.mentioning.contains(resources[index].kind) {
            resources[index].object = rewritten(resources[index].object)
        }
    }

    /// Kinds of which kustomize knows where they mention names; Flux kinds are not among them.
    private static let mentioning: Set<String> = [
        "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob", "Pod", "Ingress",
        "HorizontalPodAutoscaler", "RoleBinding", "ClusterRoleBinding", "ServiceAccount",
    ]

    private func rewritten(_ value: JSON) -> JSON {
        switch value {
        case .array(let elements):
            return .array(elements.map(rewritten))
        case .object(let members):
            var result = members.mapValues(rewritten)
            for (key, member) in result {
                if let new = mention(key, member) { result[key] = new }
            }
            return .object(result)
        default:
            return value
        }
    }

    /// The member with its new name, where the key says which kind it mentions.
    private func mention(_ key: String, _ member: JSON) -> JSON? {
        switch key {
        case "configMapRef", "configMapKeyRef", "configMap":
            renaming(member, "name", kind: "ConfigMap")
        case "secretRef", "secretKeyRef":
            renaming(member, "name", kind: "Secret")
        case "secret":
            renaming(member, "secretName", kind: "Secret") ?? renaming(member, "name", kind: "Secret")
        case "persistentVolumeClaim":
            renaming(member, "claimName", kind: "PersistentVolumeClaim")
        case "service":
            renaming(member, "name", kind: "Service")
        case "serviceAccountName":
            member.string.flatMap { renamed[Key(kind: "ServiceAccount", name: $0)] }.map { .string($0) }
        case "serviceName":
            member.string.flatMap { renamed[Key(kind: "Service", name: $0)] }.map { .string($0) }
        case "scaleTargetRef", "roleRef":
            renaming(member, "name", kind: member.kind)
        case "subjects", "imagePullSecrets":
            member.array.map { subjects in
                .array(
                    subjects.map { subject in
                        let kind = key == "subjects" ? subject.kind : "Secret"
                        return renaming(subject, "name", kind: kind) ?? subject
                    }
                )
            }
        default:
            nil
        }
    }

    private func renaming(_ member: JSON, _ key: String, kind: String) -> JSON? {
        guard let old = member[key]?.string, let new = renamed[Key(kind: kind, name: old)] else { return nil }
        var member = member
        member[key] = .string(new)
        return member
    }
}
