package import Chrono

/// One `[[freeze]]` of the settings: a time in which clusters should be left as they are.
package struct FreezeWindow: Sendable, Hashable {
    package enum Span: Sendable, Hashable {
        /// Each week, in minutes since Monday 00:00 UTC; from a later to an earlier minute goes over the week's end.
        case weekly(from: Int, until: Int)
        case once(from: Timestamp, until: Timestamp)
    }

    /// A context name or a glob, `prod-*`.
    package var context: String
    /// What the freeze is called, in a few words.
    package var name: String
    package var span: Span

    package init(context: String, name: String, span: Span) {
        self.context = context
        self.name = name
        self.span = span
    }

    private static let minutesOfWeek = 7 * 24 * 60

    /// When the freeze of this moment ends; nil where there is none.
    package func end(at now: Timestamp) -> Timestamp? {
        switch span {
        case .once(let from, let until): return from <= now && now < until ? until : nil
        case .weekly(let from, let until):
            let minute = FreezeWindow.minuteOfWeek(now)
            let since = (minute - from + FreezeWindow.minutesOfWeek) % FreezeWindow.minutesOfWeek
            let length = (until - from + FreezeWindow.minutesOfWeek) % FreezeWindow.minutesOfWeek
            guard since < length else {
                return nil
            }
            let start = now.seconds - now.seconds % 60
            return Timestamp(seconds: start + Int64(length - since) * 60)
        }
    }

    private static func minuteOfWeek(_ moment: Timestamp) -> Int {
        // The first day of 1970 was a Thursday, three days after a Monday.
        let minutes = Int(moment.seconds / 60) + 3 * 24 * 60
        return (minutes % minutesOfWeek + minutesOfWeek) % minutesOfWeek
    }

    /// Reads `Fri 16:00`: minutes since Monday 00:00; nil where it is no such moment.
    package static func minute(_ text: String) -> Int? {
        let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
        let parts = text.split(separator: " ")
        guard parts.count == 2, let day = days.firstIndex(of: parts[0].lowercased()) else {
            return nil
        }
        let clock = parts[1].split(separator: ":", omittingEmptySubsequences: false)
        guard clock.count == 2,
            clock.allSatisfy({ $0.count == 2 && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            let hour = Int(clock[0]), let minute = Int(clock[1]), hour < 24, minute < 60
        else {
            return nil
        }
        return (day * 24 + hour) * 60 + minute
    }
}

extension Settings {
    /// The freeze that a context is in, with its end; the one that ends last where there are several.
    package func freeze(ofContext context: String, at now: Timestamp) -> (name: String, until: Timestamp)? {
        var found: (name: String, until: Timestamp)?
        for window in freezes where Glob(window.context)?.matches(context) == true {
            if let until = window.end(at: now), until > found?.until ?? now {
                found = (window.name, until)
            }
        }
        return found
    }
}
