package import Foundation

/// The clock of the simulated fleet: the real time, unless a piece of work says that it happened earlier.
package enum SimulatedTime {
    /// The moment that the present work pretends to happen at; nil where it pretends nothing.
    @TaskLocal private static var pretended: Date?

    /// The time that objects written now should carry.
    package static var now: Date {
        pretended ?? Date()
    }

    /// Runs work as if it happened at another moment; everything it calls on this thread sees that time.
    package static func at<Result>(_ moment: Date, _ work: () throws -> Result) rethrows -> Result {
        try $pretended.withValue(moment, operation: work)
    }

    /// The time of objects written now, as they carry it.
    static func text() -> String {
        WireTime.text(now)
    }
}
