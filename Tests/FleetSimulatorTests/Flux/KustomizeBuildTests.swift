import Testing

@testable import FleetSimulator

struct KustomizeBuildTests {
    private static let deployment = """
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: api
        spec:
          replicas: 1
          selector:
            matchLabels: {app: api}
          template:
            metadata:
              labels: {app: api}
            spec:
              containers:
                - name: api
                  image: ghcr.io/acme/api:1.0.0
                  envFrom:
                    - configMapRef: {name: settings}
        """
    private static let service = """
        apiVersion: v1
        kind: Service
        metadata:
          name: api
        spec:
          selector: {app: api}
          ports: [{port: 80}]
        """

    private func build(
        _ files: [String: String],
        _ folder: String = "app",
        overlay: Overlay = Overlay()
    ) throws -> [JSON] {
        try KustomizeBuild(tree: MemoryTree(files: files), files: ManifestFiles()).build(
            folder: folder,
            overlay: overlay
        )
    }

    private func only(_ objects: [JSON], _ kind: String) throws -> JSON {
        try #require(objects.first { $0.kind == kind })
    }

    private func container(_ object: JSON) -> JSON? {
        object[path: "spec", "template", "spec", "containers"]?[0]
    }

    @Test func `a folder without a kustomization file gives every manifest below it`() throws {
        let objects = try build([
            "app/api.yaml": Self.deployment, "app/net/service.yml": Self.service,
            "app/README.md": "no manifest",
            "other/service.yaml": Self.service,
        ])
        #expect(objects.map(\.kind).sorted() == ["Deployment", "Service"])
    }

    @Test func `a folder inside it with a kustomization file is built as one`() throws {
        let objects = try build([
            "app/api.yaml": Self.deployment,
            "app/net/kustomization.yaml": "resources: [service.yaml]\nnamePrefix: x-",
            "app/net/service.yaml": Self.service, "app/net/ignored.yaml": Self.deployment,
        ])
        #expect(objects.map(\.name).sorted() == ["api", "x-api"])
    }

    @Test func `an overlay builds on a base beside it`() throws {
        let objects = try build(
            [
                "app/base/kustomization.yaml": "resources: [api.yaml, service.yaml]\nnamespace: base",
                "app/base/api.yaml": Self.deployment, "app/base/service.yaml": Self.service,
                "app/prod/kustomization.yaml": """
                resources: [../base]
                namespace: prod
                namePrefix: eu-
                nameSuffix: "-1"
                replicas: [{name: api, count: 4}]
                images: [{name: ghcr.io/acme/api, newTag: 2.0.0}]
                """,
            ],
            "app/prod"
        )
        let deployment = try only(objects, "Deployment")
        #expect(deployment.name == "eu-api-1")
        #expect(deployment.namespace == "prod")
        #expect(deployment[path: "spec", "replicas"] == 4)
        #expect(container(deployment)?["image"] == "ghcr.io/acme/api:2.0.0")
        #expect(try only(objects, "Service").namespace == "prod")
    }

    @Test(arguments: [
        ("newTag: \"2\"", "ghcr.io/acme/api:2"), ("newName: quay.io/x/y", "quay.io/x/y:1.0.0"),
        ("newName: quay.io:5000/x, newTag: v1", "quay.io:5000/x:v1"),
        ("digest: sha256:aa", "ghcr.io/acme/api@sha256:aa"),
    ])
    func `images change by name`(change: String, expected: String) throws {
        let objects = try build([
            "app/kustomization.yaml": "resources: [api.yaml]\nimages: [{name: ghcr.io/acme/api, \(change)}]",
            "app/api.yaml": Self.deployment,
        ])
        #expect(container(try only(objects, "Deployment"))?["image"]?.string == expected)
    }

