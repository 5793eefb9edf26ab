/// The set of fields that one manager owns, each kept as a hash of its path.
///
/// Thousands of objects have the same few shapes: `FieldShapes` lets them share their memory.
package struct FieldShape: Hashable, Sendable {
    /// Sorted.
    private let hashes: Box<[UInt64]>

    init(_ hashes: Set<UInt64>) {
        self.hashes = Box(hashes.sorted())
    }

    package var isEmpty: Bool { hashes.value.isEmpty }

    package func contains(_ hash: UInt64) -> Bool {
        let all = hashes.value
        var (low, high) = (0, all.count)
        while low < high {
            let middle = (low + high) / 2
            if all[middle] < hash {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low < all.count && all[low] == hash
    }

    /// How many fields of this shape another one lacks, apart from those in `others`.
    package func count(lackingIn other: FieldShape, and others: Set<UInt64>) -> Int {
        hashes.value.count { !other.contains($0) && !others.contains($0) }
    }
}

/// Lets objects with the same fields share one shape.
///
/// - Thread: belongs to whoever reads with it.
final class FieldShapes {
    private var known: [Set<UInt64>: FieldShape] = [:]
    private let limit = 4096

    func shape(_ hashes: Set<UInt64>) -> FieldShape {
        if let shape = known[hashes] {
            return shape
        }
        if known.count >= limit {
            known.removeAll(keepingCapacity: true)
        }
        let shape = FieldShape(hashes)
        known[hashes] = shape
        return shape
    }
}
