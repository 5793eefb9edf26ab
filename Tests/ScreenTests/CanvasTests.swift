import Screen
import Testing
import Text

struct CanvasTests {
    private static func canvas(_ columns: Int, _ rows: Int, _ glyphs: Glyphs = .unicode) -> Canvas {
        Canvas(size: Size(columns: columns, rows: rows), glyphs: glyphs)
    }

    private static func lines(_ canvas: Canvas) -> [String] {
        canvas.frame.rows.map { Frame.text(of: $0) }
    }

    @Test func `boxes that share lines are joined`() {
        let canvas = Self.canvas(12, 7)
        let columns = canvas.bounds.columns([.weight(1), .weight(1)], gap: -1)
        for column in columns {
            for rect in column.rows([.weight(1), .weight(1)], gap: -1) { canvas.box(rect) }
        }
        #expect(
            Self.lines(canvas) == [
                "┌─────┬────┐",
                "│     │    │",
                "│     │    │",
                "├─────┼────┤",
                "│     │    │",
                "│     │    │",
                "└─────┴────┘",
            ]
        )
    }

    @Test func `a box has a title and gives its inside`() {
        let canvas = Self.canvas(16, 3)
        let inside = canvas.box(canvas.bounds, title: "Sync · prod-eu", focused: true)
        inside.put("checkout, more", role: .failed)
        #expect(Self.lines(canvas) == ["┌ Sync · prod… ┐", "│checkout, more│", "└──────────────┘"])
        #expect(canvas.cell(x: 0, y: 0)?.role == .borderFocused)
        #expect(canvas.cell(x: 2, y: 0)?.role == .titleFocused)
        #expect(canvas.cell(x: 1, y: 1)?.role == .failed)
        #expect(inside.size == Size(columns: 14, rows: 1))
    }

    @Test func `the focused box keeps a shared line, whoever is drawn last`() {
        let canvas = Self.canvas(6, 5)
        canvas.box(Rect(x: 0, y: 0, width: 6, height: 3), focused: true)
        canvas.box(Rect(x: 0, y: 2, width: 6, height: 3))
        #expect(canvas.cell(x: 2, y: 2)?.role == .borderFocused)
        #expect(canvas.cell(x: 2, y: 4)?.role == .border)
    }

    @Test func `a dialog is not joined to what lies beneath`() {
        let canvas = Self.canvas(8, 3)
        canvas.box(canvas.bounds)
        canvas.box(Rect(x: 2, y: 0, width: 4, height: 3), role: .dialogBorder)
        #expect(Self.lines(canvas) == ["┌─┌──┐─┐", "│ │  │ │", "└─└──┘─┘"])
    }

    @Test func `lines join boxes`() {
        let canvas = Self.canvas(7, 4)
        canvas.box(canvas.bounds)
        canvas.verticalLine(x: 3, y: 0, height: 4)
        canvas.horizontalLine(x: 0, y: 2, width: 7)
        #expect(Self.lines(canvas) == ["┌──┬──┐", "│  │  │", "├──┼──┤", "└──┴──┘"])
    }

    @Test func `ASCII boxes are drawn and joined in ASCII`() {
        let canvas = Self.canvas(9, 3, .ascii)
        for rect in canvas.bounds.columns([.weight(1), .weight(1)], gap: -1) { canvas.box(rect, title: "a") }
        #expect(Self.lines(canvas) == ["+ a + a +", "|   |   |", "+---+---+"])
    }

    @Test(arguments: [0, 1])
    func `what has no room for a box is left alone`(side: Int) {
        let canvas = Self.canvas(4, 2)
        let inside = canvas.box(Rect(x: 0, y: 0, width: side, height: 2), title: "x")
        inside.put("y")
        #expect(Self.lines(canvas) == ["    ", "    "])
    }

    @Test func `text is cut at its field, and the columns used are returned`() {
        let canvas = Self.canvas(12, 5)
        #expect(canvas.put("apps/checkout", x: 1, y: 0, width: 6) == 6)
        #expect(canvas.put("世界人", x: 0, y: 1, width: 4) == 3)
        #expect(canvas.put("short", x: 0, y: 2) == 5)
        #expect(canvas.put("much too long for it", x: 4, y: 3) == 8)
        #expect(canvas.put("nowhere", x: 12, y: 4) == 0)
        #expect(
            Self.lines(canvas) == [
                " apps/…     ", "世…         ", "short       ", "    much to…", "            ",
            ]
        )
    }

    @Test func `fields are filled in their look`() {
        let canvas = Self.canvas(8, 3)
        canvas.field("42", x: 0, y: 0, width: 6, alignment: .right, role: .age, attributes: .selected)
        canvas.field("42", x: 0, y: 1, width: 6, alignment: .center)
        canvas.field("twelve characters", x: 0, y: 2, width: 6)
        #expect(Self.lines(canvas) == ["    42  ", "  42    ", "twelv…  "])
        #expect(canvas.cell(x: 0, y: 0)?.attributes == .selected)
        #expect(canvas.cell(x: 6, y: 0)?.attributes == [])
    }

    @Test func `spans keep their looks and are cut as one text`() {
        let canvas = Self.canvas(10, 3)
        let spans = [Span("ab", .ready), Span("", .bad), Span("cd", .failed, .bold), Span("ef", .dim)]
        #expect(canvas.put(spans, y: 0) == 6)
        #expect(canvas.put(spans, y: 1, attributes: .selected, width: 4) == 4)
        #expect(canvas.put(spans, y: 2, width: 5) == 5)
        #expect(Self.lines(canvas) == ["abcdef    ", "abc…      ", "abcd…     "])
        #expect(canvas.cell(x: 3, y: 1)?.role == .failed)
        #expect(canvas.cell(x: 3, y: 1)?.attributes == [.bold, .selected])
        #expect(canvas.cell(x: 4, y: 2)?.role == .dim)
    }

    @Test func `a canvas inside draws in its own place and nowhere else`() {
        let canvas = Self.canvas(8, 4)
        let inner = canvas.canvas(Rect(x: 2, y: 1, width: 4, height: 2))
        inner.put("abcdefgh", x: -1, y: 0, width: 20)
        inner.put("above", y: -1)
        inner.put("below", y: 2)
        inner.fill(Rect(x: -5, y: 1, width: 50, height: 50), with: "#")
        #expect(Self.lines(canvas) == ["        ", "  bcde  ", "  ####  ", "        "])
        inner.canvas(Rect(x: 3, y: 0, width: 9, height: 1)).put("xyz")
        #expect(Self.lines(canvas)[1] == "  bcdx  ")
    }

    @Test func `a wide character never crosses an edge`() {
        let canvas = Self.canvas(6, 3)
        let inner = canvas.canvas(Rect(x: 1, y: 0, width: 3, height: 3))
        inner.put("世界", x: 0, y: 0, width: 9)
        inner.put("世界", x: -1, y: 1, width: 9)
        canvas.put("世", x: 5, y: 2, width: 2)
        #expect(Self.lines(canvas) == [" 世   ", "  界  ", "      "].map { $0.padded(to: 6) })
    }

    @Test func `half of a covered wide character becomes a space`() {
        let canvas = Self.canvas(6, 2)
        canvas.put("世界人", y: 0)
        canvas.put("x", x: 1, y: 0)
        canvas.put("y", x: 4, y: 0)
        #expect(Self.lines(canvas)[0] == " x界y ")
        canvas.put("世界人", y: 1)
        canvas.put("国", x: 1, y: 1)
        #expect(Self.lines(canvas)[1] == " 国 人")
    }

    @Test func `controls and lone marks are not drawn`() {
        let canvas = Self.canvas(6, 1)
        #expect(canvas.put("a\u{1B}\nb\u{200B}\u{301}c") == 3)
        #expect(Self.lines(canvas) == ["ab\u{301}c   "] || Self.lines(canvas) == ["abc   "])
    }

    @Test(arguments: [
        (0, 10, "     "), (10, 10, "█████"), (5, 10, "██▌  "), (1, 1_000, "▏    "), (999, 1_000, "████▉"),
        (3, 0, "     "),
        (-4, 10, "     "), (20, 10, "█████"), (42, 44, "████▊"),
    ])
    func `a bar shows its share in eighths`(value: Int, total: Int, picture: String) {
        let canvas = Self.canvas(5, 1)
        canvas.bar(value, of: total, x: 0, y: 0, width: 5)
        #expect(Self.lines(canvas) == [picture])
    }

    @Test func `an ASCII bar has whole cells`() {
        let canvas = Self.canvas(5, 1, .ascii)
        canvas.bar(5, of: 10, x: 0, y: 0, width: 5)
        #expect(Self.lines(canvas) == ["###.."])
    }

    @Test func `a sparkline shows the newest values, scaled to the largest`() {
        let canvas = Self.canvas(9, 2)
        canvas.sparkline([99, 0, 1, 4, 8], x: 1, y: 0, width: 4)
        canvas.sparkline([0, 0], x: 0, y: 1, width: 4)
        #expect(Self.lines(canvas) == [" ▁▂▅█    ", "  ▁▁     "])
    }

    @Test func `a scrollbar appears when there is something to scroll`() {
        let canvas = Self.canvas(3, 4)
        canvas.scrollbar(first: 0, visible: 4, total: 4, x: 0, y: 0, height: 4)
        canvas.scrollbar(first: 0, visible: 4, total: 8, x: 1, y: 0, height: 4)
        canvas.scrollbar(first: 96, visible: 4, total: 100, x: 2, y: 0, height: 4)
        #expect(Self.lines(canvas) == [" █ ", " █ ", "   ", "  █"])
    }

    @Test func `attributes are added to what is drawn, and to what will be`() {
        let canvas = Self.canvas(3, 2)
        canvas.put("abc", role: .ready, attributes: .bold)
        canvas.mark(Rect(x: 1, y: 0, width: 9, height: 1), attributes: .selected)
        canvas.mark(Rect(x: 2, y: 0, width: 1, height: 1), role: .stale)
        #expect(canvas.frame.rows[0].map(\.attributes) == [.bold, [.bold, .selected], [.bold, .selected]])
        #expect(canvas.frame.rows[0].map(\.role) == [.ready, .ready, .stale])
        canvas.adding(.raised).put("x", y: 1, attributes: .bold)
        #expect(canvas.cell(x: 0, y: 1)?.attributes == [.raised, .bold])
    }

    @Test func `the cursor is shown where it was placed, if inside`() {
        let canvas = Self.canvas(9, 3)
        let inner = canvas.canvas(Rect(x: 2, y: 1, width: 3, height: 1))
        inner.placeCursor(x: 3, y: 0)
        #expect(canvas.frame.cursor == nil)
        inner.placeCursor(x: 2, y: 0)
        #expect(canvas.frame.cursor == Position(x: 4, y: 1))
    }

    @Test(arguments: [Glyphs.unicode, .ascii])
    func `every glyph takes one column`(glyphs: Glyphs) {
        let single: [Character] = [
            glyphs.ready, glyphs.reconciling, glyphs.waiting, glyphs.failed, glyphs.stalled, glyphs.suspended,
            glyphs.drift, glyphs.behind, glyphs.unreachable, glyphs.stale, glyphs.pointer, glyphs.putBack,
            glyphs.mark, glyphs.caution, glyphs.enter, glyphs.up, glyphs.down, glyphs.left, glyphs.right,
            glyphs.folded, glyphs.unfolded, glyphs.none, glyphs.dot, glyphs.times, glyphs.radioOn,
            glyphs.checkOn,
            glyphs.ellipsis, glyphs.scrollThumb, glyphs.barEmpty, glyphs.block, glyphs.upperHalf,
            glyphs.lowerHalf,
        ]
        for glyph in single + glyphs.eighths + glyphs.levels {
            #expect(glyph.columns == 1, "\(glyph)")
            #expect(!glyphs.isASCII || glyph.isASCII, "\(glyph)")
            #expect(Glyphs.asciiStandIn(for: glyph) != "?", "\(glyph)")
        }
        #expect(Set(single.prefix(10)).count == 10, "states differ")
    }

    @Test func `lines have ASCII stand-ins`() {
        #expect(String("┌─┬┐│├┼┤└┴┘x世".map { Glyphs.asciiStandIn(for: $0) }) == "+-++|+++" + "+++x?")
    }
}