    @Test func `common labels reach selectors and templates`() throws {
        let objects = try build([
            "app/kustomization.yaml": "resources: [api.yaml, service.yaml]\ncommonLabels: {team: shop}",
            "app/api.yaml": Self.deployment, "app/service.yaml": Self.service,
        ])
        let deployment = try only(objects, "Deployment")
        #expect(deployment.label("team") == "shop")
        #expect(deployment.strings("spec", "selector", "matchLabels") == ["app": "api", "team": "shop"])
        #expect(
            deployment.strings("spec", "template", "metadata", "labels") == ["app": "api", "team": "shop"]
        )
        #expect(try only(objects, "Service").strings("spec", "selector") == ["app": "api", "team": "shop"])
    }

    @Test func `labels without selectors stay on the object`() throws {
        let objects = try build([
            "app/kustomization.yaml": "resources: [api.yaml]\nlabels: [{pairs: {team: shop}}]",
            "app/api.yaml": Self.deployment,
        ])
        let deployment = try only(objects, "Deployment")
        #expect(deployment.label("team") == "shop")
        #expect(deployment.strings("spec", "selector", "matchLabels") == ["app": "api"])
        #expect(deployment.strings("spec", "template", "metadata", "labels") == ["app": "api"])
    }

    @Test func `a generated ConfigMap gets the hash of its content and is followed`() throws {
        let files = [
            "app/kustomization.yaml": """
            resources: [api.yaml]
            namespace: shop
            configMapGenerator:
              - name: settings
                literals: [LEVEL=info]
                files: [app.conf, motd=notes.txt]
            """,
            "app/api.yaml": Self.deployment, "app/app.conf": "a = 1\n", "app/notes.txt": "hello",
        ]
        let objects = try build(files)
        let map = try only(objects, "ConfigMap")
        #expect(map.strings("data") == ["LEVEL": "info", "app.conf": "a = 1\n", "motd": "hello"])
        #expect(map.name.hasPrefix("settings-") && map.name.count == "settings-".count + 10)
        let deployment = try only(objects, "Deployment")
        #expect(container(deployment)?["envFrom"]?[0]?[path: "configMapRef", "name"]?.string == map.name)

        var changed = files
        changed["app/notes.txt"] = "goodbye"
        #expect(try only(try build(changed), "ConfigMap").name != map.name)
    }

    @Test func `the hash is the one that kustomize computes`() {
        // From the tests of kustomize: an empty ConfigMap, and one with a key.
        let empty: JSON = ["kind": "ConfigMap", "metadata": ["name": ""], "data": [:]]
        #expect(KustomizeBuild.contentHash(of: empty) == "6ct58987ht")
        let one: JSON = ["kind": "ConfigMap", "metadata": ["name": ""], "data": ["one": ""]]
        #expect(KustomizeBuild.contentHash(of: one) == "9g67k2htb6")
    }

    @Test func `the hash can be switched off and a Secret is encoded`() throws {
        let objects = try build([
            "app/kustomization.yaml": """
            secretGenerator:
              - name: token
                literals: [password=hunter2]
            generatorOptions:
              disableNameSuffixHash: true
              labels: {generated: "yes"}
            """
        ])
        let secret = try only(objects, "Secret")
        #expect(secret.name == "token")
        #expect(secret.label("generated") == "yes")
        #expect(secret.strings("data") == ["password": "aHVudGVyMg=="])
    }

    @Test func `a generator merges into what the base generated`() throws {
        let objects = try build(
            [
                "app/base/kustomization.yaml": "configMapGenerator: [{name: settings, literals: [A=1, B=1]}]",
                "app/prod/kustomization.yaml": """
                resources: [../base]
                configMapGenerator: [{name: settings, behavior: merge, literals: [B=2]}]
                """,
            ],
            "app/prod"
        )
        #expect(try only(objects, "ConfigMap").strings("data") == ["A": "1", "B": "2"])
    }

    @Test func `a component patches what its parent has`() throws {
        let objects = try build([
            "app/kustomization.yaml": "resources: [api.yaml]\ncomponents: [../parts/debug]",
            "app/api.yaml": Self.deployment,
            "parts/debug/kustomization.yaml": """
            apiVersion: kustomize.config.k8s.io/v1alpha1
            kind: Component
            resources: [map.yaml]
            patches:
              - target: {kind: Deployment}
                patch: |
                  - {op: replace, path: /spec/replicas, value: 7}
            """,
            "parts/debug/map.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: debug}",
        ])
        #expect(try only(objects, "Deployment")[path: "spec", "replicas"] == 7)
        #expect(try only(objects, "ConfigMap").name == "debug")
    }

    @Test func `a strategic merge patch merges containers by name`() throws {
        let objects = try build([
            "app/kustomization.yaml": """
            resources: [api.yaml]
            patches:
              - path: patch.yaml
            """,
            "app/api.yaml": Self.deployment,
            "app/patch.yaml": """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: api}
            spec:
              replicas: null
              template:
                spec:
                  containers:
                    - name: api
                      env: [{name: DEBUG, value: "1"}]
                    - name: sidecar
                      image: busybox:1
            """,
        ])
        let deployment = try only(objects, "Deployment")
        #expect(deployment[path: "spec", "replicas"] == nil)
        let containers = deployment[path: "spec", "template", "spec", "containers"]?.array ?? []
        let api = try #require(containers.first { $0["name"] == "api" })
        #expect(api["image"] == "ghcr.io/acme/api:1.0.0")
        #expect(api["env"]?[0]?["name"] == "DEBUG")
        #expect(containers.contains { $0["name"] == "sidecar" })
    }

    @Test func `a patch deletes an object`() throws {
        let objects = try build([
            "app/kustomization.yaml": """
            resources: [api.yaml, service.yaml]
            patches:
              - patch: |
                  apiVersion: v1
                  kind: Service
                  metadata: {name: api}
                  $patch: delete
            """,
            "app/api.yaml": Self.deployment, "app/service.yaml": Self.service,
        ])
        #expect(objects.map(\.kind) == ["Deployment"])
    }

    @Test func `targets select by pattern and label`() throws {
        let map = { (name: String, tier: String) in
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: \(name), labels: {tier: \(tier)}}"
        }
        let objects = try build([
            "app/kustomization.yaml": """
            resources: [a.yaml, b.yaml, c.yaml]
            patches:
              - target: {kind: ConfigMap, name: "web-.*", labelSelector: "tier=front"}
                patch: |
                  - {op: add, path: /data, value: {patched: "yes"}}
            """,
            "app/a.yaml": map("web-a", "front"), "app/b.yaml": map("web-b", "back"),
            "app/c.yaml": map("api", "front"),
        ])
        #expect(objects.filter { $0["data"] != nil }.map(\.name) == ["web-a"])
    }

    @Test func `prefixes reach references between objects`() throws {
        let objects = try build([
            "app/kustomization.yaml": "resources: [all.yaml]\nnamePrefix: eu-\nnamespace: shop",
            "app/all.yaml": """
            apiVersion: v1
            kind: ServiceAccount
            metadata: {name: runner}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: bind}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: read}
            subjects: [{kind: ServiceAccount, name: runner}]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: read}
            ---
            apiVersion: v1
            kind: Namespace
            metadata: {name: shop}
            """,
        ])
        let binding = try only(objects, "RoleBinding")
        #expect(binding[path: "roleRef", "name"] == "eu-read")
        #expect(binding["subjects"]?[0]?["name"] == "eu-runner")
        #expect(binding["subjects"]?[0]?["namespace"] == "shop")
        #expect(try only(objects, "Namespace").name == "shop")
        #expect(try only(objects, "Namespace").namespace == nil)
    }

    @Test func `the spec of a Kustomization has the last word`() throws {
        var overlay = Overlay()
        overlay.targetNamespace = "tenant"
        overlay.namePrefix = "t-"
        overlay.images = [["name": "ghcr.io/acme/api", "newTag": "3.0.0"]]
        overlay.patches = [
            ["target": ["kind": "Deployment"], "patch": "- {op: replace, path: /spec/replicas, value: 9}"]
        ]
        let objects = try build(
            [
                "app/kustomization.yaml": """
                resources: [api.yaml]
                namespace: other
                images: [{name: ghcr.io/acme/api, newTag: 2.0.0}]
                """,
                "app/api.yaml": Self.deployment,
            ],
            overlay: overlay
        )
        let deployment = try only(objects, "Deployment")
        #expect(deployment.namespace == "tenant")
        #expect(deployment.name == "t-api")
        #expect(container(deployment)?["image"] == "ghcr.io/acme/api:3.0.0")
        #expect(deployment[path: "spec", "replicas"] == 9)
    }

    @Test(arguments: [
        (
            ["app/kustomization.yaml": "resources: [missing.yaml]"],
            "no such file or directory': must build at directory"
        ),
        (
            ["app/kustomization.yaml": "resources: [../sub]", "sub/a.txt": ""],
            "unable to find one of 'kustomization.yaml'"
        ),
        (["app/kustomization.yaml": "resources: [a.yaml]", "app/a.yaml": "a: [1"], "MalformedYAMLError"),
        (
            ["app/kustomization.yaml": "resources: [a.yaml]", "app/a.yaml": "a: 1"],
            "missing Resource metadata"
        ),
        (["app/kustomization.yaml": "resources: [../app]"], "cycle detected"),
        (["app/kustomization.yaml": "resources: [https://example.com/a]"], "remote bases cannot be reached"),
        (["app/kustomization.yaml": "resources: ["], "invalid Kustomization"),
        (
            [
                "app/kustomization.yaml": "resources: [a.yaml, b.yaml]",
                "app/a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}",
                "app/b.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: b}",
            ],
            "may not add resource with an already registered id"
        ),
        (
            [
                "app/kustomization.yaml": """
                patches:
                  - patch: |
                      {apiVersion: v1, kind: ConfigMap, metadata: {name: nobody}}
                """
            ],
            "no resource matches strategic merge patch"
        ),
    ])
    func `what cannot be built is said in the words of kustomize`(files: [String: String], words: String) {
        #expect {
            try build(files)
        } throws: { error in
            (error as? BuildProblem)?.message.contains(words) == true
        }
    }
}
