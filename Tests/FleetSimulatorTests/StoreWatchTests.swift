import Foundation
import Synchronization
import Testing

@testable import FleetSimulator

struct StoreWatchTests {
    private static let options = WriteOptions(fieldManager: "test")

    private static func key(_ name: String, _ namespace: String = "apps-000") -> ObjectKey {
        ObjectKey(Kinds.kustomization, namespace: namespace, name: name)
    }

    private static func label(_ name: String, _ value: String?, _ store: ObjectStore) throws {
        let label: JSON = value.map(JSON.string) ?? .null
        _ = try store.mergePatch(key(name), ["metadata": ["labels": ["team": label]]], options: options)
    }

    @Test func `a watch replays what happened since its version, then follows`() throws {
        let store = try ObjectStore.forTests()
        try store.addKustomization("a")
        let version = String(store.resourceVersion)
        try store.addKustomization("b")
        try Self.label("a", "x", store)
        let (log, ticket) = try store.log(Kinds.kustomization, options: ListOptions(resourceVersion: version))
        _ = try store.delete(Self.key("b"))
        #expect(log.lines == ["ADDED b", "MODIFIED a", "DELETED b"])
        #expect(log.events.map(\.resourceVersion) == log.events.map(\.resourceVersion).sorted())
        let last = try #require(log.events.last)
        #expect(last.object["metadata"]?["resourceVersion"]?.string == String(store.resourceVersion))
        #expect(last.object["spec"]?["prune"] == true)
        ticket.cancel()
        ticket.cancel()
        try store.addKustomization("c")
        #expect(log.events.count == 3)
        #expect(!log.ended)
    }

    @Test func `a watch without a version begins with everything and a bookmark`() throws {
        let store = try ObjectStore.forTests()
        try store.addKustomization("b")
        try store.addKustomization("a")
        try store.addKustomization("c", namespace: "apps-001")
        let (log, ticket) = try store.log(
            Kinds.kustomization,
            namespace: "apps-000",
            options: ListOptions(allowBookmarks: true)
        )
        defer { ticket.cancel() }
        try store.addKustomization("d")
        try store.addKustomization("e", namespace: "apps-001")
        #expect(log.lines == ["ADDED a", "ADDED b", "BOOKMARK -", "ADDED d"])
        let bookmark = log.events[2].object
        let recorded = try #require(try StoreRecording("315-watch-no-rv").lines.last?["object"])
        #expect(bookmark.shape == recorded.shape)
    }

    @Test func `a watch from a version begins with nothing unless it asks for everything`() throws {
        let store = try ObjectStore.forTests()
        try store.addKustomization("a")
        let version = String(store.resourceVersion)
        let (quiet, first) = try store.log(
            Kinds.kustomization,
            options: ListOptions(resourceVersion: version)
        )
        let all = ListOptions(
            resourceVersion: version,
            resourceVersionMatch: "NotOlderThan",
            sendInitialEvents: true
        )
        let (full, second) = try store.log(Kinds.kustomization, options: all)
        let (live, third) = try store.log(Kinds.kustomization, options: ListOptions(sendInitialEvents: false))
        try Self.label("a", "x", store)
        #expect(quiet.lines == ["MODIFIED a"])
        #expect(full.lines == ["ADDED a", "MODIFIED a"])
        #expect(live.lines == ["MODIFIED a"])
        for ticket in [first, second, third] { ticket.cancel() }
    }

    @Test func `leaving and entering a selection is deletion and addition`() throws {
        let store = try ObjectStore.forTests()
        try store.addKustomization("a", labels: ["team": "x"])
        let version = String(store.resourceVersion)
        let selector = try LabelSelector(parsing: "team=x")
        let (log, ticket) = try store.log(
            Kinds.kustomization,
            options: ListOptions(labelSelector: selector, resourceVersion: version)
        )
        defer { ticket.cancel() }
        try Self.label("a", "y", store)
        try Self.label("a", "z", store)
        try Self.label("a", "x", store)
        _ = try store.mergePatch(Self.key("a"), ["spec": ["suspend": true]], options: Self.options)
        _ = try store.delete(Self.key("a"))
        #expect(log.lines == ["DELETED a", "ADDED a", "MODIFIED a", "DELETED a"])
        let left = try #require(log.events.first)
        #expect(left.object["metadata"]?["labels"] == ["team": "x"])
        #expect(left.object["metadata"]?["resourceVersion"]?.string == String(left.resourceVersion))
    }

