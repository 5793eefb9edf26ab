@testable import FleetSimulator

/// The demo's repositories and clusters in a folder of their own, which goes with it.
final class DemoWorld {
    let folder = TemporaryFolder()
    let gitHost: GitHost
    let clusters: [(name: String, store: ObjectStore)]
    let sources: [SourceEntry]

    init(
        names: [String] = ["prod-eu", "prod-us", "staging", "edge-01", "edge-02", "dev"],
        resources: Int = 40
    ) throws {
        gitHost = try GitHost(directory: folder.path)
        clusters = names.enumerated().map { ($1, ObjectStore(seed: UInt64($0))) }
        sources = try DemoFleet.seed(clusters: clusters, gitHost: gitHost, resources: resources, seed: 1)
    }

    deinit {
        gitHost.stop()
    }

    func store(_ name: String) -> ObjectStore {
        clusters.first { $0.name == name }?.store ?? clusters[0].store
    }
}

/// Waiting for something to become true in a store.
enum Story {
    /// The first object of a kind that fits, now or after a change.
    static func first(
        _ store: ObjectStore,
        _ type: ResourceType,
        where fits: @escaping @Sendable (JSON) -> Bool
    ) async throws -> JSON {
        let found = AsyncThrowingStream<JSON, any Error> { continuation in
            do {
                let ticket = try store.watch(type) { events in
                    for event in events where event.type == .added || event.type == .modified {
                        if fits(event.object) { continuation.yield(event.object) }
                    }
                }
                continuation.onTermination = { _ in ticket.cancel() }
            } catch {
                continuation.finish(throwing: error)
            }
        }
        for try await object in found { return object }
        throw Missing()
    }
}
