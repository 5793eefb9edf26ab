package import Foundation

/// The clock of the simulated fleet: the real time, unless a piece of work says that it happened earlier.
package enum SimulatedTime {
    /// The moment that the present work pretends to happen at; nil for now.
    @TaskLocal private static var pretended: Date?

    /// The time that objects written now should carry.
    package static var now: Date {
        pretended ?? Date()
    }

    /// Runs work as if it happened at another moment; everything it calls on this thread sees that time.
    package static func at<Result>(_ moment: Date, _ work: () throws -> Result) rethrows -> Result {
        try $pretended.withValue(moment, operation: work)
    }

    /// RFC 3339 with whole seconds, as `metav1.Time` is written.
    static func text(_ moment: Date = now) -> String {
        let seconds = Int64(moment.timeIntervalSince1970.rounded(.down))
        let (days, rest) = seconds.quotientAndRemainder(dividingBy: 86_400)
        let (year, month, day) = civil(fromDays: rest < 0 ? days - 1 : days)
        let clock = rest < 0 ? rest + 86_400 : rest
        return "\(pad(year, 4))-\(pad(month, 2))-\(pad(day, 2))T"
            + "\(pad(clock / 3600, 2)):\(pad(clock / 60 % 60, 2)):\(pad(clock % 60, 2))Z"
    }

    /// Reads what `text` writes; nil for anything else.
    static func date(_ text: String) -> Date? {
        let numbers = text.split(whereSeparator: { "-T:Z".contains($0) }).map { Int64($0) }
        guard numbers.count == 6, !numbers.contains(nil) else { return nil }
        let parts = numbers.compactMap(\.self)
        let days = days(fromCivil: (parts[0], parts[1], parts[2]))
        return Date(timeIntervalSince1970: Double(days * 86_400 + parts[3] * 3600 + parts[4] * 60 + parts[5]))
    }

    private static func pad(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    /// Calendar date of a day number since 1970, by eras of 400 years that begin in March.
    private static func civil(fromDays days: Int64) -> (Int64, Int64, Int64) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * month + 2) / 5 + 1
        let civilMonth = month < 10 ? month + 3 : month - 9
        return (yearOfEra + era * 400 + (civilMonth <= 2 ? 1 : 0), civilMonth, day)
    }

    private static func days(fromCivil date: (year: Int64, month: Int64, day: Int64)) -> Int64 {
        let year = date.month <= 2 ? date.year - 1 : date.year
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let shifted = date.month > 2 ? date.month - 3 : date.month + 9
        let dayOfYear = (153 * shifted + 2) / 5 + date.day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
