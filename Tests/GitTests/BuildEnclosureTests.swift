import Git
import Kube
import Testing

/// What a kustomization may refer to, before any program builds it.
struct BuildEnclosureTests {
    private func enclosure(_ files: [String: String]) -> BuildEnclosure {
        BuildEnclosure(files.mapValues { Array($0.utf8) })
    }

    @Test(arguments: [
        "configMapGenerator: [{name: x, files: [/etc/hostname]}]",
        "configMapGenerator: [{name: x, files: [key=/etc/hostname]}]",
        "configMapGenerator: [{name: x, files: [../../../../etc/hostname]}]",
        "configMapGenerator: [{name: x, files: ['a=../../x']}]",
        "configMapGenerator: [{name: x, envs: [../../x.env]}]",
        "configMapGenerator: [{name: x, env: /x.env}]",
        "secretGenerator: [{name: x, files: [/home/op/.ssh/id_ed25519]}]",
        "secretGenerator: [{name: x, envs: [a.env, /x.env]}]",
        "patches: [{path: /x.yaml}]",
        "patches: [{path: ../../x.yaml}]",
        "patches: [/x.yaml]",
        "patchesStrategicMerge: [../../x.yaml]",
        "patchesStrategicMerge: [\"a\\n/../../../../../etc/hostname\"]",
        "patchesJson6902: [{path: /x.yaml, target: {kind: A}}]",
        "openapi: {path: /x.json}",
        "crds: [/x.json]",
        "configurations: [../../x.yaml]",
        "resources: [/x.yaml]",
        "resources: [../../clone/apps]",
        "resources: ['a?ref=/../../../home/op']",
        "resources: ['file:///home/op/clone//apps']",
        "resources: ['FILE:///home/op/clone']",
        "resources: ['git::file:///home/op/clone']",
        "resources: ['git::/home/op/clone.git']",
        "resources: ['git::../../../home/op/clone.git']",
        "bases: [../..]\nx: [../../..]",
        "components: [../../x]",
        "replacements: [{path: /x.yaml}]",
        "generators: [../../x.yaml]",
        "transformers: [/x.yaml]",
        "validators: [/x.yaml]",
        "helmCharts: [{name: a, valuesFile: /x.yaml}]",
        "helmCharts: [{name: a, additionalValuesFiles: [../../x.yaml]}]",
        "helmGlobals: {chartHome: /x}",
        "helmChartInflationGenerator: [{chartName: a, values: /x}]",
        // Programs take the names of members whatever their case, and some letters that are none of ASCII.
        "CONFIGMAPGENERATOR: [{name: x, FILES: [/etc/hostname]}]",
        "\u{17F}ecretGenerator: [{name: x, file\u{17F}: ['k=/etc/hostname']}]",
        "ofTomorrow: {deep: [{er: /x}]}",
        // Base64 that a program reads as text, whatever the tag is called here.
        "configMapGenerator: [{name: x, files: [!!binary L2V0Yy9ob3N0bmFtZQ==]}]",
        "%TAG !h! tag:yaml.org,2002:\n---\nresources: [!h!binary L2V0Yy9ob3N0bmFtZQ==]",
        "resources: [!<tag:yaml.org,2002:binary> L2V0Yy9ob3N0bmFtZQ==]",
        // By way of an alias or a merge.
        "commonLabels: {a: &x /etc/hostname}\nconfigMapGenerator: [{name: x, files: [*x]}]",
        "commonLabels: &x {path: /x.yaml}\npatches: [{<<: *x}]",
        // Plugins that are set up in place.
        "generators: ['{apiVersion: builtin, kind: ConfigMapGenerator, metadata: {name: a}, files: [/etc/hostname]}']",
        "transformers:\n- |-\n  apiVersion: builtin\n  kind: PatchTransformer\n  metadata: {name: a}\n  path: /x\n",
        // A second document.
        "resources: []\n---\nresources: [/x]",
    ])
    func `what leads out of the tree is not built`(text: String) throws {
        let looked = enclosure(["apps/kustomization.yaml": text])
        let breach = try #require(looked.breach)
        #expect(breach.hasPrefix("apps/kustomization.yaml "), "\(breach)")
    }

