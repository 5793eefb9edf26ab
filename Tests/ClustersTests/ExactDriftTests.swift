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
                    FieldDifference(path: "metadata.labels.team", desired: nil, live: "night"),
                    FieldDifference(path: "data.a", desired: "1", live: "7"),
                    FieldDifference(path: "data.b", desired: "2", live: nil),
                    FieldDifference(path: "data.mine", desired: nil, live: "x"),
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
            #expect(why.contains("patch"))
        }
    }

    @Test func `variables come from ConfigMaps, and Secrets are not read`() async throws {
        let simulator = try Simulator()
        let client = APIClient(try simulator.access("prod-eu"))
        try await client.makeKustomization("one")
        let vars = try ExactDriftTests.desired("ConfigMap", "vars", #"{"data":{"region":"eu"}}"#)
        try await apply(client, vars, plural: "configmaps")
        let code = try await client.patch(
            APIClient.kustomizations.path(namespace: "default", name: "one"),
            #"""
            {"spec":{"postBuild":{"substituteFrom":[{"kind":"ConfigMap","name":"vars"},{"kind":"Secret","name":"s"},
              {"kind":"ConfigMap","name":"none","optional":true},{"kind":"ConfigMap","name":"none"}]}}}
            """#
        )
        #expect(code == 200)
        try await withSession(try simulator.settings("prod-eu")) { (session, board) async throws in
            try await board.wait { $0.isComplete && $0.resources[ExactDriftTests.applier] != nil }
            let before = try await simulator.stats(of: "prod-eu").requests.filter {
                $0.key.contains("secrets")
            }
            let recipe = try await withCheckedContinuation { waiting in
                session.recipe(of: ExactDriftTests.applier) { waiting.resume(returning: $0) }
            }.get()
            #expect(recipe.sources.map(\.values) == [["region": "eu"], nil, [:], nil])
            #expect(recipe.spec["path"] == .string("./x"))
            let after = try await simulator.stats(of: "prod-eu").requests.filter {
                $0.key.contains("secrets")
            }
            #expect(after == before)
        }
    }
}
