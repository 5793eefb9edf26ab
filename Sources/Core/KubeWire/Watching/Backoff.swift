/// How long to wait before the next try: doubling, jittered, and never less than the server asked for.
package struct Backoff: Sendable {
    private let first: Duration
    private let longest: Duration
    private var random: SeededRandom
    /// Failures since the last success.
    package private(set) var failures = 0

    /// - Units: the first wait is between half of `first` and all of it; no wait grows beyond `longest`.
    package init(first: Duration = .milliseconds(500), longest: Duration = .seconds(30), seed: UInt64) {
        self.first = first
        self.longest = longest
        random = SeededRandom(seed: seed)
    }

    /// The wait after one more failure; `retryAfter` is what the server asked for.
    package mutating func wait(retryAfter: Duration? = nil) -> Duration {
        let doubled = first * (1 << min(failures, 20))
        let whole = min(doubled, longest)
        failures += 1
        let jittered = whole * Double.random(in: 0.5...1, using: &random)
        guard let retryAfter else {
            return jittered
        }
        // Spread, so that all who were sent away together do not come back together.
        let asked = min(retryAfter, .seconds(120))
        return max(jittered, asked * Double.random(in: 1...1.25, using: &random))
    }

    /// Something went well: the next failure starts from the beginning.
    package mutating func succeeded() {
        failures = 0
    }
}
