import Foundation
import Testing

@testable import FleetSimulator

struct StoreDeleteTests {
    private static let options = WriteOptions(fieldManager: "test")

    private static func configMap(_ name: String, namespace: String = "apps-000") -> ObjectKey {
        ObjectKey(Kinds.configMap, namespace: namespace, name: name)
    }

    @discardableResult
    private static func add(
        _ name: String,
        namespace: String = "apps-000",
        owner: JSON? = nil,
        to store: ObjectStore
    ) throws -> JSON {
        var object: JSON = ["metadata": ["name": .string(name)]]
        if let owner {
            object["metadata"]?["ownerReferences"] = [
                [
                    "apiVersion": "v1", "kind": "ConfigMap", "name": owner["metadata"]?["name"] ?? "",
                    "uid": owner["metadata"]?["uid"] ?? "",
                ]
            ]
        }
        return try store.create(object, type: Kinds.configMap, namespace: namespace, options: options)
    }

    private static func exists(_ name: String, _ store: ObjectStore, namespace: String = "apps-000") -> Bool {
        failure { () throws(APIStatus) in try store.get(configMap(name, namespace: namespace)) } == nil
    }

    @Test func `a deletion answers with success and the uid`() throws {
        let store = try ObjectStore.forTests()
        let object = try Self.add("a", to: store)
        let answer = try store.delete(Self.configMap("a"))
        #expect(answer["status"] == "Success")
        #expect(answer["details"]?["uid"] == object["metadata"]?["uid"])
        #expect(answer["details"]?["kind"] == "configmaps")
        #expect(failure { () throws(APIStatus) in try store.delete(Self.configMap("a")) }?.code == 404)
    }

    @Test func `a finalizer holds an object until it goes`() throws {
        let store = try ObjectStore.forTests()
        let object: JSON = [
            "metadata": ["name": "temp", "finalizers": ["finalizers.fluxcd.io"]],
            "spec": ["interval": "1m", "prune": true, "sourceRef": ["kind": "GitRepository", "name": "r"]],
        ]
        let (log, ticket) = try store.log(Kinds.kustomization)
        defer { ticket.cancel() }
        _ = try store.create(object, type: Kinds.kustomization, namespace: "apps-000", options: Self.options)
        let key = ObjectKey(Kinds.kustomization, namespace: "apps-000", name: "temp")
        let dying = try store.delete(key)
        #expect(dying["metadata"]?["generation"] == 2)
        #expect(try store.delete(key) == dying)
        _ = try store.mergePatch(key, ["metadata": ["finalizers": .null]], options: Self.options)
        #expect(failure { () throws(APIStatus) in try store.get(key) }?.code == 404)
        let recorded = try StoreRecording("329-watch-delete-with-finalizer").lines.prefix(3)
        #expect(log.events.map(\.type.rawValue) == recorded.map { $0["type"]?.string })
        for (made, line) in zip(log.events, recorded) {
            let metadata = line["object"]?["metadata"]
            for field in ["deletionTimestamp", "deletionGracePeriodSeconds", "generation"] {
                #expect((made.object["metadata"]?[field] == nil) == (metadata?[field] == nil))
            }
            #expect(made.object["metadata"]?["generation"] == metadata?["generation"])
        }
    }

