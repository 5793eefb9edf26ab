import Foundation
import Synchronization

/// What a granted watch shall send, and for how long.
struct WatchPlan: Sendable {
    let feed: WatchFeed
    let type: ResourceType
    let namespace: String?
    let form: Representation.Form
    let rows: Presentation.RowObject
    /// Nil lets the server choose, between half an hour and an hour.
    let seconds: Int?
    /// Whether bookmarks are sent while nothing happens.
    let sendsBookmarks: Bool
    /// The version that the client has; a bookmark is only worth sending beyond it.
    let startVersion: UInt64
    /// The version of the cluster now.
    let currentVersion: @Sendable () -> UInt64
    /// Sends events as lines of a controller's log in place of events.
    var log: ControllerLog?
    /// What goes before all events.
    var prologue = Data()
}

/// Carries the events of one watch from the store's writers to the connection that sends them.
///
/// - Thread: any; `onArrival` is called on the writer's thread, once per batch that finds the feed empty.
final class WatchFeed: Sendable {
    /// A client that is this many events behind has lost its watch.
    static let capacity = 20_000

    private struct State {
        var events: [WatchEvent] = []
        var isEnded = false
        var isOverrun = false
        var ticket: WatchTicket?
        var onArrival: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    /// Takes the ticket that keeps the store delivering.
    func hold(_ ticket: WatchTicket) {
        state.withLock { $0.ticket = ticket }
    }

    func deliver(_ events: [WatchEvent]) {
        let wake = state.withLock { state -> (@Sendable () -> Void)? in
            guard !state.isEnded else { return nil }
            let wasEmpty = state.events.isEmpty
            state.events += events
            if state.events.count > Self.capacity {
                state.isOverrun = true
                state.isEnded = true
                state.events = []
            }
            return wasEmpty ? state.onArrival : nil
        }
        wake?()
    }

    /// Ends the stream after what was delivered: the kind is no longer served.
    func end() {
        let wake = state.withLock { state in
            state.isEnded = true
            return state.onArrival
        }
        wake?()
    }

    /// Asks to be woken when there is something to take; at once if there already is.
    func onArrival(_ wake: @escaping @Sendable () -> Void) {
        let isDue = state.withLock { state in
            state.onArrival = wake
            return !state.events.isEmpty || state.isEnded
        }
        if isDue { wake() }
    }

    /// Takes up to `limit` events, and whether the feed ended behind them.
    func take(_ limit: Int) -> (events: [WatchEvent], isEnded: Bool) {
        state.withLock { state in
            let events = Array(state.events.prefix(limit))
            state.events.removeFirst(events.count)
            return (events, state.isEnded && state.events.isEmpty)
        }
    }

    /// Stops the store's delivery.
    func cancel() {
        let ticket = state.withLock { state in
            let ticket = state.ticket
            state.ticket = nil
            state.onArrival = nil
            state.isEnded = true
            state.events = []
            return ticket
        }
        ticket?.cancel()
    }
}
