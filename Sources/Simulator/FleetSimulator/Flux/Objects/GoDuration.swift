/// Durations in the form of Go's `time.Duration`, which Flux uses in specs, statuses and messages.
enum GoDuration {
    /// Seconds of a text such as `1h0m0s`, `90s`, `1.5h` or `250ms`; nil when it is none.
    static func seconds(_ text: String) -> Double? {
        guard !text.isEmpty else { return nil }
        var total = 0.0
        var rest = Substring(text)
        while !rest.isEmpty {
            let number = rest.prefix { $0.isNumber || $0 == "." }
            rest = rest.dropFirst(number.count)
            let unit = rest.prefix { !$0.isNumber && $0 != "." }
            rest = rest.dropFirst(unit.count)
            guard let value = Double(number), let scale = units[String(unit)] else { return nil }
            total += value * scale
        }
        return total
    }

    /// The text that Go prints: `1h0m0s`, `2.818583s`, `12.03ms`, `0s`.
    static func text(_ seconds: Double) -> String {
        let nanoseconds = Int64((seconds * 1e9).rounded())
        guard nanoseconds > 0 else { return "0s" }
        if nanoseconds < 1000 { return "\(nanoseconds)ns" }
        if nanoseconds < 1_000_000 { return decimal(nanoseconds, 1000) + "µs" }
        if nanoseconds < 1_000_000_000 { return decimal(nanoseconds, 1_000_000) + "ms" }
        let whole = nanoseconds / 1_000_000_000
        let fraction = nanoseconds % 60_000_000_000
        var text = decimal(fraction, 1_000_000_000) + "s"
        if whole >= 60 { text = "\(whole / 60 % 60)m" + text }
        if whole >= 3600 { text = "\(whole / 3600)h" + text }
        return text
    }

    private static let units = [
        "ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1, "m": 60, "h": 3600,
    ]

    private static func decimal(_ value: Int64, _ unit: Int64) -> String {
        var digits = String(value % unit)
        digits = String(repeating: "0", count: String(unit).count - 1 - digits.count) + digits
        while digits.hasSuffix("0") { digits.removeLast() }
        return digits.isEmpty ? "\(value / unit)" : "\(value / unit).\(digits)"
    }
}
