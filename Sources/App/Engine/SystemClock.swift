import CPosix
package import Chrono

/// The time of day, at the one place above IO where a clock is read.
package enum SystemClock {
    package static var now: Timestamp {
        Timestamp(nanoseconds: weir_wall_nanoseconds())
    }

    /// Nanoseconds that only grow, for measuring and for pacing.
    package static var uptime: Int64 {
        weir_uptime_nanoseconds()
    }
}
