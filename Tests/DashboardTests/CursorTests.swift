import Dashboard
import Testing

struct CursorTests {
    @Test func `selection follows its row to another place`() {
        var cursor = Cursor<String>()
        cursor.select(1, in: ["a", "b", "c"], height: 10)
        cursor.settle(in: ["c", "a", "x", "b"], height: 10)
        #expect(cursor.selected == "b")
        #expect(cursor.index == 3)
    }

    @Test func `a row that is gone leaves its place selected`() {
        var cursor = Cursor<String>()
        cursor.select(1, in: ["a", "b", "c"], height: 10)
        cursor.settle(in: ["a", "c"], height: 10)
        #expect(cursor.selected == "c")
        cursor.settle(in: ["a"], height: 10)
        #expect(cursor.selected == "a")
        cursor.settle(in: [String](), height: 10)
        #expect(cursor.selected == nil)
        cursor.settle(in: ["z"], height: 10)
        #expect(cursor.selected == "z")
    }

    @Test(arguments: [(0, 0, 3), (2, 0, 3), (3, 1, 4), (9, 7, 10)])
    func `the window scrolls no more than it must`(index: Int, first: Int, end: Int) {
        var cursor = Cursor<Int>()
        cursor.select(index, in: Array(0..<10), height: 3)
        #expect(cursor.window(count: 10, height: 3) == first..<end)
    }

    @Test func `going back up leaves the window where it is until the edge`() {
        var cursor = Cursor<Int>()
        let ids = Array(0..<10)
        cursor.select(6, in: ids, height: 3)
        #expect(cursor.window(count: 10, height: 3) == 4..<7)
        cursor.move(by: -2, in: ids, height: 3)
        #expect(cursor.window(count: 10, height: 3) == 4..<7)
        cursor.move(by: -1, in: ids, height: 3)
        #expect(cursor.window(count: 10, height: 3) == 3..<6)
    }

    @Test(arguments: [0, 1, 2, 5, 50])
    func `the selected row is in the window whatever its height`(height: Int) {
        var cursor = Cursor<Int>()
        cursor.select(7, in: Array(0..<10), height: 4)
        let window = cursor.window(count: 10, height: height)
        #expect(height == 0 || window.contains(7))
        #expect(window.count <= height)
        #expect(window.upperBound <= 10)
    }

    @Test func `a list that shrank gives no rows that are not there`() {
        var cursor = Cursor<Int>()
        cursor.select(9, in: Array(0..<10), height: 4)
        #expect(cursor.window(count: 3, height: 4).upperBound <= 3)
        #expect(cursor.window(count: 0, height: 4).isEmpty)
    }
}
