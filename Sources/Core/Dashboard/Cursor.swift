/// The place in a list: the row selected, followed by its identity when rows move, and how far it is scrolled.
package struct Cursor<ID: Hashable & Sendable>: Sendable, Hashable {
    /// What is selected; nil only where the list is empty.
    package private(set) var selected: ID?
    /// Where it is, counted from the top of the list.
    package private(set) var index: Int
    /// The first row shown, as far as the list's height was known.
    package private(set) var top: Int
    /// Whether the row was chosen; until then it is what happens to be there.
    package private(set) var isPlaced: Bool

    package init() {
        index = 0
        top = 0
        isPlaced = false
    }

    /// The rows to draw: `height` of them at most, the selected one always among them.
    package func window(count: Int, height: Int) -> Range<Int> {
        let height = max(0, height)
        let first = firstRow(count: count, height: height)
        return first..<max(first, min(count, first + height))
    }

    /// Selects a row by its place; places outside the list take the nearest row.
    package mutating func select(_ wanted: Int, in ids: some RandomAccessCollection<ID>, height: Int) {
        isPlaced = true
        take(wanted, in: ids, height: height)
    }

    private mutating func take(_ wanted: Int, in ids: some RandomAccessCollection<ID>, height: Int) {
        guard !ids.isEmpty else {
            (selected, index, top) = (nil, 0, 0)
            return
        }
        index = min(max(0, wanted), ids.count - 1)
        selected = ids[ids.index(ids.startIndex, offsetBy: index)]
        top = firstRow(count: ids.count, height: height)
    }

    /// Selects a row that is known to be at a place.
    mutating func put(_ id: ID, at place: Int, count: Int, height: Int) {
        (selected, index) = (id, place)
        top = firstRow(count: count, height: height)
    }

    package mutating func move(by rows: Int, in ids: some RandomAccessCollection<ID>, height: Int) {
        select(index + rows, in: ids, height: height)
    }

    /// Selects a row by identity; false, and nothing changed, where the list has it not.
    @discardableResult
    package mutating func select(id: ID, in ids: some RandomAccessCollection<ID>, height: Int) -> Bool {
        guard takeRow(id, in: ids, height: height) else {
            return false
        }
        isPlaced = true
        return true
    }

    private mutating func takeRow(_ id: ID, in ids: some RandomAccessCollection<ID>, height: Int) -> Bool {
        guard let found = ids.firstIndex(of: id) else {
            return false
        }
        take(ids.distance(from: ids.startIndex, to: found), in: ids, height: height)
        return true
    }

    /// Finds the selected row again after the list changed; where it is gone, its place keeps the selection.
    ///
    /// - Shape: with `staysOnTop` the first row is selected instead, whatever it is.
    package mutating func settle(
        in ids: some RandomAccessCollection<ID>,
        height: Int,
        staysOnTop: Bool = false
    ) {
        if staysOnTop {
            take(0, in: ids, height: height)
            return
        }
        if let selected {
            let position = index < ids.count ? ids.index(ids.startIndex, offsetBy: index) : ids.endIndex
            if position < ids.endIndex, ids[position] == selected {
                top = firstRow(count: ids.count, height: height)
                return
            }
            if takeRow(selected, in: ids, height: height) {
                return
            }
        }
        take(index, in: ids, height: height)
    }

    private func firstRow(count: Int, height: Int) -> Int {
        // The list may have shrunk since the place was taken.
        let place = max(0, min(index, count - 1))
        guard height > 0 else {
            return place
        }
        let lowest = max(0, count - height)
        return min(max(min(top, lowest), place - height + 1), place)
    }
}
