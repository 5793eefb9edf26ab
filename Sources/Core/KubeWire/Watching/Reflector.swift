/// Turns lists and watch events of one kind into changes of a table that somebody else owns.
///
/// A list is buffered until it is complete and then swapped in at once, so the table never blinks empty:
/// what the old list held and the new one does not is removed in the same step.
/// - Shape: equal versions of one object may be put twice; the owner may skip the second.
package struct Reflector<Item: WatchedObject>: Sendable {
    /// One step of the table.
    package enum Change: Sendable {
        case put(Item)
        /// With the object as it was last, where the server told it.
        case remove(Item.ID, last: Item?)
    }

    private var buffer: [Item] = []
    private var isListing = false

    package init() {}

    /// A list begins, or begins again: what was buffered is dropped.
    package mutating func listBegan() {
        buffer = []
        isListing = true
    }

    package mutating func pageArrived(_ items: [Item]) {
        buffer += items
    }

    /// The list is complete: these changes make a table of `known` equal to it.
    package mutating func listCompleted(known: some Sequence<Item.ID>) -> [Change] {
        defer {
            buffer = []
            isListing = false
        }
        let listed = Set(buffer.lazy.map(\.id))
        return known.filter { !listed.contains($0) }.map { .remove($0, last: nil) } + buffer.map { .put($0) }
    }

    /// What an event of the watch means for the table; nothing for bookmarks and errors.
    package func change(for event: WatchEvent<Item>) -> Change? {
        switch event {
        case .changed(let item): .put(item)
        case .removed(let item): .remove(item.id, last: item)
        case .bookmark, .error: nil
        }
    }
}
