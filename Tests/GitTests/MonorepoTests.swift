import Git
import Testing

/// A repository of several clusters with bases, components and generators; who reads which file is written by hand.
struct MonorepoTests {
    private static let appliers = [
        "./clusters/prod-eu", "./clusters/staging", "./apps/prod", "./apps/staging", "./infra/prod",
        "./infra/raw",
        "./tenants/blue",
    ]

    private static let tree = TestTree([
        "README.md": "",
        "clusters/prod-eu/apps.yaml": "kind: Kustomization",
        "clusters/prod-eu/infra.yaml": "kind: Kustomization",
        "clusters/staging/apps.yaml": "kind: Kustomization",
        "apps/base/kustomization.yaml": "resources: [checkout, cart.yaml]",
        "apps/base/cart.yaml": "",
        "apps/base/unused.yaml": "",
        "apps/base/checkout/kustomization.yml": """
        resources: [deployment.yaml]
        configMapGenerator:
        - name: flags
          files: [flags.json=../../../shared/flags.json]
          envs: [defaults.env]
        """,
        "apps/base/checkout/deployment.yaml": "",
        "apps/base/checkout/defaults.env": "",
        "shared/flags.json": "",
        "shared/patches/replicas.yaml": "",
        "components/tracing/kustomization.yaml": """
        apiVersion: kustomize.config.k8s.io/v1alpha1
        kind: Component
        patches: [{path: sidecar.yaml}]
        """,
        "components/tracing/sidecar.yaml": "",
        "apps/prod/kustomization.yaml": """
        resources: [../base]
        components: [../../components/tracing]
        patches: [{path: ../../shared/patches/replicas.yaml}]
        """,
        "apps/staging/Kustomization": "bases: [../base]\nsecretGenerator: [{name: s, envs: [secret.env]}]",
        "apps/staging/secret.env": "",
        "infra/prod/kustomization.yaml": """
        resources: [../../apps/base/cart.yaml, "https://example.org/remote?ref=v1"]
        helmCharts: [{name: local-chart, valuesFile: values.yaml}]
        """,
        "infra/prod/values.yaml": "",
        "infra/prod/charts/local-chart/templates/x.yaml": "",
        "infra/raw/a/one.yaml": "",
        "infra/raw/b/kustomization.yaml": "resources: [../../../tenants/base]",
        "infra/raw/b/stray.yaml": "",
        "tenants/base/kustomization.yaml": "resources: [rbac.yaml]",
        "tenants/base/rbac.yaml": "",
        "tenants/blue/kustomization.yaml": "resources: [link]",
        "tenants/blue/link": "-> ../base",
    ])

    /// Each file, and by hand who changes with it.
    @Test(
        arguments: [
            ("README.md", []),
            ("clusters/prod-eu/apps.yaml", ["./clusters/prod-eu"]),
            ("clusters/staging/new.yaml", ["./clusters/staging"]),
            ("apps/base/cart.yaml", ["./apps/prod", "./apps/staging", "./infra/prod"]),
            ("apps/base/unused.yaml", []),
            ("apps/base/checkout/deployment.yaml", ["./apps/prod", "./apps/staging"]),
            ("apps/base/checkout/defaults.env", ["./apps/prod", "./apps/staging"]),
            ("shared/flags.json", ["./apps/prod", "./apps/staging"]),
            ("shared/patches/replicas.yaml", ["./apps/prod"]),
            ("components/tracing/sidecar.yaml", ["./apps/prod"]),
            ("components/tracing/kustomization.yaml", ["./apps/prod"]),
            ("apps/staging/secret.env", ["./apps/staging"]),
            ("infra/prod/values.yaml", ["./infra/prod"]),
            ("infra/prod/charts/local-chart/templates/x.yaml", ["./infra/prod"]),
            ("infra/raw/a/one.yaml", ["./infra/raw"]),
            ("tenants/base/rbac.yaml", ["./infra/raw", "./tenants/blue"]),
            ("tenants/blue/link", ["./tenants/blue"]),
        ] as [(String, Set<String>)]
    )
    func `one changed file changes just these appliers`(file: String, expected: Set<String>) {
        var survey = KustomizeSurvey(MonorepoTests.tree.reader)
        let touched = MonorepoTests.appliers.filter { survey.reach(of: $0).contains(file) }
        #expect(Set(touched) == expected)
    }

    @Test func `what lies outside is named`() {
        #expect(MonorepoTests.tree.reach("./infra/prod").remotes == ["https://example.org/remote?ref=v1"])
    }
}
