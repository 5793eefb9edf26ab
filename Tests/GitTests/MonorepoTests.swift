import Git
import Kube
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

    // MARK: - Read through other sources

    private static let monorepo = ObjectRef(
        cluster: ClusterID("a"),
        group: FluxKind.sourceGroup,
        kind: "GitRepository",
        namespace: "flux-system",
        name: "monorepo"
    )

    /// Who reads the repository through another source, and by hand what each is made of.
    private static let readers: [(name: String, path: String, part: SourcePart)] = [
        // Another repository includes the apps below vendor/apps.
        (
            "included prod", "./vendor/apps/prod",
            SourcePart(source: monorepo, from: "apps", to: "vendor/apps")
        ),
        (
            "included base", "vendor/apps/base/",
            SourcePart(source: monorepo, from: "./apps/", to: "./vendor/apps/")
        ),
        ("vendor as a whole", "./vendor", SourcePart(source: monorepo, from: "apps", to: "vendor/apps")),
        ("beside it", "./clusters/other", SourcePart(source: monorepo, from: "apps", to: "vendor/apps")),
        (
            "all of it, at its name", "monorepo/infra/prod",
            SourcePart(source: monorepo, from: "", to: "monorepo")
        ),
        // A generator cuts artifacts out of it.
        ("cut out", "./", SourcePart(source: monorepo, copying: "infra/raw/**", to: "")),
        (
            "cut out without b", "./",
            SourcePart(source: monorepo, copying: "infra/raw/**", to: "", excludes: ["b/**"])
        ),
        ("all yaml of apps", "prod", SourcePart(source: monorepo, copying: "apps/**/*.yaml", to: "")),
        ("one file", "env", SourcePart(source: monorepo, copying: "shared/flags.json", to: "env/")),
        (
            "one file renamed", "env/x.json",
            SourcePart(source: monorepo, copying: "shared/flags.json", to: "env/x.json")
        ),
        (
            "without readmes", "./",
            SourcePart(source: monorepo, copying: "**", to: "all/", excludes: ["*.md"])
        ),
    ]

    @Test(
        arguments: [
            ("README.md", []),
            (
                "apps/base/cart.yaml",
                [
                    "included prod", "included base", "vendor as a whole", "all of it, at its name",
                    "all yaml of apps",
                    "without readmes",
                ]
            ),
            ("apps/base/unused.yaml", ["vendor as a whole", "without readmes"]),
            (
                "apps/base/checkout/defaults.env",
                ["included prod", "included base", "vendor as a whole", "without readmes"]
            ),
            ("shared/flags.json", ["one file", "one file renamed", "without readmes"]),
            ("components/tracing/sidecar.yaml", ["without readmes"]),
            ("infra/prod/values.yaml", ["all of it, at its name", "without readmes"]),
            ("infra/raw/a/one.yaml", ["cut out", "cut out without b", "without readmes"]),
            ("infra/raw/b/kustomization.yaml", ["cut out", "without readmes"]),
            ("infra/raw/new.yaml", ["cut out", "cut out without b", "without readmes"]),
            ("tenants/base/rbac.yaml", ["without readmes"]),
        ] as [(String, Set<String>)]
    )
    func `one changed file changes just these readers of other sources`(file: String, expected: Set<String>) {
        var survey = KustomizeSurvey(MonorepoTests.tree.reader)
        let touched = MonorepoTests.readers.filter { reader in
            guard reader.part.takes(file) else {
                return false
            }
            return switch reader.part.origin(ofPath: reader.path) {
            case .path(let path): survey.reach(of: path).contains(file)
            case .below: true
            case .elsewhere: false
            }
        }
        #expect(Set(touched.map(\.name)) == expected)
    }

    @Test(
        arguments: [
            ("apps/**", "apps/x", true), ("apps/**", "apps", false), ("apps/**", "apps/a/b/c", true),
            ("apps/*", "apps/a/b", false), ("apps/*/x.yaml", "apps/a/x.yaml", true),
            ("**/*.yaml", "x.yaml", true), ("**/*.yaml", "a/b/x.yaml", true), ("**/*.yaml", "a/x.yml", false),
            ("a/**/z", "a/z", true), ("a/**/z", "a/b/c/z", true), ("a/**/z", "a/b/c/y", false),
            ("a/?.env", "a/b.env", true), ("a/{app}/x", "a/checkout/x", true),
            ("a/{app}/x", "a/b/c/x", false),
        ]
    )
    func `a copy takes what its pattern fits`(pattern: String, file: String, isTaken: Bool) {
        let part = SourcePart(source: MonorepoTests.monorepo, copying: pattern, to: "")
        #expect(part.takes(file) == isTaken)
    }

    @Test func `a placeholder of a generated name is filled from the name`() {
        let part = SourcePart(source: MonorepoTests.monorepo, copying: "apps/{app}/**", to: "{app}/")
        let artifact = GeneratedArtifact(name: "apps-{app}-v1", parts: [part])
        #expect(artifact.parts(of: "apps-checkout-v1")?.map(\.from) == ["apps/checkout/**"])
        #expect(artifact.parts(of: "apps-checkout-v1")?.map(\.to) == ["checkout"])
        #expect(artifact.parts(of: "apps--v1") == nil && artifact.parts(of: "checkout") == nil)
        #expect(GeneratedArtifact(name: "one", parts: [part]).parts(of: "two") == nil)
    }

    @Test func `what lies outside is named`() {
        #expect(MonorepoTests.tree.reach("./infra/prod").remotes == ["https://example.org/remote?ref=v1"])
    }

    @Test func `a pattern of many stars is done at once`() {
        let stars = SourcePart(
            source: MonorepoTests.monorepo,
            copying: String(repeating: "a*", count: 40) + "b",
            to: ""
        )
        #expect(!stars.takes(String(repeating: "a", count: 200)))
        #expect(stars.takes(String(repeating: "a", count: 200) + "b"))
        let deep = SourcePart(
            source: MonorepoTests.monorepo,
            copying: String(repeating: "**/a/", count: 20) + "b",
            to: ""
        )
        #expect(!deep.takes(Array(repeating: "a", count: 200).joined(separator: "/")))
    }
}
