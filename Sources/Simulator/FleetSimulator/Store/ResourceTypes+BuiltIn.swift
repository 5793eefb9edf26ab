extension ResourceTypes {
    static let builtIn: [ResourceType] = [
        core("Namespace", short: ["ns"], namespaced: false),
        core("Node", short: ["no"], namespaced: false),
        core("Pod", short: ["po"], categories: ["all"]),
        core("Service", short: ["svc"], categories: ["all"]),
        core("ConfigMap", short: ["cm"], status: false),
        core("Secret", status: false),
        core("ServiceAccount", short: ["sa"], status: false),
        core("Event", short: ["ev"], status: false),
        core("PersistentVolumeClaim", short: ["pvc"]),
        apps("Deployment", short: ["deploy"], scale: true),
        apps("StatefulSet", short: ["sts"], scale: true),
        apps("DaemonSet", short: ["ds"]),
        apps("ReplicaSet", short: ["rs"], scale: true),
        kind("batch", "v1", "Job", categories: ["all"]),
        kind("batch", "v1", "CronJob", short: ["cj"], categories: ["all"]),
        kind("networking.k8s.io", "v1", "Ingress", plural: "ingresses", short: ["ing"]),
        kind(
            "networking.k8s.io",
            "v1",
            "NetworkPolicy",
            plural: "networkpolicies",
            short: ["netpol"],
            status: false
        ),
        kind("rbac.authorization.k8s.io", "v1", "Role", status: false),
        kind("rbac.authorization.k8s.io", "v1", "RoleBinding", status: false),
        kind("rbac.authorization.k8s.io", "v1", "ClusterRole", namespaced: false, status: false),
        kind("rbac.authorization.k8s.io", "v1", "ClusterRoleBinding", namespaced: false, status: false),
        kind(
            "apiextensions.k8s.io",
            "v1",
            "CustomResourceDefinition",
            short: ["crd", "crds"],
            categories: ["api-extensions"],
            namespaced: false
        ),
        kind(
            "admissionregistration.k8s.io",
            "v1",
            "MutatingWebhookConfiguration",
            categories: ["api-extensions"],
            namespaced: false,
            status: false
        ),
        kind(
            "admissionregistration.k8s.io",
            "v1",
            "ValidatingWebhookConfiguration",
            categories: ["api-extensions"],
            namespaced: false,
            status: false
        ),
        kind("autoscaling", "v2", "HorizontalPodAutoscaler", short: ["hpa"], categories: ["all"]),
        kind("policy", "v1", "PodDisruptionBudget", short: ["pdb"]),
    ]

    private static func core(
        _ name: String,
        short: [String] = [],
        categories: [String] = [],
        namespaced: Bool = true,
        status: Bool = true
    ) -> ResourceType {
        kind("", "v1", name, short: short, categories: categories, namespaced: namespaced, status: status)
    }

    private static func apps(_ name: String, short: [String], scale: Bool = false) -> ResourceType {
        kind("apps", "v1", name, short: short, categories: ["all"], scale: scale)
    }

    private static func kind(
        _ group: String,
        _ version: String,
        _ name: String,
        plural: String? = nil,
        short: [String] = [],
        categories: [String] = [],
        namespaced: Bool = true,
        status: Bool = true,
        scale: Bool = false
    ) -> ResourceType {
        ResourceType(
            group: group,
            version: version,
            kind: name,
            plural: plural,
            shortNames: short,
            categories: categories,
            namespaced: namespaced,
            hasStatus: status,
            hasScale: scale,
            builtIn: true
        )
    }
}