    /// Aliases that mean more than could be compared in a life.
    private static let swell =
        "l20: &l20 [x]\n"
        + (0..<20).reversed().map { "l\($0): &l\($0) [*l\($0 + 1), *l\($0 + 1), *l\($0 + 1), *l\($0 + 1)]\n" }
        .joined()

    @Test func `a kustomization below, or in any other spelling of the name, counts as well`() {
        for name in ["kustomization.yaml", "kustomization.yml", "Kustomization"] {
            let looked = enclosure([
                "apps/kustomization.yaml": "resources: [../base]",
                "base/deep/er/\(name)": "crds: [../../../../x]",
            ])
            #expect(looked.breach?.hasPrefix("base/deep/er/\(name) refers to ../../../../x") == true)
        }
        let plugin =
            "apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: {name: a}\nfiles: [k=/etc/hostname]"
        #expect(enclosure(["apps/gen.yaml": plugin]).breach != nil)
    }

    @Test(arguments: [
        "[a", "just words", "a: [", "- a", "\u{FEFF}\u{0}x", String(repeating: "[", count: 100_000),
        "a: " + String(repeating: "{b: ", count: 5_000),
        """
        a: &a [x,x,x,x,x,x,x,x,x,x]
        b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]
        c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]
        d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]
        e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]
        f: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e,*e]
        g: [*f,*f,*f,*f,*f,*f,*f,*f,*f,*f]
        """,
        BuildEnclosureTests.swell + "? *l0\n: x", BuildEnclosureTests.swell + "*l0 : x",
        BuildEnclosureTests.swell + "{[*l0, *l0]: x}", BuildEnclosureTests.swell + "[*l0]: x",
    ])
    func `what cannot be read to its end is not built`(text: String) {
        #expect(enclosure(["kustomization.yaml": text]).breach != nil)
    }

    @Test func `what stays in the repository is built, and closed`() {
        let looked = enclosure([
            "apps/prod/kustomization.yaml": """
            resources: [../base, ./own.yaml]
            components: [../../components/tracing]
            commonAnnotations: {path: /metrics, glob: ../../../..}
            images: [{name: a, newName: registry/b}]
            patches:
            - path: ../../shared/replicas.yaml
            - target: {kind: Deployment, annotationSelector: a=/b}
              patch: |-
                [{op: add, path: /spec/template, value: /x}]
            - {patch: '/', target: {kind: A}}
            patchesStrategicMerge:
            - |-
              kind: Deployment
              spec: {args: [--root=/data]}
            configMapGenerator:
            - name: flags
              files: [flags.json=../../shared/flags.json]
              literals: [ROOT=/data, "UP=../../../../.."]
              options: {annotations: {a: /b}}
            replacements:
            - source: {kind: A, fieldPath: spec.x, options: {delimiter: /}}
              targets: [{fieldPaths: [spec.y], options: {delimiter: /}}]
            """,
            "apps/prod/own.yaml": "a: ../../../../x",
            "apps/base/kustomization.yaml": "# nothing yet",
            "apps/base/x.yaml": "args: [/etc/hostname]",
            "components/tracing/kustomization.yaml": "",
            "shared/flags.json": "{}", "shared/replicas.yaml": "",
        ])
        #expect(looked.breach == nil && looked.isClosed)
    }

    @Test(arguments: [
        "resources: ['https://github.com/org/repo//base?ref=v1']", "resources: [github.com/org/repo]",
        // Though directories of these names are there.
        "resources: [github.com/org/there]", "resources: [GitHub.com/org/there]", "bases: [host/repo.git]",
        "resources: [missing]", "Resources: [base]", "generators: [base]", "transformers: [base/x.yaml]",
        "helmCharts: [{name: a, repo: 'https://charts.example.org'}]", "ofTomorrow: 1",
    ])
    func `what is fetched or decided while it is built is not closed`(text: String) {
        let looked = enclosure([
            "kustomization.yaml": text, "base/x.yaml": "", "github.com/org/there/kustomization.yaml": "",
            "GitHub.com/org/there/kustomization.yaml": "", "host/repo.git/kustomization.yaml": "",
        ])
        #expect(looked.breach == nil && !looked.isClosed)
    }
}
