import Testing
import Text

struct ColumnsTests {
    @Test(
        arguments: [
            ("a", 1), (" ", 1), ("~", 1), ("é", 1), ("e\u{301}", 1), ("ß", 1), ("\u{A0}", 1), ("…", 1),
            ("●", 1),
            ("◐", 1), ("╳", 1), ("█", 1), ("—", 1), ("α", 1), ("ж", 1), ("\u{FFFD}", 1), ("\u{E000}", 1),
            ("世", 2), ("한", 2), ("あ", 2), ("～", 2), ("Ａ", 2), ("、", 2), ("𠀀", 2),
            ("\u{1112}\u{1161}\u{11AB}", 2),
            ("😀", 2), ("👍🏽", 2), ("👨‍👩‍👧", 2), ("🇩🇪", 2), ("❤\u{FE0F}", 2), ("❤", 1), ("⌚", 2), ("🏴", 2), ("🫠", 2),
            ("\u{301}", 0), ("\u{200B}", 0), ("\u{200D}", 0), ("\u{FEFF}", 0), ("\u{202E}", 0), ("\u{AD}", 0),
            ("\u{0}", 0), ("\n", 0), ("\r\n", 0), ("\t", 0), ("\u{1B}", 0), ("\u{7F}", 0), ("\u{9B}", 0),
            ("\u{2028}", 0),
        ] as [(Character, Int)]
    )
    func `a character has the width terminals give it`(character: Character, columns: Int) {
        #expect(character.columns == columns)
    }

    @Test func `plain characters stand alone in one or two columns, as the Unicode tables say`() {
        let plain = (0...0x10_FFFF as ClosedRange<UInt32>).compactMap(Unicode.Scalar.init).filter(\.isPlain)
        #expect(plain.count > 20_000)
        var wrong: [UInt32] = []
        for scalar in plain {
            let isWide = (0x4E00...0xD7A3).contains(scalar.value)
            let pair = String(String.UnicodeScalarView([scalar, scalar, "a"]))
            let category = scalar.properties.generalCategory
            let shows = ![.control, .format, .nonspacingMark, .enclosingMark, .spacingMark].contains(category)
            if pair.count != 3 || !shows || scalar.columns != (isWide ? 2 : 1) { wrong.append(scalar.value) }
        }
        #expect(wrong == [])
    }

    @Test(arguments: [
        ("", 0), ("prod-eu", 7), ("世界", 4), ("a世b", 4), ("e\u{301}te\u{301}", 3), ("a\tb\u{1B}", 2),
        ("日本 apps", 9),
    ])
    func `the width of text is that of its characters`(text: String, columns: Int) {
        #expect(text.columns == columns)
        #expect(text.dropFirst(0).columns == columns)
    }

    @Test(arguments: [
        ("apps/checkout", 13, "apps/checkout"), ("apps/checkout", 12, "apps/checko…"), ("abc", 1, "…"),
        ("abc", 0, ""),
        ("abc", -3, ""), ("世界人", 5, "世界…"), ("世界人", 4, "世…"), ("世界人", 6, "世界人"),
        ("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…"),
        ("", 3, ""), ("世", 1, "…"),
    ])
    func `text is cut to fit and says so`(text: String, columns: Int, cut: String) {
        #expect(text.truncated(to: columns) == cut)
        #expect(text.truncated(to: columns).columns <= max(0, columns))
    }

    @Test(arguments: [(3, "a.."), (2, ".."), (1, "."), (0, "")])
    func `an ellipsis of several characters is cut before the text is lost`(columns: Int, cut: String) {
        #expect("abcdef".truncated(to: columns, ellipsis: "..") == cut)
    }

    @Test(arguments: [
        (Alignment.left, "ab   "), (.right, "   ab"), (.center, " ab  "),
    ])
    func `text is filled up to exactly its field`(alignment: Alignment, padded: String) {
        #expect("ab".padded(to: 5, alignment: alignment) == padded)
        #expect("世界".padded(to: 3, alignment: alignment).columns == 3)
        #expect("abcdef".padded(to: 4, alignment: alignment) == "abc…")
    }

    @Test(arguments: ["", "abc", "世界", "e\u{301}x", "👩‍👩‍👧‍👦a", "☺\u{fe0f}", "\u{301}", "long enough to be cut 世"])
    func `what fits is what takes no more columns`(text: String) {
        for columns in 0...24 {
            #expect(text.fits(in: columns) == (text.columns <= columns), "\(columns)")
        }
    }

    @Test(
        arguments: [
            ("health check failed after 2m", 12, ["health check", "failed after", "2m"]),
            ("a b", 1, ["a", "b"]), ("", 5, [""]), ("one\n\ntwo", 9, ["one", "", "two"]),
            ("abcdefgh", 3, ["abc", "def", "gh"]), ("go abcdefgh", 4, ["go", "abcd", "efgh"]),
            ("世界人", 3, ["世", "界", "人"]), ("世", 1, ["世"]), ("abc   def", 3, ["abc", "def"]),
            ("    indented text", 10, ["    indented".prefix(10).description, "ed text"]),
            ("trailing   ", 8, ["trailing"]),
        ] as [(String, Int, [String])]
    )
    func `text is wrapped at spaces`(text: String, columns: Int, lines: [String]) {
        #expect(text.wrapped(to: columns) == lines)
    }
}
