import Keys
import Testing

@testable import Dashboard

struct TextBlockTests {
    @Test(arguments: [
        ("ab\ncd", [Key.enter], "\nab\ncd", 1),
        ("ab\ncd", [.down, .backspace], "abcd", 0),
        ("ab\ncd", [.end, .delete], "abcd", 0),
        ("ab\ncd", [.end, .enter, .character("x")], "ab\nx\ncd", 1),
        ("ab", [.paste("one\ntwo\r\nthree")], "one\ntwo\nthreeab", 2),
        ("ab\ncd", [.down, .down, .end, .character("!"), .up, .up], "ab\ncd!", 0),
        ("", [.backspace, .delete, .up, .down], "", 0),
        ("ab", [.right, .enter], "a\nb", 1),
    ])
    func `keys edit a text of several lines`(text: String, keys: [Key], expected: String, row: Int) {
        var block = TextBlock(text)
        for key in keys {
            _ = block.type(key)
        }
        #expect(block.text == expected)
        #expect(block.row == row)
    }

    @Test func `it ends somewhere`() {
        var block = TextBlock()
        for _ in 0..<(TextBlock.limit + 20) {
            _ = block.type(.enter)
        }
        #expect(block.lines.count == TextBlock.limit)
    }
}
