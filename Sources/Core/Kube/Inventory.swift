/// The objects that an applier manages, kept as the text of their ids.
///
/// A fleet has millions of entries and shows few: one packed string an applier is a tenth of the memory of
/// parsed entries, and parsing one costs less than a microsecond.
/// - Shape: apply order, as Flux keeps it; ids that do not parse are dropped on the way in.
package struct Inventory: Hashable, Sendable, Sequence {
    private var packed: String
    package private(set) var count: Int

    package init() {
        packed = ""
        count = 0
    }

    package init(_ entries: some Sequence<(id: String, version: String)>) {
        self.init()
        for (id, version) in entries where Inventory.isWellFormed(id) && Inventory.isVisible(version) {
            packed += version
            packed += " "
            packed += id
            packed += "\n"
            count += 1
        }
    }

    package var isEmpty: Bool { count == 0 }

    package func makeIterator() -> AnyIterator<InventoryEntry> {
        var rest = packed[...]
        return AnyIterator {
            while let end = rest.utf8.firstIndex(of: UInt8(ascii: "\n")) {
                let line = rest[..<end]
                rest = rest[rest.utf8.index(after: end)...]
                guard let space = line.utf8.firstIndex(of: UInt8(ascii: " ")) else {
                    continue
                }
                let id = String(line[line.utf8.index(after: space)...])
                if let entry = InventoryEntry(id: id, version: String(line[..<space])) {
                    return entry
                }
            }
            return nil
        }
    }

    /// The four parts of an id, found without taking it apart, in visible ASCII only.
    private static func isWellFormed(_ id: String) -> Bool {
        var first = -1
        var (last, lastButOne) = (-1, -1)
        var position = 0
        for byte in id.utf8 {
            guard (0x21...0x7E).contains(byte) else {
                return false
            }
            if byte == UInt8(ascii: "_") {
                if first < 0 {
                    first = position
                }
                (lastButOne, last) = (last, position)
            }
            position += 1
        }
        return first >= 0 && lastButOne > first + 1 && last < position - 1
    }

    private static func isVisible(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}
