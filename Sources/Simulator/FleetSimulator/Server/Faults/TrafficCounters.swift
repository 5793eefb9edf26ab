import Synchronization

/// Counts what one cluster was asked, for tests that hold a client to its promises.
///
/// - Thread: any.
final class TrafficCounters: Sendable {
    /// The numbers at one moment.
    struct Snapshot: Sendable {
        var connectionsAccepted = 0
        var connectionsOpen = 0
        var http2Connections = 0
        var watchesOpen = 0
        var bytesSent = 0
        /// Requests by `VERB RESOURCE.GROUP`, or `VERB PATH` outside of the API.
        var requests: [String: Int] = [:]
        /// Requests by their class.
        var classes: [RequestClass: Int] = [:]
        /// Answers by HTTP status.
        var answers: [Int: Int] = [:]

        init() {}

        var requestTotal: Int { classes.values.reduce(0, +) }
    }

    private let numbers = Mutex(Snapshot())

    init() {}

    var snapshot: Snapshot { numbers.withLock { $0 } }

    /// Starts to count anew; what is open stays counted.
    func reset() {
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
