import Foundation
import Testing

@testable import FleetSimulator

struct StorePresentationTests {
    /// Half a minute after the recorded objects were made.
    private static let now = WireTime.date("2026-11-22T20:16:17Z") ?? Date()

    private static func page(_ recording: StoreRecording) throws -> ListPage {
        let table = try recording.answer
        let list = try StoreRecording("201-list-page-1").answer
        var page = list
        page["metadata"] = table["metadata"]
        return try StoreListTests.page(of: page, type: Kinds.kustomization)
    }

    @Test(arguments: [("257-table", Presentation.RowObject.metadata), ("258-table-no-object", .none)])
    func `Tables of recorded objects have the recorded bytes`(folder: String, include: Presentation.RowObject)
        throws
    {
        let recording = try StoreRecording(folder)
        let table = Presentation.table(try Self.page(recording), include: include, now: Self.now)
        let text = String(decoding: Presentation.encode(table, include: include), as: UTF8.self)
        #expect(text + "\n" == String(decoding: recording.responseBody, as: UTF8.self))
    }

    @Test func `Table events have columns once, and bookmarks empty rows`() throws {
        let lines = try StoreRecording("322-watchlist-table").lines
        let bookmark = try #require(lines.last?["object"])
        let event = WatchEvent.bookmark(Kinds.kustomization, resourceVersion: 1094, initialEventsEnd: true)
        let table = Presentation.table(
            [event.object],
            type: Kinds.kustomization,
            metadata: ["resourceVersion": "1094"],
            columns: false,
            now: Self.now
        )
        #expect(table == bookmark)
        #expect(lines.first?["object"]?["columnDefinitions"]?.array?.count == 4)
        #expect(table["columnDefinitions"] == .null)
    }

