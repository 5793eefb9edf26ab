import Screen
import Testing
import Themes

struct ColourTests {
    @Test(arguments: [
        ("#fff", Colour.rgb(255, 255, 255)), ("#102030", .rgb(16, 32, 48)), ("#FfA657", .rgb(255, 166, 87)),
        ("fff", nil), ("#ff", nil), ("#gggggg", nil), ("", nil), ("#1234567", nil),
    ])
    func `hexadecimal colours are read`(text: String, colour: Colour?) {
        #expect(Colour(hex: text) == colour)
    }

    @Test(arguments: [
        (Colour.rgb(255, 255, 255), Colour.rgb(0, 0, 0), 21.0),
        (.rgb(118, 118, 118), .rgb(255, 255, 255), 4.54),
        (.rgb(255, 0, 0), .rgb(255, 255, 255), 4.0), (.rgb(1, 2, 3), .rgb(1, 2, 3), 1),
    ])
    func `contrast is that of WCAG`(one: Colour, other: Colour, expected: Double) {
        #expect(abs(Colour.contrast(one, other) - expected) < 0.15)
        #expect(Colour.contrast(one, other) == Colour.contrast(other, one))
    }

    @Test(
        arguments: [
            (Colour.rgb(0, 0, 0), 16), (.rgb(255, 255, 255), 231), (.rgb(95, 135, 175), 67),
            (.rgb(8, 8, 8), 232),
            (.rgb(255, 138, 130), 210),
        ] as [(Colour, UInt8)]
    )
    func `the nearest of the fixed palette is taken`(colour: Colour, index: UInt8) {
        #expect(colour.downgraded(to: .indexed256) == .indexed(index))
    }

    @Test(
        arguments: [
            (Colour.rgb(255, 90, 80), 9), (.rgb(125, 220, 138), 10), (.rgb(232, 199, 95), 11),
            (.rgb(130, 183, 255), 12),
            (.rgb(242, 155, 233), 13), (.rgb(95, 215, 224), 14), (.rgb(20, 98, 43), 2), (.rgb(0, 0, 0), 0),
            (.rgb(120, 122, 125), 8), (.rgb(200, 200, 200), 7), (.rgb(250, 250, 250), 15), (.indexed(3), 3),
        ] as [(Colour, UInt8)]
    )
    func `sixteen colours keep the hue`(colour: Colour, index: UInt8) {
        #expect(colour.downgraded(to: .ansi16) == .indexed(index))
        #expect(colour.downgraded(to: .ansi8) == .indexed(index % 8))
        #expect(colour.downgraded(to: .mono) == nil)
        #expect(colour.downgraded(to: .trueColour) == colour)
    }

    @Test(
        arguments: [
            ([:], 256, ColourDepth.indexed256), ([:], 88, .ansi16), ([:], 16, .ansi16), ([:], 8, .ansi8),
            ([:], 0, .mono), ([:], 1 << 24, .trueColour),
            (["COLORTERM": "truecolor"], 256, .trueColour), (["COLORTERM": "24bit"], 256, .trueColour),
            (["COLORTERM": "yes"], 256, .indexed256), (["COLORTERM": "truecolor"], 8, .ansi8),
            (["COLORTERM": "truecolor", "TERM": "screen-256color"], 256, .indexed256),
            (["COLORTERM": "truecolor", "TERM": "screen-256color", "TMUX": "/tmp/x"], 256, .trueColour),
            (["NO_COLOR": "1", "COLORTERM": "truecolor"], 256, .mono), (["NO_COLOR": ""], 256, .indexed256),
        ] as [([String: String], Int, ColourDepth)]
    )
    func `depth follows the terminal and the environment`(
        environment: [String: String],
        colours: Int,
        depth: ColourDepth
    ) {
        #expect(ColourDepth.detect(environment: environment, colours: colours) == depth)
    }

    @Test func `depths are ordered and can be named in settings`() {
        #expect(ColourDepth.allCases.sorted() == [.mono, .ansi8, .ansi16, .indexed256, .trueColour])
        #expect(ColourDepth(setting: "TrueColor") == .trueColour)
        #expect(ColourDepth(setting: "256") == .indexed256)
        #expect(ColourDepth(setting: "many") == nil)
    }

    @Test func `a frame becomes lines with colour sequences`() {
        let canvas = Canvas(size: Size(columns: 4, rows: 2))
        canvas.put("ok", role: .ready)
        canvas.put("世", y: 1, role: .failed)
        let text = canvas.frame.ansi(theme: Theme.standard, depth: .ansi16)
        #expect(text == "\u{1B}[0;92mok\u{1B}[0m  \u{1B}[0m\n\u{1B}[0;1;91m世\u{1B}[0m  \u{1B}[0m\n")
        #expect(canvas.frame.ansi(theme: Theme.standard, depth: .trueColour).contains("38;2;125;220;138"))
    }
}
