import Git
import Kube
import Testing

/// What Git wants, from built manifests and an applier's own spec.
struct DesiredStateTests {
    private static let applier = ObjectRef(
        cluster: ClusterID("a"),
        group: FluxKind.kustomizeGroup,
        kind: "Kustomization",
        namespace: "apps",
        name: "shop"
    )

    private static func recipe(_ spec: String, _ sources: [ApplierRecipe.VariableSource] = []) throws
        -> ApplierRecipe
    {
        ApplierRecipe(spec: try ObjectValue(json: Array(spec.utf8)), sources: sources)
    }

    private static func desired(_ yaml: String, _ recipe: ApplierRecipe) throws -> DesiredState {
        try RenderedManifests(text: yaml, renderer: "test").desired(by: applier, recipe).get()
    }

    @Test(arguments: [
        ("${name}", "api"), ("x-${name}-y", "x-api-y"), ("${none}", ""), ("${none:-b}", "b"),
        ("${none:=b}", "b"),
        ("${empty:-b}", "b"), ("${empty=b}", "b"), ("${name=b}", "api"), ("${none:?b}", "b"),
        ("${name:+b}", "api"), ("$${name}", "${name}"), ("$name", "$name"), ("${later}", "second"),
        ("${lines}", "onetwo"), ("${block:-b}", "b"),
        ("${dos}", "one\rtwo\r"),
    ])
    func `a variable is replaced as Flux does`(text: String, expected: String) throws {
        let recipe = try DesiredStateTests.recipe(
            #"{"postBuild":{"substitute":{"name":"api","empty":""}}}"#,
            [
                .init(kind: "ConfigMap", name: "a", values: ["name": "beaten", "later": "first"]),
                .init(
                    kind: "ConfigMap",
                    name: "b",
                    values: [
                        "later": "second", "lines": "one\ntwo\n", "block": "\n", "dos": "one\r\ntwo\r\n",
                    ]
                ),
            ]
        )
        #expect(try VariableSubstitution(recipe).expand(text) == expected)
    }

