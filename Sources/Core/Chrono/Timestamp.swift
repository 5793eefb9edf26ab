/// A moment, as nanoseconds since 1970-01-01T00:00:00Z.
///
/// - Units: nanoseconds; years 1678 to 2262.
/// - Source: rooms of Core never read a clock; a `Timestamp` comes in as `now` or from the wire.
package struct Timestamp: Hashable, Comparable, Sendable {
    package let nanoseconds: Int64

    package init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    package init(seconds: Int64) {
        self.init(nanoseconds: seconds &* 1_000_000_000)
    }

    /// Whole seconds since the epoch, rounded down.
    package var seconds: Int64 {
        nanoseconds >= 0 ? nanoseconds / 1_000_000_000 : (nanoseconds - 999_999_999) / 1_000_000_000
    }

    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    /// The time from `earlier` to this moment; negative where `earlier` is later.
    package func since(_ earlier: Timestamp) -> Duration {
        .nanoseconds(nanoseconds &- earlier.nanoseconds)
    }

    package func advanced(by duration: Duration) -> Timestamp {
        let parts = duration.components
        let (whole, overflow) = parts.seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else {
            return Timestamp(nanoseconds: parts.seconds < 0 ? .min : .max)
        }
        return Timestamp(nanoseconds: nanoseconds &+ whole &+ parts.attoseconds / 1_000_000_000)
    }
}
