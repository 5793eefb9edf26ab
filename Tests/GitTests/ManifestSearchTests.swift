import Git
import Kube
import Testing

/// Which file and line set a field last.
struct ManifestSearchTests {
    private static let entry = InventoryEntry(
        namespace: "shop",
        name: "prod-api",
        group: "apps",
        kind: "Deployment",
        version: "v1"
    )
    private static let image = "spec.template.spec.containers[api].image"

    private static let files = [
        "base/kustomization.yaml": "resources:\n- api.yaml\n",
        "base/api.yaml": """
        apiVersion: v1
        kind: Service
        metadata:
          name: api
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: api
          labels:
            app.kubernetes.io/name: api
        spec:
          replicas: 1
          template:
            spec:
              containers:
              - name: side
                image: side:1
              - name: api
                image: registry/api:1
                ports:
                - containerPort: 8080
        """,
    ]

    private static func find(_ more: [String: String], _ fields: [String], transforms: [String] = [])
        -> ManifestOrigins
    {
        ManifestSearch.origins(
            of: ManifestQuestion.Target(entry: entry, fields: fields),
            path: "prod",
            transforms: transforms,
            in: TestTree(files.merging(more) { $1 }).reader
        )
    }

    private static let plain = [
        "prod/kustomization.yaml": "namePrefix: prod-\nnamespace: shop\nresources: [../base]\n"
    ]

    @Test(arguments: [
        (image, "base/api.yaml:20"), ("spec.replicas", "base/api.yaml:13"),
        ("metadata.labels[app.kubernetes.io/name]", "base/api.yaml:11"),
        ("spec.template.spec.containers[api].ports[containerPort=8080,protocol=TCP]", "base/api.yaml:22"),
    ])
    func `a field of a base is found with its line, prefixes and namespaces notwithstanding`(
        field: String,
        place: String
    ) {
        let found = ManifestSearchTests.find(ManifestSearchTests.plain, [field])
        #expect(found.fields[field]?.words == place)
        #expect(found.object?.words == "base/api.yaml:6" && found.doubts.isEmpty)
    }

    @Test func `a field that Git does not set says below which line it would stand`() {
        let field = "spec.template.spec.containers[api].imagePullPolicy"
        let found = ManifestSearchTests.find(ManifestSearchTests.plain, [field])
        #expect(found.fields[field] == nil && found.parents[field]?.words == "base/api.yaml:19")
    }

    @Test(arguments: [
        ("patches:\n- path: more.yaml\n", "prod/more.yaml:5"),
        ("patchesStrategicMerge: [more.yaml]\n", "prod/more.yaml:5"),
        (
            "patches:\n- target: {kind: Deployment, name: ap.*}\n  patch: |-\n"
                + "    - op: replace\n      path: /spec/replicas\n      value: 5\n",
            "prod/kustomization.yaml:8"
        ),
        ("replicas:\n- name: api\n  count: 4\n", "prod/kustomization.yaml:5"),
        ("patches:\n- target: {kind: Service}\n  patch: |-\n    spec: {replicas: 1}\n", "base/api.yaml:13"),
    ])
    func `what an overlay sets wins over its base`(overlay: String, place: String) {
        let found = ManifestSearchTests.find(
            [
                "prod/kustomization.yaml": "namePrefix: prod-\nresources: [../base]\n" + overlay,
                "prod/more.yaml":
                    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api}\nspec:\n  replicas: 3\n",
            ],
            ["spec.replicas"]
        )
        #expect(found.fields["spec.replicas"]?.words == place)
    }

    @Test func `an image transformer sets the tag`() {
        let found = ManifestSearchTests.find(
            [
                "prod/kustomization.yaml":
                    "namePrefix: prod-\nresources: [../base]\nimages:\n- name: registry/api\n  newTag: \"2\"\n"
            ],
            [ManifestSearchTests.image]
        )
        #expect(found.fields[ManifestSearchTests.image]?.words == "prod/kustomization.yaml:5")
        #expect(found.fields[ManifestSearchTests.image]?.text == "newTag: \"2\"")
    }

    @Test func `what is not followed is said`() {
        let found = ManifestSearchTests.find(
            [
                "prod/kustomization.yaml":
                    "namePrefix: prod-\nresources: [../base, https://example.org/x?ref=1]\nreplacements: [{path: r.yaml}]\n"
            ],
            ["spec.replicas"],
            transforms: ["patches", "targetNamespace"]
        )
        #expect(found.doubts.count == 3)
        #expect(found.doubts.contains { $0.contains("spec.patches") && !$0.contains("targetNamespace") })
    }

    @Test func `values of Secrets stay where they are`() {
        let entry = InventoryEntry(
            namespace: "shop",
            name: "token-9f2c1ab2ff",
            group: "",
            kind: "Secret",
            version: "v1"
        )
        let found = ManifestSearch.origins(
            of: ManifestQuestion.Target(entry: entry, fields: ["data.key"]),
            path: "prod",
            transforms: [],
            in: TestTree([
                "prod/kustomization.yaml": "secretGenerator:\n- name: token\n  literals:\n  - key=hunter2\n"
            ]).reader
        )
        #expect(found.fields["data.key"] == ManifestPlace(file: "prod/kustomization.yaml", line: 4, text: ""))
    }

    @Test func `data of a Secret is found where its plain text stands`() {
        let entry = InventoryEntry(namespace: "shop", name: "db", group: "", kind: "Secret", version: "v1")
        let found = ManifestSearch.origins(
            of: ManifestQuestion.Target(entry: entry, fields: ["data.key", "data.new", "data.old"]),
            path: "prod",
            transforms: [],
            in: TestTree([
                "prod/db.yaml":
                    "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ndata:\n  old: eA==\n"
                    + "stringData:\n  key: hunter2\n",
                "prod/kustomization.yaml":
                    "resources: [db.yaml]\npatches:\n- target: {kind: Secret}\n  patch: |-\n"
                    + "    - op: replace\n      path: /stringData/old\n      value: x\n",
            ]).reader
        )
        #expect(found.fields["data.key"]?.words == "prod/db.yaml:8")
        #expect(found.fields["data.old"]?.words == "prod/kustomization.yaml:7")
        #expect(found.parents["data.new"]?.words == "prod/db.yaml:5")
    }
}
