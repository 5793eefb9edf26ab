import Dispatch

/// All timers of one session on one Dispatch timer.
///
/// - Thread: the queue given to `init`, on which alarms ring, too.
final class Alarms {
    /// Names one alarm for as long as its owner lives.
    struct ID: Hashable {
        fileprivate let number: Int
    }

    private struct Alarm {
        var due: UInt64
        let ring: () -> Void
    }

    private let queue: DispatchQueue
    /// Made when the session starts: a timer that was never activated may not be released.
    private var source: (any DispatchSourceTimer)?
    private var alarms: [ID: Alarm] = [:]
    private var lastNumber = 0
    /// When the timer fires next; `.max` while it is not set.
    private var armed = UInt64.max

    init(queue: DispatchQueue) {
        self.queue = queue
    }

    /// Begins to work; on the queue.
    func activate() {
        let source = DispatchSource.makeTimerSource(queue: queue)
        source.setEventHandler { [unowned self] in
            ring()
        }
        source.schedule(deadline: .distantFuture)
        source.activate()
        self.source = source
    }

    func newID() -> ID {
        lastNumber += 1
        return ID(number: lastNumber)
    }

    /// Rings once after a while, in place of what the alarm was set to before.
    func set(_ id: ID, after delay: Duration, ring: @escaping () -> Void) {
        let due = Clock.uptime() + delay.nanoseconds
        alarms[id] = Alarm(due: due, ring: ring)
        // An alarm put off leaves the timer as it is: it fires for nothing and looks again.
        if due < armed {
            arm(due)
        }
    }

    /// Rings later than set, if it is set at all; cheap enough for every event of a watch.
    func putOff(_ id: ID, to delay: Duration) {
        alarms[id]?.due = Clock.uptime() + delay.nanoseconds
    }

    func cancel(_ id: ID) {
        alarms[id] = nil
    }

    /// Ends the timer; nothing rings any more.
    func stop() {
        alarms = [:]
        source?.cancel()
    }

    private func ring() {
        armed = .max
        let now = Clock.uptime()
        let due = alarms.filter { $0.value.due <= now }.sorted { $0.value.due < $1.value.due }
        for (id, _) in due {
            alarms[id] = nil
        }
        if let next = alarms.values.lazy.map(\.due).min() {
            arm(next)
        }
        for (_, alarm) in due {
            alarm.ring()
        }
    }

    private func arm(_ due: UInt64) {
        armed = due
        source?.schedule(
            deadline: DispatchTime(uptimeNanoseconds: due),
            leeway: .milliseconds(2)
        )
    }
}
