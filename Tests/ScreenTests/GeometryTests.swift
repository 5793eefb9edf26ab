import Screen
import Testing

struct GeometryTests {
    @Test(
        arguments: [
            ([Length.fixed(3), .weight(1)], 10, 0, [0, 3], [3, 7]),
            ([.weight(1), .weight(1)], 9, 0, [0, 5], [5, 4]),
            ([.weight(1), .weight(1)], 10, -1, [0, 5], [6, 5]),
            ([.weight(2), .weight(1)], 9, 0, [0, 6], [6, 3]),
            ([.weight(1), .weight(1), .weight(1)], 10, 1, [0, 4, 8], [3, 3, 2]),
            ([.fixed(8), .fixed(8)], 10, 0, [0, 8], [8, 2]),
            ([.fixed(8), .weight(1)], 5, 0, [0, 5], [5, 0]),
            ([.atLeast(6, weight: 1), .weight(1)], 10, 0, [0, 6], [6, 4]),
            ([.atLeast(2, weight: 1), .weight(1)], 10, 0, [0, 5], [5, 5]),
            ([.fixed(1), .weight(1), .fixed(1)], 0, 0, [0, 0, 0], [0, 0, 0]),
            ([.weight(0)], 4, 0, [0], [0]),
            ([], 4, 0, [], []),
        ] as [([Length], Int, Int, [Int], [Int])]
    )
    func `lengths fill their side`(lengths: [Length], total: Int, gap: Int, offsets: [Int], sizes: [Int]) {
        let parts = Length.spread(lengths, over: total, gap: gap)
        #expect(parts.map(\.offset) == offsets)
        #expect(parts.map(\.length) == sizes)
    }

    @Test func `rectangles are split into what they cover`() {
        let rect = Rect(x: 2, y: 1, width: 10, height: 6)
        #expect(rect.splitTop(1).top == Rect(x: 2, y: 1, width: 10, height: 1))
        #expect(rect.splitTop(1).rest == Rect(x: 2, y: 2, width: 10, height: 5))
        #expect(rect.splitBottom(2).bottom == Rect(x: 2, y: 5, width: 10, height: 2))
        #expect(rect.rows([.weight(1), .weight(1)], gap: -1).map(\.y) == [1, 4])
        #expect(rect.columns([.fixed(3), .weight(1)]).map(\.width) == [3, 7])
    }

    @Test func `insets and centres never turn inside out`() {
        #expect(Rect(x: 0, y: 0, width: 1, height: 1).inset().isEmpty)
        #expect(Rect(x: 0, y: 0, width: 5, height: 4).inset() == Rect(x: 1, y: 1, width: 3, height: 2))
        let screen = Rect(Size(columns: 80, rows: 24))
        #expect(screen.centered(width: 20, height: 10) == Rect(x: 30, y: 7, width: 20, height: 10))
        #expect(screen.centered(width: 200, height: 100) == screen)
        #expect(Rect(x: 0, y: 0, width: -4, height: 3).isEmpty)
    }

    @Test func `intersections are what both cover`() {
        let rect = Rect(x: 0, y: 0, width: 5, height: 5)
        #expect(
            rect.intersection(Rect(x: 3, y: 4, width: 9, height: 9)) == Rect(x: 3, y: 4, width: 2, height: 1)
        )
        #expect(rect.intersection(Rect(x: 7, y: 0, width: 2, height: 2)).isEmpty)
        #expect(rect.contains(x: 4, y: 4))
        #expect(!rect.contains(x: 5, y: 4))
    }
}
