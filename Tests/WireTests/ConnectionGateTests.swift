import Testing

@testable import Wire

struct ConnectionGateTests {
    private let a = TransferID(number: 1)
    private let b = TransferID(number: 2)
    private let c = TransferID(number: 3)

    @Test func `the others wait until the first is sent, then follow one by one`() {
        var gate = ConnectionGate()
        #expect(gate.started(a, offersHTTP2: true) == [a])
        #expect(gate.started(b, offersHTTP2: true) == [])
        #expect(gate.started(c, offersHTTP2: true) == [])
        #expect(gate.waiting(for: a) == [b, c])
        #expect(gate.sent(a) == [b])
        #expect(gate.waiting(for: a) == [])
        #expect(gate.answered(httpVersion: "2") == [])
        #expect(gate.ended(a) == [])
        #expect(gate.sent(b) == [c])
        #expect(gate.sent(c) == [])
        #expect(gate.started(a, offersHTTP2: true) == [a])
    }

    @Test func `one that waits can leave, and one that connects makes way`() {
        var gate = ConnectionGate()
        _ = gate.started(a, offersHTTP2: true)
        _ = gate.started(b, offersHTTP2: true)
        _ = gate.started(c, offersHTTP2: true)
        #expect(gate.ended(b) == [])
        #expect(gate.ended(a) == [c])
    }

    @Test func `nothing waits where nothing is shared`() {
        var gate = ConnectionGate()
        #expect(gate.started(a, offersHTTP2: true) == [a])
        #expect(gate.started(b, offersHTTP2: false) == [b])
        #expect(gate.started(c, offersHTTP2: true) == [])
        #expect(gate.answered(httpVersion: "1.1") == [c])
        #expect(gate.started(b, offersHTTP2: true) == [b])
        // A server that learns HTTP/2 is shared again.
        #expect(gate.answered(httpVersion: "2") == [])
        #expect(gate.ended(a) == [])
        #expect(gate.started(a, offersHTTP2: true) == [a])
        #expect(gate.started(c, offersHTTP2: true) == [])
    }
}
