import Foundation
import Synchronization
import Testing

@testable import FleetSimulator

/// The recorded writes, sent to a store that holds the recorded objects.
struct StoreWriteTests {
    private static let key = ObjectKey(Kinds.kustomization, namespace: "apps-001", name: "database-0045")
    private static let deployment = ObjectKey(Kinds.deployment, namespace: "apps-001", name: "database-0045")

    /// A cluster with the Kustomization as it was before the first recorded write.
    private static func cluster(_ clock: TestClock = TestClock()) throws -> ObjectStore {
        let store = try ObjectStore.forTests(clock)
        let recorded = try StoreRecording("401-reconcile-request").answer
        var applied = recorded
        applied["metadata"] = [
            "labels": recorded["metadata"]?["labels"] ?? .null,
            "finalizers": recorded["metadata"]?["finalizers"] ?? .null,
        ]
        _ = try store.apply(key, applied, options: WriteOptions(fieldManager: "kustomize-controller"))
        try store.update(key, manager: "gotk-kustomize-controller", subresource: "status") { object in
            object["status"] = recorded["status"]
        }
        clock.advance(60)
        return store
    }

    /// A cluster with the Deployment as it was before the recorded dry runs.
    private static func workload() throws -> ObjectStore {
        let store = try ObjectStore.forTests()
        let recording = try StoreRecording("431-ssa-dry-run-clean")
        _ = try store.apply(
            deployment,
            try recording.sent,
            options: WriteOptions(fieldManager: "kustomize-controller")
        )
        try store.update(deployment, manager: "kube-controller-manager", subresource: "status") { object in
            object["status"] = (try? recording.answer)?["status"]
        }
        return store
    }

    /// The workload after the recorded drift: scaled, with another image and another label.
    private static func drifted() throws -> ObjectStore {
        let store = try workload()
        let scale = WriteOptions(fieldManager: "kubectl", subresource: "scale")
        _ = try store.mergePatch(deployment, ["spec": ["replicas": 5]], options: scale)
        let image: JSON = ["name": "app", "image": "registry.example.internal/hotfix:1"]
        let patch: JSON = ["spec": ["template": ["spec": ["containers": [image]]]]]
        _ = try store.strategicMergePatch(
            deployment,
            patch,
            options: WriteOptions(fieldManager: "kubectl-set")
        )
        let label: JSON = ["metadata": ["labels": ["team": "blue"]]]
        _ = try store.mergePatch(deployment, label, options: WriteOptions(fieldManager: "kubectl-label"))
        return store
    }

    /// Sends what a recording sent, in the way its content type says.
    private static func send(_ recording: StoreRecording, to store: ObjectStore) throws -> JSON {
        let path = recording.target.split(separator: "?")[0].split(separator: "/").map(String.init)
        let namespace = try #require(path.firstIndex(of: "namespaces")).advanced(by: 1)
        let type = Kinds.kind(path[namespace + 1])
        let subresource = path.count > namespace + 3 ? path[namespace + 3] : nil
        let name = path.count > namespace + 2 ? path[namespace + 2] : ""
        let key = ObjectKey(type, namespace: path[namespace], name: name)
        let agent = recording.request.contains("User-Agent: ") ? "weir/recording" : nil
        let options = { (verb: WriteOptions.Verb) throws(APIStatus) in
            try WriteOptions(query: recording.query, verb: verb, userAgent: agent, subresource: subresource)
        }
        if recording.request.hasPrefix("POST") {
            let options = try options(.create)
            return try store.create(recording.sent, type: type, namespace: path[namespace], options: options)
        }
        if recording.request.hasPrefix("PUT") {
            var sent = try recording.sent
            sent["metadata"]?["uid"] = try store.get(key)["metadata"]?["uid"]
            return try store.replace(key, sent, options: try options(.update))
        }
        if recording.request.hasPrefix("DELETE") {
            return try store.delete(key, options: try options(.delete))
        }
        if recording.request.contains("apply-patch+yaml") {
            let text = String(decoding: recording.requestBody, as: UTF8.self)
            let object = try JSON.fromYAML(text)[0]
            return try store.apply(key, object, options: try options(.apply)).object
        }
        let patch = try JSON(parsing: recording.requestBody, context: "error decoding patch: ")
        if recording.request.contains("strategic") {
            return try store.strategicMergePatch(key, patch, options: try options(.patch))
        }
        if recording.request.contains("json-patch+json") {
            return try store.jsonPatch(key, patch, options: try options(.patch))
        }
        return try store.mergePatch(key, patch, options: try options(.patch))
    }

