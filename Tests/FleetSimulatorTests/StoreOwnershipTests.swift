import Foundation
import Testing

@testable import FleetSimulator

/// The managedFields of recorded objects, made again by the writes that made them.
struct StoreOwnershipTests {
    private static let deployment = ObjectKey(Kinds.deployment, namespace: "apps-002", name: "catalog-0057")
    private static let configMap = ObjectKey(
        Kinds.configMap,
        namespace: "apps-002",
        name: "catalog-0057-config"
    )
    private static let flux = WriteOptions(fieldManager: "kustomize-controller", force: true)

    /// A cluster in which Flux applied the recorded Deployment and its status was written.
    private static func cluster(_ clock: TestClock = TestClock()) throws -> ObjectStore {
        let store = try ObjectStore.forTests(clock)
        _ = try store.apply(deployment, try manifest, options: flux)
        let status = try StoreRecording("601-deployment-clean").answer["status"]
        try store.update(deployment, manager: "kube-controller-manager", subresource: "status") { object in
            object["status"] = status
        }
        _ = try store.apply(configMap, try configuration, options: flux)
        clock.advance(60)
        return store
    }

    private static var manifest: JSON {
        get throws { try StoreRecording("624-apply-force").sent }
    }

    private static var configuration: JSON {
        get throws {
            let clean = try StoreRecording("651-configmap-clean").answer
            return [
                "apiVersion": "v1", "kind": "ConfigMap", "data": clean["data"] ?? .null,
                "metadata": [
                    "name": "catalog-0057-config", "namespace": "apps-002",
                    "labels": clean["metadata"]?["labels"] ?? .null,
                ],
            ]
        }
    }

    private static let container = #"{"spec":{"template":{"spec":{"containers":[{"name":"app",CHANGE}]}}}}"#

    /// A strategic merge patch of the container.
    private static func container(_ change: String) -> String {
        container.replacingOccurrences(of: "CHANGE", with: change)
    }

