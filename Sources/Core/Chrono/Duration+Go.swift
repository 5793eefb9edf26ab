extension Duration {
    /// Reads a Go duration string such as `1h0m0s`, `1.5h`, `12.03ms` or `µs` forms.
    ///
    /// - Errors: nil for anything that Go's `time.ParseDuration` refuses, and beyond 290 years.
    package init?(go text: some StringProtocol) {
        var rest = Substring(text)
        var sign = 1.0
        if rest.hasPrefix("-") {
            sign = -1
            rest = rest.dropFirst()
        } else if rest.hasPrefix("+") {
            rest = rest.dropFirst()
        }
        if rest == "0" {
            self = .zero
            return
        }
        guard !rest.isEmpty else {
            return nil
        }
        var nanoseconds = 0.0
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            guard let amount = Double(digits), digits.first != "+" else {
                return nil
            }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { !($0.isASCII && ($0.isNumber || $0 == ".")) }
            guard let scale = Duration.goUnits[String(unit)] else {
                return nil
            }
            rest = rest.dropFirst(unit.count)
            nanoseconds += amount * scale
        }
        guard nanoseconds < 9.0e18 else {
            return nil
        }
        self = .nanoseconds(Int64((nanoseconds * sign).rounded()))
    }

    /// Seconds as a number, for arithmetic where nanoseconds do not matter.
    package var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }

    /// How long, in at most three or four cells: `8s`, `14m`, `3h`, `6d`, `2y`; under a second `0s`.
    ///
    /// - Shape: one number and one unit, rounded down; negative durations show as `0s`.
    package var age: String {
        let seconds = max(0, components.seconds)
        switch seconds {
        case ..<120: return "\(seconds)s"
        case ..<7200: return "\(seconds / 60)m"
        case ..<172_800: return "\(seconds / 3600)h"
        case ..<63_072_000: return "\(seconds / 86_400)d"
        default: return "\(seconds / 31_536_000)y"
        }
    }

    /// How long something took: `40ms`, `1.2s`, `45s`, `2m3s`, `1h4m`.
    package var took: String {
        let seconds = inSeconds
        switch seconds {
        case ..<0: return "0s"
        case ..<1: return "\(Int(seconds * 1000))ms"
        case ..<10:
            let tenths = Int(seconds * 10)
            return "\(tenths / 10).\(tenths % 10)s"
        case ..<60: return "\(Int(seconds))s"
        case ..<3600: return "\(Int(seconds) / 60)m\(Int(seconds) % 60)s"
        default: return "\(Int(seconds) / 3600)h\(Int(seconds) / 60 % 60)m"
        }
    }

    private static let goUnits: [String: Double] = [
        "ns": 1, "us": 1e3, "µs": 1e3, "μs": 1e3, "ms": 1e6, "s": 1e9, "m": 60e9, "h": 3600e9,
    ]
}
