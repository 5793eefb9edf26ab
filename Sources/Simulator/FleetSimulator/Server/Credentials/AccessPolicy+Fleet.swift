/// The rights that every simulated cluster starts with.
extension AccessPolicy {
    /// The group of the users who may read everything but Secrets.
    static let viewersGroup = "viewers"

    /// The group of the users who live in one namespace.
    static let tenantsGroup = "tenants"

    /// The group of users who may see all namespaces and read in `default` and `kube-system`.
    static let teamsGroup = "teams"

    /// The group of the users who may list and watch everything, and nothing more.
    static let watchersGroup = "watchers"

    private static let fluxGroups = [
        "source.toolkit.fluxcd.io", "kustomize.toolkit.fluxcd.io", "helm.toolkit.fluxcd.io",
        "notification.toolkit.fluxcd.io", "image.toolkit.fluxcd.io", "source.extensions.fluxcd.io",
        "fluxcd.controlplane.io",
    ]

    private static let read = ["get", "list", "watch"]

    /// Viewers read everything but Secrets; tenants read their namespace and patch the Flux objects in it.
    static func fleet(tenantNamespace: String, tenantsMayPatch: Bool = true) -> AccessPolicy {
        var tenantRules = readingRules
        if tenantsMayPatch {
            tenantRules.insert(AccessRule(verbs: ["patch"], groups: fluxGroups, resources: ["*"]), at: 0)
        }
        return AccessPolicy(
            bindings: [
                AccessBinding(
                    name: "flux-viewers",
                    role: "flux-viewer",
                    groups: [viewersGroup],
                    rules: readingRules
                ),
                AccessBinding(
                    name: "watchers",
                    role: "watcher",
                    groups: [watchersGroup],
                    rules: [AccessRule(verbs: ["list", "watch"], groups: ["*"], resources: ["*"])]
                ),
                basicUser,
                discovery,
                AccessBinding(
                    name: "tenants",
                    role: "flux-viewer",
                    groups: [tenantsGroup],
                    namespace: tenantNamespace,
                    rules: tenantRules
                ),
                publicInformation,
                issuerDiscovery,
            ] + teams
        )
    }

    /// Nobody of the fleet's own users is in it, or a watcher: both are met by acting as somebody.
    private static let teams =
        [
            AccessBinding(
                name: "teams",
                role: "namespace-viewer",
                groups: [teamsGroup],
                rules: [AccessRule(verbs: read, groups: [""], resources: ["namespaces"])]
            )
        ]
        + ["default", "kube-system"].map { namespace in
            AccessBinding(
                name: "teams",
                role: "flux-viewer",
                groups: [teamsGroup],
                namespace: namespace,
                rules: readingRules
            )
        }

    /// Rights cannot exclude, so "everything but Secrets" names all the rest.
    private static let readingRules = [
        AccessRule(verbs: read, groups: fluxGroups, resources: ["*"]),
        AccessRule(
            verbs: read,
            groups: [""],
            resources: [
                "namespaces", "events", "configmaps", "services", "serviceaccounts", "pods", "pods/log",
                "nodes",
                "endpoints", "persistentvolumeclaims", "persistentvolumes", "replicationcontrollers",
                "resourcequotas", "limitranges", "podtemplates",
            ]
        ),
        AccessRule(verbs: read, groups: ["events.k8s.io"], resources: ["events"]),
        AccessRule(
            verbs: read,
            groups: [
                "apps", "batch", "networking.k8s.io", "autoscaling", "policy", "admissionregistration.k8s.io",
                "storage.k8s.io",
                "discovery.k8s.io",
                "coordination.k8s.io", "rbac.authorization.k8s.io", "scheduling.k8s.io",
            ],
            resources: ["*"]
        ),
        AccessRule(verbs: read, groups: ["apiextensions.k8s.io"], resources: ["customresourcedefinitions"]),
    ]

    private static let basicUser = AccessBinding(
        name: "system:basic-user",
        role: "system:basic-user",
        groups: [UserIdentity.authenticatedGroup],
        rules: [
            AccessRule(
                verbs: ["create"],
                groups: ["authorization.k8s.io"],
                resources: ["selfsubjectaccessreviews", "selfsubjectrulesreviews"]
            ),
            AccessRule(
                verbs: ["create"],
                groups: ["authentication.k8s.io"],
                resources: ["selfsubjectreviews"]
            ),
        ]
    )

    private static let discovery = AccessBinding(
        name: "system:discovery",
        role: "system:discovery",
        groups: [UserIdentity.authenticatedGroup],
        rules: [],
        paths: [
            PathRule(
                verbs: ["get"],
                paths: [
                    "/api", "/api/*", "/apis", "/apis/*", "/healthz", "/livez", "/openapi", "/openapi/*",
                    "/readyz",
                    "/version", "/version/",
                ]
            )
        ]
    )

    private static let publicInformation = AccessBinding(
        name: "system:public-info-viewer",
        role: "system:public-info-viewer",
        groups: [UserIdentity.authenticatedGroup] + UserIdentity.anonymous.groups,
        rules: [],
        paths: [PathRule(verbs: ["get"], paths: ["/healthz", "/livez", "/readyz", "/version", "/version/"])]
    )

    private static let issuerDiscovery = AccessBinding(
        name: "system:service-account-issuer-discovery",
        role: "system:service-account-issuer-discovery",
        groups: [UserIdentity.authenticatedGroup],
        rules: [],
        paths: [PathRule(verbs: ["get"], paths: ["/.well-known", "/.well-known/*"])]
    )
}
