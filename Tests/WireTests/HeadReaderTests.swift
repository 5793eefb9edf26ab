import Testing

@testable import Wire

struct HeadReaderTests {
    private func heads(_ lines: String...) -> [ResponseHead] {
        var reader = HeadReader()
        return lines.compactMap { line in
            Array((line + "\r\n").utf8).withUnsafeBytes { reader.read($0) }
        }
    }

    @Test func `lines become a head at the empty line`() {
        let heads = heads("HTTP/2 429 ", "Retry-After: 1", "content-type:text/plain; charset=utf-8", "")
        #expect(heads.count == 1)
        #expect(heads.first?.status == 429)
        #expect(heads.first?.httpVersion == "2")
        #expect(heads.first?["retry-after"] == "1")
        #expect(heads.first?["content-type"] == "text/plain; charset=utf-8")
    }

    @Test func `interim heads, trailers and nonsense are no heads`() {
        #expect(heads("HTTP/1.1 100 Continue", "").isEmpty)
        #expect(heads("HTTP/1.1 200 OK", "", "x-trailer: 1", "").count == 1)
        #expect(heads("HTTP/1.1 huh", "a: b", "").isEmpty)
        #expect(heads("a: b", "").isEmpty)
    }

    @Test func `a head is measured from its status line on`() {
        var reader = HeadReader()
        let line = Array("x: \(String(repeating: "y", count: HeadReader.limit / 2))".utf8)
        for _ in 0..<4 {
            _ = Array("HTTP/1.1 200 OK".utf8).withUnsafeBytes { reader.read($0) }
            _ = line.withUnsafeBytes { reader.read($0) }
        }
        #expect(!reader.isTooLarge)
        _ = line.withUnsafeBytes { reader.read($0) }
        #expect(reader.isTooLarge)
    }
}