    @Test func `preconditions guard a deletion`() throws {
        let store = try ObjectStore.forTests()
        let object = try Self.add("a", to: store)
        let key = Self.configMap("a")
        let wrong = DeletePreconditions(uid: "other")
        let stale = DeletePreconditions(resourceVersion: "1")
        #expect(failure { () throws(APIStatus) in try store.delete(key, preconditions: wrong) }?.code == 409)
        #expect(
            failure { () throws(APIStatus) in try store.delete(key, preconditions: stale) }?.reason
                == "Conflict"
        )
        let body: JSON = ["preconditions": ["uid": object["metadata"]?["uid"] ?? .null]]
        _ = try store.delete(key, preconditions: DeletePreconditions(body: body))
        #expect(!Self.exists("a", store))
    }

    @Test func `what an object owns goes with it, or is orphaned`() throws {
        let store = try ObjectStore.forTests()
        let owner = try Self.add("owner", to: store)
        let child = try Self.add("child", owner: owner, to: store)
        try Self.add("grandchild", owner: child, to: store)
        _ = try store.delete(Self.configMap("owner"))
        #expect(!Self.exists("child", store) && !Self.exists("grandchild", store))
        let second = try Self.add("owner", to: store)
        try Self.add("child", owner: second, to: store)
        _ = try store.delete(
            Self.configMap("owner"),
            preconditions: DeletePreconditions(propagation: "Orphan")
        )
        #expect(Self.exists("child", store))
        #expect(try store.get(Self.configMap("child"))["metadata"]?["ownerReferences"] == nil)
    }

    @Test func `a namespace takes its contents along, and waits for finalizers`() throws {
        let store = try ObjectStore.forTests()
        try Self.add("a", namespace: "apps-002", to: store)
        try Self.add("elsewhere", to: store)
        let held: JSON = ["metadata": ["name": "held", "finalizers": ["example.com/hold"]]]
        _ = try store.create(held, type: Kinds.configMap, namespace: "apps-002", options: Self.options)
        let namespace = ObjectKey(Kinds.namespace, namespace: nil, name: "apps-002")
        _ = try store.delete(namespace)
        #expect(try store.get(namespace)["status"]?["phase"] == "Terminating")
        #expect(!Self.exists("a", store, namespace: "apps-002"))
        let refusal = failure { () throws(APIStatus) in
            let object: JSON = ["metadata": ["name": "late"]]
            return try store.create(
                object,
                type: Kinds.configMap,
                namespace: "apps-002",
                options: Self.options
            )
        }
        #expect(refusal?.details?["causes"]?[0]?["reason"] == "NamespaceTerminating")
        let release: JSON = ["metadata": ["finalizers": .null]]
        _ = try store.mergePatch(
            Self.configMap("held", namespace: "apps-002"),
            release,
            options: Self.options
        )
        #expect(failure { () throws(APIStatus) in try store.get(namespace) }?.code == 404)
        #expect(Self.exists("elsewhere", store))
    }

    @Test func `a collection is deleted by selection`() throws {
        let store = try ObjectStore.forTests()
        for name in ["a", "b"] { try store.addKustomization(name, labels: ["team": "x"]) }
        try store.addKustomization("c")
        let selecting = ListOptions(labelSelector: try LabelSelector(parsing: "team=x"))
        let page = try store.deleteCollection(
            Kinds.kustomization,
            namespace: "apps-000",
            options: Self.options,
            selecting: selecting
        )
        #expect(page.stored.count == 2)
        let left = try store.list(Kinds.kustomization).items.map { $0["metadata"]?["name"] }
        #expect(left == ["c"])
    }

    @Test func `every cluster begins with its own namespaces`() throws {
        let store = ObjectStore(seed: 7)
        let names = try store.list(Kinds.namespace).items.compactMap { $0["metadata"]?["name"]?.string }
        #expect(names == ["default", "kube-node-lease", "kube-public", "kube-system"])
        let namespace = try store.get(ObjectKey(Kinds.namespace, namespace: nil, name: "default"))
        #expect(namespace["metadata"]?["labels"] == ["kubernetes.io/metadata.name": "default"])
        #expect(namespace["status"] == ["phase": "Active"])
    }

    @Test func `the same seed gives the same uids`() throws {
        let uid = { (seed: UInt64) throws in
            let store = ObjectStore(seed: seed)
            let key = ObjectKey(Kinds.namespace, namespace: nil, name: "default")
            return try store.get(key)["metadata"]?["uid"]?.string ?? ""
        }
        #expect(try uid(3) == uid(3))
        #expect(try uid(3) != uid(4))
        #expect(
            try uid(3).wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/)
                != nil
        )
    }
}
