import Foundation
import Testing

@testable import FleetSimulator

struct StoreListTests {
    /// A cluster with seven Kustomizations in two namespaces.
    private static func cluster() throws -> ObjectStore {
        let store = try ObjectStore.forTests()
        for name in ["c", "a", "d", "b"] { try store.addKustomization(name) }
        for name in ["f", "e", "g"] {
            try store.addKustomization(name, namespace: "apps-001", labels: ["team": "x"])
        }
        return store
    }

    private static func names(_ page: ListPage) -> [String] {
        page.items.map { $0["metadata"]?["name"]?.string ?? "" }
    }

    private static func page(
        _ store: ObjectStore,
        _ namespace: String? = nil,
        limit: Int? = nil,
        token: String? = nil,
        version: String? = nil,
        match: String? = nil,
        labels: String? = nil
    ) throws(APIStatus) -> ListPage {
        var options = ListOptions(
            limit: limit,
            continueToken: token,
            resourceVersion: version,
            resourceVersionMatch: match
        )
        if let labels { options.labelSelector = try LabelSelector(parsing: labels) }
        return try store.list(Kinds.kustomization, namespace: namespace, options: options)
    }

    @Test func `pages are in order, of one version, and say how many remain`() throws {
        let store = try Self.cluster()
        let version = store.resourceVersion
        let first = try Self.page(store, limit: 3)
        #expect(Self.names(first) == ["a", "b", "c"])
        #expect(first.remaining == 4)
        try store.addKustomization("aa")
        let key = ObjectKey(Kinds.kustomization, namespace: "apps-000", name: "d")
        let changed: JSON = ["metadata": ["labels": ["new": "1"]]]
        _ = try store.mergePatch(key, changed, options: WriteOptions(fieldManager: "test"))
        _ = try store.delete(ObjectKey(Kinds.kustomization, namespace: "apps-001", name: "e"))
        let second = try Self.page(store, limit: 3, token: first.continueToken)
        #expect(Self.names(second) == ["d", "e", "f"])
        #expect(second.items[0]["metadata"]?["labels"] == nil)
        #expect(second.resourceVersion == version)
        let third = try Self.page(store, limit: 3, token: second.continueToken)
        #expect(Self.names(third) == ["g"])
        #expect(third.continueToken == nil && third.remaining == nil)
        #expect(try Self.page(store).stored.count == 7)
    }

    @Test func `a token has the recorded form`() throws {
        let recorded = try StoreRecording("201-list-page-1").answer["metadata"]?["continue"]?.string
        let token = ContinueToken(version: 1045, after: "apps-000/portal-0022")
        #expect(token.text(of: Kinds.kustomization) == recorded)
        #expect(try ContinueToken(parsing: recorded ?? "") == token)
        let events = try StoreRecording("243-list-events").answer["metadata"]?["continue"]?.string
        let place = ContinueToken(version: 1065, after: "apps-000/repo-001.seed1")
        #expect(place.text(of: Kinds.event) == events)
    }

    @Test func `a token of another kind is accepted and skips what sorts before it`() throws {
        let store = try Self.cluster()
        let token = try Self.page(store, limit: 4).continueToken
        let options = ListOptions(continueToken: token)
        let object: JSON = ["metadata": ["name": "x"]]
        for namespace in ["apps-000", "apps-001"] {
            let manager = WriteOptions(fieldManager: "test")
            _ = try store.create(object, type: Kinds.configMap, namespace: namespace, options: manager)
        }
        let now = ContinueToken(version: nil, after: "apps-000/d").text(of: Kinds.configMap)
        #expect(try store.list(Kinds.configMap, options: options).stored.isEmpty)
        #expect(try store.list(Kinds.configMap, options: ListOptions(continueToken: now)).stored.count == 2)
    }

    @Test func `a token outlives its version only as an inconsistent rest`() throws {
        let store = try Self.cluster()
        let token = try Self.page(store, limit: 3).continueToken
        try store.addKustomization("cc")
        store.compact()
        let refusal = failure { () throws(APIStatus) in try Self.page(store, limit: 3, token: token) }
        let recorded = try StoreRecording("209-continue-expired").answer
        #expect(refusal?.message == recorded["message"]?.string)
        #expect(refusal?.code == 410 && refusal?.reason == "Expired")
        let rest = try Self.page(store, limit: 3, token: refusal?.continueToken)
        #expect(Self.names(rest) == ["cc", "d", "e"])
        #expect(rest.resourceVersion == store.resourceVersion)
    }

