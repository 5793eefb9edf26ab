extension Array {
    /// The first place from which on a claim holds: it must hold for all places after one for which it does.
    func partitioningIndex(where holds: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if holds(self[middle]) {
                high = middle
            } else {
                low = middle + 1
            }
        }
        return low
    }
}

// Arrays that are kept in order.
extension Array where Element: Comparable {
    mutating func insertSorted(_ element: Element) {
        insert(element, at: partitioningIndex { !($0 < element) })
    }

    mutating func removeSorted(_ element: Element) {
        let place = partitioningIndex { !($0 < element) }
        if place < count, self[place] == element {
            remove(at: place)
        }
    }
}
