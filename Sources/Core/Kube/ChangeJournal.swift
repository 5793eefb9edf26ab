/// Which objects of a cluster changed last, so that who knows an earlier snapshot reads only those again.
///
/// - Shape: counts every change; names the last few hundred of them.
package struct ChangeJournal: Sendable {
    /// Tells the journals of one session from those of another, whose numbers mean something else.
    private final class Origin: Sendable {}

    private static let limit = 256

    private let origin = Origin()
    private var version = 0
    /// The last changes, oldest first; the newest has the number `version`.
    private var latest: [ObjectRef] = []

    package init() {}

    mutating func note(_ ref: ObjectRef) {
        version += 1
        // Twice the limit is let grow, so that not every change moves all others.
        if latest.count >= 2 * ChangeJournal.limit {
            latest.removeFirst(latest.count - ChangeJournal.limit)
        }
        latest.append(ref)
    }

    /// The objects that changed since an earlier state of the same journal, each once; nil where that is not known.
    func changes(since earlier: ChangeJournal) -> Set<ObjectRef>? {
        let count = version - earlier.version
        guard origin === earlier.origin, (0...latest.count).contains(count) else {
            return nil
        }
        return Set(latest.suffix(count))
    }
}