    @Test func `one object can be followed by its name`() throws {
        let store = try ObjectStore.forTests()
        try store.addKustomization("a")
        let selector = try FieldSelector(parsing: "metadata.name=a", type: Kinds.kustomization)
        let (log, ticket) = try store.log(Kinds.kustomization, options: ListOptions(fieldSelector: selector))
        defer { ticket.cancel() }
        try store.addKustomization("b")
        try Self.label("a", "x", store)
        #expect(log.lines == ["ADDED a", "MODIFIED a"])
    }

    @Test func `a version that is too old is gone, in the recorded words`() throws {
        let store = try ObjectStore.forTests()
        try store.addKustomization("a")
        store.compact()
        let current = store.resourceVersion
        let old = ListOptions(resourceVersion: "1")
        let refusal = failure { () throws(APIStatus) in
            try store.watch(Kinds.kustomization, options: old) { _ in }
        }
        #expect(refusal == .expired("too old resource version: 1 (\(current))"))
        let events = failure { () throws(APIStatus) in try store.watch(Kinds.event, options: old) { _ in } }
        let recorded = try #require(try StoreRecording("310-watch-too-old-events").lines.first)
        #expect(events?.body() == recorded["object"])
        let now = ListOptions(resourceVersion: String(current))
        #expect(
            failure { () throws(APIStatus) in try store.watch(Kinds.event, options: now) { _ in } } == nil
        )
    }

    @Test func `a full history loses its oldest changes`() throws {
        let store = try ObjectStore.forTests(watchCacheLimit: 10)
        try store.addKustomization("a")
        let start = String(store.resourceVersion)
        for number in 0..<40 { try Self.label("a", "v\(number)", store) }
        let old = ListOptions(resourceVersion: start)
        let refusal = failure { () throws(APIStatus) in
            try store.watch(Kinds.kustomization, options: old) { _ in }
        }
        #expect(refusal?.code == 410)
        let recent = ListOptions(resourceVersion: String(store.resourceVersion - 10))
        let (log, ticket) = try store.log(Kinds.kustomization, options: recent)
        ticket.cancel()
        #expect(log.events.count == 10)
    }

    @Test func `a version of the future is silence, and a timeout for a streaming list`() throws {
        let store = try ObjectStore.forTests()
        try store.addKustomization("a")
        let (log, ticket) = try store.log(
            Kinds.kustomization,
            options: ListOptions(resourceVersion: "9999999")
        )
        defer { ticket.cancel() }
        try Self.label("a", "x", store)
        #expect(log.events.isEmpty && !log.ended)
        let list = ListOptions(
            resourceVersion: "9999999",
            resourceVersionMatch: "NotOlderThan",
            sendInitialEvents: true
        )
        let refusal = failure { () throws(APIStatus) in
            try store.watch(Kinds.kustomization, options: list) { _ in }
        }
        let recorded = try #require(try StoreRecording("333-watchlist-future").lines.first?["object"])
        #expect(refusal?.body()["details"] == recorded["details"])
        #expect(refusal?.code == 504)
    }

    @Test func `a version that is no number is a server error`() throws {
        let store = try ObjectStore.forTests()
        let options = ListOptions(resourceVersion: "abc")
        let refusal = failure { () throws(APIStatus) in
            try store.watch(Kinds.kustomization, options: options) { _ in }
        }
        #expect(refusal?.body() == (try StoreRecording("314-watch-rv-garbage").answer))
    }

    @Test func `a retired kind ends its watches and is served no more`() throws {
        let store = try ObjectStore.forTests()
        try store.addKustomization("a")
        let (log, ticket) = try store.log(Kinds.kustomization)
        defer { ticket.cancel() }
        let definition: JSON = [
            "metadata": ["name": "kustomizations.kustomize.toolkit.fluxcd.io"],
            "spec": ["group": "kustomize.toolkit.fluxcd.io"],
        ]
        let type = Kinds.kind("customresourcedefinitions")
        _ = try store.create(definition, type: type, options: Self.options)
        #expect(!log.ended)
        _ = try store.delete(
            ObjectKey(type, namespace: nil, name: "kustomizations.kustomize.toolkit.fluxcd.io")
        )
        #expect(log.lines == ["ADDED a", "DELETED a"])
        #expect(log.ended)
        #expect(!store.serves(Kinds.kustomization))
        #expect(!store.types.contains(Kinds.kustomization))
        #expect(failure { () throws(APIStatus) in try store.list(Kinds.kustomization) }?.code == 404)
        _ = try store.create(definition, type: type, options: Self.options)
        #expect(try store.list(Kinds.kustomization).stored.isEmpty)
    }

    @Test func `a watcher may write, and still gets its events in order`() throws {
        let store = try ObjectStore.forTests()
        let log = WatchLog()
        let ticket = try store.watch(Kinds.kustomization) { events in
            log.append(events)
            for event in events where event.type == .added {
                let key = Self.key(event.object["metadata"]?["name"]?.string ?? "")
                _ = try? store.update(key, manager: "controller", subresource: "status") { object in
                    object["status"] = ["observedGeneration": 1]
                }
            }
        }
        defer { ticket.cancel() }
        try store.addKustomization("a")
        try store.addKustomization("b")
        #expect(log.lines == ["ADDED a", "MODIFIED a", "ADDED b", "MODIFIED b"])
    }

    @Test func `many writers and one watcher agree on the order`() async throws {
        let store = try ObjectStore.forTests()
        try store.addKustomization("a")
        let (log, ticket) = try store.log(
            Kinds.kustomization,
            options: ListOptions(resourceVersion: String(store.resourceVersion))
        )
        defer { ticket.cancel() }
        await withTaskGroup(of: Void.self) { group in
            for writer in 0..<8 {
                group.addTask {
                    for number in 0..<25 {
                        _ = try? store.update(Self.key("a"), manager: "writer-\(writer)") { object in
                            object.set(.string("\(writer)-\(number)"), at: ["metadata", "annotations", "x"])
                        }
                    }
                }
            }
        }
        let versions = log.events.map(\.resourceVersion)
        #expect(versions.count == 200)
        #expect(versions == versions.sorted())
        #expect(zip(log.events.dropFirst(), log.events).allSatisfy { $0.previous === $1.stored })
    }

    @Test func `bookmarks of built-in kinds carry zero values`() throws {
        let bookmarks = try StoreRecording("302-watch-deployments").lines.filter { $0["type"] == "BOOKMARK" }
        let recorded = try #require(bookmarks.first?["object"])
        let made = WatchEvent.bookmark(Kinds.deployment, resourceVersion: 1076)
        #expect(made.object == recorded)
    }

    @Test func `events as metadata have the recorded form`() throws {
        let recorded = try StoreRecording("321-watchlist-metadata")
        let line = try #require(recorded.responseBody.split(separator: UInt8(ascii: "\n")).first)
        let object = try #require(try JSON(parsing: Data(line))["object"])
        let stored = StoredObject(object, type: Kinds.kustomization, resourceVersion: 1090)
        let made = WatchEvent(type: .added, stored: stored).metadataLine
        #expect(String(decoding: made, as: UTF8.self) == String(decoding: line, as: UTF8.self) + "\n")
        let failed = WatchEvent.error(
            .expired("too old resource version: 1 (335)"),
            type: Kinds.kustomization
        )
        #expect(failed.metadataLine == (try StoreRecording("309-watch-too-old").responseBody))
    }
}
