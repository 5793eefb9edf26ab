import Foundation

/// What the control endpoint answers: the fleet's faults and counters, for tests and for demonstrations.
///
/// - Thread: any but the fleet's event loops, for it waits for them.
struct ControlAPI: Sendable {
    let clusters: [SimulatedCluster]
    let token: String

    func answer(_ request: APIRequest) -> APIAnswer {
        guard request.header("Authorization") == "Bearer \(token)" else {
            return .failure(.unauthorized(), for: request)
        }
        do throws(APIStatus) {
            switch (request.method, request.path) {
            case ("GET", "/sim/clusters"):
                return .json(["clusters": .array(clusters.map(Self.summary))], for: request)
            case ("GET", "/sim/stats"):
                let chosen = try chosenClusters(request)
                let pairs = chosen.map { ($0.name, Self.stats($0.server.counters.snapshot)) }
                return .json(["clusters": .object(Dictionary(pairs, uniquingKeysWith: { $1 }))], for: request)
            case ("DELETE", "/sim/stats"):
                for cluster in try chosenClusters(request) { cluster.server.counters.reset() }
                return .json(["status": "Success"], for: request)
            case ("GET", "/sim/fault"):
                let chosen = try chosenClusters(request)
                return .json(["clusters": .array(chosen.map(Self.summary))], for: request)
            case ("POST", "/sim/fault"):
                return try add(request)
            case ("DELETE", "/sim/fault"):
                return try clear(request)
            default:
                return .pageNotFound
            }
        } catch {
            return .failure(error, for: request)
        }
    }

    private func add(_ request: APIRequest) throws(APIStatus) -> APIAnswer {
        guard let text = request.query["fault"] else {
            throw .badRequest("the parameter fault is missing")
        }
        let fault: Fault
        do {
            fault = try Fault(parsing: text)
        } catch {
            throw .badRequest("\(error)")
        }
        let chosen = try chosenClusters(request)
        for cluster in chosen { cluster.server.add(fault) }
        return .json(["clusters": .array(chosen.map(Self.summary))], for: request)
    }

    private func clear(_ request: APIRequest) throws(APIStatus) -> APIAnswer {
        let chosen = try chosenClusters(request)
        for cluster in chosen {
            do {
                try cluster.server.clearFaults()
            } catch {
                throw .internalError("\(cluster.name) cannot listen again: \(error)")
            }
        }
        return .json(["clusters": .array(chosen.map(Self.summary))], for: request)
    }

    /// The cluster that the request names, or all of them.
    private func chosenClusters(_ request: APIRequest) throws(APIStatus) -> [SimulatedCluster] {
        guard let name = request.query["cluster"], name != "*" else { return clusters }
        guard let cluster = clusters.first(where: { $0.name == name }) else {
            throw .badRequest("there is no cluster \"\(name)\"")
        }
        return [cluster]
    }

    private static func summary(_ cluster: SimulatedCluster) -> JSON {
        [
            "name": .string(cluster.name), "url": .string(cluster.url),
            "faults": .array(cluster.server.faults.active.map { .string($0.description) }),
        ]
    }

    private static func stats(_ numbers: TrafficCounters.Snapshot) -> JSON {
        func count(_ value: Int) -> JSON { .int(Int64(value)) }
        return [
            "connections": [
                "accepted": count(numbers.connectionsAccepted), "open": count(numbers.connectionsOpen),
                "http2": count(numbers.http2Connections),
            ],
            "watchesOpen": count(numbers.watchesOpen), "bytesSent": count(numbers.bytesSent),
            "requestTotal": count(numbers.requestTotal),
            "requests": .object(numbers.requests.mapValues(count)),
            "classes": .object(
                Dictionary(
                    numbers.classes.map { ($0.key.rawValue, count($0.value)) },
                    uniquingKeysWith: { $1 }
                )
            ),
            "answers": .object(
                Dictionary(
                    numbers.answers.map { (String($0.key), count($0.value)) },
                    uniquingKeysWith: { $1 }
                )
            ),
        ]
    }
}
