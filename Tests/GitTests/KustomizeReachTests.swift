import Git
import Testing

struct KustomizeReachTests {
    /// A tree, an applier's path, and by hand: what the build reads.
    struct Case: CustomTestStringConvertible {
        let name: String
        let files: [String: String]
        let path: String
        let places: Set<String>
        var remotes: Set<String> = []
        var problems = 0

        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(
            name: "no kustomization: the whole directory",
            files: ["apps/a.yaml": "", "apps/sub/b.yaml": "", "other/c.yaml": ""],
            path: "./apps",
            places: ["apps"]
        ),
        Case(
            name: "only what a kustomization names",
            files: [
                "apps/kustomization.yaml": "resources: [a.yaml]", "apps/a.yaml": "", "apps/README.md": "",
            ],
            path: "./apps/",
            places: ["apps/kustomization.yaml", "apps/a.yaml"]
        ),
        Case(
            name: "bases elsewhere, patches beside",
            files: [
                "clusters/prod/kustomization.yaml": """
                resources:
                  - ../../base
                patches:
                  - path: replicas.yaml
                  - patch: |-
                      - op: remove
                        path: /spec/x
                    target: {kind: Deployment}
                """,
                "clusters/prod/replicas.yaml": "",
                "base/kustomization.yml": "resources:\n- deployment.yaml\n- config\n",
                "base/deployment.yaml": "",
                "base/unused.yaml": "",
                "base/config/x.yaml": "",
            ],
            path: "clusters/prod",
            places: [
                "clusters/prod/kustomization.yaml", "clusters/prod/replicas.yaml", "base/kustomization.yml",
                "base/deployment.yaml", "base/config",
            ]
        ),
        Case(
            name: "components, generators, strategic merges, crds",
            files: [
                "app/Kustomization": """
                components: [../components/tls]
                configMapGenerator:
                  - name: a
                    files: [settings.json, renamed.txt=conf/original.txt]
                    envs: [a.env]
                  - name: b
                    env: old.env
                    literals: [x=settings.json]
                secretGenerator:
                  - name: s
                    files: ["key=../secrets/key.pem"]
                patchesStrategicMerge:
                  - merge.yaml
                  - |-
                    kind: Deployment
                patchesJson6902: [{path: json.yaml, target: {kind: Service}}]
                crds: [crd.json]
                configurations: [names.yaml]
                replacements: [{path: replace.yaml}]
                """,
                "app/settings.json": "", "app/conf/original.txt": "", "app/a.env": "", "app/old.env": "",
                "app/merge.yaml": "", "app/json.yaml": "", "app/crd.json": "", "app/names.yaml": "",
                "app/replace.yaml": "", "secrets/key.pem": "",
                "components/tls/kustomization.yaml": "kind: Component\npatches: [{path: tls.yaml}]",
                "components/tls/tls.yaml": "",
            ],
            path: "app",
            places: [
                "app/Kustomization", "app/settings.json", "app/conf/original.txt", "app/a.env", "app/old.env",
                "secrets/key.pem", "app/merge.yaml", "app/json.yaml", "app/crd.json", "app/names.yaml",
                "app/replace.yaml", "components/tls/kustomization.yaml", "components/tls/tls.yaml",
            ]
        ),
        Case(
            name: "transformers and generators by file, by directory, in place",
            files: [
                "app/kustomization.yaml": """
                transformers: [labels.yaml, ../shared]
                generators:
                  - |-
                    kind: ConfigMapGenerator
                validators: [check]
                """,
                "app/labels.yaml": "", "app/check/v.yaml": "",
                "shared/kustomization.yaml": "resources: [prefix.yaml]", "shared/prefix.yaml": "",
            ],
            path: "app",
            places: [
                "app/kustomization.yaml", "app/labels.yaml", "app/check", "shared/kustomization.yaml",
                "shared/prefix.yaml",
            ]
        ),
        Case(
            name: "helm charts: values and a local chart, not one from a repository",
            files: [
                "app/kustomization.yaml": """
                helmCharts:
                  - {name: local, valuesFile: values.yaml, additionalValuesFiles: [more.yaml]}
                  - {name: far, repo: "https://charts.example", valuesFile: far.yaml}
                helmGlobals: {chartHome: ../charts}
                """,
                "app/values.yaml": "", "app/more.yaml": "", "app/far.yaml": "", "charts/local/Chart.yaml": "",
                "charts/far/Chart.yaml": "",
            ],
            path: "app",
            places: [
                "app/kustomization.yaml", "app/values.yaml", "app/more.yaml", "app/far.yaml", "charts/local",
            ]
        ),
        Case(
            name: "remote bases are reported, local ones that look alike are read",
            files: [
                "app/kustomization.yaml": """
                resources:
                  - https://github.com/a/b//deploy?ref=v1
                  - github.com/a/c
                  - git@host:a/d
                  - ./github.com
                """,
                "app/github.com/x.yaml": "",
            ],
            path: "app",
            places: ["app/kustomization.yaml", "app/github.com"],
            remotes: ["https://github.com/a/b//deploy?ref=v1", "github.com/a/c", "git@host:a/d"]
        ),
        Case(
            name: "what is missing counts once it comes",
            files: ["app/kustomization.yaml": "resources: [gone.yaml, ../nowhere]"],
            path: "app",
            places: ["app/kustomization.yaml", "app/gone.yaml", "nowhere"],
            problems: 2
        ),
        Case(
            name: "nothing above the repository",
            files: ["app/kustomization.yaml": "resources: [../../etc/passwd, /etc/shadow]"],
            path: "app",
            places: ["app/kustomization.yaml"],
            problems: 2
        ),
        Case(
            name: "a circle ends",
            files: [
                "a/kustomization.yaml": "resources: [../b]",
                "b/kustomization.yaml": "resources: [../a, x.yaml]",
                "b/x.yaml": "",
            ],
            path: "a",
            places: ["a/kustomization.yaml", "b/kustomization.yaml", "b/x.yaml"]
        ),
        Case(
            name: "an unreadable kustomization takes its whole directory",
            files: ["app/kustomization.yaml": "resources: [a.yaml", "app/a.yaml": ""],
            path: "app",
            places: ["app", "app/kustomization.yaml"],
            problems: 1
        ),
        Case(
            name: "kustomizations below a plain directory may lead out of it",
            files: [
                "clusters/prod/apps.yaml": "",
                "clusters/prod/flux/kustomization.yaml": "resources: [../../../base]",
                "base/b.yaml": "",
            ],
            path: "clusters/prod",
            places: ["clusters/prod", "clusters/prod/flux/kustomization.yaml", "base"]
        ),
        Case(
            name: "links count, and so does what they lead to",
            files: [
                "app/kustomization.yaml": "resources: [link.yaml, shared/x.yaml]",
                "app/link.yaml": "-> ../real.yaml",
                "real.yaml": "", "app/shared": "-> ../common", "common/x.yaml": "",
            ],
            path: "app",
            places: ["app/kustomization.yaml", "app/link.yaml", "real.yaml", "app/shared", "common/x.yaml"]
        ),
        Case(
            name: "links in a circle end",
            files: ["app/kustomization.yaml": "resources: [a]", "app/a": "-> b", "app/b": "-> a"],
            path: "app",
            places: ["app/kustomization.yaml", "app/a", "app/b"],
            problems: 1
        ),
        Case(
            name: "an unknown field counts where it names a file",
            files: [
                "app/kustomization.yaml": "futureField: {deep: [{file: new.yaml}, not-a-file]}",
                "app/new.yaml": "",
            ],
            path: "app",
            places: ["app/kustomization.yaml", "app/new.yaml"]
        ),
        Case(
            name: "names of namespaces and images are no paths",
            files: [
                "kustomization.yaml": "namespace: apps\nimages: [{name: apps}]\nlabels: [{pairs: {a: apps}}]",
                "apps/a.yaml": "",
            ],
            path: "./",
            places: ["kustomization.yaml"]
        ),
        Case(
            name: "the whole repository",
            files: ["a.yaml": "", "b/c.yaml": ""],
            path: "",
            places: [""]
        ),
        Case(
            name: "a path that does not exist yet",
            files: ["a.yaml": ""],
            path: "./later",
            places: ["later"],
            problems: 1
        ),
        Case(
            name: "an empty kustomization",
            files: ["app/kustomization.yaml": "\n", "app/a.yaml": ""],
            path: "app",
            places: ["app/kustomization.yaml"]
        ),
    ]

