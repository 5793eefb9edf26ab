import Keys
import Testing

struct KeyNotationTests {
    static let every: [Key] =
        [
            .enter, .escape, .tab, .backTab, .backspace, .delete, .insert, .up, .down, .left, .right, .home,
            .end, .pageUp, .pageDown, .control(" "), .control("\\"), .control("]"), .control("^"),
            .control("_"),
            .alt("x"), .alt("X"), .alt(" "), .alt("-"), .alt("é"), .character("é"), .character("世"),
        ] + (1...63).map(Key.function)
        + " !\"#$%&'()*+,-./0123456789:;<=>?@ABCXYZ[\\]^_`abcxyz{|}~".map(Key.character)
        + "abcdefgklnopqrstuvwxyz".map(Key.control)

    @Test(arguments: every)
    func `a key is read back from its notation`(key: Key) {
        #expect(Key(notation: key.notation) == key)
    }

    @Test(arguments: [
        ("R", Key.character("R")), ("r", .character("r")), ("Ctrl-r", .control("r")),
        ("ctrl-R", .control("r")),
        ("C-r", .control("r")), ("^r", .control("r")), ("Ctrl+d", .control("d")), ("Space", .character(" ")),
        ("PgDn", .pageDown), ("pagedown", .pageDown), ("Shift-Tab", .backTab), ("Return", .enter),
        ("del", .delete),
        ("Alt-Q", .alt("Q")), ("M-q", .alt("q")), ("F12", .function(12)), ("f1", .function(1)),
        ("F", .character("F")),
        ("-", .character("-")), ("^", .character("^")), ("\t", .tab), ("Ctrl-i", .tab), ("Ctrl-m", .enter),
        ("Ctrl-[", .escape), ("Ctrl-h", .backspace), ("Alt-Space", .alt(" ")),
    ])
    func `keys are written as people write them`(notation: String, key: Key) {
        #expect(Key(notation: notation) == key)
    }

    @Test(arguments: [
        "", "Ctrl-", "Ctrl-ab", "Ctrl-1", "Alt-", "Alt-Up", "F0", "F64", "Fx", "foo", "Paste", "Mouse",
        "\u{1}",
    ])
    func `what is no key is refused`(notation: String) {
        #expect(Key(notation: notation) == nil)
    }
}
