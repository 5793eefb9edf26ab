import Chrono
import Testing

struct TimestampTests {
    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", Int64(0)),
            ("2026-08-20T09:31:02Z", 1_787_218_262_000_000_000),
            ("2026-08-20T09:31:02.66718+02:00", 1_787_211_062_667_180_000),
            ("2024-02-29T23:59:60Z", 1_709_251_199_000_000_000),
            ("1969-12-31T23:59:59.5Z", -500_000_000),
            ("2026-11-23t07:00:00-00:30", 1_795_419_000_000_000_000),
        ]
    )
    func `an RFC 3339 time is the moment it names`(text: String, nanoseconds: Int64) {
        #expect(Timestamp(rfc3339: text)?.nanoseconds == nanoseconds)
    }

    @Test(
        arguments: [
            "", "2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z", "2026-08-20", "2026-08-20T09:31:02",
            "2026-08-20T24:00:00Z", "2026-08-20T09:31:02.Z", "2026-08-20T09:31:02Z ", "9999-01-01T00:00:00Z",
            "2026-08-20T09:31:02+2:00", "yesterday",
        ]
    )
    func `anything else is no time`(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test(arguments: [Int64(0), 951_782_400, 1_787_218_262, -1, -86_400, 4_102_444_800])
    func `a moment reads back as it was written`(seconds: Int64) {
        let moment = Timestamp(nanoseconds: seconds * 1_000_000_000 + 7)
        #expect(Timestamp(rfc3339: moment.rfc3339)?.seconds == seconds)
        #expect(Timestamp(rfc3339: moment.rfc3339Nano) == moment)
    }
}

struct DurationTests {
    @Test(
        arguments: [
            ("1h0m0s", Duration.seconds(3600)), ("90s", .seconds(90)), ("1.5h", .seconds(5400)),
            ("2.818583s", .microseconds(2_818_583)), ("12.03ms", .microseconds(12_030)), ("0", .zero),
            ("3µs", .microseconds(3)), ("-2m", .seconds(-120)), ("100ns", .nanoseconds(100)),
        ]
    )
    func `a Go duration is as long as Go says`(text: String, expected: Duration) {
        #expect(Duration(go: text) == expected)
    }

    @Test(arguments: ["", "1", "h", "1d", "1h 2m", "..s", "1e3s", "-", "99999999999h"])
    func `what Go refuses is refused`(text: String) {
        #expect(Duration(go: text) == nil)
    }

    @Test(
        arguments: [
            (Duration.milliseconds(400), "0s", "400ms"), (.milliseconds(1250), "1s", "1.2s"),
            (.seconds(123), "2m", "2m3s"), (.seconds(7200), "2h", "2h0m"),
            (.seconds(600_000), "6d", "166h40m"),
            (.seconds(-5), "0s", "0s"), (.seconds(70_000_000), "2y", "19444h26m"),
        ]
    )
    func `ages and lengths are short`(duration: Duration, age: String, took: String) {
        #expect(duration.age == age)
        #expect(duration.took == took)
    }
}