    @Test(arguments: cases)
    func `the reach is what the build reads`(_ expected: Case) {
        let reach = TestTree(expected.files).reach(expected.path)
        #expect(reach.places == expected.places)
        #expect(reach.remotes == expected.remotes)
        #expect(reach.problems.count == expected.problems, "\(reach.problems)")
    }

    @Test(arguments: [
        ("apps/a.yaml", true), ("apps", true), ("apps/x/y/z", true), ("app", false), ("apps2/a.yaml", false),
        ("base/one.yaml", true), ("base/one.yaml.bak", false), ("base/two.yaml", false), ("", false),
    ])
    func `a file is in reach by itself or by a directory above it`(_ file: String, _ isInside: Bool) {
        let reach = KustomizeReach(path: "apps", places: ["apps", "base/one.yaml"])
        #expect(reach.contains(file) == isInside)
    }

    @Test func `the whole repository reaches everything`() {
        #expect(KustomizeReach(path: "", places: [""]).isTouched(by: ["any/file"]))
    }

    @Test func `a very long chain of bases is cut and said`() {
        var files: [String: String] = [:]
        for index in 0..<100 {
            files["d\(index)/kustomization.yaml"] = "resources: [../d\(index + 1)]"
        }
        let reach = TestTree(files).reach("d0")
        #expect(reach.contains("d31/kustomization.yaml"))
        #expect(reach.problems.count == 1)
    }

