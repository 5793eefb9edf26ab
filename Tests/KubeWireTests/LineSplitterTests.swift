import KubeWire
import Testing

struct LineSplitterTests {
    private func lines(_ chunks: [String]) throws -> [String] {
        var splitter = LineSplitter()
        return try chunks.flatMap { try splitter.append(Array($0.utf8)) }.map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    @Test(arguments: [
        (["a\nb\n"], ["a", "b"]), (["a", "b\nc", "\n"], ["ab", "c"]), (["\n\na\n\n"], ["a"]),
        (["a\nb"], ["a"]), ([""], []), (["é", "\n"], ["é"]),
    ])
    func `lines are whole, whatever the chunks`(chunks: [String], expected: [String]) throws {
        #expect(try lines(chunks) == expected)
    }

    @Test func `a line beyond the limit is refused`() throws {
        var splitter = LineSplitter(limit: 8)
        #expect(try splitter.append(Array("12345678\n".utf8)).count == 1)
        #expect(throws: LineSplitter.LineTooLong.self) {
            try splitter.append(Array("123456789".utf8))
        }
    }

    @Test func `a large line leaves no memory behind`() throws {
        var splitter = LineSplitter()
        for _ in 0..<64 {
            _ = try splitter.append([UInt8](repeating: 65, count: 1 << 16))
        }
        #expect(splitter.pending == 4 << 20)
        #expect(try splitter.append([10]).first?.count == 4 << 20)
        #expect(splitter.pending == 0)
    }
}
