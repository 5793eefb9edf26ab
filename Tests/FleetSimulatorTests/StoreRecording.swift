import Foundation
import Synchronization
import Testing

@testable import FleetSimulator

/// A recorded exchange with a real API server.
struct StoreRecording {
    let request: String
    let requestBody: Data
    let responseBody: Data

    init(_ folder: String) throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/wire/\(folder)")
        let exchange = try Data(contentsOf: root.appending(path: "request.http"))
        let separator = Data("\r\n\r\n".utf8)
        let split = exchange.range(of: separator)
        request = String(decoding: exchange[..<(split?.lowerBound ?? exchange.endIndex)], as: UTF8.self)
        requestBody = split.map { Data(exchange[$0.upperBound...]) } ?? Data()
        responseBody = try Data(contentsOf: root.appending(path: "response.body"))
    }

    var answer: JSON {
        get throws { try JSON(parsing: responseBody) }
    }

    var sent: JSON {
        get throws { try JSON(parsing: requestBody) }
    }

    /// The path and query of the request.
    var target: String {
        String(request.split(separator: " ")[1])
    }

    /// The query of the request, decoded.
    var query: [(name: String, value: String)] {
        let items = URLComponents(string: target)?.queryItems ?? []
        return items.map { ($0.name, $0.value ?? "") }
    }

    /// The lines of a recorded watch.
    var lines: [JSON] {
        get throws {
            try responseBody.split(separator: UInt8(ascii: "\n")).map { try JSON(parsing: Data($0)) }
        }
    }
}

extension JSON {
    /// The value without the accidents of the day: uids, versions and times, whose presence still counts.
    var shape: JSON {
        switch self {
        case .object(let members):
            return .object(
                Dictionary(
                    uniqueKeysWithValues: members.map { key, value in
                        let accident = JSON.accidents.contains(key) && value.string != nil
                        return (key, accident ? "…" : value.shape)
                    }
                )
            )
        case .array(let elements):
            return .array(elements.map(\.shape))
        default:
            return self
        }
    }

    private static let accidents: Set<String> = [
        "uid", "resourceVersion", "creationTimestamp", "deletionTimestamp", "time",
    ]

    /// Who owns what, one line a manager; times only by their presence.
    var owners: [String] {
        (self["metadata"]?["managedFields"]?.array ?? []).map { entry in
            let subresource = entry["subresource"]?.string.map { "/" + $0 } ?? ""
            return "\(entry["manager"]?.string ?? "")\(subresource) \(entry["operation"]?.string ?? "")"
                + (entry["time"] == nil ? " timeless " : " ") + (entry["fieldsV1"]?.text ?? "")
        }
    }
}

/// The kinds that tests use.
enum Kinds {
    static let kustomization = kind("kustomizations")
    static let helmRelease = kind("helmreleases")
    static let gitRepository = kind("gitrepositories")
    static let alert = kind("alerts")
    static let namespace = kind("namespaces")
    static let configMap = kind("configmaps")
    static let secret = kind("secrets")
    static let service = kind("services")
    static let deployment = kind("deployments")
    static let event = kind("events")
    static let pod = kind("pods")

    static func kind(_ plural: String) -> ResourceType {
        ResourceTypes.all.first { $0.plural == plural } ?? ResourceTypes.all[0]
    }
}

/// A clock that tests set.
final class TestClock: Sendable {
    private let moment = Mutex(Date(timeIntervalSince1970: 1_795_378_545))

    var now: Date { moment.withLock { $0 } }

    func advance(_ seconds: Double) {
        moment.withLock { $0.addTimeInterval(seconds) }
    }
}

/// What a watch delivered.
final class WatchLog: Sendable {
    private struct Content {
        var batches: [[WatchEvent]] = []
        var ended = false
    }

    private let content = Mutex(Content())

    var events: [WatchEvent] { content.withLock { $0.batches.flatMap(\.self) } }
    var ended: Bool { content.withLock { $0.ended } }

    /// Type, name and version of each event.
    var lines: [String] {
        events.map { event in
            let name = event.object["metadata"]?["name"]?.string ?? "-"
            return "\(event.type.rawValue) \(name)"
        }
    }

    func append(_ batch: [WatchEvent]) {
        content.withLock { $0.batches.append(batch) }
    }

    func end() {
        content.withLock { $0.ended = true }
    }
}

extension ObjectStore {
    /// A cluster with the namespaces of the recordings.
    static func forTests(_ clock: TestClock = TestClock(), watchCacheLimit: Int = 20_000) throws
        -> ObjectStore
    {
        let store = ObjectStore(seed: 1, watchCacheLimit: watchCacheLimit, now: { clock.now })
        for name in ["apps-000", "apps-001", "apps-002", "flux-system"] {
            let object: JSON = ["metadata": ["name": .string(name)]]
            _ = try store.create(object, type: Kinds.namespace, options: WriteOptions(fieldManager: "test"))
        }
        return store
    }

    /// Follows a kind into a log.
    func log(
        _ type: ResourceType,
        namespace: String? = nil,
        options: ListOptions = ListOptions()
    ) throws -> (log: WatchLog, ticket: WatchTicket) {
        let log = WatchLog()
        let ticket = try watch(type, namespace: namespace, options: options, ended: { log.end() }) {
            log.append($0)
        }
        return (log, ticket)
    }

    /// A Kustomization with its required fields.
    @discardableResult
    func addKustomization(_ name: String, namespace: String = "apps-000", labels: JSON? = nil) throws -> JSON
    {
        var object: JSON = [
            "apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization",
            "metadata": ["name": .string(name)],
            "spec": [
                "interval": "10m0s", "prune": true, "sourceRef": ["kind": "GitRepository", "name": "repo"],
            ],
        ]
        object["metadata"]?["labels"] = labels
        let options = WriteOptions(fieldManager: "test")
        return try create(object, type: Kinds.kustomization, namespace: namespace, options: options)
    }
}

/// The status that a call fails with.
func failure<Answer>(_ body: () throws(APIStatus) -> Answer) -> APIStatus? {
    do throws(APIStatus) {
        _ = try body()
        return nil
    } catch {
        return error
    }
}
