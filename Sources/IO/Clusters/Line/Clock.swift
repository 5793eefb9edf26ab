import Chrono
import Dispatch
import Glibc

/// The only place of this room where time comes from.
enum Clock {
    /// The moment by the wall clock.
    static func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
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
