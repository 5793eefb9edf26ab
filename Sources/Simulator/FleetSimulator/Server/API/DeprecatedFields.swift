/// Finds fields of pods that a server of today still takes, with a warning.
enum DeprecatedFields {
    private static let nodeLabels: KeyValuePairs = [
        "beta.kubernetes.io/arch": ("v1.14", "kubernetes.io/arch"),
        "beta.kubernetes.io/os": ("v1.14", "kubernetes.io/os"),
        "failure-domain.beta.kubernetes.io/region": ("v1.17", "topology.kubernetes.io/region"),
        "failure-domain.beta.kubernetes.io/zone": ("v1.17", "topology.kubernetes.io/zone"),
        "beta.kubernetes.io/instance-type": ("v1.17", "node.kubernetes.io/instance-type"),
    ]

    private static let seccompAnnotation = "seccomp.security.alpha.kubernetes.io/pod"

    /// The warnings about an object, in the words of a real server.
    static func remarks(_ object: JSON, type: ResourceType) -> [String] {
        let path: [String]
        switch (type.group, type.kind) {
        case ("", "Pod"): path = []
        case ("apps", _), ("batch", "Job"): path = ["spec", "template"]
        case ("batch", "CronJob"): path = ["spec", "jobTemplate", "spec", "template"]
        default: return []
        }
        guard let template = object.value(at: path) else { return [] }
        let place = path.map { $0 + "." }.joined()
        let selector = template[path: "spec", "nodeSelector"]?.object ?? [:]
        var remarks = nodeLabels.filter { selector[$0.key] != nil }.map { label, successor in
            "\(place)spec.nodeSelector[\(label)]: deprecated since \(successor.0); use \"\(successor.1)\" instead"
        }
        if template[path: "metadata", "annotations"]?[seccompAnnotation] != nil {
            remarks.append(
                "\(place)metadata.annotations[\(seccompAnnotation)]: non-functional in v1.27+; "
                    + "use the \"seccompProfile\" field instead"
            )
        }
        return remarks
    }
}
