import Screen

/// Numbers to be read from across the room: three by five dots a digit.
struct BigDigits {
    let text: String
    let glyphs: Glyphs

    /// Lines that a number takes: two dots a line where the terminal has half blocks.
    static func height(_ glyphs: Glyphs) -> Int {
        glyphs.isASCII ? 5 : 3
    }

    var columns: Int { max(0, text.count * 4 - 1) }

    func draw(x: Int, y: Int, role: Role, on canvas: Canvas) {
        for (place, character) in text.enumerated() {
            let dots = BigDigits.dots[character] ?? []
            for line in 0..<BigDigits.height(glyphs) {
                let drawn = (0..<3).map { column in cell(dots, column: column, line: line) }
                canvas.put(String(drawn), x: x + place * 4, y: y + line, role: role, attributes: .bold)
            }
        }
    }

    private func cell(_ dots: [[Bool]], column: Int, line: Int) -> Character {
        func isSet(_ row: Int) -> Bool {
            row < dots.count && column < dots[row].count && dots[row][column]
        }
        if glyphs.isASCII {
            return isSet(line) ? glyphs.block : " "
        }
        switch (isSet(line * 2), isSet(line * 2 + 1)) {
        case (true, true): return glyphs.block
        case (true, false): return glyphs.upperHalf
        case (false, true): return glyphs.lowerHalf
        case (false, false): return " "
        }
    }

    /// The five rows of each digit as octal digits, a bit a dot.
    private static let dots: [Character: [[Bool]]] = {
        let rows: [Character: [Int]] = [
            "0": [7, 5, 5, 5, 7], "1": [2, 6, 2, 2, 7], "2": [7, 1, 7, 4, 7], "3": [7, 1, 7, 1, 7],
            "4": [5, 5, 7, 1, 1], "5": [7, 4, 7, 1, 7], "6": [7, 4, 7, 5, 7], "7": [7, 1, 1, 2, 2],
            "8": [7, 5, 7, 5, 7], "9": [7, 5, 7, 1, 7], "/": [1, 1, 2, 4, 4],
            "+": [0, 2, 7, 2, 0], "-": [0, 0, 7, 0, 0], "–": [0, 0, 7, 0, 0],
        ]
        return rows.mapValues { $0.map { row in [4, 2, 1].map { row & $0 != 0 } } }
    }()
}
