import Chrono
import Git
import HashTreeCollections
import Kube
import Testing

struct PreflightTests {
    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    private func plan(_ changes: ManifestChanges, paths: Set<String> = ["./app"]) -> RevertPlan {
        let commit = Commit(
            id: String(repeating: "a", count: 40),
            parents: [],
            author: "a",
            email: "a@b",
            committed: Timestamp(seconds: 0),
            subject: "s"
        )
        return RevertPlan(
            request: RevertRequest(
                repository: RepositoryID(url: "https://h/r"),
                branch: "main",
                commit: commit.id
            ),
            target: commit,
            tip: commit.id,
            tree: nil,
            message: "",
            author: "",
            email: "",
            diff: CommitDiff(files: []),
            conflicts: [],
            changedPaths: paths,
            imagePolicies: [],
            objects: changes
        )
    }

    private func object(_ kind: String, _ name: String, namespace: String? = nil) -> String {
        "apiVersion: v1\nkind: \(kind)\nmetadata:\n  name: \(name)\n"
            + (namespace.map { "  namespace: \($0)\n" } ?? "")
    }

    @Test func `removed, added, changed and moved objects are told apart`() {
        let changes = ManifestChanges.between([
            (
                "a.yaml",
                bytes(
                    object("ConfigMap", "gone") + "---\n" + object("ConfigMap", "stays") + "data: {x: '1'}\n"
                ),
                bytes(object("ConfigMap", "stays") + "data: {x: '2'}\n")
            ),
            ("old.yaml", bytes(object("Secret", "moved")), nil),
            ("new.yaml", nil, bytes(object("Secret", "moved"))),
            ("same.yaml", bytes(object("Secret", "same")), bytes("# a comment\n" + object("Secret", "same"))),
            (
                "list.yaml", nil,
                bytes(
                    "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod, metadata: {name: p}}\n"
                )
            ),
            ("broken.yaml", bytes("{{ not: yaml"), bytes(": :")),
        ])
        #expect(changes.removed.map(\.words) == ["ConfigMap gone"])
        #expect(changes.added.map(\.words) == ["Pod p"])
        #expect(changes.changed.map(\.words) == ["ConfigMap stays", "Secret moved"])
    }