    struct Hostile: CustomTestStringConvertible {
        let name: String
        let text: String

        var testDescription: String { name }
    }

    @Test(arguments: [
        Hostile(name: "brackets", text: String(repeating: "[", count: 100_000)),
        Hostile(
            name: "indentation",
            text: "resources:\n" + String(repeating: " ", count: 5_000) + "- a.yaml"
        ),
        Hostile(name: "lists in lists", text: String(repeating: "- ", count: 50_000)),
        Hostile(name: "mappings in mappings", text: String(repeating: "{a: ", count: 10_000)),
        Hostile(
            name: "aliases of aliases",
            text: """
                a: &a [x,x]
                b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]
                c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]
                d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]
                e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]
                f: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e,*e]
                g: &g [*f,*f,*f,*f,*f,*f,*f,*f,*f,*f]
                h: &h [*g,*g,*g,*g,*g,*g,*g,*g,*g,*g]
                extra: [*h,*h,*h,*h,*h,*h,*h,*h,*h,*h]
                """
        ),
        Hostile(name: "controls", text: "\u{0}\u{1}\u{2}"),
        Hostile(name: "a version from the future", text: "%YAML 9.9\n---\n"),
        Hostile(name: "a complex key", text: "? [a]\n: b"),
        Hostile(name: "a list", text: "- just\n- a list"),
        Hostile(name: "a tag", text: "!!binary nonsense"),
    ])
    func `hostile kustomizations are survived`(_ hostile: Hostile) {
        let reach = TestTree(["app/kustomization.yaml": hostile.text]).reach("app")
        #expect(reach.contains("app/kustomization.yaml"))
    }

    @Test func `problems are harmless to a terminal`() {
        let reach = TestTree(["app/kustomization.yaml": "resources: [\"\\e[31mred\\n.yaml\"]"]).reach("app")
        #expect(reach.problems.allSatisfy { !$0.contains("\u{1B}") && !$0.contains("\n") })
    }
}