    @Test func `versions are exact, not older, or any`() throws {
        let store = try Self.cluster()
        let past = String(store.resourceVersion - 2)
        #expect(Self.names(try Self.page(store, version: past, match: "Exact")).count == 5)
        #expect(Self.names(try Self.page(store, limit: 9, version: past)).count == 5)
        #expect(Self.names(try Self.page(store, version: past, match: "NotOlderThan")).count == 7)
        #expect(Self.names(try Self.page(store, version: past)).count == 7)
        #expect(Self.names(try Self.page(store, limit: 2, version: "0")).count == 7)
        #expect(Self.names(try Self.page(store, limit: -1)).count == 7)
        #expect(Self.names(try Self.page(store, "apps-001")) == ["e", "f", "g"])
        #expect(Self.names(try Self.page(store, "no-such-namespace")).isEmpty)
    }

    @Test func `an exact version that was compacted is gone`() throws {
        let store = try Self.cluster()
        store.compact()
        let past = String(store.resourceVersion - 1)
        let refusal = failure { () throws(APIStatus) in try Self.page(store, version: past, match: "Exact") }
        #expect(refusal?.body() == (try StoreRecording("211-list-exact-expired").answer))
    }

    @Test func `selected pages do not know how many remain`() throws {
        let store = try Self.cluster()
        let first = try Self.page(store, limit: 2, labels: "team=x")
        #expect(Self.names(first) == ["e", "f"])
        #expect(first.remaining == nil)
        let second = try Self.page(store, limit: 2, token: first.continueToken, labels: "team=x")
        #expect(Self.names(second) == ["g"])
        #expect(second.continueToken == nil)
    }

    @Test(arguments: ["204-continue-garbage", "218-rv-garbage"])
    func `garbage is refused in the recorded words`(folder: String) throws {
        let store = try Self.cluster()
        let recording = try StoreRecording(folder)
        let refusal = failure { () throws(APIStatus) in
            let options = try ListOptions(query: recording.query, type: Kinds.kustomization)
            return try store.list(Kinds.kustomization, options: options)
        }
        #expect(refusal.map { $0.encoded() } == recording.responseBody)
    }

    @Test func `a token and a version do not go together`() throws {
        let store = try Self.cluster()
        let recording = try StoreRecording("205-continue-with-resourceversion")
        let refusal = failure { () throws(APIStatus) in
            let options = try ListOptions(query: recording.query, type: Kinds.kustomization)
            return try store.list(Kinds.kustomization, options: options)
        }
        #expect(refusal?.body() == (try recording.answer))
    }

    @Test func `a version of the future is a timeout`() throws {
        let store = try Self.cluster()
        var recorded = try StoreRecording("219-rv-too-large").answer
        let current = String(store.resourceVersion)
        recorded["message"] = .string("Timeout: Too large resource version: 9999999, current: \(current)")
        let list = failure { () throws(APIStatus) in try Self.page(store, version: "9999999") }
        #expect(list?.body() == recorded)
        #expect(list?.retryAfter == 1)
        let key = ObjectKey(Kinds.kustomization, namespace: "apps-000", name: "a")
        let get = failure { () throws(APIStatus) in try store.get(key, resourceVersion: "9999999") }
        #expect(get == list)
    }

    @Test(
        arguments: [
            "206-continue-with-match", "215-match-without-rv", "216-match-exact-rv0", "217-match-unknown",
            "222-label-selector-bad", "224-field-selector-unsupported", "225-field-selector-bad",
            "229-limit-garbage", "320-watchlist-no-match", "246-events-field-selector-bad",
        ]
    )
    func `wrong parameters are refused in the recorded words`(folder: String) throws {
        let recording = try StoreRecording(folder)
        let type = folder.contains("events") ? Kinds.event : Kinds.kustomization
        let refusal = failure { () throws(APIStatus) in try ListOptions(query: recording.query, type: type) }
        #expect(refusal.map { $0.encoded() } == recording.responseBody)
    }

    @Test func `a server without streaming lists says so`() throws {
        let query = [
            (name: "watch", value: "1"), (name: "sendInitialEvents", value: "true"),
            (name: "resourceVersionMatch", value: "NotOlderThan"),
        ]
        let refusal = failure { () throws(APIStatus) in
            try ListOptions(query: query, type: Kinds.kustomization, watchLists: false)
        }
        #expect(refusal?.code == 422)
        #expect(refusal?.details?["causes"]?[0]?["field"] == "sendInitialEvents")
    }

    @Test func `parameters are read, and unknown ones ignored`() throws {
        let query = [
            (name: "watch", value: "1"), (name: "allowWatchBookmarks", value: "true"),
            (name: "limit", value: "5"),
            (name: "timeoutSeconds", value: "30"), (name: "resourceVersion", value: "7"),
            (name: "colour", value: "x"),
            (name: "continue", value: ""),
        ]
        let options = try ListOptions(query: query, type: Kinds.kustomization)
        #expect(options.watch && options.allowBookmarks)
        #expect(options.limit == 5 && options.timeoutSeconds == 30 && options.resourceVersion == "7")
        #expect(options.continueToken == nil)
    }

