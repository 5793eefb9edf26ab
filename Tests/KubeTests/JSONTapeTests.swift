import Foundation
import Kube
import Testing

private func fields(_ text: String) -> JSONFields? {
    FluxDecoding(cluster: ClusterID("c")).root(Array(text.utf8))
}

struct JSONTapeTests {
    @Test(arguments: [
        #"{"a":"b"}"#, " {\n\"a\" : \"b\" }\t\r\n", #"{"x":[1,{"a":2},"]"],"a":"b"}"#,
        #"{"x":{"a":"c","y":{}},"a":"b"}"#, #"{"managedFields":[{"a":"}"},"\"]"],"a":"b"}"#,
        #"{"managedFields":7,"a":"b"}"#, #"{"a":"b","managedFields":"x\\"}"#,
        #"{"managedFields":null ,"a":"b","managedFields":{}}"#,
    ])
    func `members are found wherever they stand`(text: String) {
        #expect(fields(text)?.raw("a") == "b")
    }

    @Test(arguments: [
        (#"\" \\ \/ \b\f\n\r\t"#, "\" \\ / \u{8}\u{C}\n\r\t"), (#"\u0041\u00e9\u20AC"#, "Aé€"),
        (#"\ud83d\ude00"#, "😀"), (#"\ud83d x"#, "\u{FFFD} x"), (#"\ude00"#, "\u{FFFD}"),
        (#"\ud83d\u0041"#, "\u{FFFD}A"), ("é€😀", "é€😀"),
    ])
    func `escapes are undone`(text: String, value: String) {
        #expect(fields(#"{"a":"\#(text)"}"#)?.raw("a") == value)
    }

    @Test(arguments: [
        "", "{", "}", "[", "{]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{\"a\":1 \"b\":2}", "{a:1}",
        "{\"a\":1}}",
        "{\"a\":tru}", "{\"a\":\"\n\"}", "{\"a\":\"", "{\"a\":\"\\", "{\"managedFields\":",
        "{\"managedFields\":[}",
        "{\"managedFields\":}", "{\"managedFields\":\"", "[1,]", "nul", "{\"a\":-x}", "{\"a\":1}\0",
    ])
    func `what is no JSON is refused`(text: String) {
        #expect(fields(text) == nil)
    }

    @Test(arguments: [#"{"a":"\x"}"#, #"{"a":"\u12"}"#, #"{"a":"\u12G4"}"#])
    func `a bad escape costs its string`(text: String) throws {
        let root = try #require(fields(text))
        #expect(root.raw("a") == nil && root.has("a"))
    }

    @Test func `members of another type read as absent`() throws {
        let root = try #require(
            fields(#"{"n":7,"s":"x","t":true,"o":{},"l":[1,{},"a"],"z":null,"d":1.0,"h":1e99}"#)
        )
        #expect(root.raw("n") == nil && root.flag("s") == nil && root.integer("t") == nil)
        #expect(!root["s"].isPresent && root["o"].isPresent && root.list("o").isEmpty)
        #expect(root.list("l").count == 1 && root.count("l") == 3 && root.rawTexts("l") == ["a"])
        #expect(!root.has("z") && !root.has("none") && root.has("o"))
        #expect(root.integer("n") == 7 && root.integer("d") == 1 && root.integer("h") == nil)
    }

    @Test func `nesting ends at two hundred levels`() {
        func nested(_ depth: Int) -> String {
            "{\"a\":" + String(repeating: "[", count: depth) + String(repeating: "]", count: depth) + "}"
        }
        #expect(fields(nested(150)) != nil)
        #expect(fields(nested(250)) == nil)
        let deep = "{\"managedFields\":" + String(repeating: "[", count: 100_000)
        #expect(fields(deep) == nil)
    }

    @Test func `whatever Foundation reads as an object is read`() throws {
        for folder in ["examples", "wire"] {
            for name in try Fixture.names(folder) {
                let path = folder == "wire" ? "wire/\(name)/response.body" : "examples/\(name)"
                guard let bytes = try? Fixture.bytes(path) else {
                    continue
                }
                let isObject = (try? JSONSerialization.jsonObject(with: Data(bytes))) is [String: Any]
                #expect((FluxDecoding(cluster: ClusterID("c")).root(bytes) != nil) == isObject, "\(path)")
            }
        }
    }

    @Test func `any bytes at all are refused or read`() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = Scrambler(seed: seed)
        let alphabet = Array("{}[]\",:\\ntu0-e.managedFields ".utf8)
        var accepted = 0
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
            }
            if let root = FluxDecoding(cluster: ClusterID("c")).root([UInt8(ascii: "{")] + bytes) {
                accepted += 1
                _ = root.raw("a")
            }
        }
        #expect(accepted < 20_000, "seed \(seed)")
    }
}