    @Test func `plain text of a Secret is applied as data`() throws {
        let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {key: b2xk, other: eA==}\n"
        let plain = "stringData: {key: hunter2, empty: \"\"}\n"
        let recipe = try DesiredStateTests.recipe("{}")
        let state = try DesiredStateTests.desired(secret + plain, recipe)
        let body = try #require(state.objects.first?.body)
        #expect(body["stringData"] == nil)
        #expect(
            body["data"]?.members?.mapValues(\.text) == ["key": "aHVudGVyMg==", "other": "eA==", "empty": ""]
        )
        // Of other kinds it is a field like any, and what the server refuses is left to it.
        let other = try DesiredStateTests.desired(
            secret.replacing("Secret", with: "ConfigMap") + plain + "---\n" + secret
                + "stringData: {key: 1}\n",
            recipe
        )
        #expect(other.objects.allSatisfy { $0.body["stringData"] != nil } && other.objects.count == 2)
    }

    @Test func `documents are parted whatever ends their lines`() throws {
        let yaml = ["one", "two"].map { "apiVersion: v1\r\nkind: ConfigMap\r\nmetadata: {name: \($0)}\r\n" }
        let text = yaml.joined(separator: "---\r\n")
        // What cannot be told of the second says nothing of the first.
        let recipe = try DesiredStateTests.recipe(#"{"postBuild":{"substitute":{"v":"x"}}}"#)
        let masked = text + "data: {a: \"${v^^}\"}\r\n"
        let state = try DesiredStateTests.desired(masked, recipe)
        #expect(state.objects.map(\.entry.name) == ["one"] && state.riddles.map(\.entry.name) == ["two"])
    }

    @Test(arguments: [
        "{}", #"{"postBuild":{"substitute":{}}}"#,
        #"{"postBuild":{"substituteFrom":[{"kind":"ConfigMap","name":"a","optional":true}]}}"#,
    ])
    func `where no variable is set at all, nothing is replaced`(spec: String) throws {
        let absent = ApplierRecipe.VariableSource(kind: "ConfigMap", name: "a", values: [:])
        let sources = spec.contains("substituteFrom") ? [absent] : []
        let none = try VariableSubstitution(DesiredStateTests.recipe(spec, sources))
        #expect(try none.expand("${x:-y} $${z}") == "${x:-y} $${z}")
    }

    @Test func `with the strategy Always defaults are filled in without any variable`() throws {
        let recipe = try DesiredStateTests.recipe(#"{"postBuild":{"substituteStrategy":"Always"}}"#)
        #expect(try VariableSubstitution(recipe).expand("${x:-y}") == "y")
    }

    @Test(arguments: ["${token}", "${name^^}", "${name:0:2}", "${name/a/b}", "${none:-${name}}", "${name-b}"])
    func `what cannot be known is told, not guessed`(text: String) throws {
        let recipe = try DesiredStateTests.recipe(
            #"{"postBuild":{"substitute":{"name":"api"}}}"#,
            [.init(kind: "Secret", name: "s", values: nil, problem: "weir reads no Secrets")]
        )
        #expect(throws: VariableSubstitution.Unknown.self) { try VariableSubstitution(recipe).expand(text) }
    }

    @Test func `a Secret that comes before a ConfigMap leaves what the ConfigMap says certain`() throws {
        let recipe = try DesiredStateTests.recipe(
            #"{"postBuild":{"substituteFrom":[]  ,"substitute":{"x":"y"}}}"#,
            [
                .init(kind: "Secret", name: "s", values: nil, problem: "weir reads no Secrets"),
                .init(kind: "ConfigMap", name: "c", values: ["a": "b"]),
            ]
        )
        #expect(try VariableSubstitution(recipe).expand("${a}${x}") == "by")
    }

    @Test func `objects carry the applier's labels and common metadata, and numbers stay numbers`() throws {
        let recipe = try DesiredStateTests.recipe(
            #"{"commonMetadata":{"annotations":{"team":"night"}},"postBuild":{"substitute":{"n":"3"}}}"#
        )
        let state = try DesiredStateTests.desired(
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: api, namespace: apps}
            spec: {replicas: ${n}}
            ---
            # nothing but a remark
            ---
            apiVersion: v1
            kind: List
            items:
            - {apiVersion: v1, kind: ConfigMap, metadata: {name: one, namespace: apps}, data: {on: "yes"}}
            """,
            recipe
        )
        #expect(state.objects.map(\.entry.name) == ["api", "one"] && state.riddles.isEmpty)
        let api = state.objects[0].body
        #expect(api["spec"]?["replicas"] == .whole(3))
        #expect(api["metadata"]?["labels"]?["kustomize.toolkit.fluxcd.io/name"] == .string("shop"))
        #expect(api["metadata"]?["annotations"]?["team"] == .string("night"))
        #expect(state.objects[1].body["data"]?["on"] == .string("yes"))
        #expect(state.objects[0].entry.group == "apps" && state.objects[0].entry.version == "v1")
    }

    @Test func `a release's manifest gets what Helm adds, and names no namespace where the chart names none`()
        throws
    {
        let manifest = """
            ---
            # Source: cart/templates/service.yaml
            apiVersion: v1
            kind: Service
            metadata: {name: cart, labels: {app: cart}}
            spec: {type: ClusterIP}
            ---
            # Source: cart/templates/empty.yaml
            ---
            # Source: cart/templates/role.yaml
            {apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: cart, namespace: shop}}
            """
        let release = StoredRelease(name: "cart", namespace: "shop", version: 3, manifest: manifest)
        let state = try RenderedManifests.desired(by: release).get()
        #expect(state.manner == .helm(namespace: "shop") && state.riddles.isEmpty)
        #expect(state.objects.map(\.entry.kind) == ["Service", "Role"])
        #expect(state.objects.map(\.entry.namespace) == ["", "shop"])
        let metadata = state.objects[0].body["metadata"]
        #expect(metadata?["labels"]?.texts == ["app": "cart", "app.kubernetes.io/managed-by": "Helm"])
        #expect(metadata?["annotations"]?["meta.helm.sh/release-namespace"] == .string("shop"))
        let broken = StoredRelease(name: "cart", namespace: "shop", version: 3, manifest: "a: [")
        guard case .failure = RenderedManifests.desired(by: broken) else {
            Issue.record("what is no YAML was read")
            return
        }
    }

    @Test func `encrypted objects and unknown variables are riddles, and opting out is honoured`() throws {
        let recipe = try DesiredStateTests.recipe(
            #"{"postBuild":{"substituteFrom":[{"kind":"Secret","name":"s"}]}}"#,
            [.init(kind: "Secret", name: "s", values: nil, problem: "weir reads no Secrets")]
        )
        let state = try DesiredStateTests.desired(
            """
            {apiVersion: v1, kind: Secret, metadata: {name: s, namespace: a}, data: {k: x}, sops: {mac: x}}
            ---
            {apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: a}, data: {k: "${token}"}}
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: d
              namespace: a
              annotations: {kustomize.toolkit.fluxcd.io/substitute: disabled}
            data: {k: "${token}"}
            """,
            recipe
        )
        #expect(state.objects.map(\.entry.name) == ["d"])
        #expect(state.riddles.map(\.entry.name) == ["s", "c"])
        #expect(state.riddles[1].why.contains("Secret s"))
    }

    @Test func `what a Kustomization adds goes into the kustomization file as Flux writes it`() throws {
        let spec = try ObjectValue(
            json: Array(
                #"""
                {"targetNamespace":"shop","namePrefix":"","patches":[{"patch":"x"}],
                 "images":[{"name":"api","newTag":"2"}]}
                """#.utf8
            )
        )
        let file = """
            resources: [api.yaml]
            patches:
            - path: own.yaml
            images:
            - {name: api, newTag: "1"}
            - {name: web, newTag: "1"}
            """
        let made = try #require(FluxOverlay(spec).file(from: Array(file.utf8), resources: []))
        let root = try ObjectValue(json: made)
        #expect(root["namespace"] == .string("shop") && root["namePrefix"] == nil)
        #expect(root["patches"]?.elements?.count == 2)
        #expect(root["images"]?.elements?.compactMap { $0["newTag"]?.text } == ["1", "2"])
        #expect(FluxOverlay(.object([:])).isEmpty && !FluxOverlay(spec).isEmpty)
        let none = try #require(FluxOverlay(spec).file(from: nil, resources: ["./a.yaml"]))
        #expect(try ObjectValue(json: none)["resources"]?.elements == [.string("./a.yaml")])
    }

    @Test
    func `missing components are left out where the Kustomization says so, and metadata options are set`()
        throws
    {
        func overlay(_ spec: String) throws -> FluxOverlay {
            FluxOverlay(try ObjectValue(json: Array(spec.utf8))) { $0 == "../there" }
        }
        let components = #""components":["../there","../gone"]"#
        let strict = try overlay("{\(components)}")
        let lenient = try overlay("{\(components),\"ignoreMissingComponents\":true}")
        #expect(strict.components == ["../there", "../gone"] && lenient.components == ["../there"])
        let file = Array("components: [own]\nbuildMetadata: [managedByLabel]".utf8)
        let made = try ObjectValue(json: #require(lenient.file(from: file, resources: [])))
        #expect(made["components"]?.elements == [.string("own"), .string("../there")])
        #expect(made["buildMetadata"]?.elements == [.string("managedByLabel")])
        let none = try overlay(#"{"components":["../gone"],"ignoreMissingComponents":true}"#)
        #expect(none.isEmpty)

        let marked = try overlay(#"{"buildMetadata":["originAnnotations"]}"#)
        #expect(!marked.isEmpty)
        let root = try ObjectValue(json: #require(marked.file(from: file, resources: [])))
        #expect(root["buildMetadata"]?.elements == [.string("originAnnotations")])
    }

    @Test func `what the spec has that weir does not know is told`() throws {
        let known =
            #"{"interval":"1m","path":"./","ignore":[{"paths":["/a"]}],"buildMetadata":["originAnnotations"]}"#
        #expect(FluxOverlay(try ObjectValue(json: Array(known.utf8))).remark == nil)
        let newer = #"{"interval":"1m","ofTomorrow":{"a":"b"},"empty":[]}"#
        let remark = FluxOverlay(try ObjectValue(json: Array(newer.utf8))).remark
        #expect(remark?.contains("spec.ofTomorrow") == true && remark?.contains("empty") == false)
    }

    @Test func `without a tool manifests are taken as they stand, and what needs one says so`() throws {
        let tree = TestTree([
            "apps/api.yaml": "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}",
            "apps/sub/web.yml": "{apiVersion: v1, kind: ConfigMap, metadata: {name: b}}",
            "apps/own/kustomization.yaml": "resources: [c.yaml]",
            "apps/own/c.yaml": "{apiVersion: v1, kind: ConfigMap, metadata: {name: c}}",
            "apps/own/unused.yaml": "{apiVersion: v1, kind: ConfigMap, metadata: {name: d}}",
            "apps/readme.md": "no manifest",
            "patched/kustomization.yaml": "resources: [../apps]\nnamePrefix: x-",
        ])
        let built = try PlainBuild(tree.reader).build("apps").get()
        let recipe = ApplierRecipe(spec: .object([:]))
        let state = try built.desired(by: DesiredStateTests.applier, recipe).get()
        #expect(Set(state.objects.map(\.entry.name)) == ["a", "b", "c"])
        guard case .failure(let failure) = PlainBuild(tree.reader).build("patched") else {
            Issue.record("a prefix was left out")
            return
        }
        #expect(failure.message.contains("namePrefix"))
    }

    @Test func `directories that lead back to themselves and texts that swell end in a sentence`() {
        let tree = TestTree([
            "loop/kustomization.yaml": "resources: [., ., .]",
            "swell/kustomization.yaml": """
            a: &a [x,x,x,x,x,x,x,x,x,x]
            b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]
            c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]
            d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]
            e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]
            f: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e,*e]
            g: [*f,*f,*f,*f,*f,*f,*f,*f,*f,*f]
            """,
        ])
        for (path, words) in [("loop", "too much"), ("swell", "cannot be read")] {
            guard case .failure(let failure) = PlainBuild(tree.reader).build(path) else {
                Issue.record("\(path) was built")
                continue
            }
            #expect(failure.message.contains(words), "\(failure.message)")
        }
        let target = ManifestQuestion.Target(entry: DesiredStateTests.secret, fields: ["data.a"])
        let origins = ManifestSearch.origins(of: target, path: "loop", transforms: [], in: tree.reader)
        #expect(origins.doubts == ["the build is too large to be followed to its end"])
    }

    @Test func `no line of a Secret's manifest is shown`() {
        let tree = TestTree([
            "app/secret.yaml": "{apiVersion: v1, kind: Secret, metadata: {name: s}, data: {a: c2VjcmV0}}"
        ])
        let target = ManifestQuestion.Target(entry: DesiredStateTests.secret, fields: ["data.a", "data.b"])
        let origins = ManifestSearch.origins(of: target, path: "app", transforms: [], in: tree.reader)
        #expect(origins.object != nil && origins.parents["data.b"] != nil && origins.fields["data.a"] != nil)
        #expect(!"\(origins)".contains("c2VjcmV0"))
    }

    private static let secret = InventoryEntry(
        namespace: "",
        name: "s",
        group: "",
        kind: "Secret",
        version: "v1"
    )
}
