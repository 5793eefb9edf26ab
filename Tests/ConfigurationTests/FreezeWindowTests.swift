import Chrono
import Configuration
import Testing

struct FreezeWindowTests {
    private func read(_ text: String) -> (Settings, [String]) {
        let (settings, diagnostics) = Settings.read(text, file: "config.toml")
        return (settings, diagnostics.map(\.description))
    }

    private func moment(_ text: String) -> Timestamp {
        Timestamp(rfc3339: text) ?? Timestamp(seconds: 0)
    }

    @Test(
        arguments: [
            ("2026-11-20T15:59:59Z", nil),
            ("2026-11-20T16:00:00Z", "2026-11-23T08:00:00Z"),
            ("2026-11-22T23:59:30Z", "2026-11-23T08:00:00Z"),
            ("2026-11-23T07:59:59Z", "2026-11-23T08:00:00Z"),
            ("2026-11-23T08:00:00Z", nil),
        ] as [(String, String?)]
    )
    func `a weekend is frozen over the end of the week`(now: String, until: String?) {
        let (settings, diagnostics) = read(
            """
            [[freeze]]
            context = "prod-*"
            name = "weekend"
            from = "Fri 16:00"
            until = "Mon 08:00"
            """
        )
        #expect(diagnostics.isEmpty)
        #expect(settings.freeze(ofContext: "prod-eu", at: moment(now))?.until == until.map(moment))
        #expect(settings.freeze(ofContext: "staging", at: moment(now)) == nil)
    }

    @Test func `of two freezes the one that ends last counts`() {
        let (settings, diagnostics) = read(
            """
            [[freeze]]
            from = "2026-12-20T00:00:00Z"
            until = "2027-01-03T00:00:00Z"
            name = "holidays"
            [[freeze]]
            from = "Fri 16:00"
            until = "Mon 08:00"
            """
        )
        #expect(diagnostics.isEmpty)
        let freeze = settings.freeze(ofContext: "any", at: moment("2026-12-26T12:00:00Z"))
        #expect(freeze?.name == "holidays")
        #expect(freeze?.until == moment("2027-01-03T00:00:00Z"))
    }

    @Test(arguments: [
        ("from = \"Fri 16:00\"", "config.toml:1: freeze: has no until"),
        ("from = \"Fri 25:00\"\nuntil = \"Mon 08:00\"", "config.toml:2: freeze.from: is \"Fri 25:00\""),
        ("from = \"Fri 16:00\"\nuntil = \"Fri 16:00\"", "config.toml:3: freeze.until: is when it begins"),
        (
            "from = \"Fri 16:00\"\nuntil = \"2027-01-03T00:00:00Z\"",
            "config.toml:3: freeze.until: is \"2027-01-03T00:00:00Z\"; expected the same form"
        ),
        (
            "from = \"2027-01-03T00:00:00Z\"\nuntil = \"2026-12-20T00:00:00Z\"",
            "config.toml:3: freeze.until: is 2026-12-20T00:00:00Z; expected a moment after"
        ),
        (
            "context = \"[\"\nfrom = \"Fri 16:00\"\nuntil = \"Mon 08:00\"",
            "config.toml:2: freeze.context: \"[\""
        ),
        ("until = 3\nfrom = \"Fri 16:00\"", "config.toml:2: freeze.until: is an"),
    ])
    func `what cannot be understood is told and freezes nothing`(entry: String, start: String) {
        let (settings, diagnostics) = read("[[freeze]]\n" + entry)
        #expect(settings.freezes.isEmpty)
        #expect(diagnostics.first?.hasPrefix(start) == true, "\(diagnostics)")
        #expect(diagnostics.count == 1)
    }
}
