import Chrono
import Clusters
import Foundation
import HashTreeCollections
import Kube
import KubeWire
import Testing

/// Dry runs of what Git wants, against a server that applies as the real one does.
@Suite(.enabled(if: Simulator.program != nil), .timeLimit(.minutes(2)))
struct ExactDriftTests {
    private static let applier = ObjectRef(
        cluster: ClusterID("prod-eu"),
        group: FluxKind.kustomizeGroup,
        kind: "Kustomization",
        namespace: "default",
        name: "one"
    )

    private static func desired(_ kind: String, _ name: String, _ json: String) throws -> DesiredState.Object
    {
        var body = try ObjectValue(json: Array(json.utf8))
        body["apiVersion"] = .string("v1")
        body["kind"] = .string(kind)
        var metadata = body["metadata"] ?? .object([:])
        metadata["name"] = .string(name)
        metadata["namespace"] = .string("default")
        body["metadata"] = metadata
        return DesiredState.Object(
            entry: InventoryEntry(namespace: "default", name: name, group: "", kind: kind, version: "v1"),
            body: body
        )
    }

    private func apply(_ client: APIClient, _ object: DesiredState.Object, plural: String) async throws {
        let (code, _) = try await client.send(
            "PATCH",
            "/api/v1/namespaces/default/\(plural)/\(object.entry.name)?fieldManager=kustomize-controller&force=true",
            type: "application/apply-patch+yaml",
            body: object.body.json
        )
        #expect(code == 200 || code == 201)
    }

    private func edit(_ client: APIClient, _ target: String, _ body: String, as manager: String) async throws
    {
        let (code, _) = try await client.send(
            "PATCH",
            "/api/v1/namespaces/default/\(target)?fieldManager=\(manager)",
            type: "application/merge-patch+json",
            body: body
        )
        #expect(code == 200)
    }

    private func compare(
        _ session: ClusterSession,
        _ objects: [DesiredState.Object],
        ignoring: [IgnoreRule] = []
    ) async -> Result<[ExactDrift.Finding], ClusterFailure> {
        let state = DesiredState(objects: objects, riddles: [], renderer: "test", remarks: [])
        return await withCheckedContinuation { waiting in
            session.compare(state, of: ExactDriftTests.applier, ignoring: ignoring) {
                waiting.resume(returning: $0)
            }
        }
    }

