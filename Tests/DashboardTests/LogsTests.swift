import Chrono
import Dashboard
import Kube
import Testing

/// The log of a resource's controller is followed while its tab is open.
struct LogsTests {
    private let ref = Sample.ref("a", .kustomization, "apps/x")

    private func opened(_ keys: String = "L") -> (Rehearsal, [Effect]) {
        var rehearsal = Rehearsal(["a", "b"])
        rehearsal.show("a", [Sample.source("a"), Sample.applier("a", "apps/x")])
        rehearsal.select(ref)
        let effects = rehearsal.type(keys)
        return (rehearsal, effects)
    }

    private func ticket(_ effects: [Effect]) throws -> Ticket {
        try #require(
            effects.compactMap { effect -> Ticket? in
                if case .followLog(ref, let ticket) = effect {
                    return ticket
                }
                return nil
            }.last
        )
    }

    private func lines(_ range: Range<Int>, _ message: String = "ran") -> LogNews {
        .lines(
            range.map { number in
                let at = Sample.start.advanced(by: .seconds(Int64(number)))
                return LogLine(at: at, level: .info, message: "\(message) \(number)")
            }
        )
    }

    private func texts(_ rehearsal: Rehearsal) -> [String] {
        rehearsal.state.resource?.log.rows.map(\.text) ?? []
    }

    @Test func `it is followed with its tab, and let go with it`() throws {
        var (rehearsal, effects) = opened()
        let first = try ticket(effects)
        rehearsal.send(.logTold(lines(0..<2), first))
        #expect(texts(rehearsal) == ["ran 0", "ran 1"])
        effects = rehearsal.type("<Shift-Tab>")
        #expect(effects.contains(.stopLog(ref.cluster)))
        rehearsal.send(.logTold(lines(2..<3), first))
        #expect(texts(rehearsal).count == 2)
        effects = rehearsal.type("L")
        _ = try ticket(effects)
        #expect(rehearsal.type("<Esc>").contains(.stopLog(ref.cluster)))
    }

    @Test func `the newest line stays in view until somebody scrolls up`() throws {
        var (rehearsal, effects) = opened()
        let ticket = try ticket(effects)
        rehearsal.send(.logTold(lines(0..<100), ticket))
        let height = rehearsal.state.listHeight
        #expect(rehearsal.state.resource?.scroll == 100 - height)
        rehearsal.type("kk")
        rehearsal.send(.logTold(lines(100..<110), ticket))
        #expect(rehearsal.state.resource?.scroll == 98 - height)
        rehearsal.type("G")
        rehearsal.send(.logTold(lines(110..<120), ticket))
        #expect(rehearsal.state.resource?.scroll == 120 - height)
        effects = []
    }

    @Test func `only the newest lines are kept, wrapped to the screen`() throws {
        var (rehearsal, effects) = opened()
        let ticket = try ticket(effects)
        for start in stride(from: 0, to: 2_000, by: 100) {
            rehearsal.send(.logTold(lines(start..<start + 100), ticket))
        }
        #expect(texts(rehearsal).count == 500)
        #expect(texts(rehearsal).first == "ran 1500")
        let long = Array(repeating: "word", count: 60).joined(separator: " ")
        rehearsal.send(.logTold(.lines([LogLine(at: nil, level: .error, message: long)]), ticket))
        let rows = rehearsal.state.resource?.log.rows.suffix(3) ?? []
        #expect(rows.map { $0.line == nil } == [false, true, true])
        effects = []
    }

    @Test func `its end is told, and it can be followed again`() throws {
        var (rehearsal, effects) = opened()
        let first = try ticket(effects)
        rehearsal.send(.logTold(.ended("pods may not be listed"), first))
        #expect(rehearsal.state.resource?.log.ending == "pods may not be listed")
        effects = rehearsal.type("<Ctrl-r>")
        #expect(effects.first == .stopLog(ref.cluster))
        let second = try ticket(effects)
        #expect(second != first)
        #expect(rehearsal.state.resource?.log.ending == nil)
    }
}
