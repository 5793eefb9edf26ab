import Synchronization

/// Keeps one copy of field sets that are equal, with their wire form: objects of a kind mostly share theirs.
final class FieldSetPool: Sendable {
    /// A set and its `fieldsV1`.
    struct Entry: Sendable {
        let fields: FieldSet
        let fieldsV1: JSON
    }

    /// A pool of sets that never come back is emptied.
    private static let limit = 8192

    private let known = Mutex<[FieldSet: Entry]>([:])

    /// The shared copy of a set.
    func entry(_ fields: FieldSet) -> Entry {
        known.withLock { known in
            if let entry = known[fields] { return entry }
            if known.count >= FieldSetPool.limit { known = [:] }
            let entry = Entry(fields: fields, fieldsV1: fields.fieldsV1)
            known[fields] = entry
            return entry
        }
    }
}
