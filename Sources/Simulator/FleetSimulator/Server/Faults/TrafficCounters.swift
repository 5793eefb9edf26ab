import Synchronization

/// Counts what one cluster was asked, for tests that hold a client to its promises.
///
/// - Thread: any.
package final class TrafficCounters: Sendable {
    /// The numbers at one moment.
    package struct Snapshot: Sendable {
        package var connectionsAccepted = 0
        package var connectionsOpen = 0
        package var http2Connections = 0
        package var watchesOpen = 0
        package var bytesSent = 0
        /// Requests by `VERB RESOURCE.GROUP`, or `VERB PATH` outside of the API.
        package var requests: [String: Int] = [:]
        /// Requests by their class.
        package var classes: [RequestClass: Int] = [:]
        /// Answers by HTTP status.
        package var answers: [Int: Int] = [:]

        package init() {}

        package var requestTotal: Int { classes.values.reduce(0, +) }
    }

    private let numbers = Mutex(Snapshot())

    package init() {}

    package var snapshot: Snapshot { numbers.withLock { $0 } }

    /// Starts to count anew; what is open stays counted.
    package func reset() {
        numbers.withLock { numbers in
            var fresh = Snapshot()
            fresh.connectionsOpen = numbers.connectionsOpen
            fresh.watchesOpen = numbers.watchesOpen
            numbers = fresh
        }
    }

    func connectionOpened() {
        numbers.withLock {
            $0.connectionsAccepted += 1
            $0.connectionsOpen += 1
        }
    }

    func connectionClosed() {
        numbers.withLock { $0.connectionsOpen -= 1 }
    }

    func http2Negotiated() {
        numbers.withLock { $0.http2Connections += 1 }
    }

    func watchOpened() {
        numbers.withLock { $0.watchesOpen += 1 }
    }

    func watchClosed() {
        numbers.withLock { $0.watchesOpen -= 1 }
    }

    func sent(_ bytes: Int) {
        numbers.withLock { $0.bytesSent += bytes }
    }

    func received(_ request: APIRequest) {
        let key =
            switch request.target {
            case .path(let path): "\(request.verb) \(path)"
            case .resource(let address): "\(request.verb) \(address.qualifiedResource)"
            }
        numbers.withLock {
            $0.requests[key, default: 0] += 1
            $0.classes[RequestClass(request), default: 0] += 1
        }
    }

    func answered(_ status: Int) {
        numbers.withLock { $0.answers[status, default: 0] += 1 }
    }
}
