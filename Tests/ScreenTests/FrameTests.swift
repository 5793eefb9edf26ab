import Screen
import Testing

struct FrameTests {
    private static var sample: Frame {
        let canvas = Canvas(size: Size(columns: 10, rows: 3))
        let inside = canvas.box(canvas.bounds, title: "世", focused: true)
        inside.put("✗ ab", role: .failed)
        inside.mark(inside.bounds, attributes: [.selected, .bold])
        canvas.placeCursor(x: 3, y: 1)
        return canvas.frame
    }

    @Test func `the golden form shows characters, roles, attributes and a legend`() {
        #expect(
            Self.sample.goldenText() == """
                weir frame 10x3
                cursor 3,1
                text
                |┌ 世 ────┐|
                |│✗ ab    │|
                |└────────┘|
                roles
                |iikkiiiiii|
                |iuuuu....i|
                |iiiiiiiiii|
                attributes
                |..........|
                |.33333333.|
                |..........|
                legend
                . text
                i border-focused
                k title-focused
                u failed
                3 selected+bold

                """
        )
    }

    @Test func `a frame is read back from its golden form`() {
        #expect(Frame(golden: Self.sample.goldenText()) == Self.sample)
        let empty = Frame(size: Size(columns: 0, rows: 0))
        #expect(Frame(golden: empty.goldenText()) == empty)
    }

    @Test func `every role and attribute survives the golden form`() {
        let canvas = Canvas(size: Size(columns: 70, rows: Role.allCases.count))
        for (y, role) in Role.allCases.enumerated() {
            for x in 0..<64 {
                canvas.put("x", x: x, y: y, role: role, attributes: Cell.Attributes(rawValue: UInt8(x)))
            }
        }
        #expect(Frame(golden: canvas.frame.goldenText()) == canvas.frame)
    }

    @Test(arguments: [
        "", "weir frame", "weir frame 3x1\ntext\n|abc|\n",
        "weir frame 3x1\ntext\n|abcd|\nroles\n|...|\nlegend\n",
        "weir frame 3x1\ntext\n|abc|\nroles\n|..|\nlegend\n",
        "weir frame 3x1\ntext\n|abc|\nroles\n|..é|\nlegend\n",
        "weir frame 3x1\ncursor 1\ntext\n|abc|\nroles\n|...|\nlegend\n", "weir frame -1x1\n",
        "weir frame 99999x99999\n",
    ])
    func `what is no golden form is refused`(text: String) {
        #expect(Frame(golden: text) == nil)
    }

    @Test func `changed rows are those that differ`() {
        let canvas = Canvas(size: Size(columns: 4, rows: 3))
        let before = canvas.frame
        canvas.put("x", y: 1)
        #expect(canvas.frame.changedRows(from: before) == [1])
        #expect(canvas.frame.changedRows(from: canvas.frame) == [])
        #expect(canvas.frame.changedRows(from: nil) == [0, 1, 2])
        #expect(canvas.frame.changedRows(from: Frame(size: Size(columns: 5, rows: 3))) == [0, 1, 2])
        canvas.mark(Rect(x: 0, y: 2, width: 1, height: 1), role: .stale)
        #expect(canvas.frame.changedRows(from: before) == [1, 2])
    }

    @Test func `plain text has no trailing spaces`() {
        #expect(Self.sample.plainText() == "┌ 世 ────┐\n│✗ ab    │\n└────────┘\n")
        #expect(Frame(size: Size(columns: 2, rows: 2)).plainText() == "\n\n")
    }

    @Test(arguments: Role.allCases)
    func `a role is found by its name`(role: Role) {
        #expect(Role(name: role.name) == role)
        #expect(role.name == role.name.lowercased())
    }

    @Test func `names of roles are words with dashes`() {
        #expect(Role.diffAdded.name == "diff-added")
        #expect(Role.borderFocused.name == "border-focused")
        #expect(Role(name: "diffAdded") == nil)
    }
}
