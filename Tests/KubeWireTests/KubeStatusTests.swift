import KubeWire
import Testing

struct KubeStatusTests {
    @Test(arguments: Recording.all(400...599).filter { ((try? $0.meta.status) ?? 0) >= 400 })
    func `every recorded error is one harmless sentence with its code`(recording: Recording) throws {
        let status = try recording.status
        #expect(status.code == (try recording.meta.status))
        #expect(!status.message.isEmpty && status.message.count <= 400)
        #expect(status.message.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F })
    }

    @Test(arguments: [
        ("501-bad-token", "Unauthorized"), ("506-list-forbidden", "Forbidden"),
        ("564-missing-object", "NotFound"), ("567-missing-object-metadata-only", "NotFound"),
        ("209-continue-expired", "Expired"), ("415-resource-version-conflict", "Conflict"),
        ("441-create-exists", "AlreadyExists"), ("419-patch-invalid-value", "Invalid"),
        ("256-metadata-object-as-list", ""), ("561-unknown-resource", ""),
        ("262-not-acceptable-protobuf", ""),
    ])
    func `the machine's word is kept where there is one`(name: String, reason: String) throws {
        #expect(try Recording(name: name).status.reason == reason)
    }

    @Test func `a missing kind and a missing object are told apart`() throws {
        #expect(try Recording(name: "561-unknown-resource").status.isUnknownKind)
        #expect(try Recording(name: "331-list-after-crd-removed").status.isUnknownKind)
        #expect(try !Recording(name: "564-missing-object").status.isUnknownKind)
    }

    @Test func `a lost token reads as unauthenticated, a missing right as forbidden`() throws {
        #expect(try Recording(name: "501-bad-token").status.isUnauthenticated)
        #expect(try Recording(name: "503-no-credentials").status.isUnauthenticated)
        #expect(try Recording(name: "506-list-forbidden").status.isForbidden)
        #expect(try !Recording(name: "506-list-forbidden").status.isUnauthenticated)
    }

    @Test func `409 has three meanings`() throws {
        #expect(try Recording(name: "415-resource-version-conflict").status.causes == [])
        #expect(
            try Recording(name: "434-ssa-conflict").status.causes
                == ["FieldManagerConflict", "FieldManagerConflict"]
        )
        #expect(try Recording(name: "441-create-exists").status.reason == "AlreadyExists")
    }

    @Test func `a version of the future is recognised by its cause`() throws {
        let status = try Recording(name: "219-rv-too-large").status
        #expect(status.isFromTheFuture && status.code == 504)
        #expect(status.retryAfter == .seconds(1))
    }

    @Test func `the time to wait comes from header or body`() throws {
        #expect(try Recording(name: "347-watch-cache-initializing").status.retryAfter == .seconds(1))
        #expect(try Recording(name: "590-priority-and-fairness").status.retryAfter != nil)
        let absurd = KubeStatus.decode(code: 429, retryAfter: "99999999999", body: [])
        #expect(absurd.retryAfter == nil)
    }

    @Test(arguments: [
        ("<html><head><title>502 Bad\u{1B}[31m Gateway</title></head>", "text/html", "502 Bad"),
        ("<!DOCTYPE html><p>login", "text/html; charset=utf-8", "web page"),
        ("", "", "answered 502"), ("   \n", "text/plain", "answered 502"),
        ("upstream\nfailed", "text/plain", "upstream ⏎ failed"),
        ("{\"kind\":\"Pod\"}", "application/json", "answered 502"),
    ])
    func `what no API server says becomes one sentence`(body: String, type: String, words: String) {
        let status = KubeStatus.decode(code: 502, contentType: type, body: Array(body.utf8))
        #expect(status.message.contains(words))
        #expect(!status.message.contains("\u{1B}") && !status.isStatus)
    }

    @Test func `a message that repeats the whole request is cut`() throws {
        #expect(try Recording(name: "582-long-query").status.message.count <= 400)
        #expect(try Recording(name: "422-unknown-field-strict").status.message.count <= 400)
    }

    @Test func `any bytes at all give a sentence`() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededRandom(seed: seed)
        for _ in 0..<500 {
            let bytes = (0..<Int.random(in: 0...200, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            let status = KubeStatus.decode(code: 500, body: bytes)
            #expect(!status.message.isEmpty, "seed \(seed)")
        }
    }
}
