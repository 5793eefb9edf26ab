package import Chrono

/// When a difference began, as far as that is known.
package enum Onset: Hashable, Sendable {
    /// Then: it is on record, or weir saw it happen.
    case at(Timestamp)
    /// Later than this: the applier ran then and left everything as Git says.
    case after(Timestamp)
    /// Before weir looked; how long before, nobody knows.
    case unknown

    package var exact: Timestamp? {
        if case .at(let moment) = self { moment } else { nil }
    }

    /// The moment before which it did not exist, where that is all that is known.
    package var bound: Timestamp? {
        if case .after(let moment) = self { moment } else { nil }
    }
}
