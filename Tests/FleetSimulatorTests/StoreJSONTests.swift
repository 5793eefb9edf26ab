import Foundation
import Testing

@testable import FleetSimulator

struct StoreJSONTests {
    @Test(
        arguments: [
            "201-list-page-1", "237-list-helmreleases", "247-list-fluxreports", "301-watch-normal",
            "315-watch-no-rv",
        ]
    )
    func `text of custom resources survives reading and writing byte for byte`(folder: String) throws {
        let recording = try StoreRecording(folder)
        let lines = recording.responseBody.split(separator: UInt8(ascii: "\n"))
        for line in lines {
            let json = try JSON(parsing: Data(line))
            // A watch line has its type first; its object is sorted as a list is.
            let event = json["type"]?.string.flatMap(WatchEventType.init)
            guard let event, let object = json["object"] else {
                #expect(
                    String(decoding: json.encoded(), as: UTF8.self) == String(decoding: line, as: UTF8.self)
                )
                continue
            }
            let stored = StoredObject(object, type: Kinds.kustomization, resourceVersion: 1)
            let text = String(
                decoding: WatchEvent(type: event, stored: stored).line.dropLast(),
                as: UTF8.self
            )
            #expect(text == String(decoding: line, as: UTF8.self))
        }
        #expect(!lines.isEmpty)
    }

    @Test(
        arguments: [
            ("601-deployment-clean", "deployments"),
            ("612-deployment-kubectl-apply-client-side", "deployments"),
            ("622-deployment-many-hands", "deployments"), ("651-configmap-clean", "configmaps"),
            ("431-ssa-dry-run-clean", "deployments"),
        ]
    )
    func `built-in objects have the order of the wire`(folder: String, plural: String) throws {
        let recording = try StoreRecording(folder)
        let stored = StoredObject(try recording.answer, type: Kinds.kind(plural), resourceVersion: 1)
        let recorded = String(decoding: recording.responseBody, as: UTF8.self)
        #expect(String(decoding: stored.encoded, as: UTF8.self) + "\n" == recorded)
    }

    @Test(arguments: ["303-watch-configmap-create-delete", "302-watch-deployments"])
    func `events of built-in objects have the order of the wire`(folder: String) throws {
        let recording = try StoreRecording(folder)
        let type = folder.contains("configmap") ? Kinds.configMap : Kinds.deployment
        for line in recording.responseBody.split(separator: UInt8(ascii: "\n")) {
            let json = try JSON(parsing: Data(line))
            let event = try #require(json["type"]?.string.flatMap(WatchEventType.init))
            let stored = StoredObject(json["object"] ?? .null, type: type, resourceVersion: 1)
            let text = String(
                decoding: WatchEvent(type: event, stored: stored).line.dropLast(),
                as: UTF8.self
            )
            #expect(text == String(decoding: line, as: UTF8.self))
        }
    }

    @Test(
        arguments: [
            (#"{"spec":"#, "unexpected end of JSON input"),
            ("", "unexpected end of JSON input"),
            ("{]", "invalid character ']' looking for beginning of object key string"),
            ("[1 2]", "invalid character '2' after array element"),
            ("tru", "unexpected end of JSON input"),
            ("{} x", "invalid character 'x' after top-level value"),
            ("\u{7}", "invalid character '\\x07' looking for beginning of value"),
        ]
    )
    func `wrong text fails in the words of Go`(text: String, message: String) {
        #expect(failure { () throws(APIStatus) in try JSON(parsing: Data(text.utf8)) }?.message == message)
    }

    @Test func `numbers, escapes and surrogates are read`() throws {
        let text = #"{"a":-1,"b":1.5,"c":1e3,"d":"\u00e9\ud83d\ude00\n\\\"\/","e":9007199254740993}"#
        let json = try JSON(parsing: Data(text.utf8))
        #expect(json == ["a": -1, "b": 1.5, "c": 1000.0, "d": "é😀\n\\\"/", "e": 9_007_199_254_740_993])
    }

    @Test func `angle brackets, ampersands and control characters are escaped`() {
        #expect(JSON.string("<a>&\u{1}\t").text == #""\u003ca\u003e\u0026\u0001\t""#)
    }

    @Test func `keys written twice are told`() throws {
        var duplicates: [String] = []
        let data = Data(#"{"metadata":{"annotations":{"x/a":"1","x/a":"2"}}}"#.utf8)
        let json = try JSON.parse(data, duplicates: &duplicates)
        #expect(duplicates == ["metadata.annotations.x/a"])
        #expect(json["metadata"]?["annotations"]?["x/a"] == "2")
    }

    @Test func `YAML scalars become the types that kubectl sees`() throws {
        let documents = try JSON.fromYAML(
            """
            # nothing here
            ---
            a: 1
            b: "1"
            c: yes
            d: ~
            e: 1.10
            f: 1.2.3
            g: 0x1F
            h: 10m
            i: [true, 'true']
            j: 2026-11-22T20:15:45Z
            ---
            ---
            base: &base {x: 1, y: 2}
            over:
              <<: *base
              y: 3
            """
        )
        #expect(
            documents == [
                [
                    "a": 1, "b": "1", "c": true, "d": .null, "e": 1.1, "f": "1.2.3", "g": 31, "h": "10m",
                    "i": [true, "true"], "j": "2026-11-22T20:15:45Z",
                ],
                ["base": ["x": 1, "y": 2], "over": ["x": 1, "y": 3]],
            ]
        )
    }

    @Test func `paths are set and removed`() {
        var json: JSON = ["a": ["b": 1]]
        json[path: "a", "c", "d"] = 2
        json[path: "a", "b"] = nil
        json[path: "x", "y"] = nil
        #expect(json == ["a": ["c": ["d": 2]]])
        json["a"]?["c"]?["e"] = [1, 2]
        #expect(json.value(at: ["a", "c", "e", "1"]) == 2)
    }

    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (951_782_399, "2000-02-28T23:59:59Z"),
            (1_795_378_545, "2026-11-22T20:15:45Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
        ]
    )
    func `times are written and read`(seconds: Int, text: String) {
        let date = Date(timeIntervalSince1970: Double(seconds))
        #expect(WireTime.text(date) == text)
        #expect(WireTime.date(text) == date)
    }

    @Test(
        arguments: [
            (0, "0s"), (119, "119s"), (120, "2m"), (325, "5m25s"), (3600, "60m"), (10_800, "3h"),
            (15_000, "4h10m"),
            (100_000, "27h"), (200_000, "2d7h"), (1_000_000, "11d"), (70_000_000, "2y80d"),
        ]
    )
    func `ages are as short as in tables`(seconds: Int, text: String) {
        let start = Date(timeIntervalSince1970: 1_000_000_000)
        #expect(WireTime.age(from: start, to: start.addingTimeInterval(Double(seconds))) == text)
    }
}