    @Test func `empty lists have the recorded bytes`() throws {
        let custom = ListPage(
            type: Kinds.kustomization,
            stored: [],
            resourceVersion: 1065,
            continueToken: nil,
            remaining: nil
        )
        #expect(custom.body() == (try StoreRecording("226-empty-list").responseBody))
        let core = ListPage(
            type: Kinds.pod,
            stored: [],
            resourceVersion: 1065,
            continueToken: nil,
            remaining: nil
        )
        #expect(core.body() == (try StoreRecording("227-empty-list-core").responseBody))
    }

    @Test(
        arguments: [
            ("201-list-page-1", "kustomizations"), ("237-list-helmreleases", "helmreleases"),
            ("243-list-events", "events"), ("251-list-namespaces", "namespaces"),
        ]
    )
    func `lists of recorded objects have the recorded bytes`(folder: String, plural: String) throws {
        let recording = try StoreRecording(folder)
        let page = try Self.page(of: recording.answer, type: Kinds.kind(plural))
        #expect(
            String(decoding: page.body(), as: UTF8.self)
                == String(decoding: recording.responseBody, as: UTF8.self)
        )
        #expect(page.json == (try recording.answer))
    }

    @Test func `metadata lists of recorded objects have the recorded bytes`() throws {
        let recording = try StoreRecording("252-metadata-list-deployments")
        let page = try Self.page(of: recording.answer, type: Kinds.deployment)
        let recorded = String(decoding: recording.responseBody, as: UTF8.self)
        #expect(String(decoding: page.metadataBody(), as: UTF8.self) == recorded)
        let form = Presentation.partialMetadataList(page)
        #expect(String(decoding: Presentation.encode(form), as: UTF8.self) + "\n" == recorded)
    }

    /// The page that a recorded list is.
    static func page(of list: JSON, type: ResourceType) throws -> ListPage {
        let items = try #require(list["items"]?.array).map { item in
            var object = item
            if type.builtIn {
                object["kind"] = .string(type.kind)
                object["apiVersion"] = .string(type.apiVersion)
            }
            return StoredObject(object, type: type, resourceVersion: 1)
        }
        let token = list["metadata"]?["continue"]?.string ?? ""
        return ListPage(
            type: type,
            stored: items,
            resourceVersion: UInt64(list["metadata"]?["resourceVersion"]?.string ?? "") ?? 0,
            continueToken: token.isEmpty ? nil : token,
            remaining: list["metadata"]?["remainingItemCount"]?.int.map(Int.init)
        )
    }

    @Test(
        arguments: [
            ("a=b", true), ("a==b", true), ("a=c", false), ("a!=b", false), ("a!=c", true), ("z!=c", true),
            ("a", true), ("z", false), ("!a", false), ("!z", true), ("a in (b,c)", true), ("a in (c)", false),
            ("a notin (b)", false), ("z notin (b)", true), ("n>1", true), ("n<2", false),
            ("a=b,!z, n in (2)", true),
            ("example.com/x=", true), ("a=b,z", false),
        ]
    )
    func `label selectors choose`(text: String, fits: Bool) throws {
        let object: JSON = ["metadata": ["labels": ["a": "b", "n": "2", "example.com/x": ""]]]
        #expect(try LabelSelector(parsing: text).matches(object) == fits)
    }

    @Test(
        arguments: [
            ("a=b=c", "found '=', expected: ',' or 'end of string'"),
            ("a in b", "unable to parse requirement: found 'b', expected: '('"),
            ("=b", "found '=', expected: !, identifier, or 'end of string'"),
            ("a,", "found '', expected: identifier after ','"),
        ]
    )
    func `wrong label selectors are told apart`(text: String, message: String) {
        #expect(failure { () throws(APIStatus) in try LabelSelector(parsing: text) }?.message == message)
    }

    @Test(
        arguments: [
            ("involvedObject.kind=Kustomization,type!=Warning", true), ("involvedObject.name=b", false),
            ("reason=Ready", true), ("source=kustomize-controller", true), ("metadata.name=e\\,1", true),
            ("involvedObject.fieldPath=", true),
        ]
    )
    func `field selectors choose`(text: String, fits: Bool) throws {
        let event: JSON = [
            "metadata": ["name": "e,1"], "involvedObject": ["kind": "Kustomization", "name": "a"],
            "reason": "Ready", "type": "Normal", "source": ["component": "kustomize-controller"],
        ]
        #expect(try FieldSelector(parsing: text, type: Kinds.event).matches(event) == fits)
    }
}