    private static let hotfix = container(#""image":"registry.example.internal/hotfix:1""#)

    /// A write, by whom and how.
    enum Write: Sendable {
        case strategic(String, by: String)
        case merge(String, by: String)
        case scale(Int64, by: String)
        case apply(by: String, image: String?)
    }

    static let writes: [(folder: String, writes: [Write])] = [
        ("601-deployment-clean", []),
        ("602-deployment-kubectl-scale", [.scale(5, by: "kubectl")]),
        (
            "603-deployment-kubectl-edit",
            [
                .strategic(container(#""env":[{"name":"LOG_LEVEL","value":"debug"}]"#), by: "kubectl-edit"),
                .strategic(hotfix, by: "kubectl-edit"),
            ]
        ),
        (
            "604-deployment-kubectl-patch",
            [
                .strategic(
                    container(
                        #""resources":{"limits":{"memory":"512Mi"}},"env":[{"name":"EXTRA","value":"1"}]"#
                    ),
                    by: "kubectl-patch"
                )
            ]
        ),
        ("605-deployment-kubectl-set-image", [.strategic(hotfix, by: "kubectl-set")]),
        (
            "606-deployment-kubectl-annotate",
            [.merge(#"{"metadata":{"annotations":{"example.com/note":"hello"}}}"#, by: "kubectl-annotate")]
        ),
        (
            "607-deployment-kubectl-label",
            [.merge(#"{"metadata":{"labels":{"team":"blue"}}}"#, by: "kubectl-label")]
        ),
        (
            "608-deployment-kubectl-label-overwrite",
            [.merge(#"{"metadata":{"labels":{"app.kubernetes.io/name":"other"}}}"#, by: "kubectl-label")]
        ),
        (
            "609-deployment-kubectl-label-remove",
            [
                .merge(
                    #"{"metadata":{"labels":{"kustomize.toolkit.fluxcd.io/name":null}}}"#,
                    by: "kubectl-label"
                )
            ]
        ),
        (
            "611-deployment-kubectl-field-removed",
            [.strategic(container(#""env":[{"name":"LOG_LEVEL","$patch":"delete"}]"#), by: "kubectl-set")]
        ),
        (
            "613-deployment-kubectl-apply-server-side",
            [.apply(by: "kubectl", image: "registry.example.internal/hotfix:1")]
        ),
        ("614-deployment-kubectl-apply-server-side-same", [.apply(by: "kubectl", image: nil)]),
        ("615-deployment-kubectl-replace", [.strategic(hotfix, by: "kubectl-replace")]),
        ("616-deployment-foreign-k9s", [.strategic(hotfix, by: "k9s")]),
        ("618-deployment-foreign-argocd", [.strategic(hotfix, by: "argocd-controller")]),
        ("619-deployment-foreign-browser", [.strategic(hotfix, by: "Mozilla")]),
        ("620-deployment-autoscaler", [.scale(7, by: "kube-controller-manager")]),
        (
            "621-deployment-controller-annotation",
            [
                .merge(
                    #"{"metadata":{"annotations":{"deployment.kubernetes.io/revision":"2"}}}"#,
                    by: "kube-controller-manager"
                )
            ]
        ),
        ("622-deployment-many-hands", many),
        ("625-taken-back", many + [.apply(by: "kustomize-controller", image: nil)]),
    ]

    private static let many: [Write] = [
        .scale(5, by: "kubectl"), .strategic(hotfix, by: "kubectl-set"),
        .merge(#"{"metadata":{"annotations":{"example.com/note":"hello"}}}"#, by: "kubectl-annotate"),
        .merge(#"{"metadata":{"labels":{"team":"blue"}}}"#, by: "kubectl-label"),
    ]

    private static func run(_ write: Write, on store: ObjectStore) throws {
        switch write {
        case .strategic(let patch, let manager):
            let options = WriteOptions(fieldManager: manager)
            _ = try store.strategicMergePatch(deployment, try json(patch), options: options)
        case .merge(let patch, let manager):
            _ = try store.mergePatch(
                deployment,
                try json(patch),
                options: WriteOptions(fieldManager: manager)
            )
        case .scale(let replicas, let manager):
            let options = WriteOptions(fieldManager: manager, subresource: "scale")
            _ = try store.mergePatch(deployment, ["spec": ["replicas": .int(replicas)]], options: options)
        case .apply(let manager, let image):
            var manifest = try manifest
            if let image {
                manifest = try json(
                    manifest.text.replacingOccurrences(
                        of: "registry.example.internal/catalog-0057:1.12.0",
                        with: image
                    )
                )
            }
            let options = WriteOptions(fieldManager: manager, force: true)
            _ = try store.apply(deployment, manifest, options: options)
        }
    }

    private static func json(_ text: String) throws -> JSON {
        try JSON(parsing: Data(text.utf8))
    }

    @Test(arguments: writes)
    func `owners of a Deployment are those of the recording`(folder: String, writes: [Write]) throws {
        let store = try Self.cluster()
        for write in writes { try Self.run(write, on: store) }
        let made = try store.get(Self.deployment)
        let recorded = try StoreRecording(folder == "625-taken-back" ? "624-apply-force" : folder).answer
        #expect(made.owners.sorted() == recorded.owners.sorted())
        #expect(made["spec"] == recorded["spec"])
        #expect(made["status"] == recorded["status"])
        #expect(made["metadata"]?["labels"] == recorded["metadata"]?["labels"])
        #expect(made["metadata"]?["annotations"] == recorded["metadata"]?["annotations"])
    }

    @Test func `client-side apply owns what it changed and its own annotation`() throws {
        let store = try Self.cluster()
        let recorded = try StoreRecording("612-deployment-kubectl-apply-client-side").answer
        var patch = try Self.json(Self.hotfix)
        patch["metadata"] = ["annotations": recorded["metadata"]?["annotations"] ?? .null]
        let options = WriteOptions(fieldManager: "kubectl-client-side-apply")
        let made = try store.strategicMergePatch(Self.deployment, patch, options: options)
        #expect(made.owners == recorded.owners)
    }

    @Test func `folded entries make the next apply remove what Git does not have`() throws {
        let store = try Self.cluster()
        for write in Self.many { try Self.run(write, on: store) }
        var fold = try StoreRecording("626-managed-fields-folded").sent
        guard case .array(var operations) = fold else { return }
        operations[1]["value"] = try store.get(Self.deployment)["metadata"]?["resourceVersion"]
        fold = .array(operations)
        let folded = try store.jsonPatch(Self.deployment, fold, options: Self.flux)
        #expect(folded.owners == (try StoreRecording("626-managed-fields-folded").answer.owners))
        let (applied, created) = try store.apply(Self.deployment, try Self.manifest, options: Self.flux)
        #expect(!created)
        #expect(applied.owners == (try StoreRecording("627-apply-force-after-fold").answer.owners))
        #expect(applied["metadata"]?["annotations"] == nil)
        #expect(applied["metadata"]?["labels"]?["team"] == nil)
        let again = try store.apply(Self.deployment, try Self.manifest, options: Self.flux).object
        #expect(again == applied)
    }

    static let configMapWrites: [(folder: String, patch: String, manager: String)] = [
        ("652-configmap-kubectl-edit", #"{"data":{"app.yaml":"level: debug\n"}}"#, "kubectl-edit"),
        (
            "654-configmap-kubectl-patch-key-removed", #"{"data":{"app.yaml":null,"other":null}}"#,
            "kubectl-patch"
        ),
        (
            "655-configmap-kubectl-annotate", #"{"metadata":{"annotations":{"example.com/note":"hello"}}}"#,
            "kubectl-annotate"
        ),
        ("656-configmap-foreign-k9s", #"{"data":{"app.yaml":"level: trace\n"}}"#, "k9s"),
        (
            "657-configmap-foreign-same-name", #"{"data":{"app.yaml":"level: warn\n"}}"#,
            "kustomize-controller"
        ),
        ("651-configmap-clean", #"{"metadata":{}}"#, "kubectl-edit"),
    ]

    @Test(arguments: configMapWrites)
    func `owners of a ConfigMap are those of the recording`(folder: String, patch: String, manager: String)
        throws
    {
        let store = try Self.cluster()
        let options = WriteOptions(fieldManager: manager)
        let made = try store.mergePatch(Self.configMap, try Self.json(patch), options: options)
        #expect(made.owners == (try StoreRecording(folder).answer.owners))
    }

    @Test func `a PUT without managedFields loses nothing, one with an empty entry wipes them out`() throws {
        let store = try Self.cluster()
        var object = try store.get(Self.configMap)
        object["metadata"]?["managedFields"] = nil
        let options = WriteOptions(fieldManager: "somebody")
        let kept = try store.replace(Self.configMap, object, options: options)
        #expect(kept.owners == (try StoreRecording("658-configmap-put-without-managed-fields").answer.owners))
        object["metadata"]?["managedFields"] = [[:]]
        let wiped = try store.replace(Self.configMap, object, options: options)
        #expect(wiped["metadata"]?["managedFields"] == nil)
        let patch: JSON = ["metadata": ["annotations": ["a": "b"]]]
        let untracked = try store.mergePatch(Self.configMap, patch, options: options)
        #expect(untracked.owners.isEmpty)
    }

    @Test func `an apply after a wipe finds everything under before-first-apply, and has no time`() throws {
        let store = try Self.cluster()
        let wipe: JSON = ["metadata": ["managedFields": [[:]]]]
        _ = try store.mergePatch(Self.configMap, wipe, options: WriteOptions(fieldManager: "somebody"))
        let made = try store.apply(Self.configMap, try Self.configuration, options: Self.flux).object
        #expect(made.owners == (try StoreRecording("660-configmap-taken-back").answer.owners))
    }

    @Test(
        arguments: [
            ("237-list-helmreleases", "helmreleases"), ("238-list-gitrepositories", "gitrepositories"),
            ("239-list-ocirepositories", "ocirepositories"),
            ("240-list-helmrepositories", "helmrepositories"),
            ("241-list-helmcharts", "helmcharts"), ("242-list-buckets", "buckets"),
            ("247-list-fluxreports", "fluxreports"), ("248-list-fluxinstances", "fluxinstances"),
            ("249-list-alerts", "alerts"), ("250-list-imagepolicies", "imagepolicies"),
            ("201-list-page-1", "kustomizations"),
        ]
    )
    func `seeded Flux objects get the recorded owners`(folder: String, plural: String) throws {
        let type = Kinds.kind(plural)
        let store = try ObjectStore.forTests()
        for recorded in try StoreRecording(folder).answer["items"]?.array ?? [] {
            let namespace = recorded["metadata"]?["namespace"]?.string ?? ""
            let key = ObjectKey(type, namespace: namespace, name: recorded["metadata"]?["name"]?.string ?? "")
            _ = try? store.create(
                ["metadata": ["name": .string(namespace)]],
                type: Kinds.namespace,
                options: WriteOptions(fieldManager: "test")
            )
            let entries = recorded["metadata"]?["managedFields"]?.array ?? []
            let applier = try #require(entries.first { $0["operation"] == "Apply" }?["manager"]?.string)
            var applied: JSON = [
                "apiVersion": .string(type.apiVersion), "kind": .string(type.kind),
                "metadata": ["name": .string(key.name), "namespace": .string(namespace)],
            ]
            let set = try #require(entries.first { $0["operation"] == "Apply" }?["fieldsV1"])
            for field in ["labels", "finalizers"] where set["f:metadata"]?["f:" + field] != nil {
                applied["metadata"]?[field] = recorded["metadata"]?[field]
            }
            // Fallbacks of the definition belong to nobody, so they were not applied.
            applied["spec"] = Self.owned(set["f:spec"] ?? [:], of: recorded["spec"] ?? [:])
            _ = try store.apply(key, applied, options: WriteOptions(fieldManager: applier))
            if let updater = entries.first(where: { $0["operation"] == "Update" })?["manager"]?.string {
                try store.update(key, manager: updater, subresource: "status") {
                    $0["status"] = recorded["status"]
                }
            }
            let made = try store.get(key)
            #expect(made.owners == recorded.owners)
            #expect(made["spec"] == recorded["spec"])
            #expect(made["status"] == recorded["status"])
        }
    }

    /// The part of a value that a set of fields names.
    private static func owned(_ set: JSON, of value: JSON) -> JSON {
        guard case .object(let members) = value, case .object(let fields) = set, !fields.isEmpty else {
            return value
        }
        var kept: [String: JSON] = [:]
        for (name, child) in members {
            guard let inner = fields["f:" + name] else { continue }
            kept[name] = owned(inner, of: child)
        }
        return .object(kept)
    }

    @Test func `the eleventh updater folds the oldest two together`() throws {
        let clock = TestClock()
        let store = try Self.cluster(clock)
        for number in 1...12 {
            clock.advance(1)
            let patch: JSON = ["metadata": ["annotations": .object(["a\(number)": "x"])]]
            _ = try store.mergePatch(
                Self.configMap,
                patch,
                options: WriteOptions(fieldManager: "tool-\(number)")
            )
        }
        let owners = try store.get(Self.configMap).owners
        #expect(owners.count == 11)
        let folded =
            #"ancient-changes Update {"f:metadata":{"f:annotations":{".":{},"f:a1":{},"f:a2":{},"f:a3":{}}}}"#
        #expect(owners.contains(folded))
    }

    @Test func `a second apply drops what it leaves out, unless another owns it`() throws {
        let store = try Self.cluster()
        let key = ObjectKey(Kinds.configMap, namespace: "apps-002", name: "shared")
        let both: JSON = ["metadata": ["name": "shared"], "data": ["a": "1", "b": "2"]]
        let one: JSON = ["metadata": ["name": "shared"], "data": ["a": "1"]]
        _ = try store.apply(key, both, options: WriteOptions(fieldManager: "first"))
        _ = try store.apply(key, ["data": ["b": "2"]], options: WriteOptions(fieldManager: "second"))
        let kept = try store.apply(key, one, options: WriteOptions(fieldManager: "first")).object
        #expect(kept["data"] == ["a": "1", "b": "2"])
        let dropped = try store.apply(key, ["data": [:]], options: WriteOptions(fieldManager: "second"))
            .object
        #expect(dropped["data"] == ["a": "1"])
    }

    @Test func `list elements go with the apply that no longer has them`() throws {
        let store = try Self.cluster()
        var manifest = try Self.manifest
        let path = ["spec", "template", "spec", "containers"]
        var containers = manifest.value(at: path)?.array ?? []
        containers.append(["name": "sidecar", "image": "registry.example.internal/sidecar:1"])
        manifest.set(.array(containers), at: path)
        let two = try store.apply(Self.deployment, manifest, options: Self.flux).object
        #expect(two.value(at: path)?.array?.count == 2)
        containers[0]["env"] = nil
        containers.removeLast()
        manifest.set(.array(containers), at: path)
        let one = try store.apply(Self.deployment, manifest, options: Self.flux).object
        #expect(one.value(at: path)?.array?.count == 1)
        #expect(one.value(at: path + ["0", "env"]) == nil)
        #expect(one.value(at: path + ["0", "terminationMessagePath"]) == "/dev/termination-log")
    }
}