    @Test func `what Flux would change is told field by field, values of Secrets never`() async throws {
        let simulator = try Simulator()
        let client = APIClient(try simulator.access("prod-eu"))
        let same = try ExactDriftTests.desired("ConfigMap", "same", #"{"data":{"a":"1"}}"#)
        let edited = try ExactDriftTests.desired("ConfigMap", "edited", #"{"data":{"a":"1","b":"2"}}"#)
        let secret = try ExactDriftTests.desired("Secret", "token", #"{"data":{"key":"b25l"}}"#)
        let alone = try ExactDriftTests.desired(
            "ConfigMap",
            "alone",
            #"{"data":{"a":"1"},"metadata":{"annotations":{"kustomize.toolkit.fluxcd.io/ssa":"IfNotPresent"}}}"#
        )
        let gone = try ExactDriftTests.desired("ConfigMap", "gone", #"{"data":{"a":"1"}}"#)
        for object in [same, edited, alone] {
            try await apply(client, object, plural: "configmaps")
        }
        try await apply(client, secret, plural: "secrets")
        try await edit(
            client,
            "configmaps/edited",
            #"{"data":{"a":"7","mine":"x"},"metadata":{"labels":{"team":"night"}}}"#,
            as: "kubectl-edit"
        )
        try await edit(client, "configmaps/edited", #"{"data":{"b":null}}"#, as: "kubectl-patch")
        try await edit(client, "configmaps/same", #"{"data":{"theirs":"x"}}"#, as: "acme-operator")
        try await edit(client, "configmaps/alone", #"{"data":{"a":"2"}}"#, as: "kubectl-edit")
        try await edit(client, "secrets/token", #"{"data":{"key":"aHVudGVyMg=="}}"#, as: "kubectl-edit")
        try await withSession(try simulator.settings("prod-eu")) { (session, board) async throws in
            try await board.wait { $0.isComplete }
            let found = try await compare(session, [same, edited, secret, alone, gone]).get()
            #expect(found.map(\.entry.name) == ["same", "edited", "token", "alone", "gone"])
            #expect(found[0].outcome == .same && found[4].outcome == .missing)
            guard case .differs(let fields) = found[1].outcome, case .differs(let hidden) = found[2].outcome,
                case .letAlone = found[3].outcome
            else {
                Issue.record("\(found)")
                return
            }
            #expect(
                fields == [
                    FieldDifference(path: "data.a", desired: "1", live: "7"),
                    FieldDifference(path: "data.b", desired: "2", live: nil),
                    FieldDifference(path: "data.mine", desired: nil, live: "x"),
                    FieldDifference(path: "metadata.labels.team", desired: nil, live: "night"),
                ]
            )
            #expect(hidden == [FieldDifference(path: "data.key", desired: "", live: "", isHidden: true)])
            let ignored = try await compare(
                session,
                [edited],
                ignoring: [IgnoreRule(paths: ["/data", "/metadata"])]
            ).get()
            #expect(ignored.map(\.outcome) == [.same])
            // Nothing was changed by asking.
            let (_, body) = try await client.send("GET", "/api/v1/namespaces/default/configmaps/edited")
            #expect(try ObjectValue(json: body)["data"]?["a"] == .string("7"))
        }
    }

    private func release(
        _ session: ClusterSession,
        _ ref: ObjectRef
    ) async -> Result<StoredRelease, ClusterFailure> {
        await withCheckedContinuation { waiting in
            session.release(of: ref) { waiting.resume(returning: $0) }
        }
    }

    @Test func `a release is held against what Helm stored, as helm-controller does`() async throws {
        let simulator = try Simulator(["--clusters", "1", "--resources", "40"])
        let client = APIClient(try simulator.access("prod-eu"))
        try await withSession(try simulator.settings("prod-eu")) { (session, board) async throws in
            let snapshot = try await board.wait { $0.isComplete }
            let found = snapshot.resources.values.filter { resource in
                resource.kind == .helmRelease && resource.state == .ready
                    && resource.applier?.history.first?.status == "deployed"
                    && resource.applier?.inventory.contains { $0.kind == "ConfigMap" } == true
            }
            let resource = try #require(found.min { $0.ref < $1.ref })
            let stored = try await release(session, resource.ref).get()
            #expect(stored.manifest.contains("kind: Deployment") && !stored.manifest.contains("kind: Pod"))
            // What Git's side makes of it is tested there; here a part of it, as a chart names it.
            let entry = try #require(resource.applier?.inventory.first { $0.kind == "ConfigMap" })
            let (_, live) = try await client.send(
                "GET",
                "/api/v1/namespaces/\(entry.namespace)/configmaps/\(entry.name)"
            )
            var body = try ObjectValue(json: live)
            var metadata: [String: ObjectValue] = ["name": .string(entry.name)]
            for part in ["labels", "annotations"] {
                metadata[part] = body["metadata"]?[part]
            }
            body["metadata"] = .object(metadata)
            let placeless = InventoryEntry(
                namespace: "",
                name: entry.name,
                group: "",
                kind: "ConfigMap",
                version: "v1"
            )
            let state = DesiredState(
                objects: [DesiredState.Object(entry: placeless, body: body)],
                riddles: [],
                renderer: "test",
                remarks: [],
                manner: .helm(namespace: entry.namespace)
            )
            func compare(_ ignores: [IgnoreRule] = []) async throws -> [ExactDrift.Finding] {
                try await withCheckedContinuation { waiting in
                    session.compare(state, of: resource.ref, ignoring: ignores) {
                        waiting.resume(returning: $0)
                    }
                }.get()
            }
            #expect(try await compare().map(\.outcome) == [.same])
            // helm-controller lets labels and fields of others be, and does not take back what kubectl added.
            let (code, _) = try await client.send(
                "PATCH",
                "/api/v1/namespaces/\(entry.namespace)/configmaps/\(entry.name)?fieldManager=kubectl-edit",
                type: "application/merge-patch+json",
                body: #"{"metadata":{"labels":{"team":"night"}},"data":{"values.json":"mine","extra":"x"}}"#
            )
            #expect(code == 200)
            let edited = try await compare()
            guard case .differs(let fields)? = edited.first?.outcome else {
                Issue.record("\(edited)")
                return
            }
            #expect(fields.map(\.path) == ["data[values.json]"] && edited[0].entry == entry)
            let rule = IgnoreRule(paths: ["/data"], kind: "ConfigMap")
            #expect(try await compare([rule]).map(\.outcome) == [.same])
            let whole = try await compare([IgnoreRule(paths: [""], kind: "ConfigMap")])
            #expect(whole.map(\.outcome) == [.letAlone("driftDetection.ignore")])
        }
    }

    @Test func `who may not read Helm's Secret is told so, and a read-only session does not try`()
        async throws
    {
        let simulator = try Simulator(["--clusters", "1", "--resources", "40"])
        try await withSession(try simulator.settings("prod-eu-viewer")) { (session, board) async throws in
            let snapshot = try await board.wait { $0.isComplete }
            let all = snapshot.resources.values.filter { $0.kind == .helmRelease && $0.state == .ready }
            let resource = try #require(all.min { $0.ref < $1.ref })
            guard case .failure(let failure) = await release(session, resource.ref) else {
                Issue.record("a viewer read a Secret")
                return
            }
            #expect(failure.message.contains("right to get Secrets"))
        }
        var settings = try simulator.settings("prod-eu")
        settings.isReadOnly = true
        try await withSession(settings) { (session, board) async throws in
            let snapshot = try await board.wait { $0.isComplete }
            let resource = try #require(snapshot.resources.values.first { $0.kind == .helmRelease })
            let before = try await simulator.stats(of: "prod-eu").requests.filter {
                $0.key.contains("secrets")
            }
            guard case .failure(let failure) = await release(session, resource.ref) else {
                Issue.record("a read-only session read a Secret")
                return
            }
            let after = try await simulator.stats(of: "prod-eu").requests.filter {
                $0.key.contains("secrets")
            }
            #expect(failure.cause == .readOnly && after == before)
        }
    }

    @Test func `a read-only session sends nothing`() async throws {
        let simulator = try Simulator()
        var settings = try simulator.settings("prod-eu")
        settings.isReadOnly = true
        let object = try ExactDriftTests.desired("ConfigMap", "x", #"{"data":{"a":"1"}}"#)
        try await withSession(settings) { (session, board) async throws in
            try await board.wait { $0.isComplete && $0.knowsObjects }
            let before = try await simulator.calm("prod-eu")
            guard case .failure(let failure) = await compare(session, [object]) else {
                Issue.record("a read-only session compared")
                return
            }
            #expect(failure.cause == .readOnly)
            let after = try await simulator.stats(of: "prod-eu")
            #expect(after.classes["write"] ?? 0 == before.classes["write"] ?? 0)
        }
    }

    @Test func `who may not patch is told so for each object`() async throws {
        let simulator = try Simulator()
        let client = APIClient(try simulator.access("prod-eu"))
        let object = try ExactDriftTests.desired("ConfigMap", "x", #"{"data":{"a":"1"}}"#)
        try await apply(client, object, plural: "configmaps")
        try await withSession(try simulator.settings("prod-eu-viewer")) { (session, board) async throws in
            try await board.wait { $0.isComplete }
            let found = try await compare(session, [object]).get()
            guard case .unknown(let why)? = found.first?.outcome else {
                Issue.record("\(found)")
                return
            }
            #expect(why.contains("right to patch") && !why.contains("\"x\""))
        }
    }

    @Test
    func `variables come from ConfigMaps, and of Secrets only those that need not be there are looked for`()
        async throws
    {
        let simulator = try Simulator()
        let client = APIClient(try simulator.access("prod-eu"))
        try await client.makeKustomization("one")
        let vars = try ExactDriftTests.desired("ConfigMap", "vars", #"{"data":{"region":"eu"}}"#)
        try await apply(client, vars, plural: "configmaps")
        let there = try ExactDriftTests.desired("Secret", "there", #"{"data":{"key":"b25l"}}"#)
        try await apply(client, there, plural: "secrets")
        let code = try await client.patch(
            APIClient.kustomizations.path(namespace: "default", name: "one"),
            #"""
            {"spec":{"postBuild":{"substituteFrom":[{"kind":"ConfigMap","name":"vars"},{"kind":"Secret","name":"s"},
              {"kind":"ConfigMap","name":"none","optional":true},{"kind":"ConfigMap","name":"none"},
              {"kind":"Secret","name":"none","optional":true},{"kind":"Secret","name":"there","optional":true}]}}}
            """#
        )
        #expect(code == 200)
        try await withSession(try simulator.settings("prod-eu")) { (session, board) async throws in
            try await board.wait { $0.isComplete && $0.resources[ExactDriftTests.applier] != nil }
            let recipe = try await withCheckedContinuation { waiting in
                session.recipe(of: ExactDriftTests.applier) { waiting.resume(returning: $0) }
            }.get()
            #expect(recipe.sources.map(\.values) == [["region": "eu"], nil, [:], nil, [:], nil])
            #expect(recipe.spec["path"] == .string("./x"))
        }
    }

    @Test func `what the source leaves out and what changed since the run is part of the recipe`()
        async throws
    {
        let simulator = try Simulator()
        let client = APIClient(try simulator.access("prod-eu"))
        try await withSession(try simulator.settings("prod-eu")) { (session, board) async throws in
            let snapshot = try await board.wait { $0.isComplete }
            let found = snapshot.resources.values.filter { resource in
                resource.kind == .kustomization && resource.lastPutRight != nil
                    && resource.applier?.source?.kind == "GitRepository"
            }
            let resource = try #require(found.min { $0.ref < $1.ref })
            let source = try #require(resource.applier?.source)
            func recipe() async throws -> ApplierRecipe {
                try await withCheckedContinuation { waiting in
                    session.recipe(of: resource.ref) { waiting.resume(returning: $0) }
                }.get()
            }
            func patch(_ path: String, _ body: String) async throws {
                let (code, _) = try await client.send(
                    "PATCH",
                    path,
                    type: "application/merge-patch+json",
                    body: body
                )
                #expect(code == 200)
            }
            let applier =
                "/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/\(resource.ref.namespace)/kustomizations/"
                + resource.ref.name
            // It runs no more.
            try await patch(applier, #"{"spec":{"suspend":true}}"#)
            let plain = try await recipe()
            #expect(plain.exclusions == .repository(ignore: nil) && plain.remarks.isEmpty)

            let repositories =
                "/apis/source.toolkit.fluxcd.io/v1/namespaces/\(source.namespace)/gitrepositories"
            try await patch(
                "\(repositories)/\(source.name)",
                #"{"spec":{"ignore":"/*\n!/apps\n","sparseCheckout":["apps"],"recurseSubmodules":true}}"#
            )
            let ruled = try await recipe()
            #expect(ruled.exclusions == .repository(ignore: "/*\n!/apps\n"))
            #expect(ruled.remarks.count == 2 && ruled.remarks[0].contains("spec.sparseCheckout"))

            // Made after the run, so changed since.
            let (made, _) = try await client.send(
                "POST",
                "/api/v1/namespaces/\(resource.ref.namespace)/configmaps",
                body: #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"fresh"},"data":{"a":"1"}}"#
            )
            #expect(made == 201)
            try await patch(
                applier,
                #"{"spec":{"postBuild":{"substituteFrom":[{"kind":"ConfigMap","name":"fresh"}]}}}"#
            )
            let newer = try await recipe()
            #expect(newer.sources.map(\.values) == [["a": "1"]])
            #expect(newer.remarks.last?.contains("ConfigMap fresh changed after the last good run") == true)
        }
    }

    @Test func `a namespace that kustomize gave a cluster-wide kind is taken away`() async throws {
        let simulator = try Simulator()
        try await withSession(try simulator.settings("prod-eu")) { (session, board) async throws in
            try await board.wait { $0.isComplete }
            let object = try ExactDriftTests.desired("Namespace", "default", "{}")
            let found = try await compare(session, [object]).get()
            #expect(found.map(\.entry.namespace) == [""])
            #expect(found.first?.outcome != .missing, "\(found)")
            if case .unknown(let why)? = found.first?.outcome {
                Issue.record("\(why)")
            }
        }
    }
}