    @Test func `requests, suspension and resumption answer as recorded`() throws {
        let store = try Self.cluster()
        for (folder, changes) in [
            ("401-reconcile-request", true), ("402-reconcile-request-again", false), ("403-suspend", true),
            ("404-resume-null", true), ("405-patch-no-change", false), ("406-patch-dry-run", false),
        ] {
            let version = store.resourceVersion
            let repeated = folder.hasPrefix("402")
            let recording = try StoreRecording(repeated ? "401-reconcile-request" : folder)
            let answer = try Self.send(recording, to: store)
            #expect(answer.shape == (try recording.answer.shape), "\(folder)")
            #expect((store.resourceVersion != version) == changes)
            if changes {
                #expect(answer["metadata"]?["resourceVersion"]?.string == String(store.resourceVersion))
            }
        }
        #expect(try store.get(Self.key)["metadata"]?["generation"] == 3)
    }

    @Test func `only writes that change something send events`() throws {
        let store = try Self.cluster()
        let start = String(store.resourceVersion)
        let (log, ticket) = try store.log(Kinds.kustomization, options: ListOptions(resourceVersion: start))
        defer { ticket.cancel() }
        let patch: JSON = ["metadata": ["annotations": ["reconcile.fluxcd.io/requestedAt": "now"]]]
        let options = WriteOptions(fieldManager: "weir")
        let first = try store.mergePatch(Self.key, patch, options: options)
        let second = try store.mergePatch(Self.key, patch, options: options)
        let dryRun = WriteOptions(fieldManager: "weir", dryRun: true)
        _ = try store.mergePatch(Self.key, ["spec": ["suspend": true]], options: dryRun)
        #expect(first == second)
        #expect(log.lines == ["MODIFIED database-0045"])
        #expect(log.events.first?.object == first)
    }

    @Test(
        arguments: [
            "415-resource-version-conflict", "416-uid-mismatch", "417-put-conflict", "418-patch-bad-json",
            "419-patch-invalid-value", "420-patch-required-removed", "425-patch-missing-object",
            "426-field-manager-too-long", "427-force-without-apply", "428-dry-run-bad-value",
            "429-json-patch-test-failed", "430-annotation-on-nil-map-json-patch",
            "414-strategic-merge-on-custom-resource", "572-patch-missing-status-subresource",
        ]
    )
    func `refused writes to a Kustomization are refused in the recorded words`(folder: String) throws {
        let store = try Self.cluster()
        try store.addKustomization("metrics-0034", namespace: "apps-001")
        let version = store.resourceVersion
        let recording = try StoreRecording(folder)
        let refusal = failure { () throws(APIStatus) in try Self.refused(recording, store) }
        #expect(refusal?.body() == (try recording.answer))
        #expect(refusal.map { $0.encoded() } == recording.responseBody)
        #expect(store.resourceVersion == version)
    }

    private static func refused(_ recording: StoreRecording, _ store: ObjectStore) throws(APIStatus) -> JSON {
        do {
            return try send(recording, to: store)
        } catch let status as APIStatus {
            throw status
        } catch {
            return .string("\(error)")
        }
    }