    @Test func `an applier that prunes deletes what it holds and Git loses`() {
        let changes = ManifestChanges.between([
            ("a.yaml", bytes(object("ConfigMap", "flags") + "---\n" + object("Namespace", "shop")), nil),
            ("b.yaml", bytes(object("ConfigMap", "other", namespace: "elsewhere")), nil),
        ])
        var facts = ApplierFacts(prunes: true)
        let ids = [
            "_shop__Namespace", "shop_flags__ConfigMap", "shop_flags-5hg7k2m4t9__ConfigMap",
            "shop_flags-more__ConfigMap", "shop_other__ConfigMap", "shop_flags__Secret",
        ]
        facts.inventory = Inventory(ids.map { (id: $0, version: "v1") })
        let pruned = Preflight.pruned(by: plan(changes), from: facts, path: "./app")
        #expect(
            pruned.map { "\($0.kind) \($0.name)" } == [
                "Namespace shop", "ConfigMap flags", "ConfigMap flags-5hg7k2m4t9",
            ]
        )
        #expect(Preflight.pruned(by: plan(changes), from: facts, path: "./untouched").isEmpty)
        facts.prunes = false
        #expect(Preflight.pruned(by: plan(changes), from: facts, path: "./app").isEmpty)
        #expect(changes.remarks.contains { $0.hasPrefix("Namespace shop goes from Git") })
    }

    @Test func `what forbids pruning or reconciling is said, and is not among what is pruned`() {
        func marked(_ name: String, _ mark: String) -> String {
            object("ConfigMap", name) + "  annotations:\n    kustomize.toolkit.fluxcd.io/\(mark)\n"
        }
        let changes = ManifestChanges.between([
            ("kept.yaml", bytes(marked("kept", "prune: disabled")), nil),
            ("off.yaml", nil, bytes(marked("off", "reconcile: disabled"))),
            ("once.yaml", nil, bytes(marked("once", "ssa: IfNotPresent"))),
            ("own.yaml", nil, bytes(marked("own", "ssa: Ignore"))),
        ])
        #expect(changes.remarks.contains { $0.hasPrefix("ConfigMap kept") && $0.contains("it stays") })
        for (name, words) in [
            ("off", "reconcile: disabled"), ("once", "IfNotPresent"), ("own", "ssa: Ignore"),
        ] {
            #expect(changes.remarks.contains { $0.hasPrefix("ConfigMap \(name)") && $0.contains(words) })
        }
        var facts = ApplierFacts(prunes: true)
        facts.inventory = Inventory([(id: "_kept__ConfigMap", version: "v1")])
        #expect(Preflight.pruned(by: plan(changes), from: facts, path: "./app").isEmpty)
    }

    static let release = """
        apiVersion: helm.toolkit.fluxcd.io/v2
        kind: HelmRelease
        metadata: {name: web, namespace: shop}
        spec:
          releaseName: NAME
          chart: {spec: {chart: CHART, version: "VERSION"}}
          upgrade: {preserveValues: true}
          valuesFrom: [{kind: ConfigMap, name: v}]

        """

    @Test(arguments: [
        (
            ["NAME": "web", "CHART": "web", "VERSION": "1.2.0"],
            ["NAME": "web", "CHART": "web", "VERSION": "1.1.0"],
            ["runs upgrade hooks", "preserveValues", "takes values from"]
        ),
        (
            ["NAME": "web", "CHART": "web", "VERSION": "1.2.0"],
            ["NAME": "app", "CHART": "web", "VERSION": "1.2.0"],
            ["its release name changes"]
        ),
        (
            ["NAME": "web", "CHART": "new", "VERSION": "1"],
            ["NAME": "web", "CHART": "old", "VERSION": "2.x"],
            ["its chart is another one", "follows versions 2.x"]
        ),
    ])
    func `what Helm does on a revert is said`(
        old: [String: String],
        new: [String: String],
        expected: [String]
    ) {
        func text(_ values: [String: String]) -> [UInt8] {
            bytes(values.reduce(PreflightTests.release) { $0.replacing($1.key, with: $1.value) })
        }
        let remarks = ManifestChanges.between([("hr.yaml", text(old), text(new))]).remarks
        for words in expected {
            #expect(remarks.contains { $0.contains(words) }, "\(words) in \(remarks)")
        }
    }

    @Test func `suspended ancestors and dependants are found in the cluster`() {
        let id = ClusterID("c")
        func ref(_ name: String) -> ObjectRef {
            ObjectRef(
                cluster: id,
                group: FluxKind.kustomizeGroup,
                kind: "Kustomization",
                namespace: "flux",
                name: name
            )
        }
        var snapshot = ClusterSnapshot(id: id)
        for (name, parent) in [("root", nil), ("infra", "root"), ("app", "infra"), ("late", "infra")]
            as [(String, String?)]
        {
            var resource = FluxResource(ref: ref(name), kind: .kustomization, state: .ready)
            resource.parent = parent.map { ref($0) }
            resource.isSuspended = name == "root"
            resource.applier = ApplierFacts(dependsOn: name == "late" ? [ref("app")] : [])
            snapshot.resources[ref(name)] = resource
        }
        #expect(Preflight.suspendedAncestors(of: ref("app"), in: snapshot) == [ref("root")])
        #expect(Preflight.suspendedAncestors(of: ref("root"), in: snapshot).isEmpty)
        #expect(Preflight.dependants(of: ref("app"), in: snapshot) == [ref("late")])
    }

    @Test(
        arguments: [
            (
                "https://github.com/acme/fleet.git", ["See https://x.example/pr/1 now"],
                "https://x.example/pr/1"
            ),
            (
                "ssh://git@github.com/acme/fleet", [],
                "https://github.com/acme/fleet/compare/main...weir/r-1?expand=1"
            ),
            (
                "https://gitlab.com/a/b/c", ["Thanks"],
                "https://gitlab.com/a/b/c/-/merge_requests/new?merge_request[source_branch]=weir/r-1&merge_request[target_branch]=main"
            ),
            ("ssh://git.example/a/b", [], nil),
        ] as [(String, [String], String?)]
    )
    func `the address of a pull request`(url: String, remarks: [String], expected: String?) {
        let found = PullRequestAddress.address(
            repository: RepositoryID(url: url),
            base: "main",
            branch: "weir/r-1",
            remarks: remarks
        )
        #expect(found == expected)
    }
}
