import Testing

@testable import Terminal

struct DirectColoursTests {
    private static func applied(_ text: String) -> String {
        var colours = DirectColours()
        colours.set(255, red: 1, green: 22, blue: 255)
        return String(decoding: colours.applied(to: Array(text.utf8)), as: UTF8.self)
    }

    @Test(arguments: [
        ("a\u{1B}[38;5;255mb", "a\u{1B}[38;2;1;22;255mb"),
        ("\u{1B}[48;5;255m", "\u{1B}[48;2;1;22;255m"),
        ("\u{1B}[38;5;254m", "\u{1B}[38;5;254m"),
        ("\u{1B}[38;5;2555m", "\u{1B}[38;5;2555m"),
        ("\u{1B}[58;5;255m", "\u{1B}[58;5;255m"),
        ("\u{1B}[38;5;25", "\u{1B}[38;5;25"),
        ("[38;5;255m", "[38;5;255m"),
        ("\u{1B}", "\u{1B}"),
    ])
    func `a place in the palette becomes its colour, and nothing else does`(sent: String, expected: String) {
        #expect(Self.applied(sent) == expected)
    }

    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy"), ("ÿ", "w78="),
    ])
    func `base64 is that of RFC 4648`(text: String, encoded: String) {
        #expect(Base64.text(of: Array(text.utf8)) == encoded)
    }
}
