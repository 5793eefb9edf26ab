import KubeWire
import Testing

struct BackoffTests {
    @Test(arguments: 0..<20)
    func `waits double up to the longest, each jittered`(seed: UInt64) {
        var backoff = Backoff(first: .seconds(1), longest: .seconds(8), seed: seed)
        for whole in [1, 2, 4, 8, 8, 8] {
            let wait = backoff.wait()
            #expect(wait >= .seconds(whole) / 2 && wait <= .seconds(whole))
        }
        backoff.succeeded()
        #expect(backoff.wait() <= .seconds(1))
    }

    @Test func `a server's wish is kept and spread`() {
        var waits: Set<Duration> = []
        for seed in 0..<20 {
            var backoff = Backoff(seed: UInt64(seed))
            let wait = backoff.wait(retryAfter: .seconds(10))
            #expect(wait >= .seconds(10) && wait <= .seconds(12.5))
            waits.insert(wait)
        }
        #expect(waits.count > 10)
    }

    @Test func `an absurd wish is cut`() {
        var backoff = Backoff(seed: 1)
        #expect(backoff.wait(retryAfter: .seconds(86_400)) <= .seconds(150))
    }

    @Test func `many failures do not overflow`() {
        var backoff = Backoff(seed: 1)
        for _ in 0..<10_000 {
            #expect(backoff.wait() <= .seconds(30))
        }
    }

    @Test func `the same seed gives the same waits`() {
        var left = Backoff(seed: 7)
        var right = Backoff(seed: 7)
        #expect((0..<10).map { _ in left.wait() } == (0..<10).map { _ in right.wait() })
    }
}
