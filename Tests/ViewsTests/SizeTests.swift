import Screen
import Testing
import Views

/// No screen is too small or too large, and no text from outside can do more than be read.
struct SizeTests {
    /// Cells that take as many columns as the frame has, with nothing in them that a terminal would obey.
    private func problem(in frame: Frame) -> String? {
        for (y, row) in frame.rows.enumerated() {
            guard row.count == frame.size.columns else {
                return "row \(y) has \(row.count) cells"
            }
            guard row.reduce(0, { $0 + Int($1.columns) }) == frame.size.columns else {
                return "row \(y) takes other columns than the frame has"
            }
            for (x, cell) in row.enumerated() where !cell.isContinuation {
                if cell.character.unicodeScalars.contains(where: SizeTests.isObeyed) {
                    return "a control at \(x),\(y)"
                }
                if cell.isWide, x + 1 >= row.count || !row[x + 1].isContinuation {
                    return "half a character at \(x),\(y)"
                }
            }
        }
        return nil
    }

    /// Controls, line separators and marks that turn the direction of text.
    private static func isObeyed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x202A...0x202E, 0x2066...0x2069, 0x200E, 0x200F, 0x061C: true
        default:
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: true
            default: false
            }
        }
    }

    /// Small sizes sampled so that every width and every height comes up in some of the acts.
    private static let small: [Size] =
        (1...60).map { Size(columns: $0, rows: 1 + $0 * 7 % 20) }
        + (1...20).map { Size(columns: 1 + $0 * 23 % 60, rows: $0) }

    /// The sizes that every act is drawn at.
    private static let odd = [
        Size(columns: 0, rows: 0), Size(columns: 0, rows: 9), Size(columns: 9, rows: 0),
        Size(columns: 1, rows: 1), Size(columns: 1, rows: 200), Size(columns: 20, rows: 5),
        Size(columns: 400, rows: 1), Size(columns: 99, rows: 16), Size(columns: 210, rows: 64),
    ]

    /// A video wall's: one act in six is drawn as large, as that takes most of the time.
    private static let huge = Size(columns: 400, rows: 120)

    private static func sizes(of act: Act) -> [Size] {
        let turn = Act.allCases.firstIndex(of: act) ?? 0
        let few = small.indices.filter { $0 % 4 == turn % 4 }.map { small[$0] }
        return odd + few + (turn % 6 == 0 ? [huge] : [])
    }

    @Test(arguments: Act.allCases)
    func `a screen draws at every size`(act: Act) {
        let scene = act.scene(Size(columns: 80, rows: 24))
        for size in SizeTests.sizes(of: act) {
            let frame = scene.frame(size, glyphs: size.columns % 2 == 0 ? .unicode : .ascii)
            #expect(frame.size == size)
            let problem = problem(in: frame)
            #expect(problem == nil, "\(act) at \(size.columns)x\(size.rows)")
        }
    }

    static let hostile = [
        "\u{1b}[2J\u{1b}]0;owned\u{7}\u{9b}31m", "two\nlines\r\nthree\ttabs\u{0}\u{8}\u{7f}\u{85}",
        "\u{202e}right\u{2066}to\u{2069}left\u{200f}\u{2028}", "東京リージョン全角",
        "e" + String(repeating: "\u{301}", count: 400), "👩‍👩‍👧‍👦🇩🇪\u{200d}\u{fe0f}",
        String(repeating: "long \u{1b}[A東 ", count: 32 * 1024 / 12),
    ]

    @Test(arguments: Act.allCases, hostile.indices)
    func `hostile texts stay texts`(act: Act, index: Int) {
        let text = SizeTests.hostile[index]
        let scene = act.scene(Size(columns: 80, rows: 24)) { "\($0)\(text)" }
        let all = [Size(columns: 80, rows: 24), Size(columns: 31, rows: 11)]
        for size in text.utf8.count > 1_024 ? Array(all.prefix(1)) : all {
            let problem = problem(in: scene.frame(size))
            #expect(problem == nil, "\(act) at \(size.columns)x\(size.rows)")
        }
    }
}
