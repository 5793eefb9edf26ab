import Keys
import Terminal
import Testing

struct KeyDecoderTests {
    private static let description: [[UInt8]: Key] = [
        Array("\u{1B}OA".utf8): .up, Array("\u{1B}A".utf8): .up, Array("\u{1B}[7$".utf8): .home,
    ]

    private static func keys(_ text: String) -> [Key] {
        var decoder = KeyDecoder(sequences: description)
        return decoder.decode(text.utf8) + decoder.finish()
    }

    private static func mouse(_ kind: MouseEvent.Kind, _ x: Int, _ y: Int) -> Key {
        .mouse(MouseEvent(kind: kind, x: x, y: y))
    }

    static let table: [(String, [Key])] = [
        ("aZ ?", [.character("a"), .character("Z"), .character(" "), .character("?")]),
        ("é世😀", [.character("é"), .character("世"), .character("😀")]),
        ("\r\n\t\u{7F}\u{8}", [.enter, .enter, .tab, .backspace, .backspace]),
        ("\u{0}\u{1}\u{12}\u{1A}", [.control(" "), .control("a"), .control("r"), .control("z")]),
        ("\u{1C}\u{1D}\u{1E}\u{1F}", [.control("\\"), .control("]"), .control("^"), .control("_")]),
        ("\u{1B}", [.escape]),
        ("\u{1B}\u{1B}", [.escape, .escape]),
        ("\u{1B}x\u{1B}é", [.alt("x"), .alt("é")]),
        ("\u{1B}[\u{1B}O", [.alt("["), .alt("O")]),
        ("\u{1B}\r", [.escape, .enter]),
        ("\u{1B}[A\u{1B}OB\u{1B}[C\u{1B}OD", [.up, .down, .right, .left]),
        ("\u{1B}A", [.up]),
        ("\u{1B}[7$", [.home]),
        ("\u{1B}[1;5A\u{1B}[1;2D", [.up, .left]),
        ("\u{1B}[H\u{1B}[F\u{1B}[1~\u{1B}[4~\u{1B}[7~\u{1B}[8~", [.home, .end, .home, .end, .home, .end]),
        ("\u{1B}[2~\u{1B}[3~\u{1B}[5~\u{1B}[6~", [.insert, .delete, .pageUp, .pageDown]),
        ("\u{1B}[Z\u{1B}OM", [.backTab, .enter]),
        ("\u{1B}OP\u{1B}[11~\u{1B}[15~\u{1B}[24~\u{1B}[[E", [1, 1, 5, 12, 5].map(Key.function)),
        ("\u{1B}[<0;1;1M\u{1B}[<0;1;1m", [mouse(.press(.left), 0, 0), mouse(.release, 0, 0)]),
        ("\u{1B}[<2;300;200M", [mouse(.press(.right), 299, 199)]),
        ("\u{1B}[<64;5;6M\u{1B}[<65;5;6M", [mouse(.wheelUp, 4, 5), mouse(.wheelDown, 4, 5)]),
        ("\u{1B}[<4;5;6M", [mouse(.press(.left), 4, 5)]),
        ("\u{1B}[<32;5;6M\u{1B}[<0;0;6M\u{1B}[<0;5M", []),
        ("\u{1B}[120;5u\u{1B}[120;3u\u{1B}[9;2u", [.control("x"), .alt("x"), .backTab]),
        ("\u{1B}[200~R\rX\u{1B}[A\u{1B}[201~q", [.paste("R\rX\u{1B}[A"), .character("q")]),
        ("\u{1B}[200~cut off", [.paste("cut off")]),
        ("\u{1B}[200~\u{1B}[201~", [.paste("")]),
        // Answers and reports nobody asked for.
        ("\u{1B}[?1;2cX", [.character("X")]),
        ("\u{1B}[12;40Rs", [.function(3), .character("s")]),
        ("\u{1B}[Ix\u{1B}[O", [.character("x")]),
        ("\u{1B}]11;rgb:0000/0000/0000\u{7}X", [.character("X")]),
        ("\u{1B}]11;rgb:0000/0000/0000\u{1B}\\X", [.character("X")]),
        ("\u{1B}P1$r0m\u{1B}\\X", [.character("X")]),
        ("\u{1B}[99999999999999999999~X", [.character("X")]),
        ("\u{1B}[1;\u{1B}[Ax", [.up, .character("x")]),
    ]

    @Test(arguments: table)
    func `bytes become keys`(bytes: String, keys: [Key]) {
        #expect(Self.keys(bytes) == keys)
    }

    @Test(arguments: table)
    func `keys are the same however the bytes are cut`(bytes: String, keys: [Key]) {
        var decoder = KeyDecoder(sequences: Self.description)
        var decoded: [Key] = []
        for byte in bytes.utf8 { decoded += decoder.decode([byte]) }
        #expect(decoded + decoder.finish() == keys)
        #expect(decoder.waitsFor == nil)
    }

    @Test func `an escape waits for what may follow`() {
        var decoder = KeyDecoder()
        #expect(decoder.decode([0x1B]).isEmpty)
        #expect(decoder.waitsFor == .sequence)
        #expect(decoder.decode("[A".utf8) == [.up])
        #expect(decoder.waitsFor == nil)
    }

    @Test func `a paste waits for its end`() {
        var decoder = KeyDecoder()
        #expect(decoder.decode("\u{1B}[200~R".utf8).isEmpty)
        #expect(decoder.waitsFor == .paste)
        #expect(decoder.decode("\u{1B}[20".utf8).isEmpty)
        #expect(decoder.decode("1~".utf8) == [.paste("R")])
    }

    @Test(arguments: [[0xFF], [0xC3, 0x28], [0x80], [0xF0, 0x9F, 0x98], [0xED, 0xA0, 0x80]] as [[UInt8]])
    func `bytes that are no UTF-8 are no keys and hide none`(bytes: [UInt8]) {
        var decoder = KeyDecoder()
        let keys = decoder.decode(bytes + [UInt8(ascii: "q")]) + decoder.finish()
        #expect(keys.last == .character("q"))
        #expect(keys.count == (bytes.contains(0x28) ? 2 : 1))
    }

    @Test func `any bytes are survived, and what follows is read`() {
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SeededGenerator(seed: seed)
        let alphabet: [UInt8] = [
            0x1B, 0x5B, 0x4F, 0x5D, 0x50, 0x07, 0x3B, 0x31, 0x7E, 0x41, 0xC3, 0xA9, 0x24, 0x3C, 0x00,
        ]
        for _ in 0..<2_000 {
            var decoder = KeyDecoder(sequences: Self.description)
            for _ in 0..<Int.random(in: 1...40, using: &generator) {
                _ = decoder.decode([alphabet.randomElement(using: &generator) ?? 0])
            }
            _ = decoder.finish()
            #expect(decoder.decode([0x71]) == [.character("q")], "seed \(seed)")
        }
    }

    @Test func `a flood without an end is let go`() {
        var decoder = KeyDecoder()
        #expect(decoder.decode("\u{1B}]".utf8 + [UInt8](repeating: 0x41, count: 10_000)).isEmpty)
        #expect(decoder.waitsFor == nil)
    }
}
