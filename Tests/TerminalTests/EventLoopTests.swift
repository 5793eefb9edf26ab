import Dispatch
import Glibc
import Terminal
import Testing

struct EventLoopTests {
    @Test func `a ring before waiting is heard, and rings count once`() throws {
        let loop = try EventLoop()
        loop.doorbell.ring()
        loop.doorbell.ring()
        #expect(loop.wait() == [.doorbell])
        #expect(loop.wait(until: .now) == [.deadline])
    }

    @Test func `a ring from another thread wakes the loop`() throws {
        let loop = try EventLoop()
        let doorbell = loop.doorbell
        DispatchQueue.global().async { doorbell.ring() }
        #expect(loop.wait(until: .now + .seconds(60)) == [.doorbell])
    }

    @Test func `a deadline in the past is told at once, with what else happened`() throws {
        let loop = try EventLoop()
        loop.doorbell.ring()
        #expect(loop.wait(until: .now - .seconds(5)) == [.doorbell, .deadline])
    }

    @Test func `a deadline in the future is not told before its time`() throws {
        let loop = try EventLoop()
        let deadline = ContinuousClock.now + .milliseconds(3)
        #expect(loop.wait(until: deadline) == [.deadline])
        #expect(ContinuousClock.now >= deadline)
    }
}
