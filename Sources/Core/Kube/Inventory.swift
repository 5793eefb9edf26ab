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
        for (id, version) in entries
        where InventoryEntry(id: id, version: version) != nil && !id.contains("\n") && !version.contains(" ")
        {
            packed += "\(version) \(id)\n"
            count += 1
        }
    }

    package var isEmpty: Bool { count == 0 }

    package func makeIterator() -> AnyIterator<InventoryEntry> {
        var lines = packed.split(separator: "\n").makeIterator()
        return AnyIterator {
            while let line = lines.next() {
                guard let space = line.firstIndex(of: " ") else {
                    continue
                }
                let id = String(line[line.index(after: space)...])
                if let entry = InventoryEntry(id: id, version: String(line[..<space])) {
                    return entry
                }
            }
            return nil
        }
    }
}