    @Test func `metadata of one object has the recorded bytes`() throws {
        let recording = try StoreRecording("254-metadata-object")
        let made = Presentation.encode(Presentation.partialMetadata(try recording.answer))
        #expect(
            String(decoding: made, as: UTF8.self) + "\n"
                == String(decoding: recording.responseBody, as: UTF8.self)
        )
    }

    @Test func `built-in kinds have the columns of kubectl`() throws {
        let deployment = try StoreRecording("601-deployment-clean").answer
        let now = WireTime.date("2026-11-22T20:20:46Z") ?? Date()
        let table = Presentation.table([deployment], type: Kinds.deployment, metadata: [:], now: now)
        let cells = try #require(table["rows"]?[0]?["cells"]?.array)
        #expect(JSON.array(Array(cells.prefix(5))) == ["catalog-0057", "2/2", 2, 2, "5m"])
        let names = table["columnDefinitions"]?.array?.compactMap { $0["name"]?.string }
        // What follows is shown with -o wide only.
        #expect(names?.prefix(5) == ["Name", "Ready", "Up-to-date", "Available", "Age"])
    }

    @Test(
        arguments: [
            (".a.b", "1"), (".list[1].name", "two"), (".list[-1].name", "two"), (".list[*].name", "one"),
            (#".list[?(@.name=="two")].value"#, "y"), (#".a['c.d']"#, "2"), (#".a.c\.d"#, "2"),
            ("{.a.b}", "1"),
        ]
    )
    func `printer paths find their value`(path: String, value: JSON) throws {
        let object: JSON = [
            "a": ["b": "1", "c.d": "2"],
            "list": [["name": "one", "value": "x"], ["name": "two", "value": "y"]],
        ]
        #expect(try #require(PrinterPath(path)).value(in: object) == value)
    }

    @Test func `a path that is none is refused, and one that leads nowhere finds nothing`() throws {
        #expect(PrinterPath("a.b") == nil)
        #expect(PrinterPath(".a[") == nil)
        #expect(try #require(PrinterPath(".x.y")).value(in: ["x": 1]) == nil)
    }

    @Test func `recorded events are made again, and identical ones count`() throws {
        let clock = TestClock()
        let store = try ObjectStore.forTests(clock)
        let involved = try store.addKustomization("a")
        let record = { (message: String) in
            store.recordEvent(
                involved: involved,
                type: "Normal",
                reason: "ReconciliationSucceeded",
                message: message,
                component: "kustomize-controller",
                annotations: ["kustomize.toolkit.fluxcd.io/revision": "main@sha1:ac1f"]
            )
        }
        record("Reconciliation finished")
        clock.advance(5)
        record("Reconciliation finished")
        record("Another")
        let events = try store.list(Kinds.event, namespace: "apps-000").items
        #expect(events.count == 2)
        let counted = try #require(events.first { $0["count"] == 2 })
        #expect(counted["lastTimestamp"] != counted["firstTimestamp"])
        let recorded = try #require(try StoreRecording("243-list-events").answer["items"]?[0])
        #expect(counted.owners == recorded.owners)
        var keys = Set((counted.object ?? [:]).keys)
        keys.subtract(["kind", "apiVersion"])
        #expect(keys == Set((recorded.object ?? [:]).keys))
        #expect(counted["involvedObject"]?["uid"] == involved["metadata"]?["uid"])
    }

    @Test func `events of a cluster's own objects lie in default, and old ones are forgotten`() throws {
        let clock = TestClock()
        let store = try ObjectStore.forTests(clock)
        let node: JSON = ["apiVersion": "v1", "kind": "Node", "metadata": ["name": "n1"]]
        let record = { (number: Int) in
            store.recordEvent(
                involved: node,
                type: "Normal",
                reason: "R",
                message: "m\(number)",
                component: "c"
            )
        }
        for number in 0..<10 { record(number) }
        #expect(try store.list(Kinds.event, namespace: "default").stored.count == 10)
        clock.advance(4000)
        for number in 10..<300 { record(number) }
        let left = try store.list(Kinds.event).items.compactMap { $0["message"]?.string }
        #expect(!left.contains("m0") && left.contains("m10"))
    }

    @Test(
        arguments: [
            ("kubectl/v1.36.3 (linux/amd64)", "kubectl"), ("Mozilla/5.0 (X11)", "Mozilla"), ("k9s", "k9s"),
            ("", "unknown"),
        ]
    )
    func `a writer without a name is called as its User-Agent`(agent: String, manager: String) throws {
        #expect(try WriteOptions(query: [], verb: .patch, userAgent: agent).fieldManager == manager)
    }

    @Test func `write parameters are read`() throws {
        let query = [
            (name: "fieldManager", value: "weir"), (name: "dryRun", value: "All"),
            (name: "force", value: "true"),
            (name: "fieldValidation", value: "Strict"),
        ]
        let options = try WriteOptions(query: query, verb: .apply, userAgent: nil, subresource: "status")
        #expect(options.fieldManager == "weir" && options.dryRun && options.force)
        #expect(options.fieldValidation == .strict && options.subresource == "status")
        let wrong = [(name: "fieldValidation", value: "Maybe")]
        let refusal = failure { () throws(APIStatus) in
            try WriteOptions(query: wrong, verb: .create, userAgent: "x")
        }
        #expect(refusal?.message.contains(#"supported values: "", "Ignore", "Strict", "Warn""#) == true)
    }

    @Test(
        arguments: [
            ("506-list-forbidden", "nobody", nil, nil),
            ("508-get-forbidden", "nobody", "apps-000", "auth-0044"),
        ] as [(String, String, String?, String?)]
    )
    func `missing rights are told in the recorded words`(
        folder: String,
        user: String,
        namespace: String?,
        name: String?
    ) throws {
        let status = APIStatus.forbidden(
            user: user,
            verb: name == nil ? "list" : "get",
            type: Kinds.kustomization,
            namespace: namespace,
            name: name
        )
        #expect(status.encoded() == (try StoreRecording(folder).responseBody))
    }
}
