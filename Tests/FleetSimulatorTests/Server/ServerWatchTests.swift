import Foundation
import Testing

@testable import FleetSimulator

/// Watches up to the connection: what is planned, and which lines are made.
struct ServerWatchTests {
    private func plan(_ answer: APIAnswer) throws -> WatchPlan {
        guard case .watch(let plan) = answer.body else {
            throw APIStatus.internalError("no watch: \(answer.status)")
        }
        return plan
    }

    private func lines(_ plan: WatchPlan) throws -> [JSON] {
        var lines = WatchLines(plan: plan)
        return try plan.feed.take(1_000).events.map { try JSON(parsing: lines.line($0)) }
    }

    @Test(arguments: ["315-watch-no-rv", "317-watchlist", "321-watchlist-metadata", "322-watchlist-table"])
    func `the initial events are those of the recording`(_ folder: String) throws {
        let exchange = try ServerWireExchange(folder)
        let plan = try plan(ServerRecordedCluster.shared.get().answer(exchange))
        defer { plan.feed.cancel() }
        let sent = try lines(plan)
        let recorded = try exchange.responseBody.split(separator: UInt8(ascii: "\n")).map {
            try JSON(parsing: Data($0))
        }
        #expect(sent.count == 6)
        for (one, other) in zip(sent, recorded) {
            #expect(one["type"] == other["type"])
            let free: Set<String> = [
                "object.metadata.managedFields", "object.rows[].object.metadata.managedFields",
                "object.metadata.annotations", "object.rows[].object.metadata.annotations",
                "object.metadata.generation", "object.status",
            ]
            let differences = ServerShape.differences(one, other, free: free)
            #expect(differences.isEmpty, "\(differences)")
        }
    }

    @Test(arguments: ["318-watchlist-empty", "319-watchlist-no-bookmarks"])
    func `the end of the initial events is marked for those who want bookmarks`(_ folder: String) throws {
        let exchange = try ServerWireExchange(folder)
        let plan = try plan(ServerRecordedCluster.shared.get().answer(exchange))
        defer { plan.feed.cancel() }
        let recorded = exchange.responseBody.split(separator: UInt8(ascii: "\n")).count
        #expect(try lines(plan).count == recorded)
    }

    @Test(arguments: ["309-watch-too-old", "311-watch-too-old-metadata", "312-watch-too-old-table"])
    func `history that is gone is one line in a good stream`(_ folder: String) throws {
        let recorded = try ServerRecordedCluster()
        recorded.store.compact()
        let exchange = try ServerWireExchange(folder)
        let answer = recorded.answer(exchange)
        #expect(answer.status == 200)
        let (sent, other) = (try answer.json, try exchange.json)
        #expect(sent["type"] == "ERROR")
        #expect(sent[path: "object", "code"] == other[path: "object", "code"])
        #expect(sent[path: "object", "reason"] == other[path: "object", "reason"])
    }

    @Test func `a version of the future is told to a streaming list after a while`() throws {
        let exchange = try ServerWireExchange("333-watchlist-future")
        let answer = try ServerRecordedCluster.shared.get().answer(exchange)
        #expect(answer.status == 200)
        #expect(answer.delay == 3_000)
        #expect(try answer.json[path: "object", "code"] == 504)
    }

    @Test func `a version of the future is silence to a plain watch`() throws {
        let recorded = try ServerRecordedCluster()
        let exchange = try ServerWireExchange("313-watch-future")
        let plan = try plan(recorded.answer(exchange))
        defer { plan.feed.cancel() }
        let key = try recorded.key("kustomize.toolkit.fluxcd.io", "kustomizations", "apps-000", "auth-0044")
        _ = try recorded.store.mergePatch(
            key,
            ["spec": ["suspend": true]],
            options: WriteOptions(fieldManager: "test")
        )
        #expect(plan.feed.take(10).events.isEmpty)
    }

    @Test func `events of the core group are never bookmarked`() throws {
        let exchange = try ServerWireExchange("307-events-watch-no-bookmarks")
        let uri = "/api/v1/namespaces/flux-system/events?watch=1&allowWatchBookmarks=true"
        let plan = try plan(ServerRecordedCluster.shared.get().answer(exchange, uri: uri))
        plan.feed.cancel()
        #expect(!plan.sendsBookmarks)
    }

    @Test func `a client that does not read loses its watch, not the server's memory`() throws {
        let recorded = try ServerRecordedCluster.shared.get()
        let feed = WatchFeed()
        let type = try #require(ResourceTypes.type(group: "", plural: "configmaps"))
        let event = WatchEvent.bookmark(type, resourceVersion: recorded.store.resourceVersion)
        for _ in 0...WatchFeed.capacity { feed.deliver([event]) }
        let rest = feed.take(1)
        #expect(rest.events.isEmpty)
        #expect(rest.isEnded)
    }

    @Test func `the end of a definition ends the watches of its kind, and the kind`() throws {
        let recorded = try ServerRecordedCluster()
        let exchange = try ServerWireExchange("330-watch-crd-removed")
        let plan = try plan(recorded.answer(exchange))
        let definitions = try #require(
            ResourceTypes.type(group: "apiextensions.k8s.io", plural: "customresourcedefinitions")
        )
        let name = "resourcesetinputproviders.fluxcd.controlplane.io"
        _ = try recorded.store.delete(ObjectKey(definitions, namespace: nil, name: name))
        #expect(plan.feed.take(10).isEnded)
        let after = try ServerWireExchange("331-list-after-crd-removed")
        #expect(recorded.answer(after).status == 404)
        #expect(recorded.answer(after).contentType == "text/plain; charset=utf-8")
    }
}
