extension Timestamp {
    /// Reads an RFC 3339 time such as `2026-08-20T09:31:02.66718+02:00`.
    ///
    /// - Errors: nil for anything else, and for days that no calendar has.
    /// - Source: RFC 3339 section 5.6; fractions beyond nanoseconds are cut, a leap second counts as :59.
    package init?(rfc3339 text: some StringProtocol) {
        self.init(digits: Array(text.utf8))
    }

    /// The same for strings, which are most of what comes: other rooms call it without generics.
    package init?(rfc3339 text: String) {
        self.init(digits: Array(text.utf8))
    }

    private init?(digits: [UInt8]) {
        var reader = DigitReader(digits)
        guard
            let year = reader.number(digits: 4), reader.skip("-"),
            let month = reader.number(digits: 2), reader.skip("-"),
            let day = reader.number(digits: 2),
            reader.skip("T") || reader.skip("t") || reader.skip(" "),
            let hour = reader.number(digits: 2), reader.skip(":"),
            let minute = reader.number(digits: 2), reader.skip(":"),
            let second = reader.number(digits: 2),
            (1...12).contains(month), (1...Timestamp.days(inMonth: month, of: year)).contains(day),
            hour < 24, minute < 60, second <= 60
        else {
            return nil
        }
        var fraction = 0
        if reader.skip(".") {
            guard let nanoseconds = reader.fraction() else {
                return nil
            }
            fraction = nanoseconds
        }
        var offset = 0
        if !(reader.skip("Z") || reader.skip("z")) {
            let sign = reader.skip("+") ? 1 : reader.skip("-") ? -1 : 0
            guard
                sign != 0, let hours = reader.number(digits: 2), reader.skip(":"),
                let minutes = reader.number(digits: 2), hours < 24, minutes < 60
            else {
                return nil
            }
            offset = sign * (hours * 3600 + minutes * 60)
        }
        guard reader.isAtEnd, (1678...2261).contains(year) else {
            return nil
        }
        let days = Timestamp.daysSinceEpoch(year: year, month: month, day: day)
        let seconds = days * 86_400 + hour * 3600 + minute * 60 + min(second, 59) - offset
        self.init(nanoseconds: Int64(seconds) * 1_000_000_000 + Int64(fraction))
    }

    /// The moment in UTC with second precision, `2026-08-20T07:31:02Z`.
    package var rfc3339: String {
        let civil = self.civil
        return "\(padded(civil.year, 4))-\(padded(civil.month, 2))-\(padded(civil.day, 2))T\(clock)Z"
    }

    /// The moment in UTC with nanosecond precision, `2026-08-20T07:31:02.667180000Z`.
    package var rfc3339Nano: String {
        let fraction = Int(nanoseconds - seconds * 1_000_000_000)
        return "\(rfc3339.dropLast()).\(padded(fraction, 9))Z"
    }

    /// The time of day in UTC, `07:31:02`.
    package var clock: String {
        let civil = self.civil
        return
            "\(padded(civil.second / 3600, 2)):\(padded(civil.second / 60 % 60, 2)):\(padded(civil.second % 60, 2))"
    }

    /// The day in UTC, `2026-08-20`.
    package var day: String {
        String(rfc3339.prefix(10))
    }

    private var civil: (year: Int, month: Int, day: Int, second: Int) {
        let total = Int(seconds)
        let dayNumber = total >= 0 ? total / 86_400 : (total - 86_399) / 86_400
        // Days to civil date by the 400-year cycle that starts on 0000-03-01.
        let shifted = dayNumber + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1, total - dayNumber * 86_400)
    }

    private static func daysSinceEpoch(year: Int, month: Int, day: Int) -> Int {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func days(inMonth month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

private func padded(_ number: Int, _ digits: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
}

/// Reads fixed-width decimal fields from bytes.
private struct DigitReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var isAtEnd: Bool {
        position == bytes.count
    }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, UInt32(bytes[position]) == character.value else {
            return false
        }
        position += 1
        return true
    }

    mutating func number(digits: Int) -> Int? {
        guard position + digits <= bytes.count else {
            return nil
        }
        var value = 0
        for byte in bytes[position..<position + digits] {
            guard (48...57).contains(byte) else {
                return nil
            }
            value = value * 10 + Int(byte - 48)
        }
        position += digits
        return value
    }

    /// Digits up to the first that is none, as nanoseconds.
    mutating func fraction() -> Int? {
        var value = 0
        var digits = 0
        while position < bytes.count, (48...57).contains(bytes[position]) {
            if digits < 9 {
                value = value * 10 + Int(bytes[position] - 48)
            }
            digits += 1
            position += 1
        }
        guard digits > 0 else {
            return nil
        }
        for _ in min(digits, 9)..<9 {
            value *= 10
        }
        return value
    }
}
