import Testing
import Text

struct SanitiserTests {
    @Test(arguments: [
        ("apps/checkout", "apps/checkout"), ("", ""), ("  a   b  ", "a b"), ("a\tb", "a b"),
        ("a\u{A0}b\u{3000}c", "a b c"),
        ("one\ntwo", "one ⏎ two"), ("one\r\n\r\n two\n", "one ⏎ two"), ("\n\nlead", "lead"),
        ("a\u{2028}b\u{85}c", "a ⏎ b ⏎ c"),
        ("\u{1B}[31mred\u{1B}[0m text", "red text"), ("\u{1B}[38;2;1;2;3mx\u{1B}[m", "x"),
        ("\u{1B}[2J", "␛[2J"), ("\u{1B}]0;title\u{7}", "␛]0;title␇"), ("\u{1B}", "␛"), ("\u{1B}[31", "␛[31"),
        ("\u{1B}[\u{1B}[1mx", "␛[x"), ("a\u{0}b\u{8}\u{7F}", "a␀b␈␡"), ("\u{9B}2J", "\u{FFFD}2J"),
        ("evil\u{202E}txt.exe", "evil\u{FFFD}txt.exe"), ("\u{2066}x\u{2069}", "\u{FFFD}x\u{FFFD}"),
        ("l\u{200E}r\u{200F}m\u{61C}", "lrm"), ("z\u{200B}w\u{200D}j\u{FEFF}\u{AD}", "zwj"),
        ("tag\u{E0041}\u{E007F}", "tag"), ("\u{E000}\u{F8FF}", "\u{FFFD}\u{FFFD}"), ("❤\u{FE0F}", "❤"),
        ("e\u{301}\u{302}\u{303}\u{304}", "e\u{301}\u{302}"), ("\u{301}a", "a"), (" \u{301}a", "a"),
        ("b \u{301}c", "b c"), ("世界", "世界"), ("\u{2800}x\u{2800}", "x"), ("\u{115F}x\u{3164}", "x"),
        ("\u{530}\u{378}", "\u{FFFD}\u{FFFD}"), ("👨‍👩‍👧", "👨👩👧"),
    ])
    func `a line is harmless`(raw: String, clean: String) {
        #expect(Sanitiser.line(raw) == clean)
        #expect(Sanitiser.line(clean) == clean, "a clean line stays as it is")
    }

    @Test func `bytes that are no UTF-8 are shown as such`() {
        let raw = String(
            decoding: [0x61, 0xFF, 0xC0, 0xAF, 0xED, 0xA0, 0x80, 0x62] as [UInt8],
            as: UTF8.self
        )
        let line = Sanitiser.line(raw)
        #expect(line.hasPrefix("a\u{FFFD}"))
        #expect(line.hasSuffix("\u{FFFD}b"))
    }

    @Test(arguments: [
        ("abcdef", 6, "abcdef"), ("abcdefg", 6, "abcde…"), ("abcd efg", 6, "abcd…"), ("世界世界", 3, "世界…"),
        ("ab", 1, "…"),
        ("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…"),
    ])
    func `a long line ends in an ellipsis`(raw: String, limit: Int, clean: String) {
        #expect(Sanitiser.line(raw, limit: limit) == clean)
    }

    @Test func `nothing of any text can reach the terminal as a command`() {
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SplitMix(state: seed)
        for _ in 0..<500 {
            let scalars = (0..<40).compactMap { _ in
                Unicode.Scalar(
                    UInt32.random(
                        in: 0...(Bool.random(using: &generator) ? 0x300 : 0x10_FFFF),
                        using: &generator
                    )
                )
            }
            let raw = String(String.UnicodeScalarView(scalars))
            for text in [Sanitiser.line(raw)] + Sanitiser.block(raw) {
                for scalar in text.unicodeScalars {
                    let category = scalar.properties.generalCategory
                    #expect(category != .control && category != .format, "seed \(seed): \(scalar.value)")
                    #expect(scalar.value != 0x2028 && scalar.value != 0x2029, "seed \(seed)")
                }
                let hidden = text.filter { $0.columns == 0 }.unicodeScalars.map {
                    String($0.value, radix: 16)
                }
                #expect(hidden == [], "seed \(seed)")
            }
        }
    }

    @Test(
        arguments: [
            ("kind: X\nspec:\n  a: 1\n", ["kind: X", "spec:", "  a: 1"]), ("", [""]), ("\n\n", [""]),
            ("a\tb\n\tc", ["a   b", "    c"]), ("a\r\nb\rc", ["a", "b", "c"]),
            ("x\u{1B}[1my\u{1B}[m\nz", ["xy", "z"]),
            ("a\n\n b", ["a", "", " b"]), ("end  \n", ["end"]),
        ] as [(String, [String])]
    )
    func `a block keeps its lines and indentation`(raw: String, lines: [String]) {
        #expect(Sanitiser.block(raw) == lines)
    }

    @Test func `a block has limits and says what it hides`() {
        #expect(Sanitiser.block("1\n2\n3\n4\n5", lineLimit: 3) == ["1", "2", "… 3 more lines"])
        #expect(Sanitiser.block("1\n2\n3", lineLimit: 3) == ["1", "2", "3"])
        #expect(Sanitiser.block("abcdef\nab", width: 4) == ["abc…", "ab"])
    }
}

/// Numbers that can be had again: SplitMix64, by Sebastiano Vigna.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