    @Test func `annotations above 256 KiB are refused in the recorded words`() throws {
        let store = try ObjectStore.forTests()
        try store.addKustomization("auth-0044")
        let key = ObjectKey(Kinds.kustomization, namespace: "apps-000", name: "auth-0044")
        let patch: JSON = [
            "metadata": ["annotations": ["a": .string(String(repeating: "x", count: 270_000))]]
        ]
        let options = WriteOptions(fieldManager: "weir")
        let refusal = failure { () throws(APIStatus) in try store.mergePatch(key, patch, options: options) }
        #expect(refusal?.body() == (try StoreRecording("584-annotations-too-large").answer))
    }

    @Test(
        arguments: [
            "431-ssa-dry-run-clean", "438-ssa-dry-run-missing", "444-delete-dry-run", "440-dry-run-create",
        ]
    )
    func `dry runs on a clean workload answer as recorded and change nothing`(folder: String) throws {
        let store = try Self.workload()
        let version = store.resourceVersion
        let recording = try StoreRecording(folder)
        #expect(try Self.send(recording, to: store).shape == (try recording.answer.shape))
        #expect(store.resourceVersion == version)
    }

    @Test(arguments: ["433-ssa-dry-run-drifted", "437-ssa-yaml-body"])
    func `forced dry runs on a drifted workload answer as recorded`(folder: String) throws {
        let store = try Self.drifted()
        let recording = try StoreRecording(folder)
        var (made, recorded) = (try Self.send(recording, to: store), try recording.answer)
        #expect(made.owners.sorted() == recorded.owners.sorted())
        for key in ["managedFields", "uid", "resourceVersion", "creationTimestamp"] {
            made["metadata"]?[key] = nil
            recorded["metadata"]?[key] = nil
        }
        #expect(made == recorded)
    }

    @Test(
        arguments: [
            "434-ssa-conflict", "435-ssa-conflict-weir", "436-ssa-no-field-manager", "442-immutable-field",
            "443-ssa-typo", "439-ssa-dry-run-missing-namespace", "445-delete-missing",
        ]
    )
    func `refused applies are refused in the recorded words`(folder: String) throws {
        let store = try Self.drifted()
        let recording = try StoreRecording(folder)
        let refusal = failure { () throws(APIStatus) in try Self.refused(recording, store) }
        #expect(refusal?.body() == (try recording.answer))
    }

    @Test func `an object that exists cannot be created again`() throws {
        let store = try Self.workload()
        let object: JSON = ["metadata": ["name": "database-0045-config"], "data": ["a": "1"]]
        let options = WriteOptions(fieldManager: "weir")
        _ = try store.create(object, type: Kinds.configMap, namespace: "apps-001", options: options)
        let recording = try StoreRecording("441-create-exists")
        let refusal = failure { () throws(APIStatus) in try Self.refused(recording, store) }
        #expect(refusal?.body() == (try recording.answer))
    }

