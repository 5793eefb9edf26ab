import Foundation
import NIOCore

/// Sends the events of one watch over its connection, until the client, the clock or a fault ends it.
///
/// - Thread: the connection's event loop.
final class WatchStream {
    /// What the stream needs of its connection.
    struct Sink {
        let eventLoop: any EventLoop
        let isHTTP2: Bool
        let isWritable: () -> Bool
        let write: (Data) -> Void
        let flush: () -> Void
        let end: () -> Void
        let cut: (_ reset: Bool) -> Void
    }

    /// A client that reads nothing for this long has lost its watch.
    private static let patience = TimeAmount.seconds(30)
    private static let batch = 64

    private let plan: WatchPlan
    private let server: ClusterServer
    private let sink: Sink
    private var lines: WatchLines
    private var cutter = ChunkCutter()
    private var timers: [Scheduled<Void>] = []
    private var impatience: Scheduled<Void>?
    private var registration: Int?
    private var isOver = false
    private var isFrozen = false

    init(plan: WatchPlan, server: ClusterServer, sink: Sink) {
        self.plan = plan
        self.server = server
        self.sink = sink
        lines = WatchLines(plan: plan)
    }

    func start() {
        let stream = NIOLoopBound(self, eventLoop: sink.eventLoop)
        let eventLoop = sink.eventLoop
        server.counters.watchOpened()
        registration = server.register(watch: { interruption in
            eventLoop.execute { stream.value.interrupt(interruption) }
        })
        scheduleEnd(stream)
        if !plan.prologue.isEmpty, write(plan.prologue) { flush() }
        plan.feed.onArrival {
            if eventLoop.inEventLoop {
                stream.value.resume()
            } else {
                eventLoop.execute { stream.value.resume() }
            }
        }
    }

    /// Sends what has arrived, for as long as the connection takes it.
    func resume() {
        guard !isOver, !isFrozen else { return }
        var hasWritten = false
        while sink.isWritable() {
            let (events, isEnded) = plan.feed.take(Self.batch)
            for event in events {
                let line = lines.line(event)
                // An empty chunk would end an answer over HTTP/1.1.
                guard !line.isEmpty else { continue }
                hasWritten = true
                guard write(line) else { return }
            }
            if isEnded {
                finish()
                return
            }
            if events.isEmpty { break }
        }
        if hasWritten { flush() }
        watchImpatiently()
    }

    /// The client is gone; nothing more can be sent.
    func stop() {
        guard !isOver else { return }
        isOver = true
        server.counters.watchClosed()
        if let registration { server.unregister(watch: registration) }
        timers.forEach { $0.cancel() }
        impatience?.cancel()
        plan.feed.cancel()
    }

    // MARK: Writing

    /// Writes a line, unless a fault wants it cut; then the stream is over.
    private func write(_ line: Data) -> Bool {
        if let fault = server.faults.strikeRunningWatch(namespace: plan.namespace) {
            let (bytes, isReset) = fault.cutLength
            flush()
            sink.write(line.prefix(bytes))
            sink.flush()
            stop()
            sink.cut(isReset)
            return false
        }
        if sink.isHTTP2 {
            sink.write(line)
        } else {
            for chunk in cutter.write(line) { sink.write(chunk) }
        }
        return true
    }

    private func flush() {
        if let rest = cutter.flush() { sink.write(rest) }
        sink.flush()
    }

    private func finish() {
        flush()
        stop()
        sink.end()
    }

    private func interrupt(_ interruption: WatchInterruption) {
        guard !isOver else { return }
        switch interruption {
        case .end:
            finish()
        case .freeze:
            isFrozen = true
        case .expire:
            let version = plan.startVersion
            let failure = APIStatus.expired("too old resource version: \(version) (\(plan.currentVersion()))")
            if write(WatchLines.failure(failure)) { finish() }
        }
    }

    /// Starts to lose patience while the connection does not take what waits for it.
    private func watchImpatiently() {
        guard !sink.isWritable() else {
            impatience?.cancel()
            impatience = nil
            return
        }
        guard impatience == nil else { return }
        let stream = NIOLoopBound(self, eventLoop: sink.eventLoop)
        impatience = sink.eventLoop.scheduleTask(in: Self.patience) {
            guard !stream.value.isOver else { return }
            stream.value.stop()
            stream.value.sink.cut(false)
        }
    }

    // MARK: Time

    private func scheduleEnd(_ stream: NIOLoopBound<WatchStream>) {
        let length = TimeAmount.seconds(Int64(plan.seconds ?? Int.random(in: 1_800...3_600)))
        timers.append(sink.eventLoop.scheduleTask(in: length) { stream.value.finishOnTime() })
        guard plan.sendsBookmarks else { return }
        for early in [TimeAmount.milliseconds(2_300), .milliseconds(1_200)] where length > early + .seconds(1)
        {
            timers.append(sink.eventLoop.scheduleTask(in: length - early) { stream.value.bookmark(stream) })
        }
        scheduleBookmark(stream)
    }

    private func scheduleBookmark(_ stream: NIOLoopBound<WatchStream>) {
        let pause = TimeAmount.milliseconds(Int64.random(in: 60_000...61_000))
        let timer = sink.eventLoop.scheduleTask(in: pause) {
            guard !stream.value.isOver else { return }
            stream.value.bookmark(stream)
            stream.value.scheduleBookmark(stream)
        }
        timers.append(timer)
    }

    private func finishOnTime() {
        guard !isOver, !isFrozen else { return }
        finish()
    }

    /// Tells how far the cluster is, if that is further than the client already knows.
    private func bookmark(_ stream: NIOLoopBound<WatchStream>) {
        let version = plan.currentVersion()
        guard !isOver, !isFrozen, version > plan.startVersion else { return }
        // A bookmark promises that nothing before it is missing. A change is counted before it is delivered, so
        // what belongs to this version may still be on its way: it gets the time to arrive, and goes first.
        let timer = sink.eventLoop.scheduleTask(in: .milliseconds(100)) {
            stream.value.sendBookmark(version)
        }
        timers.append(timer)
    }

    private func sendBookmark(_ version: UInt64) {
        resume()
        guard !isOver, !isFrozen, sink.isWritable() else { return }
        if write(lines.line(.bookmark(plan.type, resourceVersion: version))) { flush() }
    }
}

/// What can happen to a running watch from outside.
enum WatchInterruption: Sendable {
    /// The server ends the stream in good order.
    case end
    /// Nothing more is sent, not even the end.
    case freeze
    /// History is gone: the stream ends with a 410.
    case expire
}

extension Fault {
    /// How much of a line is still sent, and whether a reset follows.
    fileprivate var cutLength: (bytes: Int, isReset: Bool) {
        switch kind {
        case .cut(let bytes): (bytes, false)
        case .reset(let bytes): (bytes, true)
        default: (0, false)
        }
    }
}
