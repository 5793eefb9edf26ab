import Dashboard
import Keys
import Testing

struct TextInputTests {
    private func typed(_ start: String, _ keys: [Key]) -> TextInput {
        var input = TextInput(start)
        for key in keys {
            _ = input.type(key)
        }
        return input
    }

    @Test(arguments: [
        ("ab", [Key.character("c")], "abc", 3),
        ("ab", [.left, .character("x")], "axb", 2),
        ("ab", [.home, .delete], "b", 0),
        ("ab", [.backspace, .backspace, .backspace], "", 0),
        ("one two  ", [.control("w")], "one ", 4),
        ("one two", [.control("u")], "", 0),
        ("one two", [.home, .right, .control("k")], "o", 1),
        ("ab", [.end, .right, .character("é")], "abé", 3),
    ])
    func `keys edit the line`(start: String, keys: [Key], text: String, position: Int) {
        let input = typed(start, keys)
        #expect(input.text == text)
        #expect(input.position == position)
    }

    @Test func `pasted text is made harmless`() {
        let input = typed("", [.paste("a\u{1B}[31mb\nc\u{202E}d")])
        #expect(!input.text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x202E })
        #expect(input.text.hasPrefix("a"))
    }

    @Test func `a line has an end`() {
        let input = typed("", [.paste(String(repeating: "x", count: 5_000))])
        #expect(input.text.count <= TextInput.limit)
        #expect(typed(input.text, [.character("y"), .character("y")]).text.count <= TextInput.limit)
    }

    @Test func `other keys are not eaten`() {
        var input = TextInput("a")
        let taken = [Key.enter, .function(5), .alt("x")].map { input.type($0) }
        #expect(taken == [false, false, false])
    }
}