    @Test func `one conflict is told in one line`() throws {
        let store = try Self.workload()
        let options = WriteOptions(fieldManager: "weir")
        let manifest: JSON = ["spec": ["replicas": 9]]
        let refusal = failure { () throws(APIStatus) in
            try store.apply(Self.deployment, manifest, options: options)
        }
        #expect(
            refusal?.message
                == "Apply failed with 1 conflict: conflict with \"kustomize-controller\": .spec.replicas"
        )
    }

    @Test func `a created Deployment has the recorded fallbacks and owners`() throws {
        let store = try ObjectStore.forTests()
        let recording = try StoreRecording("448-deprecated-field-warning")
        let made = try Self.send(recording, to: store)
        #expect(made.shape == (try recording.answer.shape))
    }

    @Test func `unknown fields are dropped with a warning, dropped in silence, or refused`() throws {
        let store = try Self.cluster()
        let warnings = Mutex<[String]>([])
        var options = WriteOptions(fieldManager: "weir", dryRun: true)
        options.warn = { warning in warnings.withLock { $0.append(warning) } }
        let patch = try StoreRecording("421-unknown-field-warning").sent
        let answer = try store.mergePatch(Self.key, patch, options: options)
        #expect(
            warnings.withLock(\.self) == [#"unknown field "spec.colour""#, #"unknown field "spec.suspendd""#]
        )
        #expect(answer["spec"]?["colour"] == nil)
        options.fieldValidation = .ignore
        _ = try store.mergePatch(Self.key, patch, options: options)
        #expect(warnings.withLock(\.count) == 2)
        options.fieldValidation = .strict
        let refusal = failure { () throws(APIStatus) in
            try store.mergePatch(Self.key, patch, options: options)
        }
        let tail = #"strict decoding error: unknown field "spec.colour", unknown field "spec.suspendd""#
        #expect(refusal?.code == 422)
        #expect(
            refusal?.message.hasPrefix(#" "" is invalid: patch: Invalid value: "{\"apiVersion\""#) == true
        )
        #expect(refusal?.message.hasSuffix(tail) == true)
        #expect(refusal?.details?["causes"]?[0]?["field"] == "patch")
    }

    @Test func `status is written through its own path alone`() throws {
        let store = try Self.cluster()
        let before = try store.get(Self.key)
        let main = WriteOptions(fieldManager: "weir")
        let patch: JSON = ["status": ["lastHandledReconcileAt": "ignored"]]
        #expect(try store.mergePatch(Self.key, patch, options: main) == before)
        let status = WriteOptions(fieldManager: "weir", subresource: "status")
        let both: JSON = ["spec": ["suspend": true], "status": ["lastHandledReconcileAt": "x"]]
        let after = try store.mergePatch(Self.key, both, options: status)
        #expect(after["spec"] == before["spec"])
        #expect(after["status"]?["lastHandledReconcileAt"] == "x")
        #expect(after["metadata"]?["generation"] == before["metadata"]?["generation"])
        #expect(after.owners.contains(#"weir/status Update {"f:status":{"f:lastHandledReconcileAt":{}}}"#))
    }

    @Test func `a new Flux object has not been observed, and drops a status it comes with`() throws {
        let store = try ObjectStore.forTests()
        let made = try store.addKustomization("fresh")
        #expect(made["status"] == ["observedGeneration": -1])
        #expect(made["metadata"]?["generation"] == 1)
        let instance: JSON = [
            "metadata": ["name": "flux"], "status": ["lastAppliedRevision": "x"],
            "spec": ["distribution": ["version": "2.x", "registry": "ghcr.io/fluxcd"]],
        ]
        let options = WriteOptions(fieldManager: "test")
        let type = Kinds.kind("fluxinstances")
        let flux = try store.create(instance, type: type, namespace: "flux-system", options: options)
        #expect(flux["status"] == nil)
        #expect(flux["spec"]?["wait"] == true)
    }

    @Test func `a status that is removed falls back to never observed`() throws {
        let store = try ObjectStore.forTests()
        try store.addKustomization("a")
        let key = ObjectKey(Kinds.kustomization, namespace: "apps-000", name: "a")
        try store.update(key, manager: "c", subresource: "status") {
            $0["status"] = ["observedGeneration": 1]
        }
        let cleared = try store.update(key, manager: "c", subresource: "status") { $0["status"] = nil }
        #expect(cleared["status"] == ["observedGeneration": -1])
    }

    @Test func `an annotation counts a Deployment's generation up, a label does not`() throws {
        let store = try Self.workload()
        let options = WriteOptions(fieldManager: "test")
        let generation = { (patch: JSON) throws(APIStatus) in
            try store.mergePatch(Self.deployment, patch, options: options)["metadata"]?["generation"]
        }
        #expect(try generation(["metadata": ["labels": ["a": "b"]]]) == 1)
        #expect(try generation(["metadata": ["annotations": ["a": "b"]]]) == 2)
        #expect(try generation(["spec": ["paused": true]]) == 3)
    }

    @Test func `the scale path shows and writes replicas`() throws {
        let store = try Self.workload()
        let scale = try store.get(Self.deployment, subresource: "scale")
        #expect(scale["kind"] == "Scale")
        #expect(scale["spec"] == ["replicas": 2])
        #expect(scale["status"] == ["replicas": 2, "selector": "app.kubernetes.io/name=database-0045"])
        let options = WriteOptions(fieldManager: "kubectl", subresource: "scale")
        let workload = try store.mergePatch(Self.deployment, ["spec": ["replicas": 0]], options: options)
        #expect(workload["spec"]?["replicas"] == 0)
        #expect(workload["metadata"]?["generation"] == 2)
        let negative: JSON = ["spec": ["replicas": -1]]
        let refusal = failure { () throws(APIStatus) in
            try store.mergePatch(Self.deployment, negative, options: options)
        }
        #expect(refusal?.code == 422)
        let key = ObjectKey(Kinds.configMap, namespace: "apps-001", name: "x")
        #expect(failure { () throws(APIStatus) in try store.get(key, subresource: "scale") }?.code == 404)
    }

    @Test func `names are checked or made up`() throws {
        let store = try ObjectStore.forTests()
        let options = WriteOptions(fieldManager: "test")
        let create = { (metadata: JSON) throws(APIStatus) in
            try store.create(
                ["metadata": metadata],
                type: Kinds.configMap,
                namespace: "apps-000",
                options: options
            )
        }
        let made = try create(["generateName": "job-"])["metadata"]?["name"]?.string ?? ""
        #expect(made.hasPrefix("job-") && made.count == 9)
        #expect(failure { () throws(APIStatus) in try create(["name": "Not_A_Name"]) }?.code == 422)
        #expect(failure { () throws(APIStatus) in try create([:]) }?.reason == "Invalid")
        #expect(
            failure { () throws(APIStatus) in try create(["name": "a", "namespace": "other"]) }?.code == 400
        )
        #expect(
            failure { () throws(APIStatus) in try create(["name": "a", "resourceVersion": "1"]) }?.code == 500
        )
    }

    @Test func `another kind's object is refused`() throws {
        let store = try ObjectStore.forTests()
        let secret: JSON = ["apiVersion": "v1", "kind": "Secret", "metadata": ["name": "a"]]
        let options = WriteOptions(fieldManager: "test")
        let refusal = failure { () throws(APIStatus) in
            try store.create(secret, type: Kinds.configMap, namespace: "apps-000", options: options)
        }
        #expect(refusal?.code == 400)
    }

    @Test func `plain text of a Secret becomes data, and a Service gets an address that stays`() throws {
        let store = try ObjectStore.forTests()
        let options = WriteOptions(fieldManager: "test")
        let secret: JSON = ["metadata": ["name": "s"], "stringData": ["a": "hello"]]
        let made = try store.create(secret, type: Kinds.secret, namespace: "apps-000", options: options)
        #expect(made["data"] == ["a": "aGVsbG8="])
        #expect(made["stringData"] == nil)
        let service: JSON = ["metadata": ["name": "web"], "spec": ["ports": [["port": 80]]]]
        let first = try store.create(service, type: Kinds.service, namespace: "apps-000", options: options)
        #expect(first["spec"]?["ports"] == [["port": 80, "targetPort": 80, "protocol": "TCP"]])
        var changed = first
        changed["spec"]?["clusterIP"] = nil
        changed["spec"]?["clusterIPs"] = nil
        let key = ObjectKey(Kinds.service, namespace: "apps-000", name: "web")
        let second = try store.replace(key, changed, options: options)
        #expect(second == first)
    }

    @Test func `a PUT of a custom resource needs a version`() throws {
        let store = try Self.cluster()
        var object = try store.get(Self.key)
        object["metadata"]?["resourceVersion"] = nil
        let options = WriteOptions(fieldManager: "test")
        #expect(
            failure { () throws(APIStatus) in try store.replace(Self.key, object, options: options) }?.code
                == 422
        )
    }
}
