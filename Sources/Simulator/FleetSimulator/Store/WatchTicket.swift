/// A running watch: keep it while events are wanted.
package final class WatchTicket: Sendable {
    private let stop: @Sendable () -> Void

    init(stop: @escaping @Sendable () -> Void) {
        self.stop = stop
    }

    /// Ends the watch: no event is delivered that was not already on its way.
    ///
    /// May be called twice.
    package func cancel() {
        stop()
    }
}
