import Chrono
import KubeWire
import Testing

/// Clusters that are away for minutes, by the clock of their waits: no time passes here.
struct LongAbsenceTests {
    /// The moments at which a machine tries, until the server is back and it is live again.
    private func tries(seed: UInt64, away: Duration) -> [Duration] {
        var machine = LinkMachine(seed: seed)
        _ = machine.started()
        _ = machine.credentialsLoaded()
        _ = machine.greeted()
        var now = Duration.zero
        var moments: [Duration] = []
        var actions = machine.lost("refused")
        while !machine.isLive {
            for case .wait(let pause) in actions {
                now += pause
            }
            moments.append(now)
            _ = machine.waited()
            _ = machine.credentialsLoaded()
            actions = now < away ? machine.lost("refused") : machine.greeted()
        }
        return moments
    }

    @Test(arguments: [1, 3, 10, 60, 480])
    func `it is back within half a minute of its server, and asks about twice a minute until then`(
        minutes: Int
    ) {
        for seed in UInt64(1)...40 {
            let away = Duration.seconds(minutes * 60)
            let moments = tries(seed: seed, away: away)
            let last = moments.last ?? .zero
            #expect(last >= away && last - away <= .seconds(30))
            // Waits grow to half a minute, and jitter takes up to half of it.
            #expect(moments.count <= 8 + minutes * 4 && moments.count >= minutes * 2)
            #expect(moments.prefix(3).allSatisfy { $0 < .seconds(4) })
        }
    }

    @Test func `after a long absence the next one starts with short waits again`() {
        var machine = LinkMachine(seed: 7)
        _ = machine.started()
        _ = machine.credentialsLoaded()
        _ = machine.greeted()
        for _ in 0..<40 {
            _ = machine.lost("refused")
            _ = machine.waited()
            _ = machine.credentialsLoaded()
        }
        _ = machine.greeted()
        let waits = machine.lost("refused").compactMap { action -> Duration? in
            if case .wait(let pause) = action { pause } else { nil }
        }
        #expect(waits.count == 1 && waits.allSatisfy { $0 <= .milliseconds(500) })
    }

    @Test func `a fleet that lost its network together does not come back in one instant`() {
        let away = Duration.seconds(600)
        let back = (UInt64(1)...200).compactMap { tries(seed: $0, away: away).last }
        var bySecond: [Int64: Int] = [:]
        for moment in back {
            bySecond[moment.components.seconds, default: 0] += 1
        }
        #expect(back.count == 200)
        // Spread over half a minute: seven a second on average.
        #expect((bySecond.values.max() ?? 0) <= 25, "\(bySecond)")
    }
}
