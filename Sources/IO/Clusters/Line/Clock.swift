import CPosix
import Chrono
import Dispatch

/// The only place of this room where time comes from.
enum Clock {
    /// The moment by the wall clock.
    static func now() -> Timestamp {
        Timestamp(nanoseconds: weir_wall_nanoseconds())
    }

    /// Nanoseconds by a clock that nobody sets.
    static func uptime() -> UInt64 {
        DispatchTime.now().uptimeNanoseconds
    }
}

extension Duration {
    /// Whole nanoseconds, none for negative durations.
    var nanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else {
            return 0
        }
        return UInt64(min(seconds, 1 << 32)) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000)
    }
}
